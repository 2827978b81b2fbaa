//! Stores, the link and headquarters in one thread: the pump and the ingest of production, over
//! simulated journals, a simulated broker and SQLite in memory, with everything going wrong.
//!
//! `SIM_SEED=n` replays one seed and prints what happens; `SIM_SEEDS=n` says how many are run.

mod broker;
mod checks;
mod config;
mod database;
mod disasters;
mod events;
mod faults;
mod files;
mod finish;
mod headquarters;
mod history;
mod hub;
mod network;
mod outbox;
mod planted;
mod seeds;
mod sums;
mod trace;
mod trade;
mod world;
