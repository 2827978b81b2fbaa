//! Devices that say what no device should: the store survives it, shows it and logs it.

use devices::scanner::Symbology;
use devices::terminal::Trick;
use serde_json::json;
use store_journal::PrintState;

use super::counter::Counter;
use super::scale::{assert_honest, sell_by_weight, steal};
use super::terminal::ByCard;
use super::wait_for;
use crate::api::basket::{Basket, WATER, scan, sell};

/// The longest code that is taken for one.
const CODE_BYTES_MAX: usize = 4_096;

fn logs(counter: &Counter, words: &[&str]) -> bool {
    counter.log().lines().any(|line| words.iter().all(|word| line.contains(word)))
}

#[test]
fn a_barcode_of_4_kb_is_refused_or_dropped_and_the_next_one_sells() {
    let counter = Counter::open("bad-barcode");
    let longest = "7".repeat(CODE_BYTES_MAX);
    counter.devices.trigger.scan(&longest, Symbology::Qr);
    wait_for("the longest code", || counter.live.codes().contains(&longest));
    let reply = Basket::new().send(&counter.first, &scan(&longest));
    assert!((400..500).contains(&reply.status), "{} {}", reply.status, reply.json());
    assert!(!reply.code().is_empty(), "a refusal that a cashier can read");
    counter.devices.trigger.scan(&"7".repeat(CODE_BYTES_MAX + 1), Symbology::Qr);
    wait_for("it is shown", || counter.condition("scanner") == "unreadable_code");
    assert!(logs(&counter, &["device=\"scanner\"", "unreadable_code"]), "{}", counter.log());
    counter.devices.trigger.scan(WATER, Symbology::Ean13);
    wait_for("water", || counter.live.codes().iter().any(|code| code == WATER));
    assert_eq!(counter.live.codes(), [longest, WATER.to_owned()], "nothing of the one too long");
    wait_for("it is well", || counter.condition("scanner") == "ready");
    sell(&counter.first);
    println!("{:?}", counter.close(0));
}

#[test]
fn a_scale_that_talks_nonsense_sells_nothing() {
    let counter = Counter::open("bad-scale");
    sell_by_weight(&counter, 1_250);
    counter.devices.scale.talks_nonsense(true);
    let noticed = wait_for("it is shown", || counter.condition("scale") == "silent");
    assert_eq!(counter.live.weight()["weight"], json!(null), "{}", counter.live.weight());
    steal(&counter, 9_999);
    assert!(logs(&counter, &["WARN", "device=\"scale\"", "nonsense"]), "{}", counter.log());
    counter.sell();
    counter.devices.scale.talks_nonsense(false);
    let well = wait_for("it is well", || counter.condition("scale") == "ready");
    sell_by_weight(&counter, 2_505);
    assert_honest(&counter, &[1_250, 2_505]);
    println!("nonsense noticed after {noticed:?}, well again after {well:?}");
    println!("{:?}", counter.close(0));
}

#[test]
fn a_terminal_that_answers_another_requests_amount_has_paid_nothing_until_somebody_looked() {
    let counter = Counter::open("bad-terminal");
    counter.devices.terminal.will([Trick::ApproveLess]);
    let mut by_card = ByCard::open(&counter);
    by_card.ask();
    let view = by_card.settled();
    assert_eq!(view["phase"], "card_unknown");
    assert_eq!(view["basket"]["tenders"], json!([]), "nothing counts as paid");
    assert!(logs(&counter, &["WARN", "terminal", "other_amount"]), "{}", counter.log());
    let again = by_card.inquire();
    assert_eq!(again["phase"], "card_unknown", "its slip says the same");
    // The other register sells, and a person decides.
    sell(&counter.second);
    by_card.resolve_as_not_charged();
    by_card.ask();
    let view = by_card.settled();
    assert_eq!(view["basket"]["totals"]["due"]["amount"], "0");
    by_card.complete();
    assert_eq!(counter.devices.terminal.requests().len(), 2, "asked twice, by a person");
    println!("{:?}", counter.close(0));
}

#[test]
fn a_printer_that_lies_about_its_paper_leaves_a_receipt_that_somebody_is_told_of() {
    let counter = Counter::open("bad-printer");
    counter.devices.front.simulated.lies_about_paper(true);
    let sale = sell(&counter.first).parse().unwrap();
    let noticed = wait_for("unknown", || counter.job(sale).state == PrintState::Unknown);
    counter.wait_for_notice("receipt_unknown", true);
    assert!(logs(&counter, &["WARN", "front", "may not have come out"]), "{}", counter.log());
    assert_eq!(counter.wait_until_quiet(), [sale.to_string()], "a person sees it");
    counter.devices.front.simulated.lies_about_paper(false);
    let (next, _) = counter.sell();
    for (sale, printer) in next.into_iter().zip(["front", "back"]) {
        assert_eq!(counter.wait_until_printed(sale).0.as_str(), printer);
    }
    println!("a lie noticed after {noticed:?}");
    println!("{:?}", counter.close(1));
}
