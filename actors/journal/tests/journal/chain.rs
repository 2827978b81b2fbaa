//! Nothing that was written can be changed without being found, and the row is named.

use rusqlite::Connection;
use rusqlite::config::DbConfig;
use store_core::StreamId;
use store_core::fact::RowPosition;
use store_journal::{BadRow, JournalRow, OpenError, Reader, Write};
use tempfile::TempDir;
use uuid::Uuid;

use crate::bench::{Bench, all_rows, placed};
use crate::everything::{Seen, assert_same, promised};
use crate::on_disk::{DATABASE, OnDisk, open, options};
use crate::random::Random;
use crate::trade::Trade;

/// A closed journal with eight rows in one stream and four in the next.
pub fn two_streams() -> TempDir {
    let (mut bench, mut trade) = (OnDisk::new(), Trade::new(1));
    placed(&bench.append(&trade.sign_on("1")));
    for number in 1..=6 {
        placed(&bench.append(&trade.sale("1", number)));
    }
    let id = trade.sign_on("1").id;
    let stream = StreamId::new(Uuid::from_u128(9));
    placed(&bench.one(Write::Diverge { id, now: trade.now(), stream }));
    for number in 7..=9 {
        placed(&bench.append(&trade.sale("1", number)));
    }
    bench.closed()
}

/// A connection that may do what the journal's own never does.
pub fn tool(dir: &TempDir) -> Connection {
    let connection = Connection::open(dir.path().join(DATABASE)).unwrap();
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false).unwrap();
    connection
        .execute_batch("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON;")
        .unwrap();
    connection
}

pub fn rows_in(dir: &TempDir) -> Vec<JournalRow> {
    all_rows(&Reader::open(dir.path()).unwrap())
}

pub fn bad_row<T: std::fmt::Debug>(result: Result<T, OpenError>) -> BadRow {
    match result {
        Err(OpenError::BadRow { source }) => source,
        other => panic!("a row should not hold: {other:?}"),
    }
}

fn named(bad: &BadRow) -> RowPosition {
    RowPosition { stream: bad.stream, sequence: bad.sequence }
}

/// Every column of the table, and a value in its place that is as near as can be.
const CHANGES: [(&str, &str); 15] = [
    ("position", "position + 1000"),
    ("stream", "CASE stream WHEN 1 THEN 2 ELSE 1 END"),
    ("stream", "99"),
    ("sequence", "sequence + 1"),
    ("id", "zeroblob(16)"),
    ("kind", "kind || ' '"),
    ("body_version", "body_version + 1"),
    ("transaction_id", "zeroblob(16)"),
    ("wall_ms", "wall_ms + 1"),
    ("utc_offset_s", "utc_offset_s - 1"),
    ("monotonic_ms", "monotonic_ms + 1"),
    ("boot", "zeroblob(16)"),
    ("clock_trusted", "1 - clock_trusted"),
    ("body", "replace(body, '2026', '2025') || ' '"),
    ("digest", "zeroblob(32)"),
];

#[test]
fn a_change_in_any_column_of_any_row_is_found_and_the_row_is_named() {
    let original = two_streams();
    let bytes = std::fs::read(original.path().join(DATABASE)).unwrap();
    let rows = rows_in(&original);
    assert_eq!(rows.len(), 12);
    let columns: i64 = tool(&original)
        .query_row("SELECT count(*) FROM pragma_table_info('journal')", [], |row| row.get(0))
        .unwrap();
    assert_eq!(columns, 14, "a new column needs a change of its own above");
    for position in [1, 5, 8, 9, 12] {
        let row = &rows[position - 1];
        for (column, value) in CHANGES {
            if (position, column) == (8, "position") {
                // The last row of a stream that is not there is missed by the next stream's first.
                continue;
            }
            let dir = tempfile::tempdir().unwrap();
            std::fs::write(dir.path().join(DATABASE), &bytes).unwrap();
            let sql = format!("UPDATE journal SET {column} = {value} WHERE position = {position}");
            assert_eq!(tool(&dir).execute(&sql, []).unwrap(), 1);
            let bad = bad_row(store_journal::verify(dir.path(), true));
            let is_first = row.position.sequence.0 == 1;
            if column == "stream" && is_first {
                // Where a stream's first row says that it is of another one, nobody can tell where
                // it belongs: it is named by the place after the row before.
                let before = rows[..position - 1].last().map(|it| it.position.sequence.0);
                assert_eq!(bad.sequence.0, before.unwrap_or(0) + 1, "{sql}");
            } else {
                assert_eq!(named(&bad), row.position, "{sql}: {bad}");
            }
            // A start without a mark reads every row, and stops.
            let at_start = bad_row(open_again(&dir));
            assert_eq!(at_start.reason, bad.reason, "{sql}");
        }
    }
}

fn open_again(dir: &TempDir) -> Result<(), OpenError> {
    store_journal::SqliteJournal::open(dir.path(), &options()).map(|_| ())
}

#[test]
fn a_row_that_is_missing_is_named() {
    for position in [1, 2, 7, 9, 10] {
        let dir = two_streams();
        let row = rows_in(&dir)[position - 1].clone();
        let sql = format!("DELETE FROM journal WHERE position = {position}");
        tool(&dir).execute(&sql, []).unwrap();
        let bad = bad_row(store_journal::verify(dir.path(), true));
        assert_eq!((named(&bad), bad.reason.as_str()), (row.position, "it is missing"));
    }
}

