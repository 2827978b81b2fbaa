//! Registers at a fixed load.

use std::time::{Duration, Instant};

/// Between two scans at one register.
pub const BEAT: Duration = Duration::from_millis(250);

/// Does something at every beat until it says no, from a moment of its own on: no two of `posts`
/// at once.
pub fn at_beat(number: usize, posts: usize, mut each: impl FnMut(Instant) -> bool) {
    let mut next = Instant::now() + BEAT.mul_f64(number as f64 / posts as f64);
    loop {
        std::thread::sleep(next.saturating_duration_since(Instant::now()));
        if !each(next) {
            return;
        }
        next += BEAT;
    }
}
