//! The tables say what the rows say, to the byte, and can be made again.

use rusqlite::Connection;
use rusqlite::types::Value;
use store_core::inventory::MovementKind;
use store_journal::{OpenError, Reader, Write};
use tempfile::TempDir;

use crate::bench::{Bench, placed};
use crate::chain::{bad_row, rows_in, tool};
use crate::everything::{Seen, assert_same, everything};
use crate::on_disk::{DATABASE, OnDisk, open};
use crate::trade::{Trade, draft, pieces};

const PROJECTIONS: [&str; 12] = [
    "transactions",
    "transaction_lines",
    "transaction_modifiers",
    "tenders",
    "stock_on_hand",
    "safety_stock",
    "stock_alerts",
    "registers",
    "promotion_uses",
    "promotion_members",
    "promotion_points",
    "promotion_coupons",
];

/// A closed journal in which no table is empty, nor any of what stands beside.
fn day() -> (TempDir, Seen) {
    let (mut bench, mut trade) = (OnDisk::new(), Trade::new(1));
    let (given_up, open) = (trade.basket("2", "bread", 1), trade.basket("3", "milk", 1));
    let appends = [
        trade.sign_on("1"),
        trade.levels(&[("milk", 2, 5), ("bread", 1, 2)]),
        trade.moved("milk", MovementKind::Received, pieces(4)),
        trade.sale("1", 1),
        trade.abandoned(given_up),
        trade.sale("1", 2),
        trade.moved("bread", MovementKind::Counted, pieces(9)),
    ];
    let seen = Seen {
        transactions: appends.iter().filter_map(|append| append.fact.transaction()).collect(),
        commands: appends.iter().map(|append| append.id).collect(),
    };
    for append in &appends {
        placed(&bench.append(append));
    }
    bench.one(Write::SaveDraft(draft(&open, 3))).unwrap();
    (bench.closed(), seen)
}

/// Every value of every projection, with its type.
fn projections(dir: &TempDir) -> Vec<(&'static str, Vec<Vec<Value>>)> {
    let connection = Connection::open(dir.path().join(DATABASE)).unwrap();
    let content = |table| {
        let mut statement = connection.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let columns = statement.column_count();
        let read = |row: &rusqlite::Row<'_>| (0..columns).map(|index| row.get(index)).collect();
        let rows: Result<Vec<Vec<Value>>, _> = statement.query_map([], read).unwrap().collect();
        (table, rows.unwrap())
    };
    PROJECTIONS.map(content).to_vec()
}

#[test]
fn rebuilding_arrives_at_the_same_bytes_and_leaves_the_rest_alone() {
    let (dir, seen) = day();
    let before = projections(&dir);
    assert!(before.iter().all(|(_, rows)| !rows.is_empty()), "each has something: {before:?}");
    let sights = everything(&Reader::open(dir.path()).unwrap(), &seen);
    let rows = u64::try_from(rows_in(&dir).len()).unwrap();
    assert_eq!(store_journal::rebuild(dir.path()).unwrap(), rows);
    assert_eq!(projections(&dir), before);

    let connection = tool(&dir);
    for table in PROJECTIONS {
        connection.execute(&format!("DELETE FROM {table}"), []).unwrap();
    }
    drop(connection);
    bad_row(store_journal::verify(dir.path(), true));
    store_journal::rebuild(dir.path()).unwrap();
    assert_eq!(projections(&dir), before, "also from nothing");
    store_journal::verify(dir.path(), true).unwrap();
    let again = everything(&Reader::open(dir.path()).unwrap(), &seen);
    assert_same(&again, &sights, "after rebuilding");
}

#[test]
fn a_journal_in_use_is_not_rebuilt() {
    let (dir, _) = day();
    let journal = open(dir.path());
    assert!(matches!(store_journal::rebuild(dir.path()), Err(OpenError::InUse(_))));
    drop(journal);
    store_journal::rebuild(dir.path()).unwrap();
}

/// A value of another kind than the one that is there.
fn other(declared: &str) -> &'static str {
    match declared {
        "INTEGER" => "coalesce({}, 0) + 1000",
        "TEXT" => "coalesce({}, '') || 'x'",
        _ => "unhex(replace(hex({}), substr(hex({}), 1, 1), 'E'))",
    }
}

