//! The tables. Each is a function that measures and answers its markdown.

mod alternate;
mod bare;
mod browser;
mod catch_up;
mod chain;
mod commits;
mod counter;
mod courier;
mod echo;
mod goods;
mod headquarters;
mod ingest;
pub mod lengths;
mod live;
mod markdown;
mod memory;
mod posts;
mod price;
mod process;
mod register;
mod replay;
mod rows;
mod sales;
pub mod samples;
mod scan;
mod search;
mod start;
mod store;
mod subscriber;
mod views;
mod year;

use std::time::Duration;

/// How much is measured.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    /// Pairs of slices of a comparison.
    pub pairs: usize,
    /// Pairs where a slice has few samples.
    pub pairs_of_few: usize,
    /// How long a slice lasts.
    pub slice: Duration,
    /// Items of an ordinary store.
    pub items: usize,
    /// Items of the largest store.
    pub items_max: usize,
    /// Sales of a year.
    pub sales: usize,
    /// Sales made ready for one second, of all callers together: more than the disk takes.
    pub sales_per_s: f64,
    /// Rows made ready for one second at headquarters: more than it takes.
    pub rows_per_s: f64,
    /// How long sales are followed to headquarters' page.
    pub followed: Duration,
    /// How often a store comes back from a week alone.
    pub returns: usize,
    /// What it sold meanwhile.
    pub backlog: usize,
    /// How long its scans are measured before it comes back.
    pub alone: Duration,
    /// Stores of the largest chain.
    pub stores: usize,
    /// What each of them sells in a rush.
    pub rush: usize,
    /// Starts of each kind.
    pub starts: usize,
    /// Scans before memory is read.
    pub scans: usize,
    /// Whether the recorded day is replayed, or two receipts.
    pub replays_a_day: bool,
}

impl Scale {
    /// So little that it shows only that it works.
    pub fn smoke() -> Self {
        Self {
            pairs: 1,
            pairs_of_few: 1,
            slice: Duration::from_millis(250),
            items: 300,
            items_max: 500,
            sales: 40,
            sales_per_s: 400.0,
            rows_per_s: 800.0,
            followed: Duration::from_secs(2),
            returns: 1,
            backlog: 40,
            alone: Duration::from_millis(500),
            stores: 12,
            rush: 2,
            starts: 1,
            scans: 40,
            replays_a_day: false,
        }
    }
}

/// A table's name and what measures it.
type Table = (&'static str, fn(&Scale) -> String);

/// Every table, in the order of printing.
pub const TABLES: &[Table] = &[
    ("scan", scan::table),
    ("counter", counter::table),
    ("price", price::table),
    ("search", search::table),
    ("commits", commits::table),
    ("start", start::table),
    ("memory", memory::table),
    ("replay", replay::table),
    ("ingest", ingest::table),
    ("live", live::table),
    ("catch-up", catch_up::table),
    ("chain", chain::table),
];
