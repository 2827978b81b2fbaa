//! How fast and how small the store hub is, each figure beside what the machine itself allows.
//!
//! `cargo bench -p store-tests` prints every table; `cargo bench -p store-tests -- scan commits`
//! prints those two; `--smoke` makes every table tiny, to see that it still works.

#![allow(
    clippy::expect_used,
    clippy::float_arithmetic,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a measurement that cannot go on says so by panicking"
)]

#[allow(dead_code, reason = "the simulations use the rest")]
#[path = "../it/random.rs"]
mod random;
#[allow(dead_code, unused_imports, reason = "only tests can be skipped")]
#[path = "../it/support/mod.rs"]
mod support;
mod tables;

use std::time::Duration;

use tables::{Scale, TABLES};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let is_smoke = arguments.iter().any(|argument| argument == "--smoke");
    // `cargo bench` itself passes `--bench`.
    let wanted: Vec<&str> =
        arguments.iter().map(String::as_str).filter(|word| !word.starts_with("--")).collect();
    for word in &wanted {
        let is_known = TABLES.iter().any(|(name, _)| name == word);
        let known: Vec<&str> = TABLES.iter().map(|(name, _)| *name).collect();
        assert!(is_known, "there is no table {word}: {}", known.join(", "));
    }
    let scale = if is_smoke { Scale::smoke() } else { full() };
    for (name, make) in TABLES {
        if wanted.is_empty() || wanted.contains(name) {
            println!("{}", make(&scale));
        }
    }
}

/// What the printed figures are made with.
fn full() -> Scale {
    Scale {
        pairs: 11,
        pairs_of_few: 41,
        slice: Duration::from_secs(1),
        items: 50_000,
        items_max: 300_000,
        sales: 300_000,
        sales_per_s: 16_000.0,
        rows_per_s: 12_000.0,
        followed: Duration::from_secs(90),
        returns: 5,
        backlog: 10_000,
        alone: Duration::from_secs(5),
        stores: 500,
        rush: 20,
        starts: 7,
        scans: 2_000,
        replays_a_day: true,
    }
}
