use jiff::civil::Date;
use store_core::{Now, WorkstationId};

/// Where an actor gets the present moment from; the only way time enters the store.
pub trait Clock: Send + Sync {
    /// The present moment at a register, or in the store where none is named.
    fn now(&self, workstation: Option<&WorkstationId>) -> Now;

    /// The last day in the store on which the clock was trusted, as far as it remembers: what is
    /// in force stays that of this day while the clock is not.
    fn last_trusted(&self) -> Option<Date> {
        None
    }
}
