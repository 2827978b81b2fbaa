//! A scanner with faults.

use std::collections::BTreeSet;
use std::time::Duration;

use devices::simulated::{Fault, Plug};

use super::counter::Counter;
use super::matrix::{self, Cable, Tried};
use super::wait_within;
use crate::api::basket::{Basket, WATER, cash, scan};

/// After so long somebody who heard no beep scans again.
const AGAIN: Duration = Duration::from_millis(300);

#[derive(Default)]
struct Scanner {
    sent: BTreeSet<String>,
}

impl Scanner {
    /// Scans a code that was never scanned before.
    fn scan(&mut self, counter: &Counter) -> String {
        let code = format!("R-{:06}", self.sent.len());
        counter.devices.trigger.send(format!("{code}\r").as_bytes());
        self.sent.insert(code.clone());
        code
    }
}

impl Tried for Scanner {
    fn id(&self) -> &'static str {
        "scanner"
    }

    fn plug<'a>(&self, counter: &'a Counter) -> &'a Plug {
        &counter.devices.scanner_plug
    }

    /// It says nothing but codes: one that hangs is one with which nobody scans.
    fn is_noticeable(&self, cable: Cable) -> bool {
        !matches!(cable, Cable::Replugged | Cable::Is(Fault::Slow | Fault::Hangs))
    }

    fn use_in_vain(&mut self, counter: &Counter) {
        self.scan(counter);
    }

    fn work(&mut self, counter: &Counter) {
        let mut tries = 0;
        loop {
            let code = self.scan(counter);
            if wait_within(AGAIN, || counter.live.codes().contains(&code)).is_some() {
                return;
            }
            tries += 1;
            assert!(tries < 100, "nothing is heard of what is scanned");
        }
    }
}

#[test]
fn a_scanner_comes_back_from_every_fault_and_reads_nothing_that_was_not_scanned() {
    let counter = Counter::open("fault-scanner");
    let mut scanner = Scanner::default();
    matrix::run(&mut scanner, &counter);
    let heard = counter.live.codes();
    let once: BTreeSet<String> = heard.iter().cloned().collect();
    assert_eq!(once.len(), heard.len(), "no code came twice");
    assert_eq!(once.difference(&scanner.sent).next(), None, "none that was not scanned");
    // What is heard sells.
    counter.devices.trigger.send(format!("{WATER}\r").as_bytes());
    super::wait_for("water", || counter.live.codes().iter().any(|code| code == WATER));
    let mut basket = Basket::new();
    let answer = basket.must(&counter.first, &scan(&counter.live.codes().pop().unwrap()));
    let due = answer["view"]["basket"]["totals"]["due"].clone();
    basket.must(&counter.first, &cash(&due, &due));
    basket.must(&counter.first, &serde_json::json!({ "type": "complete" }));
    println!("{:?}", counter.close(0));
}
