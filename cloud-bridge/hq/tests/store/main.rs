//! One suite for every database that headquarters can live in.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by panicking"
)]

mod any_days;
mod days;
mod journal;
mod machines;
mod odd;
mod people;
#[path = "../../../../tests/it/support/postgres.rs"]
mod postgres;
mod projections;
mod promotions;
mod shop;
#[path = "../../../../tests/it/support/skipping.rs"]
#[allow(dead_code, reason = "all of the tests share it")]
mod skipping;
mod sql;
mod streams;
mod support;
mod undone;
mod worker;
