//! Many seeds, each a store of its own.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use sha2::Digest as _;

use super::config::Config;
use super::faults::Counts;
use super::shop::Shop;
use super::world::{Report, run};

/// So many are run where nobody says otherwise.
const SEEDS: u64 = 2_000;
/// Failures that are shown before giving up.
const FAILURES_MAX: usize = 5;

#[derive(Default)]
struct Sum {
    counts: Counts,
    transactions: u64,
    fewest: u64,
    events: u64,
    failures: Vec<String>,
}

fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{variable} should be a number: {text:?}")))
}

fn failure(seed: u64, what: &str) -> String {
    format!("seed {seed}: {what}\n  again: SIM_SEED={seed} cargo test -p store-tests simulation")
}

/// One seed, also where it panics.
fn run_caught(shop: &Shop, seed: u64) -> Result<Report, String> {
    let report = catch_unwind(AssertUnwindSafe(|| run(shop, Config::new(seed))));
    let report = report.map_err(|_| failure(seed, "a panic, see above"))?;
    match &report.violation {
        Some(violation) => Err(failure(seed, &violation.to_string())),
        None if !report.counts.is_complete() => Err(failure(seed, "not every fault was seen")),
        None => Ok(report),
    }
}

fn run_all(seeds: &[u64]) -> Sum {
    let shop = Shop::open();
    let next = AtomicU64::new(0);
    let sum = Mutex::new(Sum { fewest: u64::MAX, ..Sum::default() });
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed) as usize;
                    let Some(seed) = seeds.get(at) else { return };
                    let report = run_caught(&shop, *seed);
                    let mut sum = sum.lock().expect("no thread panics here");
                    match report {
                        Ok(report) => {
                            sum.counts.add_run(&report.counts);
                            sum.transactions += report.transactions;
                            sum.fewest = sum.fewest.min(report.transactions);
                            sum.events += report.events;
                        }
                        Err(failure) => sum.failures.push(failure),
                    }
                    if sum.failures.len() >= FAILURES_MAX {
                        return;
                    }
                }
            });
        }
    });
    sum.into_inner().expect("no thread panics here")
}

/// Seeds that failed once.
fn past() -> Vec<u64> {
    let lines = include_str!("past_seeds.txt").lines().filter(|line| !line.starts_with('#'));
    let first = lines.filter_map(|line| line.split_whitespace().next());
    first.map(|seed| seed.parse().expect("a seed")).collect()
}

#[test]
fn a_store_that_everything_befalls_keeps_its_promises() {
    if let Some(seed) = number("SIM_SEED") {
        return replay(seed);
    }
    let started = Instant::now();
    let count = number("SIM_SEEDS").unwrap_or(SEEDS);
    let mut seeds = past();
    seeds.extend(1..=count);
    let sum = run_all(&seeds);
    let runs = seeds.len() as u64;
    println!(
        "{runs} seeds, {} transactions (at least {} each), {} events, {} s\n{}",
        sum.transactions,
        sum.fewest,
        sum.events,
        started.elapsed().as_secs(),
        sum.counts.table(runs)
    );
    assert!(sum.failures.is_empty(), "{}", sum.failures.join("\n"));
    assert!(sum.fewest >= 200, "a seed had only {} transactions", sum.fewest);
    let rare = sum.counts.too_rare(runs);
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
