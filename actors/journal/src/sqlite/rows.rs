use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};
use store_core::fact::RowPosition;
use store_core::{BootId, CommandId, JournalSequence, Now, StreamId, TransactionId};
use uuid::Uuid;

use crate::{Head, JournalRow, ReadError};

/// The last row of the journal, with its place in the file.
#[derive(Clone, Copy, Debug)]
pub struct Tip {
    /// Where the chain stands.
    pub head: Head,
    /// The row's key in the table.
    pub position: i64,
    /// The stream's key in its table.
    pub ordinal: i64,
}

pub fn reading(what: &'static str) -> impl FnOnce(rusqlite::Error) -> ReadError {
    move |source| ReadError::Sqlite { what, source }
}

/// Columns of a row, in the order that [`journal_row`] reads.
pub const COLUMNS: &str = "streams.id, journal.sequence, journal.id, kind, body_version, \
    transaction_id, wall_ms, utc_offset_s, monotonic_ms, boot, clock_trusted, body, digest, \
    journal.position, journal.stream, streams.first_position";

/// Reads one row of the table.
pub fn journal_row(row: &Row<'_>) -> Result<(JournalRow, i64, i64), rusqlite::Error> {
    let position = RowPosition { stream: stream_id(row.get(0)?), sequence: sequence(row.get(1)?) };
    let transaction: Option<[u8; 16]> = row.get(5)?;
    let wall = Timestamp::from_millisecond(row.get(6)?).map_err(|error| bad_column(6, error))?;
    let monotonic_ms = unsigned(row.get(8)?);
    let read = JournalRow {
        position,
        id: CommandId::new(Uuid::from_bytes(row.get(2)?)),
        kind: row.get(3)?,
        body_version: row.get(4)?,
        transaction: transaction.map(transaction_id),
        now: Now {
            wall,
            utc_offset_s: row.get(7)?,
            monotonic_ms,
            boot: BootId::new(Uuid::from_bytes(row.get(9)?)),
            clock_trusted: row.get(10)?,
        },
        body: row.get(11)?,
        digest: row.get(12)?,
    };
    Ok((read, row.get(13)?, row.get(14)?))
}

/// An error for a column whose value is no value of its type.
pub fn bad_column(
    index: usize,
    error: impl std::error::Error + Send + Sync + 'static,
) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(index, rusqlite::types::Type::Text, Box::new(error))
}

pub fn stream_id(bytes: [u8; 16]) -> StreamId {
    StreamId::new(Uuid::from_bytes(bytes))
}

pub fn transaction_id(bytes: [u8; 16]) -> TransactionId {
    TransactionId::new(Uuid::from_bytes(bytes))
}

/// Numbers that count are never negative in the file; one that is was not written by us.
pub fn unsigned(value: i64) -> u64 {
    u64::try_from(value).unwrap_or(0)
}

/// SQLite's integers have 63 bits for what counts; no counter of a store comes near.
pub fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

pub fn sequence(value: i64) -> JournalSequence {
    JournalSequence(unsigned(value))
}

/// The last row, read from the file; none in a file that was just made.
pub fn tip(connection: &Connection) -> Result<Option<Tip>, rusqlite::Error> {
    connection
        .prepare_cached(
            "SELECT streams.id, sequence, digest, position, ordinal
             FROM journal JOIN streams ON journal.stream = streams.ordinal
             ORDER BY position DESC LIMIT 1",
        )?
        .query_row([], |row| {
            let head = Head {
                stream: stream_id(row.get(0)?),
                sequence: sequence(row.get(1)?),
                digest: row.get(2)?,
            };
            Ok(Tip { head, position: row.get(3)?, ordinal: row.get(4)? })
        })
        .optional()
}

/// Adds a row. False where a row with its id is there already, and nothing was added.
pub fn insert(
    connection: &Connection,
    row: &JournalRow,
    position: i64,
    ordinal: i64,
) -> Result<bool, rusqlite::Error> {
    let transaction = row.transaction.map(TransactionId::uuid);
    let added = connection
        .prepare_cached(
            "INSERT INTO journal (position, stream, sequence, id, kind, body_version,
                 transaction_id, wall_ms, utc_offset_s, monotonic_ms, boot, clock_trusted, body,
                 digest)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
             ON CONFLICT (id) DO NOTHING",
        )?
        .execute(params![
            position,
            ordinal,
            signed(row.position.sequence.0),
            row.id.uuid().as_bytes(),
            row.kind,
            row.body_version,
            transaction.as_ref().map(Uuid::as_bytes),
            row.now.wall.as_millisecond(),
            row.now.utc_offset_s,
            signed(row.now.monotonic_ms),
            row.now.boot.uuid().as_bytes(),
            row.now.clock_trusted,
            row.body,
            row.digest,
        ])?;
    Ok(added == 1)
}
