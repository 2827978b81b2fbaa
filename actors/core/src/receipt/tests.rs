mod golden;
mod sale;
mod shape;
