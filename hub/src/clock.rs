//! The present moment: of the machine, or of a file that is replayed.

mod by_hand;
mod replay;
mod system;
mod trust;

pub use replay::ReplayClock;
pub use store_actors::Clock;
pub use system::{ClockError, SystemClock};
pub use trust::ClockTrust;

use store_core::BootId;
use uuid::Uuid;

/// A fresh id for one run of the hub.
#[must_use]
pub fn new_boot() -> BootId {
    BootId::new(Uuid::now_v7())
}

#[cfg(test)]
mod tests;
