//! Recorded trade, entered again: what the files add up to, and what the stores make of them.

mod chain;
mod clock;
mod control;
mod day;
mod differs;
pub mod invented;
mod odd;
pub mod process;
mod promotions;
mod repeated;
pub mod runner;
mod through;
mod unseen;
mod year;

pub use control::kept;
