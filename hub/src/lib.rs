//! The appliance: settings, wiring, web API, the cashier's page, command line.

pub mod access;
pub mod care;
pub mod catalogue;
pub mod cli;
pub mod clock;
pub mod commands;
pub mod customer;
#[cfg(feature = "demo")]
pub mod demo;
pub mod demonstration;
pub mod housekeeping;
pub mod http;
pub mod link;
pub mod metrics;
pub mod peripherals;
pub mod places;
pub mod policy;
pub mod price;
pub mod promotions;
pub mod receipts;
pub mod replay;
pub mod resume;
pub mod settings;
pub mod start_error;
pub mod store;
pub mod suspended;
pub mod text;
pub mod till_papers;
pub mod wiring;

use clap::Parser as _;
use service_kit::{exit, words};

/// The program: reads the command line, does what it says, and answers an exit code.
#[must_use]
pub fn main() -> std::process::ExitCode {
    match cli::Cli::try_parse() {
        Ok(cli) => exit::finish(commands::run(cli)),
        Err(error) => exit::finish(words::answer("hub", &error)),
    }
}
