//! The journal by itself: what every ledger keeps, and what the one on disk survives.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by panicking"
)]

mod background;
mod bench;
mod chain;
mod conformance;
mod copies;
mod disk;
mod everything;
mod killed;
mod on_disk;
mod random;
mod side_by_side;
mod start;
mod tables;
mod torn;
mod trade;
mod writer;
