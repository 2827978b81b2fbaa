//! The thread that does what a commit would otherwise have to do for those after it.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use crate::store::HqStore;
use crate::wiring::StartError;

/// Tidies the database up after commits; a clone is the same one.
#[derive(Clone)]
pub(super) struct Tidier(Arc<Mutex<Option<Work>>>);

struct Work {
    nudges: SyncSender<()>,
    thread: JoinHandle<()>,
}

impl Tidier {
    /// Starts the thread, with a connection of its own.
    pub fn start(store: HqStore) -> Result<Self, StartError> {
        // One nudge that waits stands for all that come meanwhile.
        let (nudges, nudged) = sync_channel(1);
        let named = std::thread::Builder::new().name("hq-tidy".to_owned());
        let thread = named.spawn(move || run(store, &nudged));
        let thread = thread.map_err(|error| StartError::Part("the database's tidying", error))?;
        Ok(Self(Arc::new(Mutex::new(Some(Work { nudges, thread })))))
    }

    /// Something was committed.
    pub fn nudge(&self) {
        let work = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(work) = work.as_ref() {
            // Where there is no room, it is nudged already.
            let _ = work.nudges.try_send(());
        }
    }

    /// Ends the thread. Blocks.
    pub fn stop(&self) {
        let work = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(Work { nudges, thread }) = work {
            drop(nudges);
            // A thread that panicked has said so.
            let _ = thread.join();
        }
    }
}

fn run(mut store: HqStore, nudged: &Receiver<()>) {
    while nudged.recv().is_ok() {
        if let Err(error) = store.sql().tidy() {
            // Some commit does it, and says what is wrong.
            tracing::debug!(%error, "tidying the database up");
        }
    }
}
