//! Waiting until headquarters has what a store has.

use std::thread;
use std::time::{Duration, Instant};

use store_core::StoreId;

use super::RunningStore;
use super::progress::Progress;
use crate::replay::ReplayError;

/// How often a store is asked what still waits.
const LOOK_INTERVAL: Duration = Duration::from_millis(5);
/// How often a person is told what still waits.
const SAY_INTERVAL: Duration = Duration::from_secs(2);
/// How long nothing may move before the run is given up: a link that broke is tried again after
/// at most half a minute, and headquarters may be starting.
const STALLED_AFTER: Duration = Duration::from_secs(120);

impl Progress {
    /// Waits until headquarters has acknowledged all that a store has; for as long as that takes,
    /// while it goes on. A store that is not linked has nothing that waits.
    ///
    /// # Errors
    /// [`ReplayError::Stalled`] where nothing was acknowledged any more.
    pub(super) fn delivered(
        &self,
        store: &StoreId,
        running: &dyn RunningStore,
    ) -> Result<(), ReplayError> {
        let failed = |source| ReplayError::Host { store: store.clone(), source };
        let mut moved = Instant::now();
        let mut said = Instant::now();
        let mut least = u64::MAX;
        while let Some(rows) = running.waiting().map_err(failed)?.filter(|rows| *rows > 0) {
            if rows < least {
                (least, moved) = (rows, Instant::now());
            }
            if moved.elapsed() > STALLED_AFTER {
                let seconds = STALLED_AFTER.as_secs();
                return Err(ReplayError::Stalled { store: store.clone(), rows, seconds });
            }
            if said.elapsed() > SAY_INTERVAL {
                said = Instant::now();
                self.note(&format!("store {store}: {rows} rows wait for headquarters"));
            }
            thread::sleep(LOOK_INTERVAL);
        }
        Ok(())
    }
}
