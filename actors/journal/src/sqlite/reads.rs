//! Questions about the journal and its projections.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use hq_wire::link::v1::Waiting;
use rusqlite::{Connection, OptionalExtension, Row, params};
use store_core::fact::RowPosition;
use store_core::inventory::InventoryMachine;
use store_core::safety_stock::{SafetyStockLevel, SafetyStockMachine};
use store_core::{
    CommandId, ItemId, Quantity, TransactionId, TransactionNumber, Unit, WorkstationId,
};

use super::rows::{COLUMNS, bad_column, journal_row, sequence, signed, stream_id, tip, unsigned};
use crate::{Head, JournalRow, RegisterRecord, StockAlert, StreamState};

type Sql<T> = Result<T, rusqlite::Error>;

/// Reads an id out of a column of text.
pub fn text<T>(row: &Row<'_>, index: usize) -> Sql<T>
where
    T: FromStr,
    T::Err: std::error::Error + Send + Sync + 'static,
{
    row.get_ref(index)?.as_str()?.parse().map_err(|error| bad_column(index, error))
}

pub fn optional_text<T>(row: &Row<'_>, index: usize) -> Sql<Option<T>>
where
    T: FromStr,
    T::Err: std::error::Error + Send + Sync + 'static,
{
    match row.get_ref(index)?.as_str_or_null()? {
        Some(found) => found.parse().map(Some).map_err(|error| bad_column(index, error)),
        None => Ok(None),
    }
}

/// Asks for many and reads each the same way.
pub fn all<T>(
    connection: &Connection,
    sql: &str,
    parameters: impl rusqlite::Params,
    read: impl FnMut(&Row<'_>) -> Sql<T>,
) -> Sql<Vec<T>> {
    connection.prepare_cached(sql)?.query_map(parameters, read)?.collect()
}

fn quantity_of(row: &Row<'_>, thousandths: usize, unit: usize) -> Sql<Quantity> {
    let code = row.get_ref(unit)?.as_str()?;
    let found = Unit::from_code(code).ok_or(rusqlite::Error::InvalidQuery)?;
    Quantity::from_thousandths(row.get(thousandths)?, found)
        .map_err(|error| bad_column(thousandths, error))
}

/// The rows of a stream after a number: its first position makes a number a key.
pub fn rows(connection: &Connection, after: RowPosition, limit: usize) -> Sql<Vec<JournalRow>> {
    let sql = rows_where(
        "WHERE streams.id = ?1 AND journal.stream = streams.ordinal
             AND journal.position >= streams.first_position + ?2
         ORDER BY journal.position LIMIT ?3",
    );
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let stream = after.stream.uuid();
    let parameters = params![stream.as_bytes(), signed(after.sequence.0), limit];
    all(connection, &sql, parameters, |row| Ok(journal_row(row)?.0))
}

fn rows_where(rest: &str) -> String {
    format!("SELECT {COLUMNS} FROM streams CROSS JOIN journal {rest}")
}

pub fn row_of(connection: &Connection, id: CommandId) -> Sql<Option<JournalRow>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM journal JOIN streams ON journal.stream = streams.ordinal
         WHERE journal.id = ?1"
    );
    connection
        .prepare_cached(&sql)?
        .query_row([id.uuid().as_bytes()], |row| Ok(journal_row(row)?.0))
        .optional()
}

/// The row that ended a transaction.
pub fn row_of_transaction(connection: &Connection, id: TransactionId) -> Sql<Option<JournalRow>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM journal JOIN streams ON journal.stream = streams.ordinal
         WHERE journal.position =
             (SELECT position FROM transactions WHERE transactions.transaction_id = ?1)"
    );
    connection
        .prepare_cached(&sql)?
        .query_row([id.uuid().as_bytes()], |row| Ok(journal_row(row)?.0))
        .optional()
}

/// The row that undid a sale.
pub fn row_of_post_void(connection: &Connection, sale: TransactionId) -> Sql<Option<JournalRow>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM journal JOIN streams ON journal.stream = streams.ordinal
         WHERE journal.position =
             (SELECT position FROM post_voids WHERE post_voids.transaction_id = ?1)"
    );
    connection
        .prepare_cached(&sql)?
        .query_row([sale.uuid().as_bytes()], |row| Ok(journal_row(row)?.0))
        .optional()
}

/// The rows from a key on, whatever their stream, with their keys and their streams' keys.
pub fn rows_from(
    connection: &Connection,
    position: i64,
    limit: usize,
) -> Sql<Vec<(JournalRow, i64, i64)>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM journal JOIN streams ON journal.stream = streams.ordinal
         WHERE journal.position >= ?1 ORDER BY journal.position LIMIT ?2"
    );
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    all(connection, &sql, params![position, limit], journal_row)
}

