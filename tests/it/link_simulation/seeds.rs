//! Many seeds, each a chain of its own.

use std::time::Instant;

use sha2::Digest as _;

use super::config::Config;
use super::faults::Counts;
use super::world::{Report, run};
use crate::simulation::many;

/// So many are run where nobody says otherwise.
const SEEDS: u64 = 2_000;

fn run_one(seed: u64) -> Result<Report, String> {
    let report = run(Config::new(seed));
    match &report.violation {
        Some(violation) => Err(violation.to_string()),
        None => Ok(report),
    }
}

#[test]
fn a_chain_that_everything_befalls_loses_nothing_and_doubles_nothing() {
    if let Some(seed) = many::number("SIM_SEED") {
        return replay(seed);
    }
    let started = Instant::now();
    let count = many::number("SIM_SEEDS").unwrap_or(SEEDS);
    let seeds = many::seeds(include_str!("past_seeds.txt"), count);
    let (reports, failures) = many::run_all("link_simulation", &seeds, run_one);
    let runs = seeds.len() as u64;
    let mut counts = Counts::default();
    reports.iter().for_each(|report| counts.add_run(&report.counts));
    println!(
        "{runs} seeds, {} rows, {} events, at rest after {} ms at most, {} s\n{}",
        reports.iter().map(|report| report.rows).sum::<u64>(),
        reports.iter().map(|report| report.events).sum::<u64>(),
        reports.iter().map(|report| report.healing_ms).max().unwrap_or_default(),
        started.elapsed().as_secs(),
        counts.table(runs)
    );
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    let rare = counts.too_rare(runs);
    assert!(rare.is_empty(), "in fewer than 1 % of the seeds: {rare:?}");
}

/// One seed, told step by step.
fn replay(seed: u64) {
    let report = run(Config { is_traced: true, ..Config::new(seed) });
    println!("{}", report.trace.join("\n"));
    let mut counts = Counts::default();
    counts.add_run(&report.counts);
    println!("{}", counts.table(1));
    assert!(report.violation.is_none(), "{}", report.violation.expect("a violation"));
}

#[test]
fn the_same_seed_is_the_same_chain() {
    let digest = |seed| {
        let trace = run(Config { is_traced: true, ..Config::new(seed) }).trace;
        let digest: [u8; 32] = sha2::Sha256::digest(trace.join("\n")).into();
        hq_wire::row::v1::hex(&digest)
    };
    let (first, second) = (digest(7), digest(7));
    println!("seed 7: {first}");
    assert_eq!(first, second);
    assert_ne!(first, digest(8), "another seed is another chain");
}
