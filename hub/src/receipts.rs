//! The print job of a sale.

use std::sync::Arc;

use store_actors::ReceiptMaker;
use store_core::receipt::{ReceiptHeader, ReceiptLabels, layout};
use store_core::transaction::TenderRule;
use store_journal::{PrintJob, PrintState};

const LABELS_ZH_TW: &str = include_str!("../text/receipt.zh-TW.json");
const LABELS_EN: &str = include_str!("../text/receipt.en.json");

/// The receipt's texts in a language; Chinese where it is not English.
///
/// # Errors
/// Where the texts do not parse.
pub fn labels(language: &str) -> Result<ReceiptLabels, serde_json::Error> {
    ReceiptLabels::from_json(if language.starts_with("en") { LABELS_EN } else { LABELS_ZH_TW })
}

/// Makes print jobs with a store's header, in its language.
#[must_use]
pub fn maker(
    header: ReceiptHeader,
    labels: ReceiptLabels,
    tenders: Vec<TenderRule>,
) -> ReceiptMaker {
    Arc::new(move |sale, copy| {
        let document = layout(sale, &header, &labels, &tenders, copy);
        PrintJob {
            transaction: sale.id,
            copy: copy.unwrap_or(0),
            state: PrintState::Queued,
            // A document of strings and numbers always has a JSON form.
            document: serde_json::to_string(&document).unwrap_or_default(),
        }
    })
}
