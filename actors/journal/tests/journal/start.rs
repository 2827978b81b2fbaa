//! What a start reads, what it finds, and when it does not start.

use rusqlite::Connection;
use store_core::StoreId;
use store_journal::{Ledger, LedgerReads, OpenError, OpenOptions, OpenReport, SqliteJournal};
use tempfile::TempDir;

use crate::bench::{SOFTWARE, all_rows, placed};
use crate::chain::{bad_row, rows_in, tool, two_streams};
use crate::on_disk::{DATABASE, Files, MARK, open, options};
use crate::trade::{Trade, moment, promise};

/// More than a start reads of its own accord.
const ROWS: u64 = 1500;

fn fill(journal: &mut SqliteJournal, trade: &mut Trade, rows: u64) {
    for _ in 0..rows / 100 {
        let group = (0..100).map(|_| promise(&trade.sign_on("1"))).collect();
        journal.write_group(group).iter().for_each(|outcome| assert!(outcome.is_ok()));
    }
}

/// A journal of 1,501 rows, closed properly.
fn long() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = open(dir.path());
    fill(&mut journal, &mut Trade::new(1), ROWS);
    journal.close().unwrap();
    dir
}

fn start(dir: &TempDir) -> Result<OpenReport, OpenError> {
    SqliteJournal::open(dir.path(), &options()).map(|(_, report)| report)
}

fn spoil(dir: &TempDir, position: u64) {
    let sql = format!("UPDATE journal SET body = body || ' ' WHERE position = {position}");
    assert_eq!(tool(dir).execute(&sql, []).unwrap(), 1);
}

#[test]
fn a_start_reads_the_last_thousand_rows_or_those_since_the_mark() {
    let dir = long();
    let report = start(&dir).unwrap();
    assert_eq!((report.rows_verified, report.head.sequence.0), (1000, ROWS + 1));
    assert!(!report.is_new && !report.was_rolled_back);
    // Killed, not closed: the mark stays where the start put it.
    let mut journal = open(dir.path());
    fill(&mut journal, &mut Trade::new(2), 1200);
    drop(journal);
    assert_eq!(start(&dir).unwrap().rows_verified, 1200, "all that the mark does not vouch for");
    assert_eq!(start(&dir).unwrap().rows_verified, 1000, "and then it does");
}

#[test]
fn a_start_without_a_mark_or_with_one_that_says_nothing_reads_every_row() {
    let dir = long();
    std::fs::remove_file(dir.path().join(MARK)).unwrap();
    assert_eq!(start(&dir).unwrap().rows_verified, ROWS + 1);
    assert_eq!(start(&dir).unwrap().rows_verified, 1000, "the mark was made again");
    for nonsense in ["", "x", "0193 5 00", "\u{0}\u{0}"] {
        std::fs::write(dir.path().join(MARK), nonsense).unwrap();
        assert_eq!(start(&dir).unwrap().rows_verified, ROWS + 1, "{nonsense:?}");
    }
}

#[test]
fn a_bad_row_that_a_start_reads_stops_it_and_one_that_it_does_not_read_waits() {
    let dir = long();
    spoil(&dir, 100);
    assert_eq!(start(&dir).unwrap().rows_verified, 1000, "the rest is verified in the background");
    let found = bad_row(store_journal::verify(dir.path(), true));
    assert_eq!(found.sequence.0, 100);
    store_journal::verify(dir.path(), false).unwrap();
    spoil(&dir, 700);
    assert_eq!(bad_row(start(&dir)).sequence.0, 700);
    assert_eq!(bad_row(store_journal::verify(dir.path(), false)).sequence.0, 700);
    std::fs::remove_file(dir.path().join(MARK)).unwrap();
    assert_eq!(bad_row(start(&dir)).sequence.0, 100, "without a mark the first one is met");
}

#[test]
fn a_journal_that_does_not_hold_says_which_row_and_how_to_restore_and_is_left_alone() {
    let dir = two_streams();
    let row = rows_in(&dir)[4].position;
    spoil(&dir, 5);
    let before = std::fs::read(dir.path().join(DATABASE)).unwrap();
    let text = start(&dir).unwrap_err().to_string();
    assert!(text.contains(&format!("row 5 of stream {} does not hold", row.stream)), "{text}");
    assert!(text.contains("hub restore FILE --force"), "{text}");
    assert_eq!(std::fs::read(dir.path().join(DATABASE)).unwrap(), before);
    assert_eq!(bad_row(start(&dir)).sequence.0, 5, "the second time as well");
}

#[test]
fn a_file_that_is_no_database_says_so_and_how_to_restore() {
    let dir = two_streams();
    std::fs::write(
        dir.path().join(DATABASE),
        b"not a database, not at all, nowhere near".repeat(99),
    )
    .unwrap();
    let error = start(&dir).unwrap_err();
    assert!(matches!(error, OpenError::Damaged { .. }), "{error:?}");
    assert!(error.to_string().contains("hub restore FILE --force"), "{error}");
}

