//! Baskets that lie aside.

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use store_core::{Currency, Money, RefusalCode, TransactionId};

use super::beside::save_draft;
use super::project::Fault;
use super::reads::{all, text};
use super::rows::{bad_column, signed, transaction_id, unsigned};
use crate::{Append, Draft, Suspended, WriteError, fold};

type Sql<T> = Result<T, rusqlite::Error>;

/// Puts a basket aside: no workstation has it open any more.
pub fn put_aside(connection: &Connection, append: &Append, draft: &Draft) -> Result<(), Fault> {
    let aside = fold::suspended(append, draft)?;
    // Whatever may not be written as a draft may not lie aside either.
    save_draft(connection, draft)?;
    let id = draft.transaction.uuid();
    connection
        .prepare_cached("DELETE FROM drafts WHERE transaction_id = ?1")?
        .execute([id.as_bytes()])?;
    connection
        .prepare_cached(
            "INSERT INTO suspended (transaction_id, workstation, operator, version, wall_ms,
                 utc_offset_s, lines, total_minor, currency, body)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?
        .execute(params![
            id.as_bytes(),
            draft.workstation.as_str(),
            aside.operator.as_str(),
            signed(draft.version),
            aside.wall_ms,
            aside.utc_offset_s,
            aside.lines,
            aside.total.minor(),
            aside.total.currency().code(),
            draft.body,
        ])?;
    Ok(())
}

/// Opens a basket again that lies aside. One workstation gets it: the first whose promise is
/// written.
pub fn take_back(connection: &Connection, draft: &Draft) -> Result<(), Fault> {
    let taken = connection
        .prepare_cached("DELETE FROM suspended WHERE transaction_id = ?1")?
        .execute([draft.transaction.uuid().as_bytes()])?;
    if taken == 0 {
        return Err(WriteError::Declined(RefusalCode::NotSuspended).into());
    }
    save_draft(connection, draft)
}

const SUSPENDED: &str = "SELECT transaction_id, workstation, operator, version, wall_ms,
    utc_offset_s, lines, total_minor, currency, body FROM suspended";

fn suspended_of(row: &Row<'_>) -> Sql<Suspended> {
    let currency: Currency = text(row, 8)?;
    Ok(Suspended {
        draft: Draft {
            transaction: transaction_id(row.get(0)?),
            workstation: text(row, 1)?,
            version: unsigned(row.get(3)?),
            body: row.get(9)?,
        },
        operator: text(row, 2)?,
        wall_ms: row.get(4)?,
        utc_offset_s: row.get(5)?,
        lines: row.get(6)?,
        total: Money::from_minor(row.get(7)?, currency).map_err(|error| bad_column(7, error))?,
    })
}

/// All of them, the first put aside first.
pub fn all_aside(connection: &Connection) -> Sql<Vec<Suspended>> {
    let sql = format!("{SUSPENDED} ORDER BY wall_ms, transaction_id");
    all(connection, &sql, [], suspended_of)
}

/// One of them.
pub fn aside(connection: &Connection, transaction: TransactionId) -> Sql<Option<Suspended>> {
    connection
        .prepare_cached(&format!("{SUSPENDED} WHERE transaction_id = ?1"))?
        .query_row([transaction.uuid().as_bytes()], suspended_of)
        .optional()
}
