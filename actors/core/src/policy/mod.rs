//! What headquarters decides for a store: the parts of a bundle, read and checked.
//!
//! The same code reads them at headquarters, before a bundle is signed, and in the store, before it
//! is believed. Every part but the catalogue is JSON; where a part does not hold, all that is wrong
//! with it is named, each with its place.

mod bundle;
mod departments;
mod fault;
mod favourites;
mod people;
pub mod promotions;
mod reader;
mod reasons;
mod safety_stock;
mod settings;
mod tenders;
#[cfg(test)]
mod tests;

pub use bundle::{Bundle, Part, check_items};
pub use fault::{FAULTS_MAX, Fault, Place, Step};
pub use favourites::{CategoryTile, Favourites, Group, Tile};
pub use people::{People, Person};
pub use safety_stock::{SAFETY_STOCK_COLUMNS, SafetyStock};
pub use settings::{PolicySettings, PolicyTill, SessionMinutes};
