//! The benches in small, so that they cannot rot: each still measures and prints its table. What
//! they print says nothing here; `cargo bench -p store-tests` says it.

#[path = "../benches/tables/mod.rs"]
mod tables;

use std::time::Duration;

use tables::lengths::basket_lines;
use tables::samples::{Ratios, percentile};
use tables::{Scale, TABLES};

use crate::random::Random;

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
fn the_counter_is_measured_from_the_scanner_to_the_drawer() {
    assert_eq!(rows("counter").len(), 4);
}

#[test]
fn searches_are_measured_by_what_is_typed() {
    assert_eq!(rows("search").len(), 14);
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

#[test]
fn ingest_is_measured_beside_a_bare_subscriber() {
    assert_eq!(rows("ingest").len(), 2);
}

#[test]
fn sales_are_followed_to_headquarters_page() {
    assert_eq!(rows("live").len(), 3);
}

#[test]
fn a_return_from_a_week_alone_is_measured_beside_scans() {
    assert_eq!(rows("catch-up").len(), 2);
}

#[test]
fn a_morning_of_many_stores_is_measured() {
    assert_eq!(rows("chain").len(), 5);
}

#[test]
fn baskets_are_as_long_as_recorded_ones() {
    let mut random = Random::new(1);
    let mut lines: Vec<usize> = (0..100_000).map(|_| basket_lines(&mut random)).collect();
    lines.sort_unstable();
    assert_eq!(lines[50_000], 6);
    assert!((55..=61).contains(&lines[99_000]), "{}", lines[99_000]);
    assert_eq!((lines[0], lines[99_999]), (1, 123));
}

#[test]
fn a_percentile_is_a_sample() {
    let samples: Vec<Duration> = (1..=200).rev().map(Duration::from_millis).collect();
    assert_eq!(percentile(&samples, 50), Duration::from_millis(100));
    assert_eq!(percentile(&samples, 99), Duration::from_millis(198));
    assert_eq!(percentile(&samples, 100), Duration::from_millis(200));
    assert_eq!(percentile(&[], 50), Duration::ZERO);
}

#[test]
fn the_middle_ratio_is_shown_with_the_middle_half() {
    let ratios = Ratios::of([(4.0, 1.0), (1.0, 1.0), (3.0, 1.0), (5.0, 1.0), (2.0, 1.0)]);
    assert_eq!(ratios.shown(), "3.00 (2.00–4.00)");
    assert!(Ratios::default().median().is_nan());
}
