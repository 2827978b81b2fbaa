//! A card terminal's thread.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use devices::port::PortAddress;
use devices::terminal::{Dialect, LineTerminal, SimulatedTerminal, TerminalTimes};
use store_actors::TerminalThread;
use store_core::device::Device;

use super::Ground;
use super::board::DeviceBoard;
use super::options::{self, OptionFault, TerminalOptions};
use super::start::teller;

/// Longest wait for a terminal's answer: a customer who has not found the PIN by then will not.
const ANSWER_SECONDS_MAX: u64 = 600;
/// What a terminal speaks where nothing is said.
const USUAL_DIALECT: &str = "taiwan_400";

/// Checks what the settings say of one.
///
/// # Errors
/// What does not hold.
pub(super) fn check(device: &Device) -> Result<(), OptionFault> {
    let options: TerminalOptions = options::read(device)?;
    let wrong = |text: String| OptionFault::Option(device.id.clone(), text);
    if options.answer_s.is_some_and(|answer| !(1..=ANSWER_SECONDS_MAX).contains(&answer)) {
        return Err(wrong(format!("answer_s is 1 to {ANSWER_SECONDS_MAX}")));
    }
    dialect(&options).map(drop).map_err(|error| wrong(error.to_string()))
}

fn dialect(options: &TerminalOptions) -> io::Result<Arc<Dialect>> {
    let name = options.dialect.as_deref().unwrap_or(USUAL_DIALECT);
    Dialect::named(name).map_err(io::Error::other)
}

/// Starts it.
///
/// # Errors
/// Where the system has no thread to give.
pub(super) fn start(
    device: &Device,
    port: PortAddress,
    ground: &Ground,
    board: &DeviceBoard,
) -> io::Result<TerminalThread> {
    let options: TerminalOptions = options::read(device).map_err(io::Error::other)?;
    let usual = TerminalTimes::default();
    let answered = options.answer_s.map_or(usual.answered, Duration::from_secs);
    let times = TerminalTimes { answered, ..usual };
    let terminal = LineTerminal::new(port, dialect(&options)?, times);
    let (mut tell, _) = teller(&device.id, ground, board);
    TerminalThread::start(Box::new(terminal), move |condition| tell(condition, None))
}

/// Starts a simulated one.
///
/// # Errors
/// Where there is no line to be had.
pub(super) fn simulated(device: &Device) -> io::Result<SimulatedTerminal> {
    let options: TerminalOptions = options::read(device).map_err(io::Error::other)?;
    SimulatedTerminal::plugged_in(&devices::simulated::Socket::Tcp, dialect(&options)?)
}