#[test]
fn the_last_row_of_a_stream_that_goes_on_in_another_is_missed() {
    let dir = two_streams();
    let next = rows_in(&dir)[8].position;
    tool(&dir).execute("DELETE FROM journal WHERE position = 8", []).unwrap();
    let bad = bad_row(store_journal::verify(dir.path(), true));
    assert_eq!(named(&bad), next);
    assert_eq!(bad.reason, "a row before it is missing");
}

#[test]
fn two_rows_that_changed_places_are_found() {
    let dir = two_streams();
    let third = rows_in(&dir)[2].position;
    tool(&dir)
        .execute_batch(
            "UPDATE journal SET position = 1000, sequence = 1000 WHERE position = 3;
             UPDATE journal SET position = 3, sequence = 3 WHERE position = 4;
             UPDATE journal SET position = 4, sequence = 4 WHERE position = 1000;",
        )
        .unwrap();
    assert_eq!(named(&bad_row(store_journal::verify(dir.path(), true))), third);
}

#[test]
fn an_end_that_was_cut_off_is_found_by_the_tables_and_at_the_start_by_the_mark() {
    let dir = two_streams();
    tool(&dir).execute("DELETE FROM journal WHERE position > 10", []).unwrap();
    let bad = bad_row(store_journal::verify(dir.path(), true));
    assert!(bad.reason.contains("is not what the rows say"), "{bad}");
    let at_start = bad_row(open_again(&dir));
    assert!(at_start.reason.contains("is not what the rows say"), "{at_start}");
}

/// Changes a row and gives it the digest that fits.
fn forge(dir: &TempDir, position: usize) {
    let rows = rows_in(dir);
    let mut row = rows[position - 1].clone();
    row.now.wall = jiff::Timestamp::UNIX_EPOCH;
    let position_in_file = i64::try_from(position).unwrap();
    let digest = row.digest_after(&rows[position - 2].digest);
    tool(dir)
        .execute(
            "UPDATE journal SET wall_ms = 0, digest = ?1 WHERE position = ?2",
            rusqlite::params![digest, position_in_file],
        )
        .unwrap();
}

#[test]
fn a_forged_row_breaks_the_next_one_or_differs_from_its_tables() {
    let dir = two_streams();
    let next = rows_in(&dir)[2].position;
    forge(&dir, 2);
    assert_eq!(named(&bad_row(store_journal::verify(dir.path(), true))), next);
    let dir = two_streams();
    let sale = rows_in(&dir)[4].position;
    forge(&dir, 5);
    assert_eq!(named(&bad_row(store_journal::verify(dir.path(), true))), sale);
}

#[test]
fn a_forged_last_row_does_not_fit_the_mark_and_the_tables() {
    let dir = two_streams();
    let last = rows_in(&dir)[11].position;
    forge(&dir, 12);
    assert_eq!(named(&bad_row(store_journal::verify(dir.path(), true))), last);
    assert_eq!(named(&bad_row(open_again(&dir))), last);
}

#[test]
fn a_row_from_nowhere_is_found() {
    let copy = "INSERT INTO journal SELECT {}, stream, 13, randomblob(16), kind, body_version,
                    transaction_id, wall_ms, utc_offset_s, monotonic_ms, boot, clock_trusted, body,
                    digest FROM journal WHERE position = 12";
    for position in ["13", "0", "-5", "99"] {
        let dir = two_streams();
        tool(&dir).execute(&copy.replace("{}", position), []).unwrap();
        bad_row(store_journal::verify(dir.path(), true));
    }
}

#[test]
fn a_flipped_bit_anywhere_in_the_file_is_found_or_changes_nothing() {
    let mut chance = Random::new("flipped bit");
    let dir = two_streams();
    let path = dir.path().join(DATABASE);
    let bytes = std::fs::read(&path).unwrap();
    let seen = Seen {
        transactions: rows_in(&dir).iter().filter_map(|row| row.transaction).collect(),
        commands: rows_in(&dir).iter().map(|row| row.id).collect(),
    };
    let before = promised(&Reader::open(dir.path()).unwrap(), &seen);
    let (mut found, mut harmless) = (0, 0);
    for _ in 0..400 {
        let (at, bit) = (chance.below(bytes.len()), chance.below(8));
        let mut flipped = bytes.clone();
        flipped[at] ^= 1 << bit;
        std::fs::write(&path, &flipped).unwrap();
        if store_journal::verify(dir.path(), true).is_err() {
            found += 1;
            continue;
        }
        // What stands beside the rows has no digest: only what is chained, or made of it, counts.
        let after = promised(&Reader::open(dir.path()).unwrap(), &seen);
        assert_same(&after, &before, &format!("bit {bit} of byte {at}"));
        harmless += 1;
    }
    println!("{found} found, {harmless} harmless");
    assert!(found > 50, "most of the file is rows and tables");
    std::fs::write(&path, &bytes).unwrap();
    store_journal::verify(dir.path(), true).unwrap();
    drop(open(dir.path()));
}
