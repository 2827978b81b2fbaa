//! Many seeds, each a world of its own, on all the cores there are.

use std::fmt::Debug;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// Failures that are shown before giving up.
const FAILURES_MAX: usize = 5;
/// Seeds within which a mistake made on purpose has to be seen.
const PLANTED_SEEDS_MAX: u64 = 50;

/// A number that somebody set for this run of the tests.
pub fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{variable} should be a number: {text:?}")))
}

/// Seeds that failed once, and those that are run anyway.
pub fn seeds(past: &str, count: u64) -> Vec<u64> {
    let lines = past.lines().filter(|line| !line.starts_with('#'));
    let first = lines.filter_map(|line| line.split_whitespace().next());
    first.map(|seed| seed.parse().expect("a seed")).chain(1..=count).collect()
}

/// Runs every seed, and says what came of those that held and what is wrong with the others. A
/// panic is a failure too. `tests` names what runs one of them again.
pub fn run_all<R: Send>(
    tests: &str,
    seeds: &[u64],
    run: impl Fn(u64) -> Result<R, String> + Sync,
) -> (Vec<R>, Vec<String>) {
    let next = AtomicU64::new(0);
    let outcomes = Mutex::new((Vec::new(), Vec::new()));
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed) as usize;
                    let Some(seed) = seeds.get(at) else { return };
                    let report = catch_unwind(AssertUnwindSafe(|| run(*seed)))
                        .unwrap_or_else(|_| Err("a panic, see above".to_owned()));
                    let mut outcomes = outcomes.lock().expect("no thread panics here");
                    match report {
                        Ok(report) => outcomes.0.push(report),
                        Err(what) => outcomes.1.push(format!(
                            "seed {seed}: {what}\n  \
                             again: SIM_SEED={seed} cargo test -p store-tests {tests}"
                        )),
                    }
                    if outcomes.1.len() >= FAILURES_MAX {
                        return;
                    }
                }
            });
        }
    });
    outcomes.into_inner().expect("no thread panics here")
}

/// Looks for the first seeds in which a mistake made on purpose is seen. It has to be caught by one
/// check; those in `or` may see it in an earlier seed. `violation` says which check a seed failed,
/// with its words.
pub fn is_caught<C: Debug + PartialEq>(
    plant: &impl Debug,
    (by, or): (C, &[C]),
    violation: impl Fn(u64) -> Option<(C, String)>,
) {
    for seed in 1..=PLANTED_SEEDS_MAX {
        let Some((check, said)) = violation(seed) else { continue };
        println!("{plant:?}, seed {seed}: {said}");
        if check == by {
            return;
        }
        assert!(or.contains(&check), "{plant:?}, seed {seed}: {said}");
    }
    panic!("{by:?} did not catch {plant:?} within {PLANTED_SEEDS_MAX} seeds");
}
