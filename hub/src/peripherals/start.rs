//! Starts one device: its simulator where it is simulated, and its thread.

use std::io;

use devices::customer_display::DisplayTask;
use devices::port::PortAddress;
use devices::scanner::ScannerTask;
use devices::signal::SignalTask;
use devices::worker::{Condition, Tasks};
use store_actors::{PrinterHandle, TerminalThread};
use store_core::DeviceId;
use store_core::device::{Device, DeviceKind};
use tokio::sync::watch;

use super::board::DeviceBoard;
use super::scales::Scale;
use super::simulators::{self, Simulator};
use super::{Ground, displays, printers, scales, scanners, signals, terminals};

/// How others reach a device.
pub(super) enum Handle {
    /// A printer.
    Printer(PrinterAt),
    /// A card terminal.
    Terminal(TerminalThread),
    /// A scanner: its thread ends with this.
    Scanner {
        /// Keeps the thread.
        _tasks: Tasks<ScannerTask>,
    },
    /// A scale.
    Scale(Scale),
    /// A customer display.
    Display(Tasks<DisplayTask>),
    /// Lamps and contacts.
    Signal(Tasks<SignalTask>),
    /// A drawer, which hangs on a printer.
    Drawer,
}

/// A printer, and what its drawer's contact says.
pub(super) struct PrinterAt {
    /// The printer.
    pub(super) printer: PrinterHandle,
    /// Whether its drawer is open, where that is known.
    pub(super) drawer: watch::Receiver<Option<bool>>,
}

/// A device at work.
pub(super) struct Started {
    /// As the settings say it.
    pub(super) device: Device,
    /// How it is reached.
    pub(super) handle: Handle,
    /// Its other end, where it is simulated.
    pub(super) simulator: Option<Simulator>,
}

/// Starts a device.
///
/// # Errors
/// Where there is no thread for it, or no line for its simulator.
pub(super) fn start(device: &Device, ground: &Ground, board: &DeviceBoard) -> io::Result<Started> {
    let simulator = match device.port == simulators::SIMULATED {
        true => simulators::start(device, ground)?,
        false => None,
    };
    let port = simulator.as_ref().map_or(device.port.as_str(), Simulator::address);
    let handle = match device.kind {
        DeviceKind::ReceiptPrinter => {
            Handle::Printer(printers::start(device, address(port)?, ground, board)?)
        }
        DeviceKind::CardTerminal => {
            Handle::Terminal(terminals::start(device, address(port)?, ground, board)?)
        }
        DeviceKind::Scanner => {
            Handle::Scanner { _tasks: scanners::start(device, address(port)?, ground, board)? }
        }
        DeviceKind::Scale => Handle::Scale(scales::start(device, address(port)?, ground, board)?),
        DeviceKind::CustomerDisplay => {
            Handle::Display(displays::start(device, address(port)?, ground, board)?)
        }
        DeviceKind::Signal => {
            let simulated = simulator.as_ref().and_then(Simulator::signal);
            Handle::Signal(signals::start(device, simulated, ground, board)?)
        }
        DeviceKind::CashDrawer => Handle::Drawer,
    };
    Ok(Started { device: device.clone(), handle, simulator })
}

fn address(port: &str) -> io::Result<PortAddress> {
    port.parse().map_err(io::Error::other)
}

/// Says on the board, and to whoever follows the device, how it is.
pub(super) fn teller(
    id: &DeviceId,
    ground: &Ground,
    board: &DeviceBoard,
) -> (impl FnMut(Condition, Option<&io::Error>) + Send + use<>, watch::Receiver<Condition>) {
    let (id, clock, board) = (id.clone(), ground.clock.clone(), board.clone());
    let (condition, follow) = watch::channel(Condition::Starting);
    let tell = move |now: Condition, error: Option<&io::Error>| {
        let reason = error.map(ToString::to_string);
        match now {
            // Nobody has to look at it before it has said anything.
            Condition::Starting => tracing::debug!(device = id.as_str(), "a device starts"),
            _ if now.works() => {
                tracing::info!(device = id.as_str(), condition = now.code(), "a device works");
            }
            _ => tracing::warn!(
                device = id.as_str(),
                condition = now.code(),
                reason = reason.as_deref().unwrap_or_default(),
                "a device does not work",
            ),
        }
        board.say(&id, now, reason, clock.now(None).wall.as_millisecond());
        condition.send_replace(now);
    };
    (tell, follow)
}
