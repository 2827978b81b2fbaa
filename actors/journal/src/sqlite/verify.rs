//! Whether the chain holds, and what is folded from it.

use std::path::Path;

use hq_wire::facts::v1::StreamStarted;
use hq_wire::row::v1::NO_DIGEST;
use rusqlite::Connection;
use store_core::{JournalSequence, StreamId};
use uuid::Uuid;

use super::connection::{database, form_fault, open_to_read, sqlite};
use super::laws::Laws;
use super::mark::Mark;
use super::reads;
use super::rows::{COLUMNS, journal_row, reading};
use super::tables::Tables;
use crate::{BadRow, Head, JournalRow, OpenError, ReadError};

/// What was found to hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyReport {
    /// The last row of every stream, oldest stream first.
    pub streams: Vec<Head>,
    /// How many rows were looked at.
    pub rows: u64,
}

/// How far a verification in the background has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerifyProgress {
    /// Rows verified so far.
    pub rows: u64,
    /// Whether the end was reached; the mark stands there now.
    pub is_done: bool,
}

/// A chain that is followed row by row.
#[derive(Clone, Copy, Debug, Default)]
struct Chain {
    last: Option<Link>,
    rows: u64,
}

#[derive(Clone, Copy, Debug)]
struct Link {
    head: Head,
    position: i64,
    ordinal: i64,
}

/// What the chain is followed along: a row with its keys in the file.
#[derive(Clone, Debug)]
pub struct Placed {
    /// The row.
    pub row: JournalRow,
    /// Its key in the table.
    pub position: i64,
    /// Its stream's key.
    pub ordinal: i64,
    /// Where that stream is said to begin.
    first_position: i64,
}

impl Placed {
    /// Whether its stream is said to begin between the row before and this one.
    const fn begins_after(&self, last: &Link) -> bool {
        last.position < self.first_position && self.first_position <= self.position
    }
}

impl Chain {
    fn follow(&mut self, placed: &Placed) -> Result<(), BadRow> {
        let within = self.last.filter(|link| link.ordinal == placed.ordinal).map(|link| link.head);
        if let Some(reason) = self.objection(placed, within) {
            // A row that lies about its place is named by the place where it stands.
            let (stream, sequence) = within
                .or(self.last.filter(|last| !placed.begins_after(last)).map(|last| last.head))
                .map_or((placed.row.position.stream, JournalSequence(1)), |head| {
                    (head.stream, head.sequence.next())
                });
            return Err(BadRow { stream, sequence, reason });
        }
        let (head, position, ordinal) = (placed.row.head(), placed.position, placed.ordinal);
        self.last = Some(Link { head, position, ordinal });
        self.rows += 1;
        Ok(())
    }

    fn objection(&self, placed: &Placed, within: Option<Head>) -> Option<String> {
        let (row, last) = (&placed.row, self.last);
        let (previous, expected) = match within {
            Some(head) => (head.digest, head.sequence.next()),
            None => (NO_DIGEST, JournalSequence(1)),
        };
        if placed.position != last.map_or(0, |link| link.position) + 1 {
            let is_later = row.position.sequence > expected;
            return Some(
                if is_later { "it is missing" } else { "a row before it is missing" }.into(),
            );
        }
        if row.position.sequence != expected {
            return Some(format!("it says that its number is {}", row.position.sequence));
        }
        if row.digest_after(&previous) != row.digest {
            return Some("its digest is not the digest of what is stored".to_owned());
        }
        if within.is_some() {
            return None;
        }
        if placed.first_position != placed.position {
            return Some("its stream is said to begin elsewhere".to_owned());
        }
        beginning_objection(row, last.map(|link| link.head))
    }

    /// An error of reading the next row is a row that does not hold.
    fn unreadable(&self, error: &rusqlite::Error) -> BadRow {
        let nothing = StreamId::new(Uuid::nil());
        let (stream, sequence) = self
            .last
            .map_or((nothing, JournalSequence(0)), |it| (it.head.stream, it.head.sequence));
        BadRow { stream, sequence: sequence.next(), reason: format!("it cannot be read: {error}") }
    }
}

