//! Receipt printers with faults, at a serial line and at the network.

use devices::printer::{DrawerPin, PrinterStatus};
use devices::simulated::{Fault, Plug};
use store_core::TransactionId;

use super::counter::Counter;
use super::matrix::{self, Cable, Tried};
use super::wait_for;
use crate::api::basket;

/// A printer, by what prints when it cannot.
struct OnePrinter {
    id: &'static str,
    other: &'static str,
}

impl Tried for OnePrinter {
    fn id(&self) -> &'static str {
        self.id
    }

    fn plug<'a>(&self, counter: &'a Counter) -> &'a Plug {
        match self.id {
            "front" => &counter.devices.front.plug,
            _ => &counter.devices.back.plug,
        }
    }

    /// A slow printer prints, and one that is plugged in again at once was never missed.
    fn is_noticeable(&self, cable: Cable) -> bool {
        !matches!(cable, Cable::Replugged | Cable::Is(Fault::Slow))
    }

    fn hangs_on(&self) -> Option<&'static str> {
        (self.id == "front").then_some("till")
    }

    /// The other register's receipts come out.
    fn others_work(&mut self, counter: &Counter, [first, second]: [TransactionId; 2]) {
        let others = if self.id == "front" { second } else { first };
        assert_eq!(counter.wait_until_printed(others).0.as_str(), self.other);
    }

    fn work(&mut self, counter: &Counter) {
        let browser = if self.id == "front" { &counter.first } else { &counter.second };
        let sale = basket::sell(browser).parse().unwrap();
        assert_eq!(counter.wait_until_printed(sale).0.as_str(), self.id);
    }
}

/// How many receipts nobody may know of at the end: one for each fault, if each met the printer in
/// the middle of the receipt of the sale that was made at that moment.
const UNKNOWN_MAX: usize = Cable::ALL.len();

#[test]
fn a_printer_at_a_serial_line_comes_back_from_every_fault_and_prints_each_receipt_once() {
    let counter = Counter::open("fault-front");
    matrix::run(&mut OnePrinter { id: "front", other: "back" }, &counter);
    println!("{:?}", counter.close(UNKNOWN_MAX));
}

#[test]
fn a_printer_at_the_network_comes_back_from_every_fault_and_prints_each_receipt_once() {
    let counter = Counter::open("fault-back");
    matrix::run(&mut OnePrinter { id: "back", other: "front" }, &counter);
    println!("{:?}", counter.close(UNKNOWN_MAX));
}

#[test]
fn a_drawer_is_shown_as_its_printer_is_and_whether_it_is_open() {
    let counter = Counter::open("shown-drawer");
    let front = &counter.devices.front;
    let is_open = || counter.shown("till")["is_open"].clone();
    wait_for("it is closed", || is_open() == false);
    let sale = basket::sell(&counter.first).parse().unwrap();
    wait_for("it is open", || is_open() == true);
    counter.wait_until_printed(sale);
    front.simulated.set_drawer(DrawerPin::Pin2, false);
    wait_for("it is pushed in", || is_open() == false);
    front.simulated.set_status(PrinterStatus::PaperOut);
    wait_for("there is no paper", || counter.condition("front") == "paper_out");
    assert_eq!(counter.condition("till"), "ready", "it opens without paper");
    front.plug.set_fault(Fault::Unplugged);
    wait_for("both are away", || counter.condition("till") == "absent");
    assert!(is_open().is_null(), "nobody knows");
    let shown = [counter.shown("front"), counter.shown("till")];
    assert_eq!(shown[0]["condition"], "absent");
    assert_eq!(shown[0]["since_ms"], shown[1]["since_ms"]);
    front.simulated.set_status(PrinterStatus::Online);
    front.plug.set_fault(Fault::None);
    wait_for("both are there", || counter.condition("till") == "ready" && is_open() == false);
    println!("{:?}", counter.close(UNKNOWN_MAX));
}
