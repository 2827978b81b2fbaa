//! The store's own promotions.

use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use service_kit::files::replace_file;
use store_core::Currency;
use store_core::policy::promotions::write_set;
use store_core::promotion::set::PromotionSet;

use super::file::{PromotionFileError, read};
use crate::places;
use crate::settings::Settings;

/// The store's own promotions: those of its file, or, while that does not hold, those that did
/// last. A spoilt file must not keep customers out, and must not end what they were promised.
#[derive(Clone, Debug, Default)]
pub struct Own(Arc<RwLock<Arc<Reading>>>);

/// What the last reading of the store's file came to.
#[derive(Debug, Default)]
pub struct Reading {
    /// The promotions that hold.
    pub set: Arc<PromotionSet>,
    /// What is wrong with the file, until a reading finds it mended.
    pub error: Option<PromotionFileError>,
}

impl Own {
    /// Reads the file that the settings name; without one there are none.
    #[must_use]
    pub fn open(settings: &Settings) -> Self {
        let own = Self::default();
        own.read(settings);
        own
    }

    /// Promotions that are read already.
    #[must_use]
    pub fn given(set: Arc<PromotionSet>) -> Self {
        Self(Arc::new(RwLock::new(Arc::new(Reading { set, error: None }))))
    }

    /// What holds now, and what is wrong with the file.
    #[must_use]
    pub fn reading(&self) -> Arc<Reading> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads the file again, where there is one. It blocks.
    pub fn read(&self, settings: &Settings) {
        let Some(file) = &settings.promotions.file else { return };
        let currency = settings.store.currency;
        let kept = places::promotions(&settings.data.dir);
        let reading = match read(file, currency) {
            Ok(read) => {
                let set = read.promotions.set;
                tracing::info!(promotions = set.promotions().len(), "the store's own promotions");
                keep(&kept, &set, currency);
                Reading { set: Arc::new(set), error: None }
            }
            Err(error) => {
                report(&error);
                let kept = read(&kept, currency).map(|read| read.promotions.set);
                let set = kept.map_or_else(|_| self.reading().set.clone(), Arc::new);
                let promotions = set.promotions().len();
                tracing::warn!(promotions, "the promotions that held last stay in force");
                Reading { set, error: Some(error) }
            }
        };
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(reading);
    }
}

/// Keeps a set for a time in which the file does not hold.
fn keep(path: &Path, set: &PromotionSet, currency: Currency) {
    let text = serde_json::to_vec_pretty(&write_set(set, currency)).unwrap_or_default();
    if std::fs::read(path).is_ok_and(|kept| kept == text) {
        return;
    }
    if let Err(error) = replace_file(path, &text) {
        tracing::warn!(%error, "keeping the promotions");
    }
}

/// Says in the log all that is wrong.
fn report(error: &PromotionFileError) {
    match error {
        PromotionFileError::Faulty { file, faults } => {
            for fault in faults {
                tracing::error!(file = %file.display(), %fault, "a promotion does not hold");
            }
        }
        PromotionFileError::Io(file, error) => {
            tracing::error!(file = %file.display(), %error, "reading the promotions");
        }
    }
}
