//! Waiting for what happens between processes.

use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

/// Far longer than anything here takes on the slowest machine: a test that passes never waits so
/// long for anything.
const PATIENCE: Duration = Duration::from_secs(120);
/// How often it is looked.
const LOOK_INTERVAL: Duration = Duration::from_millis(20);

/// Looks until something is so; `describe` says how it stands where it never is.
pub fn until(what: &str, mut is_so: impl FnMut() -> bool, describe: impl FnOnce() -> String) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < PATIENCE, "never: {what}\n{}", describe());
        pass(LOOK_INTERVAL);
    }
}

/// As [`until`], and hands over what there is then.
pub fn until_some<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let mut found = None;
    until(
        what,
        || {
            found = look();
            found.is_some()
        },
        String::new,
    );
    found.unwrap()
}

/// Lets a moment at random pass, where the moment itself is what is tried.
pub fn pass(time: Duration) {
    let (_nobody, never) = channel::<()>();
    let _ = never.recv_timeout(time);
}
