//! What a simulated device shows, as the page of the simulators reads it.

use devices::printer::{DrawerPin, PrinterStatus, SimulatedPrinter};
use devices::scale::SimulatedScale;
use devices::signal::{Input, SimulatedSignal};
use devices::simulated::{Fault, Plug};
use devices::terminal::SimulatedTerminal;
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
    /// What it shows, where it is a printer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    printer: Option<PrinterShows>,
    /// Where it is a card terminal.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    terminal: Option<TerminalShows>,
    /// Where it is a scale.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    scale: Option<ScaleShows>,
    /// The two rows of a customer display.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    display: Option<[String; 2]>,
    /// Where it is lamps and contacts.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    signal: Option<SignalShows>,
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

/// What a terminal asks the customer.
#[derive(Serialize, ToSchema)]
struct Asked {
    /// Whether the amount is given back.
    is_reversal: bool,
    /// How much, as a decimal text in major units.
    amount: String,
}

#[derive(Serialize, ToSchema)]
struct TerminalShows {
    /// Whether a person decides, rather than the amount.
    awaits_person: bool,
    /// What it asks the person.
    asks: Option<Asked>,
    /// Payments that it carried out.
    slips: u32,
}

impl TerminalShows {
    fn of(terminal: &SimulatedTerminal) -> Self {
        Self {
            awaits_person: terminal.is_awaiting_person(),
            asks: terminal.shows().map(|shown| Asked {
                is_reversal: shown.is_reversal,
                amount: shown.amount.to_string(),
            }),
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
struct SignalShows {
    /// The lamps, and the buzzer, that are on.
    lit: Vec<&'static str>,
    /// Whether the door is open.
    is_door_open: bool,
}

impl SignalShows {
    fn of(signal: &SimulatedSignal) -> Self {
        let on = signal.levels();
        let lamps =
            [("red", on.red), ("amber", on.amber), ("green", on.green), ("buzzer", on.buzzer)];
        let lit = lamps.into_iter().filter(|(_, is_on)| *is_on).map(|(lamp, _)| lamp).collect();
        Self { lit, is_door_open: signal.is_active(Input::Door) }
    }
}

pub(super) fn view((device, simulator): (Device, Simulator)) -> SimulatorView {
    let is_plugged_in = simulator.signal().is_none_or(SimulatedSignal::is_plugged_in);
    let fault = match simulator.plug().map(Plug::fault) {
        Some(fault) => fault,
        None if is_plugged_in => Fault::None,
        None => Fault::Unplugged,
    };
    let address = simulator.address().to_owned();
    let Device { id, kind, registers, .. } = device;
    let (printer, terminal, scale, display, signal) = (None, None, None, None, None);
    let rest = SimulatorView {
        id,
        kind,
        registers,
        address,
        fault,
        printer,
        terminal,
        scale,
        display,
        signal,
    };
    match &simulator {
        Simulator::Printer { printer, .. } => {
            SimulatorView { printer: Some(PrinterShows::of(printer)), ..rest }
        }
        Simulator::Terminal { terminal } => {
            SimulatorView { terminal: Some(TerminalShows::of(terminal)), ..rest }
        }
        Simulator::Scale(scale, _) => SimulatorView { scale: Some(ScaleShows::of(scale)), ..rest },
        Simulator::Display(display, _) => SimulatorView { display: Some(display.lines()), ..rest },
        Simulator::Signal(signal) => {
            SimulatorView { signal: Some(SignalShows::of(signal)), ..rest }
        }
        Simulator::Scanner(..) => rest,
    }
}
