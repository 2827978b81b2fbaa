//! The store's catalogue: where it comes from, and how another one is put in force.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::{fs, io};

use store_core::catalogue::{Catalogue, ImportError, import};
use store_core::safety_stock::{SafetyStockLevel, level_with_default_clearing};
use store_core::{Currency, ItemId};

use crate::places::replace_file;

/// The demonstration store's catalogue, for a hub that has been given no other.
pub const DEMONSTRATION: &str = include_str!("../assets/demo-catalogue.csv");

/// Most levels of safety stock in one row of the journal.
pub const LEVELS_PER_ROW: usize = 500;

/// Why there is no catalogue, or no other one.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// The file could not be read or written.
    #[error("the catalogue file {0}")]
    Io(String, #[source] io::Error),
    /// A row of it does not parse; the catalogue that was in force stays.
    #[error("the catalogue file {file}: {import}")]
    Import {
        /// Which file.
        file: String,
        /// Which line, and why.
        import: ImportError,
    },
}

/// Reads a catalogue file.
///
/// # Errors
/// Where it cannot be read or a row does not parse.
pub fn read(path: &Path, currency: Currency) -> Result<Catalogue, CatalogueError> {
    let name = path.display().to_string();
    let csv = fs::read(path).map_err(|error| CatalogueError::Io(name.clone(), error))?;
    import(&csv, currency).map_err(|import| CatalogueError::Import { file: name, import })
}

/// The catalogue that a store starts with: its own file, or the demonstration store's.
///
/// # Errors
/// Where its file cannot be read or does not parse.
pub fn open(path: &Path, currency: Currency) -> Result<Catalogue, CatalogueError> {
    match read(path, currency) {
        Err(CatalogueError::Io(_, error)) if error.kind() == io::ErrorKind::NotFound => {
            let demonstration = import(DEMONSTRATION.as_bytes(), currency);
            Ok(demonstration.unwrap_or_else(|_| Catalogue::empty(currency)))
        }
        read => read,
    }
}

/// Checks a file and puts it in force at the next start, or now where the hub does so.
///
/// # Errors
/// Where a row does not parse or the file cannot be written; the old catalogue stays.
pub fn install(path: &Path, csv: &[u8], currency: Currency) -> Result<Catalogue, CatalogueError> {
    let name = path.display().to_string();
    let catalogue = import(csv, currency)
        .map_err(|import| CatalogueError::Import { file: name.clone(), import })?;
    replace_file(path, csv).map_err(|error| CatalogueError::Io(name, error))?;
    Ok(catalogue)
}

/// The levels of safety stock that the catalogue sets for items that have none yet: what somebody
/// in the store has set by hand stays.
#[must_use]
pub fn new_levels(
    catalogue: &Arc<Catalogue>,
    known: &BTreeMap<ItemId, SafetyStockLevel>,
) -> Vec<SafetyStockLevel> {
    catalogue
        .items()
        .filter_map(|item| {
            let safety_stock = item.safety_stock?;
            Some(level_with_default_clearing(item.id.clone(), safety_stock))
        })
        .filter(|level| !known.contains_key(&level.item))
        .collect()
}
