//! The store as a whole: what it is made of, what it ships, what it does.
//!
//! A test that cannot run here calls `support::skip` with the reason and returns: `tests/run.sh`
//! counts it, and where `CI=true` a skip is a failure.

#![allow(
    clippy::expect_used,
    clippy::float_arithmetic,
    clippy::panic,
    clippy::unreachable,
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by panicking"
)]

mod architecture;
mod bans;
mod firmware;
mod kill;
mod replay;
mod service;
mod support;
mod tidy;
