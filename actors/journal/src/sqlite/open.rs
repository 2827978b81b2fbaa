use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;

use hq_wire::facts::v1::StreamCause;
use rusqlite::Connection;
use rusqlite::hooks::Wal;
use store_core::{CommandId, Now, StoreId, StreamId};
use uuid::Uuid;

use super::connection::{checkpoint, database, io, lock, migrate, open_to_write, sqlite};
use super::disk::{FreeBytes, OnFatal};
use super::group::SqliteJournal;
use super::mark::Mark;
use super::rows::{Tip, reading, tip};
use super::stream::{self, Beginning};
use super::verify;
use crate::{Head, OpenError, ReadError};

/// Room that is kept free for closing the day, in bytes: the last sign-offs and abandoned baskets
/// of eight registers, twice over for the write-ahead log, with much to spare.
const RESERVE_BYTES: u64 = 8 * 1024 * 1024;

/// Rows that are verified at every start, besides those since the verified mark.
const ROWS_VERIFIED: usize = 1000;

/// How many of the next commits fail, for tests of what happens then.
#[derive(Clone, Debug, Default)]
pub struct FailingCommits(Arc<AtomicU32>);

impl FailingCommits {
    /// Lets the next `count` commits fail.
    pub fn set(&self, count: u32) {
        self.0.store(count, Ordering::SeqCst);
    }

    fn take(&self) -> bool {
        self.0.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok()
    }
}

/// How a journal is opened.
#[derive(Clone, Debug)]
pub struct OpenOptions {
    /// Whose journal it is.
    pub store: StoreId,
    /// The software and its version, for the row that starts a stream.
    pub software: String,
    /// The present, for the row that starts a stream.
    pub now: Now,
    /// Room that only closing the day may use, in bytes.
    pub reserve_bytes: u64,
    /// How much room there is.
    pub free_bytes: FreeBytes,
    /// Most pages of the database, where it may not grow at will.
    pub pages_max: Option<u32>,
    /// What is done when a sync fails.
    pub on_fatal: OnFatal,
    /// Commits that are to fail, in a test.
    pub failing_commits: Option<FailingCommits>,
}

impl OpenOptions {
    /// The usual way: 8 MiB in reserve, the filesystem says what is free, a failed sync ends the
    /// process.
    #[must_use]
    pub fn new(store: StoreId, software: &str, now: Now) -> Self {
        Self {
            store,
            software: software.to_owned(),
            now,
            reserve_bytes: RESERVE_BYTES,
            free_bytes: FreeBytes::default(),
            pages_max: None,
            on_fatal: OnFatal::default(),
            failing_commits: None,
        }
    }
}

/// What was found when a journal was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenReport {
    /// The last row.
    pub head: Head,
    /// Whether the journal was made just now.
    pub is_new: bool,
    /// Whether the file was found to be older than the mark beside it, so that a new stream was
    /// started.
    pub was_rolled_back: bool,
    /// How many rows were verified.
    pub rows_verified: u64,
    /// Receipts that were being printed when the process ended; they are `unknown` now.
    pub print_jobs_unknown: usize,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
}

impl SqliteJournal {
    /// Opens the journal of a data directory, or makes one.
    ///
    /// Everything that a reader can see afterwards is synced; the rows since the verified mark and
    /// the last 1,000 hold.
    ///
    /// # Errors
    /// [`OpenError::BadRow`] where a row does not hold, [`OpenError::InUse`] where another process
    /// writes, [`OpenError::OtherStore`], or what the system or the database said.
    pub fn open(data_dir: &Path, options: &OpenOptions) -> Result<(Self, OpenReport), OpenError> {
        let started = Instant::now();
        std::fs::create_dir_all(data_dir).map_err(io("making", data_dir))?;
        let lock = lock(data_dir)?;
        let mut connection = open_to_write(&database(data_dir))?;
        migrate(&mut connection)?;
        // What a killed process may have left in the log without a sync is synced before anybody
        // reads it: a row that was seen must not be lost by a later power cut.
        checkpoint(&connection, &database(data_dir))?;
        checkpoint_by_ourselves(&mut connection, options.on_fatal.clone())?;
        limit(&connection, options)?;
        let found = tip(&connection).map_err(reading("the last row"))?;
        let is_new = found.is_none();
        let mut tip = match found {
            Some(tip) => tip,
            None => start(&connection, options, None, StreamCause::Created)?,
        };
        let mark = Mark::read(data_dir)?;
        let (rows_verified, was_rolled_back) = verify_start(&connection, &tip, mark.as_ref())?;
        check_store(&connection, &options.store)?;
        if was_rolled_back {
            tip = start(&connection, options, Some(&tip), StreamCause::Diverged)?;
        }
        Mark::at(&tip).write(data_dir)?;
        let print_jobs_unknown = connection
            .execute("UPDATE print_jobs SET state = 'unknown' WHERE state = 'printing'", [])
            .map_err(sqlite("resuming"))?;
        if let Some(failing) = options.failing_commits.clone() {
            connection.commit_hook(Some(move || failing.take())).map_err(sqlite("setting up"))?;
        }
        let report = OpenReport {
            head: tip.head,
            is_new,
            was_rolled_back,
            rows_verified,
            print_jobs_unknown,
            duration_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        };
        let journal = Self {
            connection,
            data_dir: data_dir.to_path_buf(),
            options: options.clone(),
            tip,
            is_synced: true,
            _lock: lock,
        };
        Ok((journal, report))
    }
}

