//! Copies of the journal, and the way back from one.

use std::path::{Path, PathBuf};

use hq_wire::facts::v1::StreamCause;
use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use super::connection::{
    checkpoint, database, io, lock, migrate, open_to_read, open_to_write, private, sqlite,
    sync_directory, with_ending,
};
use super::mark::Mark;
use super::open::{OpenOptions, check_store, start};
use super::rows::{reading, tip};
use super::verify::{VerifyReport, verify_chain, verify_file};
use crate::OpenError;

/// Copies the journal of a data directory, which may be in use, to a file of its own. The file
/// appears whole or not at all.
///
/// # Errors
/// Where the journal cannot be read or the file not be written.
pub fn backup_to(data_dir: &Path, destination: &Path) -> Result<(), OpenError> {
    let new = beside(destination, "new");
    copy(&database(data_dir), &new)?;
    std::fs::rename(&new, destination).map_err(io("renaming", &new))?;
    sync_directory(destination)
}

/// A name beside a file, in the same directory, so that a rename does not cross filesystems.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(suffix);
    path.with_file_name(name)
}

/// Copies one moment of a database into a single synced file without a log beside it.
fn copy(from: &Path, to: &Path) -> Result<(), OpenError> {
    discard(to)?;
    let source = open_to_read(from)?;
    drop(private().create_new(true).open(to).map_err(io("making", to))?);
    let mut target = Connection::open(to).map_err(sqlite("copying"))?;
    // All pages in one step: readers do not hold up the writer of a write-ahead log.
    let step = Backup::new(&source, &mut target)
        .and_then(|backup| backup.step(-1))
        .map_err(sqlite("copying"))?;
    if step != StepResult::Done {
        let busy = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY);
        return Err(sqlite("copying")(rusqlite::Error::SqliteFailure(busy, None)));
    }
    target
        .pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()))
        .map_err(sqlite("copying"))?;
    target.close().map_err(|(_, error)| sqlite("copying")(error))?;
    let file = private().open(to).map_err(io("opening", to))?;
    file.sync_all().map_err(io("syncing", to))
}

/// Removes a database file and what SQLite keeps beside it.
fn discard(path: &Path) -> Result<(), OpenError> {
    for file in [path.to_path_buf(), with_ending(path, "-wal"), with_ending(path, "-shm")] {
        match std::fs::remove_file(&file) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(io("removing", &file)(error));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Puts a backup in the place of a data directory's journal and starts a new stream in it, whose
/// first row names where the backup stood.
///
/// Sessions and the browsers' claims are dropped: whoever restored decides who works here now.
/// Baskets in progress are dropped: they are of the day of the backup, and the terminals have gone
/// on since; a tender taken for one stands in the journal. Receipts that were waiting become
/// `unknown`. People, settings, lock-outs and ended baskets stay. A journal that was there is kept
/// beside the new one as `journal.db.before-restore`, or with `-2`, `-3` behind it where that name
/// is taken: what was kept once may be the only copy, and is never overwritten.
///
/// # Errors
/// [`OpenError::WouldLose`] where the present journal has rows that the backup has not, or cannot
/// be read, unless `force` is given; [`OpenError::BadRow`] where the backup does not hold;
/// [`OpenError::InUse`] while a hub runs.
pub fn restore(
    from: &Path,
    data_dir: &Path,
    options: &OpenOptions,
    force: bool,
) -> Result<VerifyReport, OpenError> {
    std::fs::create_dir_all(data_dir).map_err(io("making", data_dir))?;
    let _lock = lock(data_dir)?;
    let present = database(data_dir);
    let new = beside(&present, "restoring");
    std::fs::metadata(from).map_err(io("reading", from))?;
    if let Err(error) = prepare(from, &new, &present, options, force) {
        discard(&new)?;
        return Err(error);
    }
    put_aside(&present)?;
    Mark::remove(data_dir)?;
    std::fs::rename(&new, &present).map_err(io("renaming", &new))?;
    sync_directory(&present)?;
    // Every table was compared before the one row was added: the chain is enough.
    verify_chain(&present)
}

/// Makes `new` of a backup, ready to be put in the place of the present journal.
fn prepare(
    from: &Path,
    new: &Path,
    present: &Path,
    options: &OpenOptions,
    force: bool,
) -> Result<(), OpenError> {
    copy(from, new)?;
    let mut connection = open_to_write(new)?;
    migrate(&mut connection)?;
    verify_file(new)?;
    check_store(&connection, &options.store)?;
    if present.exists() && !force && !is_contained(present, new) {
        return Err(OpenError::WouldLose(present.to_path_buf()));
    }
    begin_again(connection, new, options)
}

/// Whether a backup has the last row of the present journal.
fn is_contained(present: &Path, backup: &Path) -> bool {
    let look = || -> Result<bool, OpenError> {
        let last = tip(&open_to_read(present)?).map_err(reading("the last row"))?;
        let backup = open_to_read(backup)?;
        match last {
            Some(tip) => Ok(Mark::at(&tip).holds_in(&backup).map_err(reading("the last row"))?),
            None => Ok(true),
        }
    };
    look().unwrap_or(false)
}

fn begin_again(
    connection: Connection,
    path: &Path,
    options: &OpenOptions,
) -> Result<(), OpenError> {
    connection
        .execute_batch(
            "BEGIN IMMEDIATE;
             DELETE FROM sessions;
             DELETE FROM workstation_claims;
             DELETE FROM drafts;
             DELETE FROM suspended;
             UPDATE print_jobs SET state = 'unknown' WHERE state IN ('queued', 'printing');
             COMMIT;",
        )
        .map_err(sqlite("restoring"))?;
    let last = tip(&connection).map_err(reading("the last row"))?;
    start(&connection, options, last.as_ref(), StreamCause::Restored)?;
    checkpoint(&connection, path)?;
    // The last connection takes the log away when it closes.
    connection.close().map_err(|(_, error)| sqlite("restoring")(error))
}

/// The first name to keep a file under that no earlier one was kept under.
fn free_name(present: &Path) -> PathBuf {
    let is_free = |name: &PathBuf| !name.exists() && !with_ending(name, "-wal").exists();
    let first = beside(present, "before-restore");
    let others = (2_u64..).map(|number| beside(present, &format!("before-restore-{number}")));
    std::iter::once(first.clone()).chain(others).find(is_free).unwrap_or(first)
}

/// Keeps the present file under another name, with its log where it has one, and takes the log
/// away: a log that is left beside another database would be written into it.
fn put_aside(present: &Path) -> Result<(), OpenError> {
    if !present.exists() {
        return discard(present);
    }
    let kept = free_name(present);
    std::fs::hard_link(present, &kept).map_err(io("keeping", present))?;
    let (log, kept_log) = (with_ending(present, "-wal"), with_ending(&kept, "-wal"));
    if log.exists() {
        std::fs::hard_link(&log, &kept_log).map_err(io("keeping", &log))?;
    }
    // Where it can still be opened, closing it brings its log into the file.
    if let Ok(connection) = open_to_write(present) {
        let _checkpoint = checkpoint(&connection, present);
        let _closed = connection.close();
    }
    if std::fs::metadata(&kept_log).is_ok_and(|log| log.len() == 0) {
        std::fs::remove_file(&kept_log).map_err(io("removing", &kept_log))?;
    }
    for ending in ["-wal", "-shm"] {
        let file = with_ending(present, ending);
        match std::fs::remove_file(&file) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(io("removing", &file)(error));
            }
            _ => {}
        }
    }
    sync_directory(present)
}
