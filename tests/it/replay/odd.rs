//! Days that no supermarket ever had: a hub takes them all the same.

use std::time::Instant;

use super::invented::{STORES, invent};
use super::runner::{Replay, agrees, took, verify_all};
use crate::support;

/// Days invented in each run.
const DAYS: u64 = 3;

#[test]
fn invented_days_of_everything_odd_agree() {
    let begun = Instant::now();
    let mut seed = support::seed();
    for day in 0..DAYS {
        let invented = invent(support::draw(&mut seed), day == 0, STORES);
        let data = support::temp_dir("odd");
        let path = |name: &str| data.path().join(name);
        std::fs::write(path("catalogue.csv"), &invented.catalogue).unwrap();
        std::fs::write(path("baskets.jsonl"), &invented.baskets).unwrap();
        let replay = Replay {
            catalogue: path("catalogue.csv"),
            baskets: path("baskets.jsonl"),
            data: data.path(),
            registers: u16::try_from(1 + support::draw(&mut seed) % 4).unwrap(),
        };
        let report = replay.run();
        agrees(&report, &invented.expected, &format!("day {day}"));
        assert_eq!(verify_all(data.path()), invented.expected.by_store.len());
        println!("{} lines", invented.expected.lines);
    }
    took("invented days", begun);
}
