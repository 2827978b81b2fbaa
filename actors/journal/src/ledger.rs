//! What every journal can do, on disk or simulated.

use std::collections::BTreeMap;

use hq_wire::link::v1::Waiting;
use store_core::buyer::BuyerWish;
use store_core::fact::{CommittedFact, RowPosition};
use store_core::inventory::InventoryMachine;
use store_core::promotion::uses::Sold;
use store_core::safety_stock::{SafetyStockLevel, SafetyStockMachine};
use store_core::till::{OpenTill, Till};
use store_core::{
    BusinessDay, CommandId, ItemId, JournalSequence, MemberId, OperatorId, PromotionId, Quantity,
    StreamId, TransactionId, TransactionNumber, WorkstationId,
};

use crate::convert::ConvertError;
use crate::fold::DayOfPromotion;
use crate::{
    Digest, Draft, Ended, FoundReceipt, JournalRow, LinkCursor, Lockout, Operator, PrintJob,
    PrintStanding, ReadError, ReceiptQuery, Session, Suspended, WorkstationClaim, Write,
    WriteError, Written,
};

/// The last row of the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// The stream that rows are added to.
    pub stream: StreamId,
    /// Its last row.
    pub sequence: JournalSequence,
    /// That row's digest.
    pub digest: Digest,
}

impl Head {
    /// Its place.
    #[must_use]
    pub const fn position(&self) -> RowPosition {
        RowPosition { stream: self.stream, sequence: self.sequence }
    }
}

/// A stream of the journal, oldest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamState {
    /// Its last row.
    pub head: Head,
    /// Where the journal stood before it.
    pub parent: Option<Head>,
}

/// What is known of a register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterRecord {
    /// Which.
    pub workstation: WorkstationId,
    /// The last number it gave; 0 before the first.
    pub last_number: TransactionNumber,
    /// Who is signed on.
    pub operator: Option<OperatorId>,
}

/// What promotions did, by promotion and business day.
pub type PromotionDays = BTreeMap<(PromotionId, BusinessDay), DayOfPromotion>;

/// An alert that is up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StockAlert {
    /// Which item.
    pub item: ItemId,
    /// When it went up, in milliseconds since 1970.
    pub since_wall_ms: i64,
    /// The local offset then, in seconds.
    pub since_utc_offset_s: i32,
}

/// A till, open or closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TillRecord {
    /// At which register.
    pub workstation: WorkstationId,
    /// Whether it is closed.
    pub is_closed: bool,
    /// What it came to so far, or at its close.
    pub till: OpenTill,
}

/// A business day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayRecord {
    /// Which.
    pub business_day: BusinessDay,
    /// Whether it is closed.
    pub is_closed: bool,
}

