use store_core::{Now, WorkstationId};

/// Where an actor gets the present moment from; the only way time enters the store.
pub trait Clock: Send + Sync {
    /// The present moment at a register, or in the store where none is named.
    fn now(&self, workstation: Option<&WorkstationId>) -> Now;
}
