//! The store's end of the link, as a process, against the broker of production and the tables of
//! headquarters. What stands between is a reader of these tests that can be told to be silent.

mod backlog;
mod broker;
mod fork;
mod office;
mod presence;
mod questions;
mod shop;

/// The chain of these tests.
pub const CHAIN: &str = "demo";
/// The store of these tests: the one that the settings name where nobody says otherwise.
pub const STORE: &str = "1";
/// What the store signs in with.
pub const SECRET: &str = "the store's secret";
/// What headquarters signs in with.
pub const HQ_SECRET: &str = "headquarters' secret";
