use std::path::Path;

use service_kit::files::replace_file;
use store_core::Currency;
use store_core::policy::promotions::write_set;
use store_core::promotion::set::PromotionSet;

use super::file::{PromotionFileError, read};
use crate::places;
use crate::settings::Settings;

/// The store's own promotions: those of its file, or, while that does not hold, those that did
/// last. A spoilt file must not keep customers out, and must not end what they were promised.
#[must_use]
pub fn own(settings: &Settings) -> PromotionSet {
    let Some(file) = &settings.promotions.file else { return PromotionSet::default() };
    let currency = settings.store.currency;
    let kept = places::promotions(&settings.data.dir);
    match read(file, currency) {
        Ok(read) => {
            let set = read.promotions.set;
            tracing::info!(promotions = set.promotions().len(), "the store's own promotions");
            keep(&kept, &set, currency);
            set
        }
        Err(error) => {
            report(&error);
            let kept = read(&kept, currency).map(|read| read.promotions.set).unwrap_or_default();
            let promotions = kept.promotions().len();
            tracing::warn!(promotions, "the promotions that held last stay in force");
            kept
        }
    }
}

/// Keeps a set for a start at which the file does not hold.
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
