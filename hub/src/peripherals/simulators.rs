//! The far ends of simulated devices: served over real pseudo-terminals and sockets of this
//! machine, so that the store reaches them as it would reach real ones.

use std::io;
use std::sync::Arc;

use devices::printer::{Mode, SimulatedPrinter, SimulatedSettings};
use devices::simulated::{Plug, Socket, plug_in};
use devices::terminal::SimulatedTerminal;
use store_core::device::{Device, DeviceKind};

use super::{Ground, paper_of, printers, terminals};

/// The port of a device that the hub simulates itself.
pub const SIMULATED: &str = "simulated";

/// A simulated device, as a page lays hands on it.
#[derive(Clone)]
pub enum Simulator {
    /// A receipt printer, with the drawers that hang on it.
    Printer {
        /// The printer.
        printer: SimulatedPrinter,
        /// Its plug.
        plug: Plug,
    },
    /// A card terminal.
    Terminal {
        /// The terminal, with its plug.
        terminal: Arc<SimulatedTerminal>,
    },
}

impl Simulator {
    /// What the hub's settings would say to reach it.
    #[must_use]
    pub fn address(&self) -> &str {
        match self {
            Self::Printer { plug, .. } => plug.address(),
            Self::Terminal { terminal } => terminal.plug().address(),
        }
    }

    /// The printer, where it is one.
    #[must_use]
    pub const fn printer(&self) -> Option<&SimulatedPrinter> {
        match self {
            Self::Printer { printer, .. } => Some(printer),
            Self::Terminal { .. } => None,
        }
    }
}

/// Starts the far end of a device; nothing for a kind that has none of its own.
///
/// # Errors
/// Where there is no line to be had.
pub(super) fn start(device: &Device, ground: &Ground) -> io::Result<Option<Simulator>> {
    Ok(match device.kind {
        DeviceKind::ReceiptPrinter => Some(printer(device, ground)?),
        DeviceKind::CardTerminal => {
            let terminal = Arc::new(terminals::simulated(device)?);
            Some(Simulator::Terminal { terminal })
        }
        _ => None,
    })
}

fn printer(device: &Device, ground: &Ground) -> io::Result<Simulator> {
    let wanted = printers::settings(device, ground)?;
    let printer = SimulatedPrinter::new(SimulatedSettings {
        family: wanted.family,
        charset: match wanted.mode {
            Mode::Gb18030 => devices::printer::Charset::Gb18030,
            Mode::Raster | Mode::Big5 => devices::printer::Charset::Big5,
        },
        columns: wanted.profile.columns(),
        paper_file: paper_of(ground),
        fonts: printers::fonts(wanted.mode),
        bytes_per_s: ground.printer.bytes_per_s,
    })?;
    let plug = plug_in(&Socket::Tcp, printer.clone())?;
    Ok(Simulator::Printer { printer, plug })
}
