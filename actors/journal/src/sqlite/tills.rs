//! The tills and the business days, as the tables have them.

use rusqlite::{Connection, OptionalExtension, Row, params};
use store_core::fact::{CommittedFact, Fact};
use store_core::till::{OpenTill, Till, TillNumber};
use store_core::{BusinessDay, WorkstationId};

use super::project::Fault;
use super::reads::{all, text};
use super::rows::{bad_column, signed, unsigned};
use crate::fold::{self, DayRange};
use crate::{DayRecord, TillRecord, WriteError};

type Sql<T> = Result<T, rusqlite::Error>;

/// Writes what a row makes of a till and of its day.
pub fn put(connection: &Connection, position: i64, row: &CommittedFact) -> Result<(), Fault> {
    if let Some(workstation) = fold::till_workstation(&row.fact) {
        put_till(connection, position, workstation, row)?;
    }
    if let Some(day) = fold::booked_on(&row.fact) {
        put_day(connection, position, day, &row.fact)?;
    }
    Ok(())
}

fn put_till(
    connection: &Connection,
    position: i64,
    workstation: &WorkstationId,
    row: &CommittedFact,
) -> Result<(), Fault> {
    let before = till(connection, workstation)?;
    if before.open.is_none() && !matches!(row.fact, Fact::Till(_)) {
        return Ok(());
    }
    let (after, closed) = fold::till_after(before, workstation, row.now, &row.fact)?;
    let closed_position = closed.is_some().then_some(position);
    let Some(state) = after.open.or(closed) else { return Ok(()) };
    let body = serde_json::to_string(&state);
    let body = body.map_err(|error| WriteError::Rejected(error.to_string()))?;
    connection
        .prepare_cached(
            "INSERT INTO tills VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (workstation, number) DO UPDATE
             SET state = excluded.state, closed_position = excluded.closed_position",
        )?
        .execute(params![
            workstation.as_str(),
            signed(state.number.0),
            state.business_day.to_string(),
            position,
            closed_position,
            body,
        ])?;
    Ok(())
}

fn put_day(
    connection: &Connection,
    position: i64,
    day: BusinessDay,
    fact: &Fact,
) -> Result<(), Fault> {
    let before = range(connection, day)?;
    let has_open_till = is_till_open(connection, day)?;
    let after = fold::day_after(before, has_open_till, position, fact)?;
    connection
        .prepare_cached(
            "INSERT INTO business_days VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (business_day) DO UPDATE
             SET last_position = excluded.last_position,
                 closed_position = excluded.closed_position",
        )?
        .execute(params![day.to_string(), after.first, after.last, after.closed])?;
    Ok(())
}

/// Whether a till is open that was opened on a day.
fn is_till_open(connection: &Connection, day: BusinessDay) -> Sql<bool> {
    connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM tills
                            WHERE business_day = ?1 AND closed_position IS NULL)",
        )?
        .query_row([day.to_string()], |row| row.get(0))
}

/// The tills of a register: its last number, and the one that is open.
pub fn till(connection: &Connection, workstation: &WorkstationId) -> Sql<Till> {
    let last = connection
        .prepare_cached(
            "SELECT number, closed_position IS NULL, state FROM tills
             WHERE workstation = ?1 ORDER BY number DESC LIMIT 1",
        )?
        .query_row([workstation.as_str()], |row| {
            let state = if row.get(1)? { Some(state(row, 2)?) } else { None };
            Ok(Till { last_number: TillNumber(unsigned(row.get(0)?)), open: state })
        })
        .optional()?;
    Ok(last.unwrap_or_default())
}

fn state(row: &Row<'_>, index: usize) -> Sql<OpenTill> {
    serde_json::from_str(row.get_ref(index)?.as_str()?).map_err(|error| bad_column(index, error))
}

/// The tills that were opened on a day, by register and number.
pub fn tills_of(connection: &Connection, day: BusinessDay) -> Sql<Vec<TillRecord>> {
    all(
        connection,
        "SELECT workstation, closed_position IS NOT NULL, state FROM tills
         WHERE business_day = ?1 ORDER BY workstation, number",
        [day.to_string()],
        |row| {
            Ok(TillRecord {
                workstation: text(row, 0)?,
                is_closed: row.get(1)?,
                till: state(row, 2)?,
            })
        },
    )
}

/// Which rows a day is made of.
pub fn range(connection: &Connection, day: BusinessDay) -> Sql<Option<DayRange<i64>>> {
    connection
        .prepare_cached(
            "SELECT first_position, last_position, closed_position FROM business_days
             WHERE business_day = ?1",
        )?
        .query_row([day.to_string()], |row| {
            Ok(DayRange { first: row.get(0)?, last: row.get(1)?, closed: row.get(2)? })
        })
        .optional()
}

/// The business days, newest first.
pub fn days(connection: &Connection) -> Sql<Vec<DayRecord>> {
    all(
        connection,
        "SELECT business_day, closed_position IS NOT NULL FROM business_days
         ORDER BY business_day DESC",
        [],
        |row| {
            Ok(DayRecord { business_day: BusinessDay::new(text(row, 0)?), is_closed: row.get(1)? })
        },
    )
}
