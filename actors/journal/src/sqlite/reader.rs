use std::collections::BTreeMap;
use std::path::Path;

use hq_wire::link::v1::Waiting;
use rusqlite::Connection;
use store_core::buyer::BuyerWish;
use store_core::fact::{CommittedFact, RowPosition};
use store_core::inventory::InventoryMachine;
use store_core::promotion::uses::Sold;
use store_core::safety_stock::{SafetyStockLevel, SafetyStockMachine};
use store_core::till::Till;
use store_core::{
    BusinessDay, CommandId, ItemId, MemberId, OperatorId, PromotionId, Quantity, StreamId,
    TransactionId, WorkstationId,
};

use super::connection::{database, open_to_read};
use super::rows::{reading, tip};
use super::{buyers, promotions, reads, reads_beside, receipts, suspended, tills};
use crate::convert::ConvertError;
use crate::fold::DayRange;
use crate::{
    DayRecord, Draft, Ended, FoundReceipt, Head, JournalRow, LedgerReads, LinkCursor, Lockout,
    OpenError, Operator, PrintJob, PrintStanding, PromotionDays, ReadError, ReceiptQuery,
    RegisterRecord, Session, StockAlert, StreamState, Suspended, TillRecord, WorkstationClaim,
};

/// Something with a connection that questions can be asked of.
pub trait Connected {
    /// The connection.
    fn connection(&self) -> &Connection;
}

/// A read-only connection to the journal of a data directory, for the thread that opens it. It
/// sees what is committed and synced, beside a hub that writes.
#[derive(Debug)]
pub struct Reader {
    connection: Connection,
}

impl Reader {
    /// Opens the journal of a data directory for reading.
    ///
    /// # Errors
    /// Where there is none, or it cannot be opened.
    pub fn open(data_dir: &Path) -> Result<Self, OpenError> {
        Ok(Self { connection: open_to_read(&database(data_dir))? })
    }

    /// Reads several things as they are at one moment, whatever is written meanwhile.
    ///
    /// # Errors
    /// Those of `read`, or the journal cannot be read.
    pub fn at_once<T>(
        &self,
        read: impl FnOnce(&Self) -> Result<T, ReadError>,
    ) -> Result<T, ReadError> {
        // Of a transaction that only reads nothing is left: it ends when it goes out of scope.
        let moment = self.connection.unchecked_transaction().map_err(reading("one moment"))?;
        let answer = read(self);
        drop(moment);
        answer
    }
}

impl Connected for Reader {
    fn connection(&self) -> &Connection {
        &self.connection
    }
}

/// Rows that are held in memory at once.
const ROWS_AT_ONCE: usize = 200;

/// What was being read where uses of promotions could not be.
const USES: &str = "the uses of promotions";

type Answer<T> = Result<T, ReadError>;

impl<C: Connected> LedgerReads for C {
    fn head(&self) -> Answer<Head> {
        let what = "the last row";
        let found = tip(self.connection()).map_err(reading(what))?;
        let reason = || "the journal has no rows".to_owned();
        found.map(|tip| tip.head).ok_or_else(|| ReadError::Malformed { what, reason: reason() })
    }

    fn streams(&self) -> Answer<Vec<StreamState>> {
        reads::streams(self.connection()).map_err(reading("the streams"))
    }

    fn rows(&self, after: RowPosition, limit: usize) -> Answer<Vec<JournalRow>> {
        reads::rows(self.connection(), after, limit).map_err(reading("rows"))
    }

    fn row_of(&self, id: CommandId) -> Answer<Option<JournalRow>> {
        reads::row_of(self.connection(), id).map_err(reading("a row"))
    }

    fn transaction(&self, id: TransactionId) -> Answer<Option<CommittedFact>> {
        let what = "a transaction";
        let found = reads::row_of_transaction(self.connection(), id).map_err(reading(what))?;
        let Some(row) = found else { return Ok(None) };
        row.committed().map_err(|error| ReadError::Malformed { what, reason: error.to_string() })
    }