fn beginning_objection(row: &JournalRow, before: Option<Head>) -> Option<String> {
    let Ok(started) = serde_json::from_str::<StreamStarted>(&row.body) else {
        return Some("it is the first of its stream and does not say so".to_owned());
    };
    let named = started.parent.map(|it| (it.stream, it.through, it.digest));
    let actual = before.map(|head| {
        let digest = hq_wire::row::v1::hex(&head.digest);
        (head.stream.to_string(), head.sequence.0, digest)
    });
    (named != actual).then(|| "the stream before it is not the one it names".to_owned())
}

/// Follows the chain from where it was left, over at most `limit` rows. The caller holds a
/// transaction where the journal may be in use.
fn follow(
    connection: &Connection,
    chain: &mut Chain,
    limit: usize,
    mut look: impl FnMut(&Placed) -> Result<(), OpenError>,
) -> Result<(), OpenError> {
    let from = chain.last.map_or(i64::MIN, |link| link.position + 1);
    // A row that belongs to no stream must not be passed over.
    let sql = format!(
        "SELECT {COLUMNS} FROM journal LEFT JOIN streams ON journal.stream = streams.ordinal
         WHERE journal.position >= ?1 ORDER BY journal.position LIMIT ?2"
    );
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut statement = connection.prepare_cached(&sql).map_err(reading("rows"))?;
    let mut rows = statement.query([from, limit]).map_err(reading("rows"))?;
    loop {
        let mut read = || -> Result<Option<Placed>, rusqlite::Error> {
            let Some(found) = rows.next()? else { return Ok(None) };
            let (row, position, ordinal) = journal_row(found)?;
            Ok(Some(Placed { row, position, ordinal, first_position: found.get(15)? }))
        };
        let Some(placed) = read().map_err(|error| chain.unreadable(&error))? else {
            return Ok(());
        };
        chain.follow(&placed)?;
        look(&placed)?;
    }
}

fn max_position(connection: &Connection) -> Result<i64, ReadError> {
    connection
        .query_row("SELECT coalesce(max(position), 0) FROM journal", [], |row| row.get(0))
        .map_err(reading("the last row"))
}

/// The link before a key, taken on trust.
fn link_at(connection: &Connection, position: i64) -> Result<Option<Link>, OpenError> {
    if position < 1 {
        return Ok(None);
    }
    let found = reads::rows_from(connection, position, 1).map_err(reading("a row"))?;
    Ok(found.into_iter().next().map(|(row, position, ordinal)| Link {
        head: row.head(),
        position,
        ordinal,
    }))
}

/// Verifies the rows after the mark, and at least the last `last_rows`; without a mark, all.
/// Answers how many that were.
pub fn tail(
    connection: &Connection,
    mark: Option<&Mark>,
    last_rows: usize,
) -> Result<u64, OpenError> {
    let marked = match mark {
        Some(mark) => mark.position_in(connection).map_err(reading("the marked row"))?,
        None => None,
    };
    let last_rows = i64::try_from(last_rows).unwrap_or(i64::MAX);
    let trusted = marked.unwrap_or(0).min(max_position(connection)?.saturating_sub(last_rows));
    let mut chain = Chain { last: link_at(connection, trusted)?, rows: 0 };
    follow(connection, &mut chain, usize::MAX, |_| Ok(()))?;
    Ok(chain.rows)
}