/// Everything that can be asked of a journal.
///
/// # Errors
/// Every question answers [`ReadError`] where the file cannot be read.
#[allow(clippy::missing_errors_doc)]
pub trait LedgerReads {
    /// The last row.
    fn head(&self) -> Result<Head, ReadError>;
    /// Every stream, oldest first.
    fn streams(&self) -> Result<Vec<StreamState>, ReadError>;
    /// The rows of a stream after a number, in order, at most `limit`.
    fn rows(&self, after: RowPosition, limit: usize) -> Result<Vec<JournalRow>, ReadError>;
    /// The row that an append left.
    fn row_of(&self, id: CommandId) -> Result<Option<JournalRow>, ReadError>;
    /// The row that ended a basket, as a fact.
    fn transaction(&self, id: TransactionId) -> Result<Option<CommittedFact>, ReadError>;
    /// The basket in progress at a workstation.
    fn draft(&self, workstation: &WorkstationId) -> Result<Option<Draft>, ReadError>;
    /// All baskets in progress.
    fn drafts(&self) -> Result<Vec<Draft>, ReadError>;
    /// What is left of a basket that is over.
    fn ended(&self, transaction: TransactionId) -> Result<Option<Ended>, ReadError>;
    /// The basket in progress of a transaction, wherever it is open.
    fn draft_of(&self, transaction: TransactionId) -> Result<Option<Draft>, ReadError>;
    /// All baskets that lie aside, the first put aside first.
    fn suspended(&self) -> Result<Vec<Suspended>, ReadError>;
    /// A basket that lies aside.
    fn suspended_basket(&self, transaction: TransactionId) -> Result<Option<Suspended>, ReadError>;
    /// What the buyer of a sale said about the invoice, as long as it is not erased.
    fn buyer(&self, sale: TransactionId) -> Result<Option<BuyerWish>, ReadError>;
    /// The row that undid a sale as a whole.
    fn post_void(&self, sale: TransactionId) -> Result<Option<JournalRow>, ReadError>;
    /// A register.
    fn register(&self, workstation: &WorkstationId) -> Result<Option<RegisterRecord>, ReadError>;
    /// All registers that ever did something.
    fn registers(&self) -> Result<Vec<RegisterRecord>, ReadError>;
    /// Stock on hand of an item; none where it never moved.
    fn stock(&self, item: &ItemId) -> Result<Option<Quantity>, ReadError>;
    /// The inventory as of the last row.
    fn inventory(&self) -> Result<InventoryMachine, ReadError>;
    /// The safety stock as of the last row.
    fn safety_stock(&self) -> Result<SafetyStockMachine, ReadError>;
    /// All levels that were set.
    fn safety_stock_levels(&self) -> Result<Vec<SafetyStockLevel>, ReadError> {
        Ok(self.safety_stock()?.levels.into_values().collect())
    }
    /// All items that ever moved.
    fn stock_on_hand(&self) -> Result<BTreeMap<ItemId, Quantity>, ReadError> {
        Ok(self.inventory()?.on_hand)
    }
    /// The alerts that are up.
    fn stock_alerts(&self) -> Result<Vec<StockAlert>, ReadError>;
    /// The receipts that a query asks for, the newest first.
    fn receipts(&self, query: &ReceiptQuery) -> Result<Vec<FoundReceipt>, ReadError>;
    /// A print job.
    fn print_job(
        &self,
        transaction: TransactionId,
        copy: u32,
    ) -> Result<Option<PrintJob>, ReadError>;
    /// The print jobs of a sale, the receipt first.
    fn print_jobs(&self, transaction: TransactionId) -> Result<Vec<PrintJob>, ReadError>;
    /// The print jobs that are not done, oldest first.
    fn print_jobs_open(&self) -> Result<Vec<PrintStanding>, ReadError>;
    /// The print jobs that came out of a printer, at most so many, the latest first.
    fn print_jobs_done(&self, limit: u32) -> Result<Vec<PrintStanding>, ReadError>;
    /// Somebody who works here.
    fn operator(&self, id: &OperatorId) -> Result<Option<Operator>, ReadError>;
    /// Everybody who works here.
    fn operators(&self) -> Result<Vec<Operator>, ReadError>;
    /// Which browser a workstation is.
    fn claim(&self, workstation: &WorkstationId) -> Result<Option<WorkstationClaim>, ReadError>;
    /// Which browsers are workstations.
    fn claims(&self) -> Result<Vec<WorkstationClaim>, ReadError>;
    /// A session by its token's hash, expired or not.
    fn session(&self, token_hash: &str) -> Result<Option<Session>, ReadError>;
    /// All sessions, expired or not.
    fn sessions(&self) -> Result<Vec<Session>, ReadError>;
    /// Failed attempts.
    fn lockout(&self, key: &str) -> Result<Option<Lockout>, ReadError>;
    /// All failed attempts, over or not.
    fn lockouts(&self) -> Result<Vec<Lockout>, ReadError>;
    /// A setting.
    fn setting(&self, key: &str) -> Result<Option<String>, ReadError>;
    /// How far headquarters has a stream.
    fn cursor(&self, stream: StreamId) -> Result<Option<LinkCursor>, ReadError>;
    /// What sales have used of a promotion, ever and on one day.
    fn promotion_sold(&self, promotion: &PromotionId, day: BusinessDay) -> Result<Sold, ReadError>;
    /// How often a member used each promotion, ever.
    fn promotions_sold_to(
        &self,
        member: &MemberId,
    ) -> Result<BTreeMap<PromotionId, u32>, ReadError>;
    /// The points that a member spent on a day.
    fn points_spent(&self, member: &MemberId, day: BusinessDay) -> Result<u64, ReadError>;
    /// Whether a coupon was ever used up.
    fn is_coupon_used(&self, code: &str) -> Result<bool, ReadError>;
    /// What every promotion did on every day.
    fn promotion_days(&self) -> Result<PromotionDays, ReadError>;
    /// What a stream holds after a row: how much, and since when.
    fn waiting(&self, after: RowPosition) -> Result<Waiting, ReadError>;

