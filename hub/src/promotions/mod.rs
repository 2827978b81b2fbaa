//! Promotions out of files: the store's own, and those that commands are given.

pub mod basket;
mod check;
mod command;
mod file;
mod own;
pub mod recorded;
mod rehearsal;
#[cfg(test)]
mod tests;

use std::path::Path;

use store_core::Currency;
use store_core::policy::{Fault, Part, Place};
use store_core::promotion::set::PromotionSet;

use self::recorded::RecordedPrices;

pub use command::command;
pub use file::{FileFault, PromotionFileError, Written, read};
pub use own::{Own, Reading};

/// The promotions of a file that a command is given, with the prices that it may also have.
#[derive(Clone, Debug, Default)]
pub struct Offered {
    /// The promotions.
    pub set: PromotionSet,
    /// Shelf prices; recorded facts have them.
    pub prices: RecordedPrices,
    /// Facts that say where goods stood and what leaflets showed: they change no price.
    pub features: u64,
}

/// Reads a file of promotions, or recorded facts (`….jsonl`, `….jsonl.gz`).
///
/// # Errors
/// Where it cannot be read, or all that is wrong with it; recorded facts are in their own currency.
pub fn offered(path: &Path, currency: Currency) -> Result<Offered, PromotionFileError> {
    if !recorded::is_recorded(path) {
        let set = read(path, currency)?.promotions.set;
        return Ok(Offered { set, ..Offered::default() });
    }
    if currency != recorded::CURRENCY {
        let reason = format!("its amounts are in {}, not in {currency}", recorded::CURRENCY);
        let place = Place::Path(Vec::new());
        let fault = Fault { part: Part::Promotions, place, code: "other_currency", reason };
        let faults = vec![FileFault { line: None, fault }];
        return Err(PromotionFileError::Faulty { file: path.to_owned(), faults });
    }
    recorded::read(path)
}
