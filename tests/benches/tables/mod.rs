//! The tables. Each is a function that measures and answers its markdown.

mod alternate;
mod bare;
mod browser;
mod commits;
mod courier;
mod echo;
mod goods;
mod headquarters;
mod ingest;
mod markdown;
mod memory;
mod process;
pub mod random;
mod register;
mod replay;
mod rows;
mod sales;
pub mod samples;
mod scan;
mod start;
mod store;
mod subscriber;
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
    ("commits", commits::table),
    ("start", start::table),
    ("memory", memory::table),
    ("replay", replay::table),
    ("ingest", ingest::table),
];
