//! Headquarters: ingest, storage, policy, live dashboards.

pub mod asking;
pub mod broker;
pub mod cli;
pub mod commands;
mod counts;
pub mod database;
pub mod enrolment;
pub mod ingest;
pub mod keys;
pub mod link;
pub mod live;
pub mod metrics;
pub mod people;
pub mod policy;
mod reaching;
pub mod settings;
pub mod store;
pub mod view;
pub mod web;
pub mod wiring;

use clap::Parser as _;
use service_kit::{exit, words};

/// The program: reads the command line, does what it says, and answers an exit code.
#[must_use]
pub fn main() -> std::process::ExitCode {
    match cli::Cli::try_parse() {
        Ok(cli) => exit::finish(commands::run(cli)),
        Err(error) => exit::finish(words::answer("hq", &error)),
    }
}
