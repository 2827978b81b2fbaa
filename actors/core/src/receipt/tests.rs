pub(crate) mod golden;
mod report;
pub(crate) mod sale;
mod shape;
mod symbol;