    /// The tills of a register: how many there were, and the one that is open.
    fn till(&self, workstation: &WorkstationId) -> Result<Till, ReadError>;
    /// The tills that were opened on a day, by register and number.
    fn tills_of(&self, day: BusinessDay) -> Result<Vec<TillRecord>, ReadError>;
    /// The business days on which anything was booked, newest first.
    fn days(&self) -> Result<Vec<DayRecord>, ReadError>;
    /// Shows every fact from the first that is booked on a day to the last, in order; those
    /// between them that are booked on another day, or on none, as well.
    fn day_facts(
        &self,
        day: BusinessDay,
        each: &mut dyn FnMut(&CommittedFact),
    ) -> Result<(), ReadError>;

    /// The last number that a workstation gave; 0 before the first.
    fn last_number(&self, workstation: &WorkstationId) -> Result<TransactionNumber, ReadError> {
        Ok(self.register(workstation)?.map_or(TransactionNumber(0), |known| known.last_number))
    }
}

/// A journal that can be written.
pub trait Ledger: LedgerReads {
    /// Writes a group in one commit and answers each of its writes, in order. What is answered
    /// with `Ok` is on disk.
    fn write_group(&mut self, group: Vec<Write>) -> Vec<Result<Written, WriteError>>;

    /// The present value of `PRAGMA synchronous` on the writing connection: 2 after a group with
    /// a promise or a draft, 1 after a group without. None where there is no such thing.
    fn synchronous(&self) -> Option<i64>;

    /// Puts everything in its place before the process ends.
    ///
    /// # Errors
    /// What could not be put in its place; nothing is lost by that.
    fn close(&mut self) -> Result<(), crate::OpenError>;
}

/// The facts after a row, in order and across streams: the rest of the row's own stream, or, where
/// that has ended, what follows it. At most `limit` rows are read at once; none are answered only
/// where there are none.
///
/// # Errors
/// Where the journal or one of its rows cannot be read.
pub fn facts_after(
    journal: &impl LedgerReads,
    after: RowPosition,
    limit: usize,
) -> Result<Vec<CommittedFact>, ReadError> {
    let facts = facts_of_stream(journal, after, limit)?;
    if !facts.is_empty() {
        return Ok(facts);
    }
    let streams = journal.streams()?.into_iter().map(|stream| stream.head.stream);
    for stream in streams.skip_while(|stream| *stream != after.stream).skip(1) {
        let start = RowPosition { stream, sequence: JournalSequence(0) };
        let facts = facts_of_stream(journal, start, limit)?;
        if !facts.is_empty() {
            return Ok(facts);
        }
    }
    Ok(Vec::new())
}

fn facts_of_stream(
    journal: &impl LedgerReads,
    after: RowPosition,
    limit: usize,
) -> Result<Vec<CommittedFact>, ReadError> {
    let malformed =
        |error: ConvertError| ReadError::Malformed { what: "a row", reason: error.to_string() };
    let rows = journal.rows(after, limit)?;
    // The row that starts a stream is no fact.
    rows.iter().filter_map(|row| row.committed().map_err(malformed).transpose()).collect()
}
