//! `hub price`: a basket out of a file, priced by a catalogue and promotions as a till prices it.

mod answer;
mod command;
mod file;
mod lines;
mod words;

pub use answer::Answer;
pub(crate) use command::{bad_catalogue, bad_promotions};
pub use command::{price, price_files};
pub use file::{BasketFile, SCHEMA};
