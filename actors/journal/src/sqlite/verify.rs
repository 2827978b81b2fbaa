//! Whether the chain holds, and what is folded from it.

use std::collections::BTreeMap;
use std::path::Path;

use hq_wire::facts::v1::StreamStarted;
use hq_wire::row::v1::NO_DIGEST;
use rusqlite::Connection;
use store_core::fact::Fact;
use store_core::invariants::{
    Violation, check_basket, check_levels, check_next_number, check_sale, move_stock,
};
use store_core::{ItemId, JournalSequence, Quantity, StreamId, TransactionNumber, WorkstationId};
use uuid::Uuid;

use super::connection::{database, open_to_read};
use super::mark::Mark;
use super::reads;
use super::rows::{COLUMNS, journal_row, reading};
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

impl Chain {
    fn follow(&mut self, row: &JournalRow, position: i64, ordinal: i64) -> Result<(), BadRow> {
        let reason = self.objection(row, position, ordinal);
        if let Some(reason) = reason {
            let (stream, sequence) = (row.position.stream, row.position.sequence);
            return Err(BadRow { stream, sequence, reason });
        }
        self.last = Some(Link { head: row.head(), position, ordinal });
        self.rows += 1;
        Ok(())
    }

    fn objection(&self, row: &JournalRow, position: i64, ordinal: i64) -> Option<String> {
        let last = self.last;
        if position != last.map_or(0, |link| link.position) + 1 {
            return Some("the row before it is missing".to_owned());
        }
        let within = last.filter(|link| link.ordinal == ordinal).map(|link| link.head);
        let (previous, expected) = match within {
            Some(head) => (head.digest, head.sequence.next()),
            None => (NO_DIGEST, JournalSequence(1)),
        };
        if row.position.sequence != expected {
            return Some(format!("its number should be {expected}"));
        }
        if row.digest_after(&previous) != row.digest {
            return Some("its digest is not the digest of what is stored".to_owned());
        }
        if within.is_some() {
            return None;
        }
        beginning_objection(row, last.map(|link| link.head))
    }

