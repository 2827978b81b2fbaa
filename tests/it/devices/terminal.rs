//! A card terminal with faults.

use std::time::{Duration, Instant};

use devices::simulated::Fault;
use serde_json::{Value, json};

use super::counter::Counter;
use super::matrix::{Cable, Row};
use super::wait_for;
use crate::api::basket::{Basket, WATER, scan};

/// Times that somebody asks again what became of a card, or takes it again.
const TRIES_MAX: u32 = 20;

/// A basket at register 1 that is paid by card.
pub struct ByCard<'a> {
    counter: &'a Counter,
    basket: Basket,
    due: Value,
}

impl<'a> ByCard<'a> {
    pub fn open(counter: &'a Counter) -> Self {
        let mut basket = Basket::new();
        let answer = basket.must(&counter.first, &scan(WATER));
        let due = answer["view"]["basket"]["totals"]["due"].clone();
        Self { counter, basket, due }
    }

    /// Asks the terminal for all that is due.
    pub fn ask(&mut self) {
        let due = &self.due;
        let card = json!({ "type": "tender", "tender_type": "card", "amount": due, "total": due });
        self.basket.must(&self.counter.first, &card);
    }

    /// The register once the terminal is through with it.
    pub fn settled(&mut self) -> Value {
        let is_at_it =
            |view: &Value| view["phase"] == "awaiting_card" || view["phase"] == "committing";
        let counter = self.counter;
        wait_for("the terminal is through", || !is_at_it(&counter.register()));
        let view = counter.register();
        self.basket.version = view["basket"]["version"].as_u64().unwrap();
        view
    }

    /// Asks what became of the card.
    pub fn inquire(&mut self) -> Value {
        let request = self.counter.register()["basket"]["card"]["request"].clone();
        self.basket
            .must(&self.counter.first, &json!({ "type": "inquire_card", "request": request }));
        self.settled()
    }

    /// Somebody looked at the terminal: nothing was taken.
    pub fn resolve_as_not_charged(&mut self) {
        let request = self.counter.register()["basket"]["card"]["request"].clone();
        let said = json!({
            "type": "resolve_card", "request": request, "is_approved": false,
            "reason": "not_charged",
        });
        self.basket.must(&self.counter.first, &said);
        self.settled();
    }

    pub fn complete(mut self) {
        self.basket.must(&self.counter.first, &json!({ "type": "complete" }));
    }

    /// Does what a cashier does until it is paid, and answers in how many steps.
    fn until_paid(&mut self, slips_before: u32) -> u32 {
        for tries in 0..TRIES_MAX {
            let view = self.settled();
            let slips = self.counter.devices.terminal.slips() - slips_before;
            match view["phase"].as_str().unwrap() {
                "card_unknown" => {
                    let after = self.inquire();
                    if after["phase"] == "card_unknown" && slips == 0 {
                        self.resolve_as_not_charged();
                    }
                }
                _ if view["basket"]["totals"]["due"]["amount"] == "0" => return tries,
                phase => {
                    assert_eq!((phase, slips), ("selling", 0), "a slip, and nothing is paid");
                    self.ask();
                }
            }
        }
        panic!("not paid after {TRIES_MAX} tries: {}", self.settled());
    }
}

/// Whether a request in vain shows on the board for certain: one that was plugged in again is there
/// before anybody looks, a slow one answers, and what is left of an answer that is damaged may be
/// the byte that says that the request was understood.
fn is_noticeable(cable: Cable) -> bool {
    matches!(cable, Cable::Is(Fault::Unplugged | Fault::Hangs))
}

fn cell(counter: &Counter, cable: Cable) -> Row {
    let terminal = &counter.devices.terminal;
    let before = terminal.slips();
    let mut by_card = ByCard::open(counter);
    let began = Instant::now();
    if cable == Cable::Replugged {
        // In the middle of a request, with the customer's card at the terminal.
        terminal.awaits_person(true);
        by_card.ask();
        wait_for("the terminal shows the amount", || terminal.shows().is_some());
        terminal.awaits_person(false);
        cable.damage(terminal.plug());
    } else {
        cable.damage(terminal.plug());
        by_card.ask();
    }
    let sold = Instant::now();
    let sale = crate::api::basket::sell(&counter.second).parse().unwrap();
    let sale_took = sold.elapsed();
    assert!(sale_took < Duration::from_secs(3), "a sale took {sale_took:?}");
    counter.wait_until_printed(sale);
    let view = by_card.settled();
    let noticed = began.elapsed();
    if is_noticeable(cable) {
        let is_shown = || counter.condition("terminal") != "ready";
        wait_for(&format!("{cable:?}: the board shows it"), is_shown);
    }
    let condition = counter.condition("terminal");
    let paid = match view["phase"].as_str().unwrap() {
        "card_unknown" => "card_unknown",
        _ if view["basket"]["totals"]["due"]["amount"] == "0" => "paid",
        _ => "not paid",
    };
    let mended = Instant::now();
    terminal.plug().set_fault(Fault::None);
    by_card.until_paid(before);
    let well = mended.elapsed();
    assert_eq!(terminal.slips() - before, 1, "{cable:?}: charged once");
    by_card.complete();
    wait_for("it is shown to be well", || counter.condition("terminal") == "ready");
    Row {
        device: "terminal",
        cable: cable.name(),
        noticed: Some(noticed),
        shown: format!("{condition}, {paid}"),
        sale: sale_took,
        well,
    }
}

#[test]
fn a_terminal_comes_back_from_every_fault_and_charges_each_sale_once() {
    let counter = Counter::open("fault-terminal");
    let rows = Cable::ALL.map(|cable| cell(&counter, cable));
    Row::print_all(&rows);
    let charged = u32::try_from(Cable::ALL.len()).unwrap();
    assert_eq!(counter.devices.terminal.slips(), charged, "one for each sale");
    println!("{:?}", counter.close(0));
}

#[test]
fn a_terminal_that_goes_while_nobody_pays_is_shown_to_be_away_and_is_asked_nothing() {
    let counter = Counter::open("shown-terminal");
    let terminal = &counter.devices.terminal;
    for (fault, condition) in [(Fault::Unplugged, "absent"), (Fault::None, "ready")] {
        terminal.plug().set_fault(fault);
        wait_for(condition, || counter.condition("terminal") == condition);
    }
    assert_eq!(terminal.requests().len(), 0);
}
