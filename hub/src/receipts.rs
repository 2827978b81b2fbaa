//! The print job of a sale.

use std::sync::{Arc, PoisonError, RwLock};

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

/// What stands on receipts besides the sale, replaced as a whole.
#[derive(Clone, Debug)]
pub struct ReceiptFrame(Arc<RwLock<Frame>>);

#[derive(Clone, Debug)]
struct Frame {
    header: Arc<ReceiptHeader>,
    tenders: Arc<[TenderRule]>,
}

impl ReceiptFrame {
    /// With a header and the ways of paying.
    #[must_use]
    pub fn new(header: ReceiptHeader, tenders: Vec<TenderRule>) -> Self {
        let (header, tenders) = (Arc::new(header), Arc::from(tenders));
        Self(Arc::new(RwLock::new(Frame { header, tenders })))
    }

    /// Puts others in their place, from the next receipt on. A way of paying that is not there any
    /// more is remembered, for the baskets that still had it.
    pub fn replace(&self, header: ReceiptHeader, mut tenders: Vec<TenderRule>) {
        let mut frame = self.0.write().unwrap_or_else(PoisonError::into_inner);
        for before in frame.tenders.iter() {
            if tenders.iter().all(|rule| rule.id != before.id) {
                tenders.push(before.clone());
            }
        }
        *frame = Frame { header: Arc::new(header), tenders: Arc::from(tenders) };
    }

    fn read(&self) -> Frame {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Makes print jobs with what stands on a store's receipts, in its language.
#[must_use]
pub fn maker(frame: ReceiptFrame, labels: ReceiptLabels) -> ReceiptMaker {
    Arc::new(move |sale, copy| {
        let Frame { header, tenders } = frame.read();
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
