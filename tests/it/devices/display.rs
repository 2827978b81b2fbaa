//! A customer display with faults.

use devices::simulated::{Fault, Plug};
use serde_json::{Value, json};

use super::counter::Counter;
use super::matrix::{self, Cable, Tried};
use super::wait_for;
use crate::api::basket::{Basket, WATER, cash, scan};

/// A display, and the bottles of the last basket that it showed.
#[derive(Default)]
struct Display {
    bottles: usize,
}

impl Tried for Display {
    fn id(&self) -> &'static str {
        "display"
    }

    fn plug<'a>(&self, counter: &'a Counter) -> &'a Plug {
        &counter.devices.display_plug
    }

    /// It never answers: only that its line is gone can be told.
    fn is_noticeable(&self, cable: Cable) -> bool {
        cable == Cable::Is(Fault::Unplugged)
    }

    /// Shows a total that it never showed before.
    fn work(&mut self, counter: &Counter) {
        self.bottles += 1;
        let mut basket = Basket::new();
        let mut due = Value::Null;
        for _ in 0..self.bottles {
            let answer = basket.must(&counter.first, &scan(WATER));
            due = answer["view"]["basket"]["totals"]["due"].clone();
        }
        let total = format!(" {}", due["amount"].as_str().unwrap());
        let shows = || counter.devices.display.lines()[1].trim_end().ends_with(&total);
        wait_for("the customer reads the total", shows);
        basket.must(&counter.first, &cash(&due, &due));
        basket.must(&counter.first, &json!({ "type": "complete" }));
    }
}

#[test]
fn a_display_comes_back_from_every_fault_and_shows_what_is_to_pay() {
    let counter = Counter::open("fault-display");
    matrix::run(&mut Display::default(), &counter);
    println!("{:?}", counter.close(0));
}

#[test]
fn a_display_that_is_set_up_anew_shows_at_once_what_the_register_shows() {
    let counter = Counter::open("display-anew");
    let mut basket = Basket::new();
    basket.must(&counter.first, &scan(WATER));
    let shows = || counter.devices.display.lines()[1].trim_end().ends_with(" 15");
    wait_for("the customer reads the total", shows);
    let settings = counter.first.get("/api/v1/devices/settings").json();
    let mut devices = settings["devices"].clone();
    let all = devices.as_array_mut().unwrap();
    let display = all.iter_mut().find(|device| device["id"] == "display").unwrap();
    display["brightness"] = json!("half");
    // What it showed is gone: whatever it shows then, it was sent after that.
    counter.devices.display_plug.set_fault(Fault::Unplugged);
    wait_for("it is away", || counter.condition("display") == "absent");
    let set = counter.first.json("PUT", "/api/v1/devices/settings", &devices);
    assert_eq!(set.status, 200, "{}", set.json());
    counter.devices.display_plug.set_fault(Fault::None);
    wait_for("it is there", || counter.condition("display") == "ready");
    wait_for("the customer reads the total again", shows);
}
