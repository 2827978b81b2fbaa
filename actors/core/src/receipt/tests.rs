pub(crate) mod golden;
pub(crate) mod sale;
mod shape;
mod symbol;
