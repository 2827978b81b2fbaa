//! The print job of a sale.

mod keys;

use std::sync::{Arc, PoisonError, RwLock};

use store_actors::{OpensDrawer, ReceiptMaker, SalePaper};
use store_core::StoreId;
use store_core::day::{ByAt, TillReport};
use store_core::fact::Fact;
use store_core::receipt::{
    self, ReceiptDocument, ReceiptHeader, ReceiptLabels, ReceiptLanguage, layout,
};
use store_core::till::TillEvent;
use store_core::transaction::{RetailTransaction, TenderRule};
use store_journal::{PrintJob, PrintState};

const LABELS_ZH_TW: &str = include_str!("../text/receipt.zh-TW.json");
const LABELS_EN: &str = include_str!("../text/receipt.en.json");

pub use keys::ReceiptKeys;

/// The receipts' texts in every language, and the one that holds where nobody wishes for another.
#[derive(Clone, Debug)]
pub struct ReceiptTexts {
    zh_tw: ReceiptLabels,
    en: ReceiptLabels,
    own: ReceiptLanguage,
}

impl ReceiptTexts {
    /// With the store's own language; Chinese where it is not English.
    ///
    /// # Errors
    /// Where the texts do not parse.
    pub fn read(own: &str) -> Result<Self, serde_json::Error> {
        let own = if own.starts_with("en") { ReceiptLanguage::En } else { ReceiptLanguage::ZhTw };
        let read = ReceiptLabels::from_json;
        Ok(Self { zh_tw: read(LABELS_ZH_TW)?, en: read(LABELS_EN)?, own })
    }

    fn labels(&self, wished: Option<ReceiptLanguage>) -> &ReceiptLabels {
        match wished.unwrap_or(self.own) {
            ReceiptLanguage::ZhTw => &self.zh_tw,
            ReceiptLanguage::En => &self.en,
        }
    }
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

/// Lays receipts out: what stands on a store's, its texts and its keys.
#[derive(Clone)]
pub struct Receipts {
    /// What stands on them besides the sale.
    pub frame: ReceiptFrame,
    /// Signs what is on them.
    pub keys: Arc<ReceiptKeys>,
    /// Their words.
    pub texts: Arc<ReceiptTexts>,
    /// Whether they are of sales made in training: marked, and without a code to come back by.
    pub is_training: bool,
}

const fn is_forced(event: &TillEvent) -> bool {
    matches!(event, TillEvent::Closed { closing } if closing.is_forced)
}

impl Receipts {
    /// A sale's receipt in a language that somebody wished for, to be read and not printed.
    #[must_use]
    pub fn read_in(
        &self,
        sale: &RetailTransaction,
        wished: ReceiptLanguage,
        is_undone: bool,
    ) -> ReceiptDocument {
        let paper = if is_undone { SalePaper::PostVoid { number: 0 } } else { SalePaper::Receipt };
        self.document(sale, paper, Some(wished))
    }

    /// A till's report, in the store's language: read by somebody now where it is still open.
    #[must_use]
    pub fn till_report(
        &self,
        report: &TillReport,
        store: &StoreId,
        read: &ByAt,
    ) -> ReceiptDocument {
        let header = self.frame.read().header;
        receipt::till_report(report, (store, read), &header, self.texts.labels(None))
    }

    /// What marks a copy, in the store's language, with `{n}` for its number.
    #[must_use]
    pub fn copy_label(&self) -> String {
        self.texts.labels(None).copy.clone()
    }

    fn document(
        &self,
        sale: &RetailTransaction,
        paper: SalePaper,
        language: Option<ReceiptLanguage>,
    ) -> ReceiptDocument {
        let Frame { header, tenders } = self.frame.read();
        let is_post_void = match paper {
            SalePaper::Receipt => false,
            SalePaper::Copy { is_undone, .. } => is_undone,
            SalePaper::PostVoid { .. } => true,
        };
        // Nothing of a sale that was undone, or never was one, can come back.
        let code =
            (!is_post_void && !self.is_training).then(|| self.keys.return_code(sale)).flatten();
        let copy = match paper {
            SalePaper::Copy { number, .. } => Some(number),
            SalePaper::Receipt | SalePaper::PostVoid { .. } => None,
        };
        let frame = receipt::Frame {
            header: &header,
            labels: self.texts.labels(language),
            rules: &tenders,
            copy,
            return_code: code.as_deref(),
            is_post_void,
            is_training: self.is_training,
        };
        layout(sale, &frame)
    }

    /// Tells which facts open a register's cash drawer: what is paid in cash, and what somebody
    /// does with the money in it.
    #[must_use]
    pub fn opens_drawer(&self) -> OpensDrawer {
        let frame = self.frame.clone();
        Arc::new(move |fact| match fact {
            Fact::SaleCompleted(sale) => {
                receipt::opens_drawer(sale, &frame.read().tenders).then(|| sale.workstation.clone())
            }
            Fact::SalePostVoided(void) => receipt::opens_drawer(&void.sale, &frame.read().tenders)
                .then(|| void.workstation.clone()),
            // A till that is closed with the day has nobody standing at it.
            Fact::Till(entry) if is_forced(&entry.event) || entry.event.is_trial() => None,
            Fact::Till(entry) => Some(entry.workstation.clone()),
            _ => None,
        })
    }

    /// Makes print jobs of sales.
    #[must_use]
    pub fn maker(self) -> ReceiptMaker {
        Arc::new(move |sale, paper| {
            let (number, language) = match paper {
                SalePaper::Receipt => (0, None),
                SalePaper::Copy { number, language, .. } => (number, language),
                SalePaper::PostVoid { number } => (number, None),
            };
            let document = self.document(sale, paper, language);
            PrintJob {
                transaction: sale.id,
                copy: number,
                state: PrintState::Queued,
                // A document of strings and numbers always has a JSON form.
                document: serde_json::to_string(&document).unwrap_or_default(),
                workstation: Some(sale.workstation.clone()),
                printer: None,
            }
        })
    }
}
