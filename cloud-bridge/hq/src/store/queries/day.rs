//! What a store's business day came to, folded from its rows as the store itself folds it.

use std::collections::BTreeSet;

use hq_wire::facts::v1::Fact;
use store_core::day::{Booking, DaySummary, Scope as DayScope, SummaryFold};
use store_core::{BusinessDay, Currency};

use crate::ingest::fold::booking;
use crate::store::sql::{Connection, params};
use crate::store::{HqStore, StoreError};

/// Rows that are read at once.
const ROWS_AT_ONCE: usize = 500;

/// Where a row stands: its stream, and its number in it.
type Place = (i64, i64);

impl HqStore {
    /// What a business day of a store came to; nothing where nothing is booked on it. Days follow
    /// one another, so that all of one stands between the last sale of the day before and the
    /// first of the day after.
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
            let text = day.to_string();
            let after = beside(sql, store, &text, ("max", "<", "desc"))?;
            let before = beside(sql, store, &text, ("min", ">", "asc"))?;
            let mut fold = SummaryFold::new(DayScope::Day(day), currency);
            let mut is_there = false;
            let mut seen = BTreeSet::new();
            let streams = "select id from streams where store = ?1 order by id";
            for stream in sql.query(streams, params![store], |row| row.int(0))? {
                let first = match after {
                    Some((of, _)) if stream < of => continue,
                    Some((of, sequence)) if stream == of => sequence + 1,
                    _ => 0,
                };
                let last = match before {
                    Some((of, _)) if stream > of => continue,
                    Some((of, sequence)) if stream == of => sequence - 1,
                    _ => i64::MAX,
                };
                add_rows(sql, stream, (first, last), &mut |kind, body| {
                    let Ok(fact) = Fact::read(kind, body) else { return };
                    // What was rung up again under its id counts once, here as everywhere.
                    if let Fact::SaleCompleted(sale) = &fact
                        && !seen.insert(sale.transaction.clone())
                    {
                        return;
                    }
                    // What cannot be read is kept aside, and told elsewhere.
                    if let Ok(Some(booking)) = booking(&fact) {
                        is_there |= is_on(&booking, day);
                        fold.add(&booking);
                    }
                })?;
            }
            Ok(is_there.then(|| fold.summary()))
        })
    }
}

/// Whether something is booked on a day.
fn is_on(booking: &Booking, day: BusinessDay) -> bool {
    match booking {
        Booking::Sale(sale) => sale.business_day == day,
        Booking::PostVoided { sale, .. } => sale.business_day == day,
        Booking::Abandoned { business_day, .. } => *business_day == day,
        Booking::Till(entry) => entry.business_day == day,
        Booking::Closed(closed) => *closed == day,
        Booking::PermissionRefused(_) => false,
    }
}

/// The sale next to a day: the last of the day before, or the first of the day after.
fn beside(
    sql: &mut Connection,
    store: &str,
    day: &str,
    (end, side, order): (&str, &str, &str),
) -> Result<Option<Place>, StoreError> {
    let neighbour = format!(
        "select {end}(business_day) from sales where store = ?1 and business_day {side} ?2"
    );
    let neighbour = sql.query_one(&neighbour, params![store, day], |row| row.opt_string(0))?;
    let Some(neighbour) = neighbour.flatten() else { return Ok(None) };
    let place = format!(
        "select stream, sequence from sales where store = ?1 and business_day = ?2
         order by stream {order}, sequence {order} limit 1"
    );
    sql.query_one(&place, params![store, &neighbour], |row| Ok((row.int(0)?, row.int(1)?)))
}

/// Shows the folded rows of a stretch of a stream, in order.
fn add_rows(
    sql: &mut Connection,
    stream: i64,
    (mut first, last): (i64, i64),
    each: &mut dyn FnMut(&str, &str),
) -> Result<(), StoreError> {
    loop {
        let rows = sql.query(
            "select sequence, kind, body from rows
             where stream = ?1 and sequence >= ?2 and sequence <= ?3 and fold > 0
             order by sequence limit ?4",
            params![stream, first, last, ROWS_AT_ONCE as u64],
            |row| Ok((row.int(0)?, row.string(1)?, row.string(2)?)),
        )?;
        for (_, kind, body) in &rows {
            each(kind, body);
        }
        match rows.last() {
            Some((sequence, ..)) if rows.len() == ROWS_AT_ONCE => first = sequence + 1,
            _ => return Ok(()),
        }
    }
}
