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

mod api;
mod architecture;
mod bans;
mod benches;
mod boards;
mod care;
mod chain;
mod cli;
mod demo;
mod devices;
mod firmware;
mod hq;
mod kill;
mod linear_programming;
mod link;
mod link_simulation;
mod random;
mod replay;
mod service;
mod simulation;
mod support;
mod syncs;
mod tidy;
mod web;
