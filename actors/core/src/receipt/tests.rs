pub(crate) mod golden;
pub(crate) mod sale;
mod report;
mod shape;
mod symbol;
