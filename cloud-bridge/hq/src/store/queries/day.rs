//! What a store's business day came to, folded from its rows as the store itself folds it.

use std::collections::{BTreeMap, BTreeSet};

use hq_wire::facts::v1::Fact;
use store_core::day::{
    Booking, CashBooking, DaySummary, Scope as DayScope, SummaryFold, TillBooking,
};
use store_core::{BusinessDay, Currency};
use uuid::Uuid;

use super::history::{self, FactRow, Range, each_row, stretches};
use crate::ingest::fold::{booked_on, booking};
use crate::store::sql::{Connection, params};
use crate::store::{HqStore, StoreError};

impl HqStore {
    /// What a business day of a store came to; nothing where nothing is booked on it. As the store
    /// does, all is read from the first row that is booked on the day to the last one: days
    /// overlap where baskets are open at midnight, and one day may stand in several streams.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn day_summary(
        &mut self,
        store: &str,
        day: BusinessDay,
    ) -> Result<Option<DaySummary>, StoreError> {
        self.sql.read(|sql| {
            let currency = "select currency from stores where store = ?1";
            let currency = sql.query_one(currency, params![store], |row| row.string(0))?;
            let currency = currency.and_then(|code| Currency::new(&code).ok());
            let Some(currency) = currency else { return Ok(None) };
            let ranges = ranges(sql, store, &day.to_string())?;
            if ranges.is_empty() {
                return Ok(None);
            }
            let streams = history::streams(sql, store)?;
            let mut fold = SummaryFold::new(DayScope::Day(day), currency);
            let (mut seen, counting) = (BTreeSet::new(), Counting::of(sql, store, day)?);
            for (stream, range) in stretches(&streams, &ranges) {
                each_row(sql, stream, range, &mut |sql, row| {
                    // What came by two streams is one fact.
                    if !seen.insert(row.id) {
                        return Ok(());
                    }
                    let Ok(fact) = Fact::read(&row.kind, &row.body) else { return Ok(()) };
                    // What cannot be read is kept aside, and told elsewhere.
                    let Ok(Some(booking)) = booking(&fact) else { return Ok(()) };
                    if counting.counts(sql, row, &fact)? {
                        fold.add(&booking);
                    } else {
                        fold.add(&passed_by(booking));
                    }
                    Ok(())
                })?;
            }
            Ok(Some(fold.summary()))
        })
    }
}

/// What of a day counts: of what came again under its id, after the store went back to a backup,
/// the one that all the other sums have.
struct Counting<'a> {
    store: &'a str,
    day: BusinessDay,
    /// The rows of the day's sales.
    sales: BTreeSet<[u8; 16]>,
}

impl<'a> Counting<'a> {
    fn of(sql: &mut Connection, store: &'a str, day: BusinessDay) -> Result<Self, StoreError> {
        let sales = sql.query(
            "select r.id from sales s
             join rows r on r.stream = s.stream and r.sequence = s.sequence
             where s.store = ?1 and s.business_day = ?2",
            params![store, &day.to_string()],
            |row| row.array(0),
        )?;
        Ok(Self { store, day, sales: sales.into_iter().collect() })
    }

    fn counts(&self, sql: &mut Connection, row: &FactRow, fact: &Fact) -> Result<bool, StoreError> {
        if !booked_on(fact).is_ok_and(|day| day == Some(self.day)) {
            return Ok(true);
        }
        match fact {
            Fact::SaleCompleted(_) => Ok(self.sales.contains(&row.id)),
            Fact::SalePostVoided(void) => self.is_taken_off(sql, row, &void.sale.transaction),
            _ => Ok(true),
        }
    }

    /// Whether it is by this row that a sale is undone which is known.
    fn is_taken_off(
        &self,
        sql: &mut Connection,
        row: &FactRow,
        transaction: &str,
    ) -> Result<bool, StoreError> {
        let Ok(transaction) = Uuid::try_parse(transaction) else { return Ok(false) };
        let by: Option<[u8; 16]> = sql.query_one(
            "select r.id from post_voids p
             join rows r on r.stream = p.stream and r.sequence = p.sequence
             join sales s on s.transaction_id = p.transaction_id and s.store = p.store
             where p.store = ?1 and p.transaction_id = ?2",
            params![self.store, &transaction.to_string()],
            |row| row.array(0),
        )?;
        Ok(by == Some(row.id))
    }
}

/// What a booking that does not count is to its day: it says which day it is, and brings nothing,
/// as a count of a till does.
fn passed_by(booking: Booking) -> Booking {
    let (Booking::Sale(sale) | Booking::PostVoided { sale, .. }) = booking else {
        return booking;
    };
    Booking::Till(TillBooking {
        business_day: sale.business_day,
        workstation: sale.workstation,
        till: None,
        operator: sale.operator,
        entry: CashBooking::Counted,
    })
}

/// From which row to which a day was booked, in each stream.
fn ranges(
    sql: &mut Connection,
    store: &str,
    day: &str,
) -> Result<BTreeMap<i64, Range>, StoreError> {
    let ranges = sql.query(
        "select stream, first_sequence, last_sequence from business_days
         where store = ?1 and business_day = ?2",
        params![store, day],
        |row| Ok((row.int(0)?, (row.int(1)?, row.int(2)?))),
    )?;
    Ok(ranges.into_iter().collect())
}
