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
