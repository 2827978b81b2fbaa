use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};

use crate::{BootId, BusinessDay};

/// The present moment as the hub knows it; the only way time enters the domain.
///
/// A Pi may have no clock: order is by sequence, never by `wall`. The local offset comes with the
/// reading, so that the domain needs no time zone database and a replayed file keeps the hours
/// that are written in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Now {
    /// Wall time, to the millisecond.
    pub wall: Timestamp,
    /// What the store's local time was ahead of UTC, in seconds.
    pub utc_offset_s: i32,
    /// Milliseconds on a clock that never goes back, since this boot.
    pub monotonic_ms: u64,
    /// Which run of the machine `monotonic_ms` belongs to.
    pub boot: BootId,
    /// Whether `wall` was known to be right when it was read.
    pub clock_trusted: bool,
}

impl Now {
    /// The local date and time in the store.
    #[must_use]
    pub fn local(&self) -> DateTime {
        let offset = Offset::from_seconds(self.utc_offset_s).unwrap_or(Offset::UTC);
        offset.to_datetime(self.wall)
    }

    /// The local calendar date in the store.
    #[must_use]
    pub fn date(&self) -> Date {
        self.local().date()
    }

    /// The day whose prices and promotions are in force: today, or under a clock that is not
    /// trusted the last day that was, so that nothing begins or ends by a wrong clock.
    #[must_use]
    pub fn day_in_force(&self, last_trusted: Option<Date>) -> Date {
        match last_trusted {
            Some(day) if !self.clock_trusted => day,
            _ => self.date(),
        }
    }

    /// The business day a sale at this moment belongs to: the local date, until a store opens
    /// and closes its days by hand.
    #[must_use]
    pub fn business_day(&self) -> BusinessDay {
        BusinessDay::new(self.date())
    }
}