    fn draft(&self, workstation: &WorkstationId) -> Answer<Option<Draft>> {
        reads_beside::draft(self.connection(), workstation).map_err(reading("a draft"))
    }

    fn drafts(&self) -> Answer<Vec<Draft>> {
        reads_beside::drafts(self.connection()).map_err(reading("the drafts"))
    }

    fn ended(&self, transaction: TransactionId) -> Answer<Option<Ended>> {
        reads_beside::ended(self.connection(), transaction).map_err(reading("an ended basket"))
    }

    fn draft_of(&self, transaction: TransactionId) -> Answer<Option<Draft>> {
        reads_beside::draft_of(self.connection(), transaction).map_err(reading("a draft"))
    }

    fn suspended(&self) -> Answer<Vec<Suspended>> {
        suspended::all_aside(self.connection()).map_err(reading("the suspended baskets"))
    }

    fn suspended_basket(&self, transaction: TransactionId) -> Answer<Option<Suspended>> {
        suspended::aside(self.connection(), transaction).map_err(reading("a suspended basket"))
    }

    fn buyer(&self, sale: TransactionId) -> Answer<Option<BuyerWish>> {
        buyers::said(self.connection(), sale).map_err(reading("a buyer"))
    }

    fn post_void(&self, sale: TransactionId) -> Answer<Option<JournalRow>> {
        reads::row_of_post_void(self.connection(), sale).map_err(reading("a post-void"))
    }

    fn register(&self, workstation: &WorkstationId) -> Answer<Option<RegisterRecord>> {
        reads::register(self.connection(), workstation).map_err(reading("a register"))
    }

    fn registers(&self) -> Answer<Vec<RegisterRecord>> {
        reads::registers(self.connection()).map_err(reading("the registers"))
    }

    fn stock(&self, item: &ItemId) -> Answer<Option<Quantity>> {
        reads::stock(self.connection(), item).map_err(reading("the stock"))
    }

    fn inventory(&self) -> Answer<InventoryMachine> {
        reads::inventory(self.connection()).map_err(reading("the stock"))
    }

    fn safety_stock(&self) -> Answer<SafetyStockMachine> {
        reads::safety_stock(self.connection()).map_err(reading("the safety stock"))
    }

    fn safety_stock_levels(&self) -> Answer<Vec<SafetyStockLevel>> {
        reads::safety_stock_levels(self.connection()).map_err(reading("the levels"))
    }

    fn stock_alerts(&self) -> Answer<Vec<StockAlert>> {
        reads::stock_alerts(self.connection()).map_err(reading("the alerts"))
    }

    fn receipts(&self, query: &ReceiptQuery) -> Answer<Vec<FoundReceipt>> {
        receipts::found(self.connection(), query).map_err(reading("the receipts"))
    }

    fn print_job(&self, transaction: TransactionId, copy: u32) -> Answer<Option<PrintJob>> {
        reads_beside::print_job(self.connection(), transaction, copy)
            .map_err(reading("a print job"))
    }

    fn print_jobs(&self, transaction: TransactionId) -> Answer<Vec<PrintJob>> {
        reads_beside::print_jobs(self.connection(), transaction).map_err(reading("print jobs"))
    }

    fn print_jobs_open(&self) -> Answer<Vec<PrintStanding>> {
        reads_beside::print_jobs_open(self.connection()).map_err(reading("print jobs"))
    }

    fn print_jobs_done(&self, limit: u32) -> Answer<Vec<PrintStanding>> {
        reads_beside::print_jobs_done(self.connection(), limit).map_err(reading("print jobs"))
    }

    fn operator(&self, id: &OperatorId) -> Answer<Option<Operator>> {
        reads_beside::operator(self.connection(), id).map_err(reading("an operator"))
    }

    fn operators(&self) -> Answer<Vec<Operator>> {
        reads_beside::operators(self.connection()).map_err(reading("the operators"))
    }

