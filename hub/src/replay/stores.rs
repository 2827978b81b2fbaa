//! What the stores' journals say was sold. Nothing here may see the input.

use std::collections::HashMap;
use std::path::Path;

use store_core::transaction::RetailTransaction;
use store_core::{StoreId, TransactionId};

use super::totals::Totals;

/// One `sale_completed` row, as far as the totals need it. Money is in minor units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SoldSale {
    /// The sale.
    pub transaction: TransactionId,
    /// The store's local hour when the basket was opened, 0 to 23.
    pub hour: i8,
    /// Its lines, those that were voided left out.
    pub lines: Vec<SoldLine>,
    /// Its tenders, those that were handed back left out.
    pub tenders: Vec<SoldTender>,
}

/// One live line of a sale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SoldLine {
    /// The item's department when it was sold.
    pub department: String,
    /// Before any modifier.
    pub shelf: i64,
    /// After all of them.
    pub net: i64,
    /// What lowered it.
    pub modifiers: Vec<SoldModifier>,
}

/// What lowered a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SoldModifier {
    /// Why, as a stable code.
    pub reason: String,
    /// By how much.
    pub amount: i64,
}

/// One live tender of a sale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SoldTender {
    /// The way of paying, as a stable code.
    pub tender_type: String,
    /// What was handed over; negative where it was paid out.
    pub amount: i64,
    /// What was given back of it.
    pub change: i64,
    /// Whether it was given for one line.
    pub is_for_a_line: bool,
    /// The department of the catalogue's entry of its reference.
    pub department: Option<String>,
}

impl From<&RetailTransaction> for SoldSale {
    fn from(sale: &RetailTransaction) -> Self {
        let line = |line: &store_core::transaction::LineItem| SoldLine {
            department: line.department.to_string(),
            shelf: line.shelf_amount.minor(),
            net: line.net.minor(),
            modifiers: line
                .modifiers
                .iter()
                .map(|modifier| SoldModifier {
                    reason: modifier.reason.to_string(),
                    amount: modifier.amount.minor(),
                })
                .collect(),
        };
        let tender = |tender: &store_core::transaction::Tender| SoldTender {
            tender_type: tender.tender_type.to_string(),
            amount: tender.amount.minor(),
            change: tender.change.minor(),
            is_for_a_line: tender.line.is_some(),
            department: tender.department.as_deref().map(str::to_owned),
        };
        Self {
            transaction: sale.id,
            hour: sale.opened.local().hour(),
            lines: sale.live_lines().map(line).collect(),
            tenders: sale.live_tenders().map(tender).collect(),
        }
    }
}

/// Why a journal could not be read back: the reader's own error.
pub type JournalReadError = Box<dyn std::error::Error + Send + Sync>;

/// Reads the journals after a run, through connections that cannot write.
pub trait StoreJournals: Sync {
    /// Hands over every `sale_completed` row of the journal at this path, of all its streams, in
    /// sequence; the rows themselves, not a projection in which a doubled sale would hide.
    ///
    /// # Errors
    /// Where the journal cannot be opened or a row cannot be read.
    fn sales(
        &self,
        journal: &Path,
        on_sale: &mut dyn FnMut(SoldSale),
    ) -> Result<(), JournalReadError>;

    /// What a repeated command must leave as it is, as text: the head of each stream, the baskets
    /// in progress and the receipts that were queued.
    ///
    /// # Errors
    /// Where the journal cannot be opened or read.
    fn state(&self, journal: &Path) -> Result<String, JournalReadError>;
}

/// What one journal says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JournalTrade {
    /// What the sales come to.
    pub totals: Totals,
    /// How often each sale stands in it: once, unless something went wrong.
    pub sales: HashMap<TransactionId, u64>,
}

impl JournalTrade {
    /// Reads a store's journal.
    ///
    /// # Errors
    /// As [`StoreJournals::sales`].
    pub fn read(
        store: &StoreId,
        journal: &Path,
        journals: &dyn StoreJournals,
    ) -> Result<Self, JournalReadError> {
        let mut trade = Self::default();
        journals.sales(journal, &mut |sale| {
            trade.totals.add_sale(store, &sale);
            *trade.sales.entry(sale.transaction).or_insert(0) += 1;
        })?;
        Ok(trade)
    }
}
