//! Many seeds, each a store of its own.

use std::time::Instant;

use sha2::Digest as _;

use super::config::Config;
use super::faults::{Counts, is_complete};
use super::many;
use super::shop::Shop;
use super::world::{Report, run};

/// So many are run where nobody says otherwise.
const SEEDS: u64 = 2_000;

fn run_one(shop: &Shop, seed: u64) -> Result<Report, String> {
    let report = run(shop, Config::new(seed));
    match &report.violation {
        Some(violation) => Err(violation.to_string()),
        None if !is_complete(&report.counts) => Err("not every fault was seen".to_owned()),
        None => Ok(report),
    }
}

#[test]
fn a_store_that_everything_befalls_keeps_its_promises() {
    if let Some(seed) = many::number("SIM_SEED") {
        return replay(seed);
    }
    let (started, shop) = (Instant::now(), Shop::open());
    let count = many::number("SIM_SEEDS").unwrap_or(SEEDS);
    let seeds = many::seeds(include_str!("past_seeds.txt"), count);
    let run = |seed| run_one(&shop, seed);
    let (reports, failures) = many::run_all("simulation::seeds", &seeds, run);
    let runs = seeds.len() as u64;
    let mut counts = Counts::default();
    reports.iter().for_each(|report| counts.add_run(&report.counts));
    let fewest = reports.iter().map(|report| report.transactions).min().unwrap_or_default();
    println!(
        "{runs} seeds, {} transactions (at least {fewest} each), {} events, {} s\n{}",
        reports.iter().map(|report| report.transactions).sum::<u64>(),
        reports.iter().map(|report| report.events).sum::<u64>(),
        started.elapsed().as_secs(),
        counts.table(runs)
    );
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(fewest >= 200, "a seed had only {fewest} transactions");
    let rare = counts.too_rare(runs);
    assert!(rare.is_empty(), "in fewer than 1 % of the seeds: {rare:?}");
}

/// One seed, told step by step.
fn replay(seed: u64) {
    let config = Config { is_traced: true, ..Config::new(seed) };
    let report = run(&Shop::open(), config);
    println!("{}", report.trace.join("\n"));
    let mut counts = Counts::default();
    counts.add_run(&report.counts);
    println!("{}", counts.table(1));
    assert!(report.violation.is_none(), "{}", report.violation.expect("a violation"));
}

#[test]
fn the_same_seed_is_the_same_store() {
    let shop = Shop::open();
    let trace = |seed| run(&shop, Config { is_traced: true, ..Config::new(seed) }).trace;
    let digest = |seed| {
        let digest: [u8; 32] = sha2::Sha256::digest(trace(seed).join("\n")).into();
        hq_wire::row::v1::hex(&digest)
    };
    let (first, second) = (digest(7), digest(7));
    println!("seed 7: {first}");
    assert_eq!(first, second);
    assert_ne!(first, digest(8), "another seed is another store");
}