    fn claim(&self, workstation: &WorkstationId) -> Answer<Option<WorkstationClaim>> {
        reads_beside::claim(self.connection(), workstation).map_err(reading("a claim"))
    }

    fn claims(&self) -> Answer<Vec<WorkstationClaim>> {
        reads_beside::claims(self.connection()).map_err(reading("the claims"))
    }

    fn session(&self, token_hash: &str) -> Answer<Option<Session>> {
        reads_beside::session(self.connection(), token_hash).map_err(reading("a session"))
    }

    fn sessions(&self) -> Answer<Vec<Session>> {
        reads_beside::sessions(self.connection()).map_err(reading("the sessions"))
    }

    fn lockout(&self, key: &str) -> Answer<Option<Lockout>> {
        reads_beside::lockout(self.connection(), key).map_err(reading("a lock-out"))
    }

    fn lockouts(&self) -> Answer<Vec<Lockout>> {
        reads_beside::lockouts(self.connection()).map_err(reading("the lock-outs"))
    }

    fn setting(&self, key: &str) -> Answer<Option<String>> {
        reads_beside::setting(self.connection(), key).map_err(reading("a setting"))
    }

    fn cursor(&self, stream: StreamId) -> Answer<Option<LinkCursor>> {
        reads_beside::cursor(self.connection(), stream).map_err(reading("the link's cursor"))
    }

    fn promotion_sold(&self, promotion: &PromotionId, day: BusinessDay) -> Answer<Sold> {
        promotions::sold(self.connection(), promotion, day).map_err(reading(USES))
    }

    fn promotions_sold_to(&self, member: &MemberId) -> Answer<BTreeMap<PromotionId, u32>> {
        promotions::sold_to(self.connection(), member).map_err(reading(USES))
    }

    fn points_spent(&self, member: &MemberId, day: BusinessDay) -> Answer<u64> {
        promotions::points_spent(self.connection(), member, day).map_err(reading(USES))
    }

    fn is_coupon_used(&self, code: &str) -> Answer<bool> {
        promotions::is_coupon_used(self.connection(), code).map_err(reading(USES))
    }

    fn promotion_days(&self) -> Answer<PromotionDays> {
        promotions::days(self.connection()).map_err(reading(USES))
    }

    fn till(&self, workstation: &WorkstationId) -> Answer<Till> {
        tills::till(self.connection(), workstation).map_err(reading("a till"))
    }

    fn tills_of(&self, day: BusinessDay) -> Answer<Vec<TillRecord>> {
        tills::tills_of(self.connection(), day).map_err(reading("the tills of a day"))
    }

    fn days(&self) -> Answer<Vec<DayRecord>> {
        tills::days(self.connection()).map_err(reading("the business days"))
    }

    fn day_facts(&self, day: BusinessDay, each: &mut dyn FnMut(&CommittedFact)) -> Answer<()> {
        let what = "the facts of a day";
        let range = tills::range(self.connection(), day).map_err(reading(what))?;
        let Some(DayRange { first, last, .. }) = range else { return Ok(()) };
        let mut next = first;
        while next <= last {
            let rows = reads::rows_from(self.connection(), next, ROWS_AT_ONCE);
            let rows = rows.map_err(reading(what))?;
            for (row, position, _) in &rows {
                if *position > last {
                    return Ok(());
                }
                let committed = row.committed();
                let malformed = |error: ConvertError| error.to_string();
                let committed = committed
                    .map_err(malformed)
                    .map_err(|reason| ReadError::Malformed { what, reason })?;
                if let Some(committed) = committed {
                    each(&committed);
                }
                next = position + 1;
            }
            if rows.is_empty() {
                return Ok(());
            }
        }
        Ok(())
    }

    fn waiting(&self, after: RowPosition) -> Answer<Waiting> {
        reads::waiting(self.connection(), after).map_err(reading("what waits"))
    }
}
