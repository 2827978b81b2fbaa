//! What a store's business day came to, folded from its rows as the store itself folds it.

use std::collections::{BTreeMap, BTreeSet};

use hq_wire::facts::v1::Fact;
use store_core::day::{DaySummary, Scope as DayScope, SummaryFold};
use store_core::{BusinessDay, Currency};

use super::history::{self, Range, each_row, stretches};
use crate::ingest::fold::booking;
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
            let mut seen = BTreeSet::new();
            for (stream, range) in stretches(&streams, &ranges) {
                each_row(sql, stream, range, &mut |_, row| {
                    // What came by two streams is one fact.
                    if !seen.insert(row.id) {
                        return Ok(());
                    }
                    let Ok(fact) = Fact::read(&row.kind, &row.body) else { return Ok(()) };
                    // What cannot be read is kept aside, and told elsewhere.
                    if let Ok(Some(booking)) = booking(&fact) {
                        fold.add(&booking);
                    }
                    Ok(())
                })?;
            }
            Ok(Some(fold.summary()))
        })
    }
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
