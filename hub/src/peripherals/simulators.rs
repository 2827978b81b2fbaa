//! The far ends of simulated devices: served over real pseudo-terminals and sockets of this
//! machine, so that the store reaches them as it would reach real ones.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use devices::customer_display::SimulatedDisplay;
use devices::printer::{Mode, SimulatedPrinter, SimulatedSettings};
use devices::scale::SimulatedScale;
use devices::scanner::Trigger;
use devices::signal::SimulatedSignal;
use devices::simulated::{Plug, Socket, plug_in};
use devices::terminal::SimulatedTerminal;
use store_core::device::{Device, DeviceKind};

use super::{Ground, displays, paper_of, printers, scales, scanners, signals, terminals};

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
    /// A scale.
    Scale(SimulatedScale, Plug),
    /// A customer display.
    Display(SimulatedDisplay, Plug),
    /// A scanner.
    Scanner(Trigger, Plug),
    /// Lamps and contacts: their lines are no cable.
    Signal(SimulatedSignal),
}

impl Simulator {
    /// What the hub's settings would say to reach it.
    #[must_use]
    pub fn address(&self) -> &str {
        match self {
            Self::Printer { plug, .. } => plug.address(),
            _ => self.plug().map_or(SIMULATED, Plug::address),
        }
    }

    /// The plug of its cable, where it has one.
    #[must_use]
    pub fn plug(&self) -> Option<&Plug> {
        match self {
            Self::Printer { plug, .. }
            | Self::Scale(_, plug)
            | Self::Display(_, plug)
            | Self::Scanner(_, plug) => Some(plug),
            Self::Terminal { terminal } => Some(terminal.plug()),
            Self::Signal(_) => None,
        }
    }

    /// The lamps, where it is some.
    #[must_use]
    pub const fn signal(&self) -> Option<&SimulatedSignal> {
        match self {
            Self::Signal(signal) => Some(signal),
            _ => None,
        }
    }

    /// The printer, where it is one.
    #[must_use]
    pub const fn printer(&self) -> Option<&SimulatedPrinter> {
        match self {
            Self::Printer { printer, .. } => Some(printer),
            _ => None,
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
        DeviceKind::Scale => {
            let (scale, plug) = scales::simulated(device, ground)?;
            Some(Simulator::Scale(scale, plug))
        }
        DeviceKind::CustomerDisplay => {
            let (display, plug) = displays::simulated(device, ground)?;
            Some(Simulator::Display(display, plug))
        }
        DeviceKind::Scanner => {
            let (trigger, plug) = scanners::simulated(device, ground)?;
            Some(Simulator::Scanner(trigger, plug))
        }
        DeviceKind::Signal => {
            let lines = signals::settings(device).map_err(io::Error::other)?.lines;
            Some(Simulator::Signal(SimulatedSignal::new(lines)))
        }
        DeviceKind::CashDrawer => None,
    })
}

/// The name of a simulated serial line, which stays when it is plugged in again.
pub(super) fn link(device: &Device, ground: &Ground) -> io::Result<PathBuf> {
    let directory = ground.data_dir.join("simulated");
    std::fs::create_dir_all(&directory)?;
    // Settings name a line by its path from the root.
    Ok(directory.canonicalize()?.join(device.id.as_str()))
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
