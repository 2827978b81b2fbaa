//! The payment terminals that the settings name.

use std::collections::BTreeMap;
use std::time::Duration;

use devices::terminal::{LineTerminal, SimulatedTerminal, TerminalTimes};
use store_actors::{TerminalThread, TerminalsActor};

use crate::settings::Settings;
use crate::start_error::StartError;

/// Starts a thread for each.
///
/// # Errors
/// Where the system gives no thread, or no port to a simulated one.
pub fn start(settings: &Settings) -> Result<TerminalsActor, StartError> {
    let failed = |error| StartError::Part("a payment terminal", error);
    let mut threads = BTreeMap::new();
    for named in &settings.terminals.all {
        let address = match named.is_simulated() {
            true => SimulatedTerminal::start().map_err(failed)?.address(),
            false => named.address.clone(),
        };
        let answered = Duration::from_secs(named.answer_s);
        let times = TerminalTimes { answered, ..TerminalTimes::default() };
        let terminal = Box::new(LineTerminal::new(address, times));
        threads.insert(named.id.clone(), TerminalThread::start(terminal).map_err(failed)?);
    }
    Ok(TerminalsActor::new(threads))
}
