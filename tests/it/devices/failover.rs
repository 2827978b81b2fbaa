//! A printer that stands in for another.

use std::time::Duration;

use devices::printer::PrinterStatus;
use store_core::TransactionId;
use store_core::print_queue::FAILOVER_AFTER_MS;
use store_journal::PrintState;

use super::counter::Counter;
use super::{wait_for, wait_within};
use crate::api::basket::sell;

/// Sales that wait for paper.
const SALES: usize = 3;

fn sell_in_front(counter: &Counter) -> Vec<TransactionId> {
    (0..SALES).map(|_| sell(&counter.first).parse().unwrap()).collect()
}

fn printed_by(counter: &Counter, sales: &[TransactionId], printer: &str) {
    for sale in sales {
        assert_eq!(counter.wait_until_printed(*sale).0.as_str(), printer);
    }
}

#[test]
fn what_waited_for_paper_too_long_comes_out_at_the_back_and_only_there() {
    let counter = Counter::open("failover");
    let front = &counter.devices.front.simulated;
    front.set_status(PrinterStatus::PaperOut);
    let noticed = wait_for("no paper", || counter.condition("front") == "paper_out");
    counter.wait_for_notice("printer_paper_out", true);
    let sales = sell_in_front(&counter);
    // A roll is changed faster than this.
    let early = Duration::from_millis(FAILOVER_AFTER_MS / 2);
    let is_out = || sales.iter().any(|sale| counter.job(*sale).state == PrintState::Done);
    assert_eq!(wait_within(early, is_out), None, "the customer has waited for a moment only");
    let out = wait_for("out at the back", is_out);
    printed_by(&counter, &sales, "back");
    front.set_status(PrinterStatus::Online);
    let well = wait_for("paper", || counter.condition("front") == "ready");
    counter.wait_for_notice("printer_paper_out", false);
    printed_by(&counter, &sell_in_front(&counter), "front");
    println!(
        "no paper noticed after {noticed:?}, back after {well:?}, out {out:?} after {early:?}"
    );
    println!("{:?}", counter.close(0));
}

#[test]
fn what_a_printer_may_have_begun_is_given_to_no_other() {
    let counter = Counter::open("failover-begun");
    let front = &counter.devices.front.simulated;
    front.close_gate();
    let begun: TransactionId = sell(&counter.first).parse().unwrap();
    wait_for("it is being printed", || front.is_printing());
    front.set_status(PrinterStatus::PaperOut);
    wait_for("unknown", || counter.job(begun).state == PrintState::Unknown);
    let waits = sell_in_front(&counter);
    printed_by(&counter, &waits, "back");
    assert_eq!(counter.job(begun).state, PrintState::Unknown);
    front.set_status(PrinterStatus::Online);
    front.open_gate();
    wait_for("what it had begun is out", || !front.is_printing());
    wait_for("paper", || counter.condition("front") == "ready");
    printed_by(&counter, &sell_in_front(&counter), "front");
    println!("{:?}", counter.close(1));
}

#[test]
fn a_hub_that_is_killed_meanwhile_prints_what_waited_at_the_back_each_once() {
    let mut counter = Counter::open("failover-killed");
    counter.devices.front.simulated.set_status(PrinterStatus::PaperOut);
    wait_for("no paper", || counter.condition("front") == "paper_out");
    let sales = sell_in_front(&counter);
    counter.devices.back.simulated.close_gate();
    // Killed before its time, and once more while the other printer is at it.
    counter = counter.kill();
    wait_for("the back prints", || counter.devices.back.simulated.is_printing());
    counter = counter.kill();
    counter.devices.back.simulated.open_gate();
    let states = || sales.iter().map(|sale| counter.job(*sale).state).collect::<Vec<_>>();
    let is_over = |state: &PrintState| matches!(state, PrintState::Done | PrintState::Unknown);
    wait_for("all are out", || states().iter().all(is_over));
    let unknown = states().into_iter().filter(|state| *state == PrintState::Unknown).count();
    assert_eq!(unknown, 1, "the one that was being printed: {:?}", states());
    counter.devices.front.simulated.set_status(PrinterStatus::Online);
    wait_for("paper", || counter.condition("front") == "ready");
    printed_by(&counter, &sell_in_front(&counter), "front");
    println!("{:?}", counter.close(1));
}
