//! The store's clock, which may be wrong.

use jiff::{SignedDuration, Timestamp};
use store_core::{BootId, Now};
use uuid::Uuid;

/// 2026-03-01 08:00 in Taipei.
const OPENING_S: i64 = 1_772_323_200;
const TAIPEI_S: i32 = 8 * 3600;

#[derive(Clone, Debug)]
pub struct Clock {
    /// What the wall clock is off by, in milliseconds.
    off_ms: i64,
    pub is_trusted: bool,
    /// The true time at which the machine was switched on.
    pub booted_ms: u64,
    pub boot: Uuid,
}

impl Clock {
    pub const fn new(boot: Uuid) -> Self {
        Self { off_ms: 0, is_trusted: true, booted_ms: 0, boot }
    }

    pub const fn jump(&mut self, by_ms: i64) {
        self.off_ms += by_ms;
    }

    pub const fn heal(&mut self) {
        self.off_ms = 0;
        self.is_trusted = true;
    }

    /// What the clock says at a true time, in milliseconds since the run began.
    pub fn read(&self, true_ms: u64) -> Now {
        let opening = Timestamp::from_second(OPENING_S).expect("a moment");
        let passed = SignedDuration::from_millis(true_ms as i64 + self.off_ms);
        Now {
            wall: opening.checked_add(passed).expect("a moment within the calendar"),
            utc_offset_s: TAIPEI_S,
            monotonic_ms: true_ms - self.booted_ms,
            boot: BootId::new(self.boot),
            clock_trusted: self.is_trusted,
        }
    }
}
