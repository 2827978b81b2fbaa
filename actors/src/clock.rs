use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use store_core::{Now, WorkstationId};

/// Why the time cannot be set by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ByHandRefused {
    /// The clock can be right: nobody knows better.
    Trusted,
    /// There is no such time, or it is before what was known already.
    NoSuchTime,
}

/// Where an actor gets the present moment from; the only way time enters the store.
pub trait Clock: Send + Sync {
    /// The present moment at a register, or in the store where none is named.
    fn now(&self, workstation: Option<&WorkstationId>) -> Now;

    /// The last day in the store on which the clock was trusted, as far as it remembers: what is
    /// in force stays that of this day while the clock is not.
    fn last_trusted(&self) -> Option<Date> {
        None
    }

    /// The moment of a local time that somebody wants to set.
    ///
    /// # Errors
    /// [`ByHandRefused`].
    fn by_hand(&self, _local: DateTime) -> Result<Timestamp, ByHandRefused> {
        Err(ByHandRefused::Trusted)
    }

    /// From now on it is this moment, until the clock is trusted.
    fn set_by_hand(&self, _wall: Timestamp) {}
}
