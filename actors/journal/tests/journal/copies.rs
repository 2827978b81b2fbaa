//! Backups of a journal in use, and the way back, on disk.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use hq_wire::row::v1::{NO_DIGEST, Row, digest_from_hex};
use store_core::StoreId;
use store_journal::{
    LedgerReads, OpenError, OpenOptions, Reader, SqliteJournal, Writer, backup_to, export, restore,
};
use tempfile::TempDir;

use crate::bench::{Bench, SOFTWARE, placed};
use crate::chain::{bad_row, rows_in, tool, two_streams};
use crate::on_disk::{DATABASE, OnDisk, open, options};
use crate::trade::{Trade, moment, promise};

fn files(dir: &Path) -> Vec<String> {
    let names = std::fs::read_dir(dir).unwrap().map(|it| it.unwrap().file_name());
    let mut names: Vec<_> = names.map(|name| name.into_string().unwrap()).collect();
    names.sort();
    names
}

fn backup_of(dir: &TempDir, to: &TempDir) -> PathBuf {
    let path = to.path().join("backup.db");
    backup_to(dir.path(), &path).unwrap();
    path
}

#[test]
fn a_backup_taken_while_the_journal_is_written_holds_and_has_what_was_answered() {
    let (dir, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let writer = Writer::spawn(open(dir.path())).unwrap();
    let (answered, is_over) = (Arc::new(AtomicU64::new(1)), Arc::new(AtomicBool::new(false)));
    let (handle, noted, over) = (writer.handle(), Arc::clone(&answered), Arc::clone(&is_over));
    let selling = std::thread::spawn(move || {
        let mut trade = Trade::new(1);
        for number in 1.. {
            if over.load(Ordering::SeqCst) {
                return;
            }
            let outcome = handle.write(promise(&trade.sale("1", number))).unwrap();
            noted.store(placed(&outcome).sequence.0, Ordering::SeqCst);
        }
    });
    for number in 0..8 {
        // Each backup is taken while sales go on: at least one was answered since the last.
        let before = answered.load(Ordering::SeqCst);
        while answered.load(Ordering::SeqCst) == before {
            std::thread::yield_now();
        }
        let promised = answered.load(Ordering::SeqCst);
        let to = elsewhere.path().join(format!("{number}.db"));
        backup_to(dir.path(), &to).unwrap();
        let report = store_journal::verify_file(&to).unwrap();
        assert!(report.rows >= promised, "{} rows, {promised} promised", report.rows);
    }
    is_over.store(true, Ordering::SeqCst);
    selling.join().unwrap();
    drop(writer.stop().unwrap());
    let expected: Vec<_> = (0..8).map(|number| format!("{number}.db")).collect();
    assert_eq!(files(elsewhere.path()), expected, "single files, nothing beside them");
    store_journal::verify(dir.path(), true).unwrap();
}

#[test]
fn a_backup_that_does_not_hold_is_refused_and_the_present_journal_left_alone() {
    let (dir, elsewhere) = (two_streams(), tempfile::tempdir().unwrap());
    let backup = backup_of(&dir, &elsewhere);
    let spoilt = tempfile::tempdir().unwrap();
    std::fs::copy(&backup, spoilt.path().join(DATABASE)).unwrap();
    tool(&spoilt).execute("UPDATE journal SET wall_ms = 1 WHERE position = 6", []).unwrap();
    let before = (std::fs::read(dir.path().join(DATABASE)).unwrap(), files(dir.path()));
    let path = spoilt.path().join(DATABASE);
    let refused = bad_row(restore(&path, dir.path(), &options(), true));
    assert_eq!(refused.sequence.0, 6);
    std::fs::write(spoilt.path().join("short.db"), &std::fs::read(&path).unwrap()[..9000]).unwrap();
    restore(&spoilt.path().join("short.db"), dir.path(), &options(), true).unwrap_err();
    restore(&spoilt.path().join("none.db"), dir.path(), &options(), true).unwrap_err();
    let after = (std::fs::read(dir.path().join(DATABASE)).unwrap(), files(dir.path()));
    assert!(after == before, "the present journal, and nothing else");
    drop(open(dir.path()));
}

#[test]
fn rows_that_a_backup_has_not_are_only_put_aside_when_told_so() {
    let (mut bench, mut trade) = (OnDisk::new(), Trade::new(1));
    placed(&bench.append(&trade.sale("1", 1)));
    let backup = bench.backup();
    placed(&bench.append(&trade.sale("1", 2)));
    let (dir, kept) = (bench.closed(), tempfile::tempdir().unwrap());
    let rows = rows_in(&dir);
    match restore(&backup, dir.path(), &options(), false) {
        Err(OpenError::WouldLose(path)) => assert_eq!(path, dir.path().join(DATABASE)),
        other => panic!("{other:?}"),
    }
    assert_eq!(rows_in(&dir), rows);
    let report = restore(&backup, dir.path(), &options(), true).unwrap();
    assert_eq!(report.streams.len(), 2);
    let aside = dir.path().join("journal.db.before-restore");
    std::fs::copy(aside, kept.path().join(DATABASE)).unwrap();
    assert_eq!(rows_in(&kept), rows, "kept beside the restored one");
    store_journal::verify(kept.path(), true).unwrap();
    drop(open(dir.path()));
}

#[test]
fn a_backup_with_every_row_needs_no_force_and_an_empty_directory_neither() {
    let (dir, elsewhere) = (two_streams(), tempfile::tempdir().unwrap());
    let backup = backup_of(&dir, &elsewhere);
    restore(&backup, dir.path(), &options(), false).unwrap();
    assert_eq!(rows_in(&dir).len(), 13);
    let new = elsewhere.path().join("another machine");
    let report = restore(&backup, &new, &options(), false).unwrap();
    assert_eq!(report.streams.len(), 3);
    // A restored journal may be backed up and restored again: one more stream.
    backup_to(&new, &backup).unwrap();
    let report = restore(&backup, &new, &options(), false).unwrap();
    assert_eq!(report.streams.len(), 4);
    assert!(SqliteJournal::open(&new, &options()).is_ok());
}

#[test]
fn a_journal_that_cannot_be_read_is_put_aside_as_it_is() {
    let (dir, elsewhere) = (two_streams(), tempfile::tempdir().unwrap());
    let backup = backup_of(&dir, &elsewhere);
    std::fs::write(dir.path().join(DATABASE), "rubbish".repeat(1000)).unwrap();
    std::fs::write(dir.path().join("journal.db-wal"), "a log").unwrap();
    assert!(matches!(
        restore(&backup, dir.path(), &options(), false),
        Err(OpenError::WouldLose(_))
    ));
    restore(&backup, dir.path(), &options(), true).unwrap();
    let aside = std::fs::read(dir.path().join("journal.db.before-restore")).unwrap();
    assert!(aside == b"rubbish".repeat(1000));
    let log = std::fs::read(dir.path().join("journal.db-wal")).unwrap_or_default();
    assert!(log.is_empty(), "no log is left for the wrong database");
    let log = std::fs::read(dir.path().join("journal.db.before-restore-wal")).unwrap();
    assert_eq!(log, b"a log");
    store_journal::verify(dir.path(), true).unwrap();
    drop(open(dir.path()));
}

#[test]
fn a_second_restore_keeps_what_the_first_one_put_aside() {
    let (mut bench, mut trade) = (OnDisk::new(), Trade::new(1));
    let backup = bench.backup();
    placed(&bench.append(&trade.sale("1", 1)));
    let (dir, kept) = (bench.closed(), tempfile::tempdir().unwrap());
    let rows = rows_in(&dir);
    let mut after = Vec::new();
    for _ in 0..3 {
        restore(&backup, dir.path(), &options(), true).unwrap();
        after.push(rows_in(&dir));
    }
    let expected = [("", &rows), ("-2", &after[0]), ("-3", &after[1])];
    for (ending, expected) in expected {
        let aside = dir.path().join(format!("journal.db.before-restore{ending}"));
        std::fs::copy(aside, kept.path().join(DATABASE)).unwrap();
        assert_eq!(rows_in(&kept), *expected, "kept under the name that ends in {ending:?}");
    }
    assert_eq!(rows_in(&dir), after[2]);
}

#[test]
fn what_a_killed_process_left_in_the_log_is_put_aside_too() {
    let (mut bench, mut trade) = (OnDisk::new(), Trade::new(1));
    let backup = bench.backup();
    placed(&bench.append(&trade.sale("1", 1)));
    // The files as they are with the process still running: the sale is in the log alone.
    let dir = tempfile::tempdir().unwrap();
    crate::on_disk::Files::read(bench.path()).write(dir.path());
    restore(&backup, dir.path(), &options(), true).unwrap();
    let kept = tempfile::tempdir().unwrap();
    let aside = dir.path().join("journal.db.before-restore");
    std::fs::copy(aside, kept.path().join(DATABASE)).unwrap();
    assert_eq!(rows_in(&kept).len(), 2);
    assert_eq!(rows_in(&dir).len(), 2);
    store_journal::verify(dir.path(), true).unwrap();
}

#[test]
fn a_journal_in_use_or_of_another_store_is_not_restored() {
    let (dir, elsewhere) = (two_streams(), tempfile::tempdir().unwrap());
    let backup = backup_of(&dir, &elsewhere);
    let journal = open(dir.path());
    assert!(matches!(restore(&backup, dir.path(), &options(), true), Err(OpenError::InUse(_))));
    drop(journal);
    let other = OpenOptions::new(StoreId::new("368").unwrap(), SOFTWARE, moment(0));
    let new = elsewhere.path().join("another store");
    let refused = restore(&backup, &new, &other, true);
    assert!(matches!(refused, Err(OpenError::OtherStore { .. })), "{refused:?}");
    assert!(Reader::open(&new).is_err(), "nothing was made");
}

#[test]
fn an_export_is_the_chain_in_the_words_of_the_wire() {
    let dir = two_streams();
    let journal = open(dir.path());
    let mut out = Vec::new();
    assert_eq!(export(dir.path(), &mut out).unwrap(), 12, "also while it is in use");
    let rows = rows_in(&dir);
    let mut previous = NO_DIGEST;
    let lines = BufReader::new(out.as_slice()).lines().map(Result::unwrap);
    for (line, row) in lines.zip(&rows) {
        let wire: Row = serde_json::from_str(&line).unwrap();
        assert_eq!(wire.body.get(), row.body, "verbatim");
        assert_eq!(wire.id, row.id.to_string());
        assert_eq!(wire.transaction, row.transaction.map(|id| id.to_string()));
        if wire.sequence == 1 {
            previous = NO_DIGEST;
        }
        assert_eq!(digest_of(&wire, &previous), digest_from_hex(&wire.digest).unwrap());
        previous = row.digest;
    }
    assert_eq!(journal.head().unwrap().digest, previous);
}

/// What somebody computes who has the export and the description of the digest.
fn digest_of(row: &Row, previous: &[u8; 32]) -> [u8; 32] {
    let bytes = |text: &str| *text.parse::<uuid::Uuid>().unwrap().as_bytes();
    let transaction = row.transaction.as_deref().map(bytes);
    let fields = hq_wire::row::v1::Fields {
        stream: &bytes(&row.stream),
        sequence: row.sequence,
        id: &bytes(&row.id),
        kind: &row.kind,
        body_version: row.body_version,
        transaction: transaction.as_ref(),
        wall_ms: row.wall_ms,
        utc_offset_s: row.utc_offset_s,
        monotonic_ms: row.monotonic_ms,
        boot: &bytes(&row.boot),
        clock_trusted: row.clock_trusted,
        body: row.body.get(),
    };
    hq_wire::row::v1::digest(previous, &fields)
}
