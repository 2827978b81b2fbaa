//! What is bought, returned and paid in one go (ARTS `RetailTransaction`).

mod approval;
mod line;
mod pricing;
mod tender;
mod tender_rule;
#[cfg(test)]
pub(crate) mod tests;
mod totals;

use serde::{Deserialize, Serialize};

pub use approval::Approval;
pub use line::{
    AppliedPromotion, EntryMethod, LineItem, LineKind, ModifierMethod, PriceModifier, PriceSource,
    VoidedLine, Weighing,
};
pub use pricing::{Customer, PromptMade, PromptOutcome, SalePricing};
pub use tender::{ForeignCash, Tender, TenderTypeId};
pub use tender_rule::{CashRounding, Excess, ForeignRate, TenderKind, TenderRule};
pub use totals::{TaxLine, Totals};

use crate::buyer::Ban;
use crate::{
    BusinessDay, Currency, LineNumber, Now, OperatorId, StoreId, TransactionId, TransactionNumber,
    WorkstationId,
};

/// Most lines of one basket: the longest real one has 123; four times that.
pub const BASKET_LINES_MAX: usize = 500;
/// Most tenders of one basket: one coupon on each line of the longest real basket, with room.
pub const BASKET_TENDERS_MAX: usize = 150;

/// A basket on its way to a sale, or the sale that came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetailTransaction {
    /// Made by the terminal when the basket opened.
    pub id: TransactionId,
    /// Where.
    pub store: StoreId,
    /// At which register.
    pub workstation: WorkstationId,
    /// By whom.
    pub operator: OperatorId,
    /// Booked on.
    pub business_day: BusinessDay,
    /// When the basket opened; prices and promotions are those of this moment.
    pub opened: Now,
    /// The currency of every amount in it.
    pub currency: Currency,
    /// The printed number; there is none before completion.
    pub number: Option<TransactionNumber>,
    /// Every line that was entered, voided ones included, in order of entry.
    pub lines: Vec<LineItem>,
    /// What lowers the whole basket, as recorded by the cashier.
    pub basket_modifiers: Vec<PriceModifier>,
    /// What was paid with, in order.
    pub tenders: Vec<Tender>,
    /// The number of the company that buys, where one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ban: Option<Ban>,
    /// What it comes to; kept by the register after every change.
    pub totals: Totals,
    /// What somebody else than its cashier approved, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub approvals: Vec<Approval>,
    /// What promotions made of it, once it is over; nothing where none were in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pricing: Option<SalePricing>,
}

impl RetailTransaction {
    /// The line with this number, voided or not.
    #[must_use]
    pub fn line(&self, line: LineNumber) -> Option<&LineItem> {
        self.lines.iter().find(|entry| entry.line == line)
    }

    /// The lines that count.
    pub fn live_lines(&self) -> impl Iterator<Item = &LineItem> {
        self.lines.iter().filter(|line| line.voided.is_none())
    }

    /// The tenders that count.
    pub fn live_tenders(&self) -> impl Iterator<Item = &Tender> {
        self.tenders.iter().filter(|tender| !tender.voided)
    }
}