/// Pages in the log from which on a commit brings them into the database: SQLite's own number.
const CHECKPOINT_PAGES: i32 = 1000;

/// Checkpoints as SQLite would by itself, but hears what comes of it: SQLite passes over the
/// failed sync of a checkpoint, and a promise that follows in the log would be worth nothing.
fn checkpoint_by_ourselves(
    connection: &mut Connection,
    on_fatal: OnFatal,
) -> Result<(), OpenError> {
    let mut is_failing = false;
    let hook = move |log: &mut Wal, pages| {
        if pages < CHECKPOINT_PAGES {
            return Ok(());
        }
        match log.checkpoint() {
            Ok(_) if std::mem::take(&mut is_failing) => {
                tracing::info!(pages, "the log is brought into the database again");
            }
            Ok(_) => {}
            Err(error) => {
                on_fatal.look_at(&error);
                // Whatever is not fatal is made good by the next checkpoint; while none is, the
                // log grows, and somebody should know. Once: every commit tries again.
                if !std::mem::replace(&mut is_failing, true) {
                    tracing::warn!(%error, pages, "bringing the log into the database");
                }
            }
        }
        Ok(())
    };
    connection.wal_hook(Some(hook)).map_err(sqlite("setting up"))
}

fn limit(connection: &Connection, options: &OpenOptions) -> Result<(), OpenError> {
    match options.pages_max {
        Some(pages) => connection
            .pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))
            .map_err(sqlite("setting up")),
        None => Ok(()),
    }
}

/// Verifies what a start has to. A file without the marked row, or with another row in its place,
/// was put back to an earlier state by somebody: if all of it holds, tables included, it goes on in
/// a new stream.
fn verify_start(
    connection: &Connection,
    tip: &Tip,
    mark: Option<&Mark>,
) -> Result<(u64, bool), OpenError> {
    match mark {
        Some(mark) if !mark.holds_in(connection).map_err(reading("the marked row"))? => {
            tracing::warn!(head = %tip.head.sequence, "the journal is older than its mark");
            Ok((verify::whole(connection)?, true))
        }
        _ => Ok((verify::tail(connection, mark, ROWS_VERIFIED)?, false)),
    }
}

/// Starts a stream in a transaction of its own.
pub fn start(
    connection: &Connection,
    options: &OpenOptions,
    last: Option<&Tip>,
    cause: StreamCause,
) -> Result<Tip, OpenError> {
    let stream = StreamId::new(Uuid::now_v7());
    let id = CommandId::new(Uuid::new_v5(&stream.uuid(), b"stream_started"));
    let beginning = Beginning {
        stream,
        id,
        now: options.now,
        store: &options.store,
        software: &options.software,
        cause,
    };
    let row = beginning.row(last.map(|tip| &tip.head)).map_err(|error| ReadError::Malformed {
        what: "the first row of a stream",
        reason: error.to_string(),
    })?;
    let begun = connection.unchecked_transaction().map_err(sqlite("starting a stream in"))?;
    let tip = stream::start(&begun, last, &row, cause).map_err(sqlite("starting a stream in"))?;
    begun.commit().map_err(sqlite("starting a stream in"))?;
    Ok(tip)
}

/// The first row of every stream says whose journal it is.
pub fn check_store(connection: &Connection, expected: &StoreId) -> Result<(), OpenError> {
    let body: String = connection
        .query_row(
            "SELECT body FROM journal
             WHERE position = (SELECT max(first_position) FROM streams)",
            [],
            |row| row.get(0),
        )
        .map_err(reading("the store"))?;
    let started: hq_wire::facts::v1::StreamStarted = serde_json::from_str(&body)
        .map_err(|error| ReadError::Malformed { what: "the store", reason: error.to_string() })?;
    if started.store == expected.as_str() {
        Ok(())
    } else {
        Err(OpenError::OtherStore { expected: expected.to_string(), found: started.store })
    }
}
