//! Receipt printers with faults, at a serial line and at the network.

use devices::simulated::{Fault, Plug};
use store_core::TransactionId;

use super::counter::Counter;
use super::matrix::{self, Cable, Tried};
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
