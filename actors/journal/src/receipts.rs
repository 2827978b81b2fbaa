//! The electronic journal: finding receipts again.

use store_core::transaction::RetailTransaction;
use store_core::{
    BusinessDay, Money, Now, OperatorId, TransactionId, TransactionNumber, WorkstationId,
};

/// Digits of a card that are kept, and asked for.
pub const CARD_DIGITS: usize = 4;

/// Which receipts are looked for: all that is said has to fit; nothing said is every receipt.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReceiptQuery {
    /// This one and no other.
    pub transaction: Option<TransactionId>,
    /// The printed number.
    pub number: Option<TransactionNumber>,
    /// The register that gave it.
    pub workstation: Option<WorkstationId>,
    /// An item that was sold or taken back, by its id or the code that was read; not a voided one.
    pub item: Option<String>,
    /// What it came to, in minor units.
    pub total_minor: Option<i64>,
    /// The last digits of a card, [`CARD_DIGITS`] of them: as a terminal told them, or what a
    /// tender's reference ends with.
    pub card: Option<String>,
    /// Not completed before, in milliseconds since 1970.
    pub from_ms: Option<i64>,
    /// Completed before, in milliseconds since 1970.
    pub to_ms: Option<i64>,
    /// Who sold.
    pub operator: Option<OperatorId>,
    /// Only what stands before this place: where the page before ended.
    pub before: Option<i64>,
    /// How many at most.
    pub limit: usize,
}

/// A receipt that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundReceipt {
    /// Its place in the journal: the later, the higher.
    pub position: i64,
    /// Which sale.
    pub transaction: TransactionId,
    /// At which register.
    pub workstation: WorkstationId,
    /// The printed number.
    pub number: TransactionNumber,
    /// Who sold.
    pub operator: OperatorId,
    /// The day it was booked on.
    pub business_day: BusinessDay,
    /// When it was completed, in milliseconds since 1970.
    pub wall_ms: i64,
    /// The local offset then, in seconds.
    pub utc_offset_s: i32,
    /// What it came to.
    pub total: Money,
    /// How many lines count.
    pub lines: u32,
    /// Whether the sale was undone.
    pub is_undone: bool,
}

impl FoundReceipt {
    /// The receipt of a completed sale; a basket without a number is none.
    pub(crate) fn of(
        position: i64,
        sale: &RetailTransaction,
        now: &Now,
        is_undone: bool,
    ) -> Option<Self> {
        Some(Self {
            position,
            transaction: sale.id,
            workstation: sale.workstation.clone(),
            number: sale.number?,
            operator: sale.operator.clone(),
            business_day: sale.business_day,
            wall_ms: now.wall.as_millisecond(),
            utc_offset_s: now.utc_offset_s,
            total: sale.totals.total,
            lines: u32::try_from(sale.live_lines().count()).unwrap_or(u32::MAX),
            is_undone,
        })
    }
}

impl ReceiptQuery {
    /// Whether a completed sale is one of those looked for; what the tables are asked is this.
    #[must_use]
    pub(crate) fn fits(&self, position: i64, sale: &RetailTransaction, now: &Now) -> bool {
        let completed_ms = now.wall.as_millisecond();
        let is_item = |wanted: &String| {
            let mut live = sale.live_lines();
            live.any(|line| line.item.as_str() == wanted || *line.code == **wanted)
        };
        let is_card = |wanted: &String| {
            sale.live_tenders().any(|tender| {
                let slip = tender.card.as_ref();
                let last_four = slip.and_then(|slip| slip.approval.last_four.as_deref());
                let reference = tender.reference.as_deref().map(ending);
                [last_four, reference].contains(&Some(wanted.as_str()))
            })
        };
        self.transaction.is_none_or(|wanted| sale.id == wanted)
            && self.number.is_none_or(|number| sale.number == Some(number))
            && self.workstation.as_ref().is_none_or(|wanted| sale.workstation == *wanted)
            && self.item.as_ref().is_none_or(is_item)
            && self.total_minor.is_none_or(|total| sale.totals.total.minor() == total)
            && self.card.as_ref().is_none_or(is_card)
            && self.from_ms.is_none_or(|from| completed_ms >= from)
            && self.to_ms.is_none_or(|to| completed_ms < to)
            && self.operator.as_ref().is_none_or(|wanted| sale.operator == *wanted)
            && self.before.is_none_or(|before| position < before)
    }
}

/// The last [`CARD_DIGITS`] characters, as SQLite's `substr(reference, -4)` has them.
fn ending(reference: &str) -> &str {
    let from = reference.char_indices().rev().nth(CARD_DIGITS - 1).map_or(0, |(at, _)| at);
    reference.get(from..).unwrap_or(reference)
}
