//! A chain to look at: headquarters and three stores in one program.

use service_kit::exit::Failure;

use crate::cli::{DemoArgs, DemoHqArgs};

/// x
pub fn run(_: &DemoArgs) -> Result<(), Failure> {
    Ok(())
}
/// x
pub fn run_headquarters(_: &DemoHqArgs) -> Result<(), Failure> {
    Ok(())
}
