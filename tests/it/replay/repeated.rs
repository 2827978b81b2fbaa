//! Every tenth command is repeated at random, at once and after a restart, and changes nothing.

use std::path::Path;
use std::time::Instant;

use hub::replay::client::{Repeat, RepeatCounts};
use hub::replay::here::Here;
use hub::replay::journals::JournalsHere;
use hub::replay::run::{ReplayOptions, ReplayOutcome, StoreHost, replay};
use hub::replay::totals::Totals;
use store_core::Currency;

use super::control;
use super::process::HubProcesses;
use super::runner::{agrees, took, verify_all};
use crate::support;

fn options(derived: &Path, file: &str, data: &Path) -> ReplayOptions {
    ReplayOptions {
        catalogue: derived.join("catalogue.csv"),
        baskets: derived.join(file),
        report: data.join("report.json"),
        registers: 3,
        answered: Some(data.join("answered")),
        repeat: Some(Repeat { seed: support::seed() }),
        promotions: None,
        begun: Instant::now(),
    }
}

fn replayed(options: &ReplayOptions, host: &dyn StoreHost) -> ReplayOutcome {
    let outcome = replay(options, host, &JournalsHere).unwrap();
    let RepeatCounts { at_once, after_restart, of_open_baskets } = outcome.repeats;
    println!(
        "repeated at once {at_once}, after a restart {after_restart}, of which of baskets that \
         were open {of_open_baskets}"
    );
    assert!(at_once > 0 && after_restart > 0 && of_open_baskets > 0);
    outcome
}

/// Each store is stopped as a hub stops, in the middle of its baskets.
pub fn after_a_stop(directory: &Path, file: &str, expected: &Totals) {
    let begun = Instant::now();
    let data = support::temp_dir("repeated");
    let options = options(directory, file, data.path());
    let here = Here::start(&options.catalogue, Currency::USD, data.path(), false).unwrap();
    let outcome = replayed(&options, &here);
    let stores = expected.by_store.len();
    assert_eq!(here.stop().stores, 2 * stores as u64, "each was opened twice");
    assert_eq!(outcome.complaints(), [] as [&str; 0]);
    let report = serde_json::to_value(&outcome.report).unwrap();
    agrees(&report, expected, file);
    assert_eq!(verify_all(data.path()), stores);
    took(file, begun);
}

fn of_the_real(name: &str, file: &str) {
    let Some(derived) = support::derived() else { return };
    after_a_stop(&derived, file, &control::real(name));
}

#[test]
fn repeated_commands_of_the_day_change_nothing() {
    of_the_real("day", "day.jsonl");
}

#[test]
fn repeated_commands_of_the_week_change_nothing() {
    of_the_real("week", "week.jsonl.gz");
}

#[test]
fn repeated_commands_of_the_dense_day_change_nothing() {
    of_the_real("dense_day", "dense_day.jsonl.gz");
}

/// The store is a process of its own that is killed in the middle. Nobody can set its clock, so
/// its hours are those of the test.
#[test]
fn repeated_commands_change_nothing_after_a_kill() {
    let Some(derived) = support::derived() else { return };
    let begun = Instant::now();
    let data = support::temp_dir("repeated-kill");
    let options = options(&derived, "week.jsonl.gz", data.path());
    let host = HubProcesses::new(data.path(), &options.catalogue);
    let outcome = replayed(&options, &host);
    let is_by_hour = |difference: &&String| difference.contains(": by_hour ");
    let others: Vec<_> = outcome.differences.iter().filter(|it| !is_by_hour(it)).collect();
    assert_eq!(others, [] as [&String; 0]);
    assert_eq!(outcome.refused, []);
    assert_eq!((outcome.report.lost, outcome.report.doubled), (0, 0));
    assert_eq!(host.ends(), (1, 1), "killed once, then stopped");
    assert_eq!(verify_all(data.path()), 1);
    took("the week with a kill", begun);
}
