//! What the demonstration sells is a part of the synthetic year, and nothing else.

use std::io::Read as _;

use flate2::read::GzDecoder;
use serde_json::Value;

use crate::replay::kept;
use crate::support;

fn unpacked(file: &std::path::Path) -> String {
    let mut text = String::new();
    GzDecoder::new(std::fs::File::open(file).unwrap()).read_to_string(&mut text).unwrap();
    text
}

/// The six weeks from the first Monday on, line by line: three stores, a fortnight each. Where the
/// year is made anew, these are its lines:
/// `zcat year.jsonl.gz | awk 'match($0, /"date":"[^"]*/) { day = substr($0, RSTART + 8, 10) }
/// day >= "2025-01-06" && day < "2025-02-17"' | gzip -9n > demo-trade.jsonl.gz`.
#[test]
fn the_trade_is_six_weeks_of_the_synthetic_year() {
    let year = unpacked(&kept().join("sim/year.jsonl.gz"));
    let is_of_it = |line: &&str| {
        let receipt: Value = serde_json::from_str(line).unwrap();
        ("2025-01-06".."2025-02-17").contains(&receipt["date"].as_str().unwrap())
    };
    let expected: Vec<&str> = year.lines().filter(is_of_it).collect();
    let trade = unpacked(&support::root().join("hub/assets/demo-trade.jsonl.gz"));
    assert!(expected.len() > 1_000);
    assert!(trade.lines().eq(expected), "hub/assets/demo-trade.jsonl.gz is not of the year");
}

#[test]
fn the_catalogue_is_that_of_the_synthetic_year() {
    let ours = std::fs::read(support::root().join("hub/assets/demo-chain.csv")).unwrap();
    let years = std::fs::read(kept().join("sim/catalogue.csv")).unwrap();
    assert!(ours == years, "hub/assets/demo-chain.csv is not the year's catalogue");
}
