//! A scale with faults.

use devices::scale::DIVISION_G;
use devices::simulated::{Fault, Plug};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::counter::Counter;
use super::matrix::{self, Cable, Tried};
use super::wait_for;
use crate::api::basket::{Basket, cash};
use crate::api::browser::{Browser, Reply};

/// Bananas, by the kilogram.
const BANANAS: &str = "4011";
/// The lightest load; each is one division of the scale heavier than the one before, so that what
/// was shown before never passes for what lies there now.
const LOAD_MIN_G: u32 = 1_250;

/// What so many grams are as the API says it.
fn kilograms(grams: u32) -> Value {
    json!({ "amount": Decimal::new(grams.into(), 3).normalize().to_string(), "unit": "kilogram" })
}

/// Sells by a reading; the sale is completed where the hub takes it.
pub fn weigh(browser: &Browser, reading: &Value, weight: &Value) -> Reply {
    let mut basket = Basket::new();
    let reply = basket.send(
        browser,
        &json!({
            "type": "weigh_item", "code": BANANAS, "weight": weight,
            "scale": { "reading": reading },
        }),
    );
    if reply.status == 200 {
        let due = reply.json()["view"]["basket"]["totals"]["due"].clone();
        basket.must(browser, &cash(&due, &due));
        basket.must(browser, &json!({ "type": "complete" }));
    }
    reply
}

/// Puts a load on the scale, waits until it is shown, and sells by it.
pub fn sell_by_weight(counter: &Counter, grams: u32) {
    counter.devices.scale.set_load(grams);
    let shown = || {
        let shown = counter.live.weight();
        (shown["state"] == "stable" && shown["weight"] == kilograms(grams)).then_some(shown)
    };
    wait_for("the load is shown", || shown().is_some());
    let shown = shown().unwrap();
    let reply = weigh(&counter.first, &shown["reading"], &shown["weight"]);
    assert_eq!(reply.status, 200, "{}", reply.json());
}

/// Tries to sell by what the scale does not say.
pub fn steal(counter: &Counter, lies_g: u32) {
    let last = counter.live.weights().into_iter().rfind(|shown| shown["state"] == "stable");
    let reading = last.unwrap()["reading"].clone();
    let reply = weigh(&counter.first, &reading, &kilograms(lies_g));
    assert_eq!((reply.status, reply.code().as_str()), (422, "scale_reading_stale"));
}

/// Every weight at rest that was ever shown is one of the loads.
pub fn assert_honest(counter: &Counter, loads_g: &[u32]) {
    let loads: Vec<Value> = loads_g.iter().map(|grams| kilograms(*grams)).collect();
    for shown in counter.live.weights() {
        let weight = &shown["weight"];
        assert!(weight.is_null() || loads.contains(weight), "nothing weighs that: {shown}");
        assert_eq!(weight.is_null(), shown["state"] != "stable", "{shown}");
    }
}

#[derive(Default)]
struct Scale {
    loads_g: Vec<u32>,
}

impl Scale {
    /// A load that never lay there before.
    fn next_load_g(&mut self) -> u32 {
        let last = self.loads_g.last();
        let next = last.map_or(LOAD_MIN_G, |last| last + DIVISION_G);
        self.loads_g.push(next);
        next
    }
}

impl Tried for Scale {
    fn id(&self) -> &'static str {
        "scale"
    }

    fn plug<'a>(&self, counter: &'a Counter) -> &'a Plug {
        &counter.devices.scale_plug
    }

    /// One that is slow may still answer in time.
    fn is_noticeable(&self, cable: Cable) -> bool {
        !matches!(cable, Cable::Replugged | Cable::Is(Fault::Slow))
    }

    /// Somebody puts something else on it, which it cannot tell, and says what it weighs.
    fn use_in_vain(&mut self, counter: &Counter) {
        let load_g = self.next_load_g();
        counter.devices.scale.set_load(load_g);
        steal(counter, load_g);
    }

    fn work(&mut self, counter: &Counter) {
        let load_g = self.next_load_g();
        sell_by_weight(counter, load_g);
    }
}

#[test]
fn a_scale_comes_back_from_every_fault_and_no_weight_is_sold_that_it_did_not_say() {
    let counter = Counter::open("fault-scale");
    let mut scale = Scale::default();
    matrix::run(&mut scale, &counter);
    assert_honest(&counter, &scale.loads_g);
    println!("{:?}", counter.close(0));
}
