use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};
use std::time::Instant;

use jiff::Timestamp;
use store_actors::Clock;
use store_core::{BootId, Now, WorkstationId};

#[derive(Clone, Copy)]
struct Moment {
    wall: Timestamp,
    utc_offset_s: i32,
}

struct Moments {
    store: Moment,
    at: BTreeMap<WorkstationId, Moment>,
}

/// A clock that a replay sets from within the process; no request reaches it.
///
/// Each workstation has a time of its own, because registers of one file run in parallel and each
/// sale keeps the time that is written for it.
pub struct ReplayClock {
    boot: BootId,
    started: Instant,
    moments: RwLock<Moments>,
}

impl ReplayClock {
    /// A clock that stands at this moment, with the offset from UTC that the file writes.
    #[must_use]
    pub fn new(wall: Timestamp, utc_offset_s: i32) -> Self {
        let store = Moment { wall, utc_offset_s };
        Self {
            boot: super::new_boot(),
            started: Instant::now(),
            moments: RwLock::new(Moments { store, at: BTreeMap::new() }),
        }
    }

    /// Sets the time of one register. The store's own time is the latest that any of them had.
    pub fn set(&self, workstation: &WorkstationId, wall: Timestamp, utc_offset_s: i32) {
        let moment = Moment { wall, utc_offset_s };
        let mut moments = self.moments.write().unwrap_or_else(PoisonError::into_inner);
        if wall > moments.store.wall {
            moments.store = moment;
        }
        moments.at.insert(workstation.clone(), moment);
    }

    /// The time of one register; the store's, as long as it has none of its own.
    #[must_use]
    pub fn now_for(&self, workstation: &WorkstationId) -> Now {
        self.now(Some(workstation))
    }

    /// Which run this is.
    #[must_use]
    pub const fn boot(&self) -> BootId {
        self.boot
    }
}

impl Clock for ReplayClock {
    fn now(&self, workstation: Option<&WorkstationId>) -> Now {
        let moments = self.moments.read().unwrap_or_else(PoisonError::into_inner);
        let moment = workstation
            .and_then(|workstation| moments.at.get(workstation))
            .unwrap_or(&moments.store);
        Now {
            wall: moment.wall,
            utc_offset_s: moment.utc_offset_s,
            monotonic_ms: u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX),
            boot: self.boot,
            clock_trusted: true,
        }
    }
}
