//! The engine of promotions against a second reading of `docs/promotions.md`.
//!
//! `brute` reads the page by itself, tries every allowed choice and shares nothing with the engine
//! but the types of rules, goods and outcomes.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by panicking"
)]

mod booking;
mod brute;
mod certificates;
mod equal;
mod examples;
mod faults;
mod generate;
mod hand_made;
mod make;
mod one_more;
mod properties;
#[allow(dead_code, reason = "the library's own tests use the rest")]
#[path = "../../src/promotion/tests/chance.rs"]
mod random;
mod shrink;
mod tally;
mod verdict;
