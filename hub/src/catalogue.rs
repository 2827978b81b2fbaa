//! The store's catalogue: where it comes from, and how another one is put in force.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::{fs, io};

use actix_web::web::{self, Bytes};
use store_actors::messages::Append;
use store_core::catalogue::{Catalogue, ImportError, import};
use store_core::fact::Fact;
use store_core::policy::Part;
use store_core::register::DraftChange;
use store_core::safety_stock::{SafetyStockLevel, level_with_default_clearing};
use store_core::{CommandId, Currency, ItemId};
use store_journal::LedgerReads as _;
use uuid::Uuid;

use crate::places;
use crate::store::Store;

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
    /// Headquarters sends the catalogue of this store: another one would be undone.
    #[error("headquarters decides the catalogue of this store")]
    Decided,
    /// A row of it does not parse; the catalogue that was in force stays.
    #[error("the catalogue file {file}: {import}")]
    Import {
        /// Which file.
        file: String,
        /// Which line, and why.
        import: ImportError,
    },
}

/// The demonstration store's catalogue, its amounts in the store's currency.
#[must_use]
pub fn demonstration(currency: Currency) -> Catalogue {
    let demonstration = import(DEMONSTRATION.as_bytes(), currency);
    demonstration.unwrap_or_else(|_| Catalogue::empty(currency))
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
            Ok(demonstration(currency))
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
    service_kit::files::replace_file(path, csv).map_err(|error| CatalogueError::Io(name, error))?;
    Ok(catalogue)
}

/// Puts another catalogue in force while the hub runs: the next basket of every register uses it.
///
/// # Errors
/// Where headquarters sends the catalogue, a row does not parse or the file cannot be written; the
/// old catalogue stays.
pub async fn replace_live(store: &Store, csv: Bytes) -> Result<Arc<Catalogue>, CatalogueError> {
    // The file, the shelf and the registers must end with the same one of two that come at once.
    let _turn = store.shelf.turn().await;
    store.policy.check(Part::Catalogue).map_err(|_| CatalogueError::Decided)?;
    let path = places::catalogue(&store.settings.data.dir);
    let currency = store.settings.store.currency;
    let installed = web::block(move || install(&path, &csv, currency)).await;
    let catalogue = installed.map_err(|_| {
        let gone = io::Error::other("no thread to read it");
        CatalogueError::Io("catalogue.csv".to_owned(), gone)
    })??;
    let catalogue = Arc::new(catalogue);
    store.put_in_force(Some(catalogue.clone()), None).await;
    set_new_levels(store).await;
    Ok(catalogue)
}

/// Sets the levels of safety stock that the catalogue names for items that have none yet: what
/// somebody in the store has set by hand stays.
pub async fn set_new_levels(store: &Store) {
    let catalogue = store.shelf.catalogue();
    if catalogue.items().all(|item| item.safety_stock().is_none()) {
        return;
    }
    let known = store.reader.read(|reader| reader.safety_stock_levels()).await;
    let Ok(Ok(known)) = known else { return };
    let known: BTreeSet<ItemId> = known.into_iter().map(|level| level.item).collect();
    let levels: Vec<SafetyStockLevel> = catalogue
        .items()
        .filter(|item| !known.contains(&item.id))
        .filter_map(|item| {
            let safety_stock = item.safety_stock()?;
            let level = level_with_default_clearing(item.id.clone(), safety_stock);
            Some(match item.clear_at() {
                Some(clear_at) => SafetyStockLevel { clear_at, ..level },
                None => level,
            })
        })
        .collect();
    for levels in levels.chunks(LEVELS_PER_ROW) {
        let append = Append {
            id: CommandId::new(Uuid::now_v7()),
            now: store.clock.now(None),
            fact: Box::new(Fact::SafetyStockSet(levels.to_vec())),
            draft: DraftChange::Keep,
        };
        if !matches!(store.append.send(append).await, Ok(Ok(_))) {
            tracing::warn!("setting safety stock from the catalogue; the next start tries again");
            return;
        }
    }
}

#[cfg(test)]
mod tests;
