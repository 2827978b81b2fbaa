//! What a simulated device shows, as the page of the simulators reads it.

use std::collections::BTreeMap;

use devices::printer::{DrawerPin, PrinterStatus, SimulatedPrinter};
use devices::scale::SimulatedScale;
use devices::signal::{Input, SimulatedSignal};
use devices::simulated::{Fault, Plug};
use devices::terminal::{Shown, SimulatedTerminal};
use serde::Serialize;
use store_core::DeviceId;
use store_core::device::{Device, DeviceKind};
use utoipa::ToSchema;

use crate::http::openapi;
use crate::peripherals::Simulator;

#[derive(Serialize, ToSchema)]
pub(super) struct SimulatorView {
    /// The device.
    #[schema(value_type = openapi::TextId)]
    id: DeviceId,
    /// What it is.
    #[schema(value_type = String)]
    kind: DeviceKind,
    /// The registers that use it, by number; the whole store where there are none.
    registers: Vec<u16>,
    /// How the hub reaches it.
    address: String,
    /// What is wrong with its cable: `none`, `unplugged`, `hangs`, `garbage`, `half_frames`,
    /// `slow`, `wrong_settings`.
    #[schema(value_type = String)]
    fault: Fault,
    /// What it shows.
    #[serde(flatten)]
    shows: Shows,
}

/// What a simulated device shows, by its kind.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
enum Shows {
    Printer(PrinterShows),
    Terminal(TerminalShows),
    Scale(ScaleShows),
    Display(DisplayShows),
    Signal(SignalShows),
    Scanner(ScannerShows),
}

#[derive(Serialize, ToSchema)]
struct PrinterShows {
    /// How it is, whatever it says.
    #[schema(value_type = String)]
    status: PrinterStatus,
    /// Another number whenever something else is on its paper.
    paper_revision: u64,
    /// Receipts that it cut off.
    receipts: u64,
    /// Whether it is printing.
    is_printing: bool,
    /// Whether the drawers at its two pins are open.
    drawers: [bool; 2],
    /// Times that it beeped.
    beeps: u64,
}

impl PrinterShows {
    fn of(printer: &SimulatedPrinter) -> Self {
        Self {
            status: printer.status(),
            paper_revision: printer.paper_revision(),
            receipts: printer.receipts_printed(),
            is_printing: printer.is_printing(),
            drawers: [DrawerPin::Pin2, DrawerPin::Pin5].map(|pin| printer.is_drawer_open(pin)),
            beeps: printer.beeps(),
        }
    }
}

#[derive(Serialize, ToSchema)]
struct TerminalShows {
    /// Whether a person decides, rather than the amount.
    awaits_person: bool,
    /// What it asks the person.
    #[schema(value_type = Option<Object>)]
    asks: Option<Shown>,
    /// Payments that it carried out.
    slips: u32,
}

impl TerminalShows {
    fn of(terminal: &SimulatedTerminal) -> Self {
        Self {
            awaits_person: terminal.is_awaiting_person(),
            asks: terminal.shows(),
            slips: terminal.slips(),
        }
    }
}

#[derive(Serialize, ToSchema)]
struct ScaleShows {
    /// What lies on it, in grams.
    load_g: u32,
    /// What is taken off, in grams.
    tare_g: u32,
    /// Whether it is not at rest.
    is_moving: bool,
}

impl ScaleShows {
    fn of(scale: &SimulatedScale) -> Self {
        let (load_g, tare_g) = (scale.load_g(), scale.tare_g());
        Self { load_g, tare_g, is_moving: scale.is_moving() }
    }
}

#[derive(Serialize, ToSchema)]
struct DisplayShows {
    /// Its two rows.
    lines: [String; 2],
}

#[derive(Serialize, ToSchema)]
struct SignalShows {
    /// Whether each lamp, and the buzzer, is on.
    lit: BTreeMap<&'static str, bool>,
    /// Whether the door is open.
    is_door_open: bool,
}

impl SignalShows {
    fn of(signal: &SimulatedSignal) -> Self {
        let on = signal.levels();
        let lit =
            [("red", on.red), ("amber", on.amber), ("green", on.green), ("buzzer", on.buzzer)];
        Self { lit: BTreeMap::from(lit), is_door_open: signal.is_active(Input::Door) }
    }
}

/// A scanner shows nothing.
#[derive(Serialize, ToSchema)]
struct ScannerShows {}

pub(super) fn view((device, simulator): (Device, Simulator)) -> SimulatorView {
    let shows = match &simulator {
        Simulator::Printer { printer, .. } => Shows::Printer(PrinterShows::of(printer)),
        Simulator::Terminal { terminal } => Shows::Terminal(TerminalShows::of(terminal)),
        Simulator::Scale(scale, _) => Shows::Scale(ScaleShows::of(scale)),
        Simulator::Display(display, _) => Shows::Display(DisplayShows { lines: display.lines() }),
        Simulator::Signal(signal) => Shows::Signal(SignalShows::of(signal)),
        Simulator::Scanner(..) => Shows::Scanner(ScannerShows {}),
    };
    let is_plugged_in = simulator.signal().is_none_or(SimulatedSignal::is_plugged_in);
    let fault = match simulator.plug().map(Plug::fault) {
        Some(fault) => fault,
        None if is_plugged_in => Fault::None,
        None => Fault::Unplugged,
    };
    let address = simulator.address().to_owned();
    let Device { id, kind, registers, .. } = device;
    SimulatorView { id, kind, registers, address, fault, shows }
}
