//! A card terminal's thread.

use std::io;
use std::time::Duration;

use devices::terminal::{LineTerminal, TerminalTimes};
use store_actors::TerminalThread;
use store_core::device::Device;

use super::options::{self, TerminalOptions};

/// Longest wait for a terminal's answer: a customer who has not found the PIN by then will not.
pub(super) const ANSWER_SECONDS_MAX: u64 = 600;

/// Starts it.
///
/// # Errors
/// Where the system has no thread to give.
pub(super) fn start(device: &Device, address: &str) -> io::Result<TerminalThread> {
    let options: TerminalOptions = options::read(device).map_err(io::Error::other)?;
    let usual = TerminalTimes::default();
    let answered = options.answer_s.map_or(usual.answered, Duration::from_secs);
    let times = TerminalTimes { answered, ..usual };
    let address = address.strip_prefix("tcp:").unwrap_or(address).to_owned();
    TerminalThread::start(Box::new(LineTerminal::new(address, times)))
}