pub fn streams(connection: &Connection) -> Sql<Vec<StreamState>> {
    // A stream's last row stands just before the next one's first.
    all(
        connection,
        "SELECT this.id, last.sequence, last.digest, this.parent_stream, this.parent_sequence,
             this.parent_digest
         FROM streams AS this
         LEFT JOIN streams AS next ON next.ordinal = this.ordinal + 1
         JOIN journal AS last ON last.position = coalesce(next.first_position - 1,
             (SELECT max(position) FROM journal))
         ORDER BY this.ordinal",
        [],
        |row| {
            let head = Head {
                stream: stream_id(row.get(0)?),
                sequence: sequence(row.get(1)?),
                digest: row.get(2)?,
            };
            let parent = match row.get::<_, Option<[u8; 16]>>(3)? {
                Some(stream) => Some(Head {
                    stream: stream_id(stream),
                    sequence: sequence(row.get(4)?),
                    digest: row.get(5)?,
                }),
                None => None,
            };
            Ok(StreamState { head, parent })
        },
    )
}

/// What a stream holds after a row. The rows themselves are not looked at: their numbers are keys.
pub fn waiting(connection: &Connection, after: RowPosition) -> Sql<Waiting> {
    let _moment = connection.unchecked_transaction()?;
    let bounds = connection
        .prepare_cached(
            "SELECT this.first_position + ?2, coalesce(next.first_position - 1,
                 (SELECT max(position) FROM journal))
             FROM streams AS this LEFT JOIN streams AS next ON next.ordinal = this.ordinal + 1
             WHERE this.id = ?1",
        )?
        .query_row(params![after.stream.uuid().as_bytes(), signed(after.sequence.0)], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?))
        })
        .optional()?;
    let Some((first, last)) = bounds.filter(|(first, last)| first <= last) else {
        return Ok(Waiting::default());
    };
    let sales = connection
        .prepare_cached(
            "SELECT count(*) FROM transactions
             WHERE position BETWEEN ?1 AND ?2 AND status = 'completed'",
        )?
        .query_row([first, last], |row| row.get(0))?;
    let since_ms = connection
        .prepare_cached("SELECT wall_ms FROM journal WHERE position = ?1")?
        .query_row([first], |row| row.get(0))?;
    Ok(Waiting { rows: unsigned(last - first + 1), sales: unsigned(sales), since_ms })
}

const REGISTER: &str = "SELECT workstation, last_number, operator FROM registers";

fn register_of(row: &Row<'_>) -> Sql<RegisterRecord> {
    Ok(RegisterRecord {
        workstation: text(row, 0)?,
        last_number: TransactionNumber(unsigned(row.get(1)?)),
        operator: optional_text(row, 2)?,
    })
}

pub fn register(
    connection: &Connection,
    workstation: &WorkstationId,
) -> Sql<Option<RegisterRecord>> {
    connection
        .prepare_cached(&format!("{REGISTER} WHERE workstation = ?1"))?
        .query_row([workstation.as_str()], register_of)
        .optional()
}

pub fn registers(connection: &Connection) -> Sql<Vec<RegisterRecord>> {
    all(connection, &format!("{REGISTER} ORDER BY workstation"), [], register_of)
}

pub fn stock(connection: &Connection, item: &ItemId) -> Sql<Option<Quantity>> {
    connection
        .prepare_cached("SELECT thousandths, unit FROM stock_on_hand WHERE item = ?1")?
        .query_row([item.as_str()], |row| quantity_of(row, 0, 1))
        .optional()
}

pub fn on_hand(connection: &Connection) -> Sql<BTreeMap<ItemId, Quantity>> {
    let sql = "SELECT item, thousandths, unit FROM stock_on_hand ORDER BY item";
    let found = all(connection, sql, [], |row| Ok((text(row, 0)?, quantity_of(row, 1, 2)?)))?;
    Ok(found.into_iter().collect())
}

/// The inventory and the last row it contains, seen in one moment.
pub fn inventory(connection: &Connection) -> Sql<InventoryMachine> {
    let _moment = connection.unchecked_transaction()?;
    let applied = tip(connection)?.map(|tip| tip.head.position());
    Ok(InventoryMachine { on_hand: on_hand(connection)?, applied })
}

/// Reads a level out of the first five columns of its table.
pub fn level_of(row: &Row<'_>) -> Sql<SafetyStockLevel> {
    Ok(SafetyStockLevel {
        item: text(row, 0)?,
        safety_stock: quantity_of(row, 1, 2)?,
        clear_at: quantity_of(row, 3, 4)?,
    })
}

pub fn safety_stock_levels(connection: &Connection) -> Sql<Vec<SafetyStockLevel>> {
    all(connection, "SELECT * FROM safety_stock ORDER BY item", [], level_of)
}

pub fn safety_stock(connection: &Connection) -> Sql<SafetyStockMachine> {
    let _moment = connection.unchecked_transaction()?;
    let levels = safety_stock_levels(connection)?;
    let raised: BTreeSet<ItemId> =
        stock_alerts(connection)?.into_iter().map(|it| it.item).collect();
    Ok(SafetyStockMachine {
        levels: levels.into_iter().map(|level| (level.item.clone(), level)).collect(),
        on_hand: on_hand(connection)?,
        raised,
    })
}

pub fn stock_alerts(connection: &Connection) -> Sql<Vec<StockAlert>> {
    all(
        connection,
        "SELECT item, since_wall_ms, since_utc_offset_s FROM stock_alerts
         ORDER BY since_position, item",
        [],
        |row| {
            Ok(StockAlert {
                item: text(row, 0)?,
                since_wall_ms: row.get(1)?,
                since_utc_offset_s: row.get(2)?,
            })
        },
    )
}