/// Verifies the journal of a data directory, which may be in use: the rows since the mark and the
/// last 1,000, or, if it is to be `full`, every row, every invariant and every stock level.
///
/// # Errors
/// [`OpenError::BadRow`] for the first row that does not hold, or why it could not be read.
pub fn verify(data_dir: &Path, full: bool) -> Result<VerifyReport, OpenError> {
    if full {
        return verify_file(&database(data_dir));
    }
    let connection = open_to_read(&database(data_dir))?;
    let _moment = connection.unchecked_transaction().map_err(reading("rows"))?;
    let rows = tail(&connection, Mark::read(data_dir)?.as_ref(), 1000)?;
    report(&connection, rows)
}

/// Verifies a database file, such as a backup, in full.
///
/// # Errors
/// As [`verify`], and [`OpenError::Damaged`] where all rows hold and the file does not.
pub fn verify_file(path: &Path) -> Result<VerifyReport, OpenError> {
    let connection = open_to_read(path)?;
    let _moment = connection.unchecked_transaction().map_err(reading("rows"))?;
    let rows = whole(&connection)?;
    report(&connection, rows)
}

/// Verifies the rows of a database file, and nothing but the rows.
pub fn verify_chain(path: &Path) -> Result<VerifyReport, OpenError> {
    let connection = open_to_read(path)?;
    let rows = tail(&connection, None, usize::MAX)?;
    report(&connection, rows)
}

/// Verifies every row, every law, every table and the file itself; answers how many rows.
pub fn whole(connection: &Connection) -> Result<u64, OpenError> {
    let mut laws = Laws::default();
    let mut tables = Tables::new(connection)?;
    let mut chain = Chain::default();
    follow(connection, &mut chain, usize::MAX, |placed| {
        let committed = laws.look(&placed.row)?;
        tables.look(placed, committed.as_ref())
    })?;
    if let Some(link) = chain.last {
        tables.compare(&link.head)?;
        laws.compare(connection, &link.head)?;
    }
    check_file(connection)?;
    Ok(chain.rows)
}

/// What no row shows: pages and indexes that do not fit, tables that are not as they were made.
fn check_file(connection: &Connection) -> Result<(), OpenError> {
    let found: String = connection
        .query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))
        .map_err(sqlite("checking"))?;
    let fault = if found == "ok" { form_fault(connection)? } else { Some(found) };
    fault.map_or(Ok(()), |reason| Err(OpenError::Damaged { reason }))
}

fn report(connection: &Connection, rows: u64) -> Result<VerifyReport, OpenError> {
    let streams = reads::streams(connection).map_err(reading("the streams"))?;
    Ok(VerifyReport { streams: streams.iter().map(|stream| stream.head).collect(), rows })
}

/// Verifies a whole journal a few rows at a time, beside the hub's work, and moves the mark to
/// the end when it gets there.
#[derive(Debug)]
pub struct BackgroundVerifier {
    connection: Connection,
    data_dir: std::path::PathBuf,
    chain: Chain,
}

impl BackgroundVerifier {
    /// Begins at the first row of the journal of a data directory.
    ///
    /// # Errors
    /// Where the journal cannot be opened.
    pub fn new(data_dir: &Path) -> Result<Self, OpenError> {
        Ok(Self {
            connection: open_to_read(&database(data_dir))?,
            data_dir: data_dir.to_path_buf(),
            chain: Chain::default(),
        })
    }

    /// Verifies at most `limit` rows more.
    ///
    /// # Errors
    /// [`OpenError::BadRow`] for a row that does not hold: the hub sells on and needs care.
    pub fn step(&mut self, limit: usize) -> Result<VerifyProgress, OpenError> {
        let before = self.chain.rows;
        let _moment = self.connection.unchecked_transaction().map_err(reading("rows"))?;
        follow(&self.connection, &mut self.chain, limit, |_| Ok(()))?;
        let is_done = self.chain.rows - before < u64::try_from(limit).unwrap_or(u64::MAX);
        if let (true, Some(link)) = (is_done, self.chain.last) {
            Mark { head: link.head }.write_by_way_of(&self.data_dir, "background")?;
        }
        Ok(VerifyProgress { rows: self.chain.rows, is_done })
    }
}