fn columns(dir: &TempDir, table: &str) -> Vec<(String, String)> {
    let connection = tool(dir);
    let sql = format!("SELECT name, type FROM pragma_table_info('{table}')");
    let mut statement = connection.prepare(&sql).unwrap();
    let found = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    found.map(Result::unwrap).collect()
}

#[test]
fn a_change_in_any_column_of_any_table_is_found_and_can_be_mended() {
    let (original, _) = day();
    let bytes = std::fs::read(original.path().join(DATABASE)).unwrap();
    let before = projections(&original);
    let put_back = || std::fs::write(original.path().join(DATABASE), &bytes).unwrap();
    for (index, table) in PROJECTIONS.into_iter().enumerate() {
        let mut changes: Vec<String> = columns(&original, table)
            .iter()
            .map(|(name, declared)| {
                let value = other(declared).replace("{}", name);
                let first = format!("SELECT min({name}) FROM {table}");
                format!("UPDATE {table} SET {name} = {value} WHERE {name} IS ({first})")
            })
            .collect();
        changes.push(format!("DELETE FROM {table}"));
        for sql in changes {
            assert!(tool(&original).execute(&sql, []).unwrap() > 0, "{sql}");
            let bad = bad_row(store_journal::verify(original.path(), true));
            assert!(
                bad.reason.contains(table) || bad.reason.starts_with("the stock of item"),
                "{sql}: {bad}"
            );
            if index < 4 && !sql.contains("position") {
                let named =
                    rows_in(&original)[usize::try_from(bad.sequence.0).unwrap() - 1].clone();
                assert!(named.kind.starts_with("sale_"), "the row of the line: {sql}: {bad}");
            }
            store_journal::rebuild(original.path()).unwrap();
            assert_eq!(projections(&original), before, "{sql}");
            store_journal::verify(original.path(), true).unwrap();
            put_back();
        }
    }
}

#[test]
fn a_line_too_many_is_found() {
    let (original, _) = day();
    let bytes = std::fs::read(original.path().join(DATABASE)).unwrap();
    for sql in [
        "INSERT INTO tenders SELECT 77, number, tender_type, amount_minor, change_minor, reference,
             line, item, department, voided, face_minor, foreign_currency, foreign_minor,
             card_request, card_last_four FROM tenders LIMIT 1",
        "INSERT INTO tenders SELECT position, 9, tender_type, amount_minor, change_minor, reference,
             line, item, department, voided, face_minor, foreign_currency, foreign_minor,
             card_request, card_last_four FROM tenders LIMIT 1",
        "INSERT INTO registers VALUES ('9', 0, NULL)",
        "INSERT INTO stock_alerts VALUES ('salt', 1, 0, 0)",
    ] {
        assert_eq!(tool(&original).execute(sql, []).unwrap(), 1);
        bad_row(store_journal::verify(original.path(), true));
        std::fs::write(original.path().join(DATABASE), &bytes).unwrap();
    }
}

#[test]
fn the_table_of_streams_is_compared_with_the_rows() {
    let original = crate::chain::two_streams();
    let bytes = std::fs::read(original.path().join(DATABASE)).unwrap();
    for change in [
        "UPDATE streams SET first_position = 8 WHERE ordinal = 2",
        "UPDATE streams SET first_position = 2 WHERE ordinal = 1",
        "UPDATE streams SET parent_sequence = 7 WHERE ordinal = 2",
        "UPDATE streams SET parent_digest = zeroblob(32) WHERE ordinal = 2",
        "UPDATE streams SET parent_stream = zeroblob(16) WHERE ordinal = 2",
        "UPDATE streams SET cause = 'restored' WHERE ordinal = 2",
        "UPDATE streams SET id = zeroblob(16) WHERE ordinal = 2",
        "INSERT INTO streams VALUES (3, zeroblob(16), 13, NULL, NULL, NULL, 'created')",
    ] {
        assert_eq!(tool(&original).execute(change, []).unwrap(), 1);
        bad_row(store_journal::verify(original.path(), true));
        std::fs::write(original.path().join(DATABASE), &bytes).unwrap();
    }
    store_journal::verify(original.path(), true).unwrap();
}
