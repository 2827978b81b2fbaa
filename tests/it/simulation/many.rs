//! Many seeds, each a world of its own, on all the cores there are.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// Failures that are shown before giving up.
const FAILURES_MAX: usize = 5;

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
