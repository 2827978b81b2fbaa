//! Real days of trade, entered into a real store over HTTP, with equal totals.

use std::collections::BTreeSet;
use std::time::Instant;

use super::control;
use super::runner::{Replay, agrees, took, verify_all};
use crate::support;

#[test]
fn the_real_day_agrees_and_every_answer_is_noted() {
    let Some(derived) = support::derived() else { return };
    let begun = Instant::now();
    let data = support::temp_dir("day");
    let replay = Replay {
        catalogue: derived.join("catalogue.csv"),
        baskets: derived.join("day.jsonl"),
        data: data.path(),
        registers: 1,
    };
    let report = replay.run();
    agrees(&report, &control::real("day"), "day");
    assert_eq!(verify_all(data.path()), 1);
    let answered = replay.answered();
    assert_eq!(answered.len(), 20);
    let keys: Vec<&str> = report.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["doubled", "input", "latency_ms", "lost", "stores", "wall_s"]);
    let latency: Vec<&str> =
        report["latency_ms"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(latency, ["commit_p50", "commit_p99", "scan_p50", "scan_p99"]);

    // A second start asks for the outcome instead of selling again, also with other registers.
    let again = Replay { registers: 2, ..replay };
    let second = again.run();
    assert_eq!(second["stores"], report["stores"]);
    assert_eq!((&second["lost"], &second["doubled"]), (&0.into(), &0.into()));
    assert_eq!(again.answered(), answered, "each is noted once");
    assert_eq!(answered.iter().collect::<BTreeSet<_>>().len(), 20);
    took("the day, twice", begun);
}