    /// An error of reading the next row is a row that does not hold.
    fn unreadable(&self, error: &rusqlite::Error) -> BadRow {
        let nothing = StreamId::new(Uuid::nil());
        let (stream, sequence) = self
            .last
            .map_or((nothing, JournalSequence(0)), |it| (it.head.stream, it.head.sequence));
        BadRow { stream, sequence: sequence.next(), reason: error.to_string() }
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

/// Follows the chain from a key on, over at most `limit` rows.
fn follow(
    connection: &Connection,
    chain: &mut Chain,
    limit: usize,
    mut look: impl FnMut(&JournalRow) -> Result<(), BadRow>,
) -> Result<(), OpenError> {
    let from = chain.last.map_or(0, |link| link.position) + 1;
    let before = chain.rows;
    let sql = format!(
        "SELECT {COLUMNS} FROM journal JOIN streams ON journal.stream = streams.ordinal
         WHERE journal.position >= ?1 ORDER BY journal.position LIMIT ?2"
    );
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut statement = connection.prepare_cached(&sql).map_err(reading("rows"))?;
    let mut rows = statement.query([from, limit]).map_err(reading("rows"))?;
    loop {
        let row = rows.next().map_err(|error| chain.unreadable(&error))?;
        let Some(row) = row else { break };
        let (row, position, ordinal) =
            journal_row(row).map_err(|error| chain.unreadable(&error))?;
        chain.follow(&row, position, ordinal)?;
        look(&row)?;
    }
    let last = max_position(connection)?;
    let is_short = i64::try_from(chain.rows - before).unwrap_or(i64::MAX) < limit;
    if is_short && chain.last.map_or(0, |link| link.position) != last {
        let reason = "it belongs to no stream".to_owned();
        return Err(BadRow { reason, ..chain.unreadable(&rusqlite::Error::InvalidQuery) }.into());
    }
    Ok(())
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
/// As [`verify`].
pub fn verify_file(path: &Path) -> Result<VerifyReport, OpenError> {
    let connection = open_to_read(path)?;
    let _moment = connection.unchecked_transaction().map_err(reading("rows"))?;
    let mut laws = Laws::default();
    let mut chain = Chain::default();
    follow(&connection, &mut chain, usize::MAX, |row| laws.look(row))?;
    laws.compare(&connection)?;
    report(&connection, chain.rows)
}

fn report(connection: &Connection, rows: u64) -> Result<VerifyReport, OpenError> {
    let streams = reads::streams(connection).map_err(reading("the streams"))?;
    Ok(VerifyReport { streams: streams.iter().map(|stream| stream.head).collect(), rows })
}

/// What every row adds to, besides the chain.
#[derive(Default)]
struct Laws {
    numbers: BTreeMap<WorkstationId, TransactionNumber>,
    stock: BTreeMap<ItemId, Quantity>,
    last: Option<Head>,
    sales: i64,
    total_minor: i128,
}

impl Laws {
    fn look(&mut self, row: &JournalRow) -> Result<(), BadRow> {
        let (stream, sequence) = (row.position.stream, row.position.sequence);
        let bad = |reason: String| BadRow { stream, sequence, reason };
        self.last = Some(row.head());
        let committed = row.committed().map_err(|error| bad(error.to_string()))?;
        let Some(committed) = committed else {
            return Ok(());
        };
        if committed.fact.transaction() != row.transaction || committed.fact.kind() != row.kind {
            return Err(bad("its columns do not say what its body says".to_owned()));
        }
        let violation = |violation: Violation| bad(violation.to_string());
        match &committed.fact {
            Fact::SaleCompleted(sale) => {
                check_sale(sale).map_err(violation)?;
                let number = sale.number.unwrap_or_default();
                check_next_number(&mut self.numbers, &sale.workstation, number)
                    .map_err(violation)?;
                self.sales += 1;
                self.total_minor += i128::from(sale.totals.total.minor());
            }
            Fact::SaleAbandoned { transaction, .. } => {
                check_basket(transaction).map_err(violation)?;
            }
            _ => {}
        }
        move_stock(&mut self.stock, &committed.fact);
        Ok(())
    }

    /// The tables say the same as the rows. A difference is laid to the last row: it is the one
    /// up to which the tables should have been kept.
    fn compare(&self, connection: &Connection) -> Result<(), OpenError> {
        let Some(head) = self.last else { return Ok(()) };
        let bad = |reason: String| BadRow {
            stream: head.stream,
            sequence: head.sequence,
            reason: format!("{reason}; `hub journal rebuild` makes the tables again"),
        };
        let on_hand = reads::on_hand(connection).map_err(reading("the stock"))?;
        check_levels(&self.stock, &on_hand).map_err(|error| bad(error.to_string()))?;
        let registers = reads::registers(connection).map_err(reading("the registers"))?;
        let stated: BTreeMap<WorkstationId, TransactionNumber> = registers
            .into_iter()
            .filter(|register| register.last_number.0 > 0)
            .map(|register| (register.workstation, register.last_number))
            .collect();
        if stated != self.numbers {
            return Err(bad("the registers' last numbers are not the rows'".to_owned()).into());
        }
        let (sales, total): (i64, i64) = connection
            .query_row(
                "SELECT count(*), coalesce(sum(total_minor), 0) FROM transactions
                 WHERE status = 'completed'",
                [],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .map_err(reading("the sales"))?;
        if sales != self.sales || i128::from(total) != self.total_minor {
            return Err(bad("the table of sales is not what the rows say".to_owned()).into());
        }
        Ok(())
    }
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
        follow(&self.connection, &mut self.chain, limit, |_| Ok(()))?;
        let is_done = self.chain.rows - before < u64::try_from(limit).unwrap_or(u64::MAX);
        if let (true, Some(link)) = (is_done, self.chain.last) {
            Mark { head: link.head }.write_by_way_of(&self.data_dir, "background")?;
        }
        Ok(VerifyProgress { rows: self.chain.rows, is_done })
    }
}
