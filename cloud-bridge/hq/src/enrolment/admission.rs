//! Who the broker lets in: the stores that have a secret, as the database has it at that moment.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, PoisonError, RwLock};

use service_kit::security::token;

use super::tables;
use crate::broker::Admission;
use crate::database::Database;

/// The stores that may connect. Kept in memory for those who are connected, and read again at every
/// connection: another process may have added a store, or given it another secret.
#[derive(Clone)]
pub struct Admitted {
    database: Database,
    known: Arc<RwLock<BTreeMap<String, String>>>,
}

impl Admitted {
    /// Of this database; nobody is known before [`Admitted::read_again`].
    #[must_use]
    pub fn of(database: Database) -> Self {
        Self { database, known: Arc::default() }
    }

    /// Reads who may connect. Where that fails, those who could may still.
    pub async fn read_again(&self) {
        match self.database.ask(|store| tables::secrets(store.sql())).await {
            Ok(known) => {
                let known = known.into_iter().collect();
                *self.known.write().unwrap_or_else(PoisonError::into_inner) = known;
            }
            Err(error) => tracing::warn!(%error, "reading which stores may connect"),
        }
    }

    fn fits(&self, store: &str, secret: &str) -> bool {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let shown = token::hash(secret);
        known.get(store).is_some_and(|expected| token::are_equal(expected, &shown))
    }
}

impl Admission for Admitted {
    fn admits<'a>(
        &'a self,
        store: &'a str,
        secret: &'a str,
    ) -> Pin<Box<dyn Future<Output = bool> + Send + 'a>> {
        Box::pin(async move {
            self.read_again().await;
            self.fits(store, secret)
        })
    }

    fn knows(&self, store: &str) -> bool {
        self.known.read().unwrap_or_else(PoisonError::into_inner).contains_key(store)
    }
}
