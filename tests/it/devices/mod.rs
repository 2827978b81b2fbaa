//! A store with simulated devices at its counter: they stand in this process, at real lines, and
//! outlive the hub, which is a process of its own.

mod bad_input;
mod badge;
pub mod codes;
mod counter;
mod display;
mod failover;
mod killed;
mod live;
mod matrix;
mod paper;
mod printers;
mod reports;
mod scale;
mod scanner;
mod simulators;
mod started;
mod terminal;

use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

/// How often it is looked whether something has come to pass.
const LOOK_INTERVAL: Duration = Duration::from_millis(5);
/// Nothing here takes a third of this, also on a machine that is busy; what does hangs.
pub const LIMIT: Duration = Duration::from_secs(60);

/// Waits for something, and answers how long it took.
///
/// # Panics
/// Where it has not come to pass within the limit.
pub fn wait_for(what: &str, holds: impl FnMut() -> bool) -> Duration {
    let waited = wait_within(LIMIT, holds);
    waited.unwrap_or_else(|| panic!("not within {LIMIT:?}: {what}"))
}

/// The same with a limit of its own; nothing where it did not come to pass.
pub fn wait_within(limit: Duration, mut holds: impl FnMut() -> bool) -> Option<Duration> {
    let began = Instant::now();
    loop {
        if holds() {
            return Some(began.elapsed());
        }
        if began.elapsed() > limit {
            return None;
        }
        pause(LOOK_INTERVAL);
    }
}

/// A moment at random, or between two looks.
pub fn pause(time: Duration) {
    let (_nobody, never) = channel::<()>();
    // Nobody sends.
    let _ = never.recv_timeout(time);
}
