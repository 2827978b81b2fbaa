use std::collections::BTreeSet;
use std::fs::File;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::{DATABASE, LOCK};
use crate::OpenError;

mod embedded {
    refinery::embed_migrations!("migrations");
}

/// Statements kept prepared: all there are, with room.
const STATEMENTS_MAX: usize = 96;
/// How long to wait for another connection's lock, in milliseconds: a checkpoint on a slow card.
const BUSY_MS: u64 = 5000;

/// Pages that a reading connection keeps for itself, in KiB: the system keeps them as well, and a
/// hub has several such connections, each of which would keep 2 MiB.
const READING_KIB: i64 = 512;

/// The size the write-ahead log is cut back to, in bytes.
const LOG_BYTES_MAX: i64 = 16 * 1024 * 1024;

pub fn sqlite(doing: &'static str) -> impl FnOnce(rusqlite::Error) -> OpenError {
    move |source| match source.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            OpenError::Damaged { reason: source.to_string() }
        }
        _ => OpenError::Sqlite { doing, source },
    }
}

pub fn io<'a>(
    doing: &'static str,
    path: &'a Path,
) -> impl FnOnce(std::io::Error) -> OpenError + 'a {
    move |source| OpenError::Io { doing, path: path.to_path_buf(), source }
}

/// Where the database of a data directory is.
pub fn database(data_dir: &Path) -> PathBuf {
    data_dir.join(DATABASE)
}

/// A data directory taken for this process, until this is dropped.
#[derive(Debug)]
pub struct Lock(File);

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing would do, but for a process that was forked a moment ago and still has the file.
        let _ = self.0.unlock();
    }
}

/// Takes the data directory for this process.
pub fn lock(data_dir: &Path) -> Result<Lock, OpenError> {
    let path = data_dir.join(LOCK);
    let file = private().open(&path).map_err(io("opening", &path))?;
    match file.try_lock() {
        Ok(()) => Ok(Lock(file)),
        Err(std::fs::TryLockError::WouldBlock) => Err(OpenError::InUse(database(data_dir))),
        Err(std::fs::TryLockError::Error(source)) => Err(io("locking", &path)(source)),
    }
}

/// How files are made that nobody else may read.
pub fn private() -> std::fs::OpenOptions {
    let mut options = std::fs::OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false).mode(0o600);
    options
}

/// Opens the connection that writes, on a file that is there or is made with mode 0600; the
/// database's own side files take over that mode.
pub fn open_to_write(path: &Path) -> Result<Connection, OpenError> {
    // A file that is there is left to SQLite alone: closing it here would take away the locks that
    // another connection of this process holds on it.
    match private().create_new(true).open(path) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
            return Err(io("making", path)(error));
        }
        _ => {}
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(sqlite("opening"))?;
    configure(&connection).map_err(sqlite("setting up"))?;
    Ok(connection)
}

fn configure(connection: &Connection) -> Result<(), rusqlite::Error> {
    connection.busy_timeout(std::time::Duration::from_millis(BUSY_MS))?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    // What is deleted is overwritten: something about persons is among it, in drafts as well.
    connection.pragma_update_and_check(None, "secure_delete", true, |_| Ok(()))?;
    connection.pragma_update_and_check(None, "journal_size_limit", LOG_BYTES_MAX, |_| Ok(()))
}

/// Opens a connection that can only read.
pub fn open_to_read(path: &Path) -> Result<Connection, OpenError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(sqlite("opening"))?;
    let set_up = || -> Result<(), rusqlite::Error> {
        connection.busy_timeout(std::time::Duration::from_millis(BUSY_MS))?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
        connection.pragma_update(None, "trusted_schema", false)?;
        connection.pragma_update(None, "cell_size_check", true)?;
        connection.pragma_update(None, "cache_size", -READING_KIB)?;
        connection.pragma_update(None, "query_only", true)
    };
    set_up().map_err(sqlite("setting up"))?;
    Ok(connection)
}

/// Brings the tables up to the present form.
pub fn migrate(connection: &mut Connection) -> Result<(), OpenError> {
    embedded::migrations::runner()
        .run(connection)
        .map(|_report| ())
        .map_err(|error| OpenError::Migration(Box::new(error)))
}

/// What is wrong with the form of the tables; nothing where it is the one that the migrations make
/// that were applied to it. A damaged name of a column is neither in a row nor in a page's form.
pub fn form_fault(connection: &Connection) -> Result<Option<String>, OpenError> {
    let applied = "SELECT max(version) FROM refinery_schema_history";
    let version: i32 =
        connection.query_row(applied, [], |row| row.get(0)).map_err(sqlite("checking"))?;
    let mut model = Connection::open_in_memory().map_err(sqlite("checking"))?;
    embedded::migrations::runner()
        .set_target(refinery::Target::Version(version))
        .run(&mut model)
        .map_err(|error| OpenError::Migration(Box::new(error)))?;
    let form = |of: &Connection| form(of).map_err(sqlite("checking"));
    let (found, expected) = (form(connection)?, form(&model)?);
    let differs = found.symmetric_difference(&expected).next();
    Ok(differs.map(|(kind, name, _)| format!("the form of its {kind} {name} is not known")))
}

/// What tables and indexes are defined as.
fn form(connection: &Connection) -> Result<BTreeSet<(String, String, String)>, rusqlite::Error> {
    connection
        .prepare(
            "SELECT type, name, tbl_name || ': ' || sql FROM sqlite_schema
             WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'",
        )?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect()
}

/// Brings the whole write-ahead log into the database and empties it. Where another connection
/// still reads an older moment that has to wait, but then the log itself is synced: nothing that
/// can be read may be lost by a power cut.
pub fn checkpoint(connection: &Connection, path: &Path) -> Result<(), OpenError> {
    let mut is_busy = false;
    connection
        .pragma_update_and_check(None, "wal_checkpoint", "TRUNCATE", |row| {
            is_busy = row.get(0)?;
            Ok(())
        })
        .map_err(sqlite("settling"))?;
    if !is_busy {
        return Ok(());
    }
    let log = with_ending(path, "-wal");
    let file = File::open(&log).map_err(io("opening", &log))?;
    file.sync_all().map_err(io("syncing", &log))
}

/// The name of a file that SQLite keeps beside a database.
pub fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// Makes a rename in a directory durable.
pub fn sync_directory(path: &Path) -> Result<(), OpenError> {
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let file = File::open(directory).map_err(io("opening", directory))?;
    file.sync_all().map_err(io("syncing", directory))
}
