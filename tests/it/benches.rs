//! The benches in small, so that they cannot rot: each still measures and prints its table. What
//! they print says nothing here; `cargo bench -p store-tests` says it.

#[path = "../benches/tables/mod.rs"]
mod tables;

use tables::{Scale, TABLES};

/// Makes a table and answers its rows.
fn rows(name: &str) -> Vec<String> {
    let (_, make) = TABLES.iter().find(|(known, _)| *known == name).unwrap();
    let table = make(&Scale::smoke());
    println!("{table}");
    assert!(table.starts_with("### "), "{table}");
    assert!(!table.contains("NaN"), "{table}");
    let rows = table.lines().filter(|line| line.starts_with("| ")).skip(1);
    rows.map(str::to_owned).collect()
}

#[test]
fn scans_are_measured_beside_an_echo() {
    assert_eq!(rows("scan").len(), 3);
}

#[test]
fn durable_sales_are_measured_beside_bare_sqlite_with_the_same_rows() {
    assert_eq!(rows("commits").len(), 3);
}

#[test]
fn starts_are_measured_after_a_stop_cold_and_after_a_kill() {
    assert_eq!(rows("start").len(), 9);
}

#[test]
fn memory_is_measured_in_an_ordinary_and_in_the_largest_store() {
    assert_eq!(rows("memory").len(), 2);
}

#[test]
fn a_replay_is_measured() {
    assert_eq!(rows("replay").len(), 1);
}
