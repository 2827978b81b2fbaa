//! The API as others see it: what it says of itself, and what it makes of bad input.

pub mod basket;
pub mod browser;
pub mod document;
pub mod hub;
pub mod line;

mod bad_input;
mod cashiers_day;
mod catalogue;
mod curl;
mod described;
mod disk_full;
mod drawer;
mod fuzz;
mod goods;
mod ids;
mod promotion_file;
mod promotions;
mod receipts;
mod sale;
mod schemathesis;
mod till;
mod training;
