use jiff::Timestamp;

/// How far wall time may fall behind what was seen before it counts as wrong: a time server
/// corrects a running clock by less.
const BACKWARD_TOLERANCE_MS: i64 = 120_000;

/// No hub ran before this moment, so a clock that is behind it was never set: 2026-01-01 UTC.
const EARLIEST_MS: i64 = 1_767_225_600_000;

/// Whether wall time can be right, judged by the latest wall time ever seen.
///
/// A Pi has no battery: after a power cut its clock begins in the past and says so to nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockTrust {
    latest_ms: i64,
}

impl ClockTrust {
    /// With the latest wall time that an earlier run wrote down, in milliseconds since 1970.
    #[must_use]
    pub const fn new(latest_seen_ms: Option<i64>) -> Self {
        let latest_ms = match latest_seen_ms {
            Some(seen) if seen > EARLIEST_MS => seen,
            _ => EARLIEST_MS,
        };
        Self { latest_ms }
    }

    /// Judges a reading. A clock that a time server has just set is believed also where it goes
    /// back, which mends a file that was written under a clock far ahead.
    pub fn judge(&mut self, wall: Timestamp, synchronized: bool) -> bool {
        let wall_ms = wall.as_millisecond();
        if synchronized && wall_ms >= EARLIEST_MS {
            self.latest_ms = wall_ms;
            return true;
        }
        if wall_ms < EARLIEST_MS || wall_ms.saturating_add(BACKWARD_TOLERANCE_MS) < self.latest_ms {
            return false;
        }
        self.latest_ms = self.latest_ms.max(wall_ms);
        true
    }

    /// The latest wall time believed so far, in milliseconds since 1970.
    #[must_use]
    pub const fn latest_ms(&self) -> i64 {
        self.latest_ms
    }
}
