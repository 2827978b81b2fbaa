//! Who the broker lets in: the stores that have a secret, as the database has it at that moment.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use super::tables;
use crate::broker::{Admission, Later};
use crate::database::Database;

/// The stores that may connect. They are read at every connection and all the time: another
/// process may add a store, give it another secret, or take it away. What was read last holds where
/// the database does not answer.
#[derive(Clone)]
pub struct Admitted {
    database: Database,
    last: Arc<RwLock<BTreeMap<String, String>>>,
}

impl Admitted {
    /// Of this database.
    #[must_use]
    pub fn of(database: Database) -> Self {
        Self { database, last: Arc::default() }
    }
}

impl Admission for Admitted {
    fn secret_hash<'a>(&'a self, store: &'a str) -> Later<'a, Option<String>> {
        let asked = store.to_owned();
        Box::pin(async move {
            match self.database.ask(move |it| tables::secret_of(it.sql(), &asked)).await {
                Ok(known) => known,
                Err(error) => {
                    tracing::warn!(%error, "reading whether a store may connect");
                    self.last.read().unwrap_or_else(PoisonError::into_inner).get(store).cloned()
                }
            }
        })
    }

    fn secret_hashes(&self) -> Later<'_, Option<BTreeMap<String, String>>> {
        Box::pin(async move {
            match self.database.ask(|it| tables::secrets(it.sql())).await {
                Ok(known) => {
                    let known: BTreeMap<String, String> = known.into_iter().collect();
                    self.last
                        .write()
                        .unwrap_or_else(PoisonError::into_inner)
                        .clone_from(&known);
                    Some(known)
                }
                Err(error) => {
                    tracing::warn!(%error, "reading which stores may connect");
                    None
                }
            }
        })
    }
}