#[test]
fn a_file_put_back_to_an_earlier_state_goes_on_in_a_new_stream() {
    let dir = tempfile::tempdir().unwrap();
    let mut trade = Trade::new(1);
    let mut journal = open(dir.path());
    placed(&journal.write_group(vec![promise(&trade.sale("1", 1))])[0]);
    journal.close().unwrap();
    let (old, earlier) = (journal.head().unwrap(), Files::read(dir.path()));
    placed(&journal.write_group(vec![promise(&trade.sale("1", 2))])[0]);
    journal.close().unwrap();
    drop(journal);
    earlier.write(dir.path());

    let (journal, report) = SqliteJournal::open(dir.path(), &options()).unwrap();
    assert!(report.was_rolled_back);
    assert_eq!(report.rows_verified, 2, "all there are");
    let streams = journal.streams().unwrap();
    assert_eq!(streams.len(), 2);
    assert_eq!(streams[1].parent, Some(old));
    assert_ne!(report.head.stream, old.stream);
    let body = &all_rows(&journal)[2].body;
    assert!(body.contains(r#""cause":"diverged""#), "{body}");
    drop(journal);
    assert!(!start(&dir).unwrap().was_rolled_back, "once");
    store_journal::verify(dir.path(), true).unwrap();
}

#[test]
fn a_file_put_back_that_does_not_hold_stops_the_start() {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = open(dir.path());
    fill(&mut journal, &mut Trade::new(1), 200);
    journal.close().unwrap();
    let earlier = Files::read(dir.path());
    fill(&mut journal, &mut Trade::new(2), 100);
    journal.close().unwrap();
    drop(journal);
    earlier.write(dir.path());
    spoil(&dir, 3);
    assert_eq!(bad_row(start(&dir)).sequence.0, 3);
}

#[test]
fn one_process_at_a_time() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(dir.path());
    match start(&dir) {
        Err(OpenError::InUse(path)) => assert_eq!(path, dir.path().join(DATABASE)),
        other => panic!("{other:?}"),
    }
    drop(journal);
    start(&dir).unwrap();
}

#[test]
fn the_journal_of_another_store_is_not_opened() {
    let dir = two_streams();
    let other = OpenOptions::new(StoreId::new("368").unwrap(), SOFTWARE, moment(0));
    match SqliteJournal::open(dir.path(), &other) {
        Err(OpenError::OtherStore { expected, found }) => {
            assert_eq!((expected.as_str(), found.as_str()), ("368", "367"));
        }
        other => panic!("{other:?}"),
    }
}

/// The first form there was, with rows in it, as it was written then. Every later software opens
/// it: the tables are brought up to date, the rows stay as they are.
#[test]
fn a_file_of_the_first_form_is_opened_for_ever() {
    let dir = tempfile::tempdir().unwrap();
    let dump = include_str!("../golden/journal-v1.sql");
    let file = Connection::open(dir.path().join(DATABASE)).unwrap();
    file.execute_batch(&format!("PRAGMA foreign_keys = OFF; {dump}")).unwrap();
    drop(file);
    let (mut journal, report) = SqliteJournal::open(dir.path(), &options()).unwrap();
    assert_eq!(report.rows_verified, 8);
    assert_eq!(
        hq_wire::row::v1::hex(&report.head.digest),
        "f1196b24e8ac378854dc9063b038c4b8575c78b84f5aa41f28fdd0f04e35e009"
    );
    placed(&journal.write_group(vec![promise(&Trade::new(99).sale("1", 3))])[0]);
    journal.close().unwrap();
    drop(journal);
    store_journal::verify(dir.path(), true).unwrap();
    store_journal::rebuild(dir.path()).unwrap();
    store_journal::verify(dir.path(), true).unwrap();
}

#[test]
fn a_file_of_a_newer_software_is_refused_and_left_alone() {
    let dir = two_streams();
    tool(&dir)
        .execute(
            "INSERT INTO refinery_schema_history (version, name, applied_on, checksum)
             VALUES (999, 'tomorrow', '2030-01-01T00:00:00Z', '1')",
            [],
        )
        .unwrap();
    let rows = rows_in(&dir);
    assert!(matches!(start(&dir), Err(OpenError::Migration(_))));
    assert_eq!(rows_in(&dir), rows);
}

#[test]
fn an_empty_file_becomes_a_journal_that_nobody_else_may_read() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let (journal, report) = SqliteJournal::open(dir.path(), &options()).unwrap();
    assert!(report.is_new);
    assert_eq!(report.head.sequence.0, 1);
    for name in [DATABASE, "journal.db-wal", "journal.db-shm", "journal.lock", MARK] {
        let mode = std::fs::metadata(dir.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    drop(journal);
    assert!(!start(&dir).unwrap().is_new);
}
