//! Turns: what stores cause here asks the database, which has few connections and serves the page
//! and the broker's gate too. So much of it waits, of each store and of all; so much is done.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::counts::{Counted, Counts};

/// How much of something there is at a time.
pub(super) struct TurnsMax {
    /// That waits or is done, of one store.
    pub of_one: usize,
    /// The same of all stores together.
    pub of_all: usize,
    /// That is done.
    pub at_once: usize,
}

/// Gives turns; a clone gives the same ones.
#[derive(Clone)]
pub(super) struct Turns {
    queued: Counts<String>,
    at_once: Arc<Semaphore>,
}

/// A place among those that wait for a turn.
pub(super) struct Queued {
    at_once: Arc<Semaphore>,
    _place: Counted<String>,
}

/// A turn, until it is dropped.
pub(super) struct Turn {
    _queued: Queued,
    _permit: Option<OwnedSemaphorePermit>,
}

impl Turns {
    /// So many.
    pub fn at_most(max: &TurnsMax) -> Self {
        let queued = Counts::at_most(max.of_one, max.of_all);
        Self { queued, at_once: Arc::new(Semaphore::new(max.at_once)) }
    }

    /// A place among those that wait; nothing where there are too many.
    pub fn queue(&self, store: &str) -> Option<Queued> {
        let place = self.queued.admit(store.to_owned())?;
        Some(Queued { at_once: self.at_once.clone(), _place: place })
    }
}

impl Queued {
    /// Waits for its turn.
    pub async fn turn(self) -> Turn {
        // There are turns for as long as there is anybody to take one.
        let permit = self.at_once.clone().acquire_owned().await.ok();
        Turn { _queued: self, _permit: permit }
    }
}
