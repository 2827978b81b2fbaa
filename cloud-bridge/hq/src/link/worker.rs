//! A worker: takes facts from the broker, and acknowledges a message when it is durable.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};

use rumqttc::v5::AsyncClient;
use rumqttc::v5::mqttbytes::v5::Publish;

use super::connection::{Listener, topic_of};
use super::told::Told;
use crate::ingest::{self, Worker, WorkerEvent};
use crate::people::now_ms;
use crate::store::HqStore;
use crate::wiring::StartError;

/// Takes facts in.
pub(super) struct FactsWorker {
    chain: String,
    worker: Arc<Worker>,
    unacknowledged: Unacknowledged,
}

/// The messages that the worker was given and has not written, in that order.
#[derive(Clone, Default)]
struct Unacknowledged(Arc<Mutex<Given>>);

#[derive(Default)]
struct Given {
    waiting: VecDeque<(AsyncClient, Publish)>,
    /// Messages that were written, since the worker began.
    written: u64,
}

impl Unacknowledged {
    fn given(&self) -> MutexGuard<'_, Given> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Acknowledges what was written since the last time, and says how many that were.
    fn acknowledge(&self, written: u64) -> u64 {
        let mut given = self.given();
        let more = written.saturating_sub(given.written);
        given.written = written;
        for _ in 0..more {
            if let Some((client, message)) = given.waiting.pop_front() {
                // A client whose connection ended has nothing to acknowledge any more.
                let _ = client.try_ack(&message);
            }
        }
        more
    }
}

impl FactsWorker {
    /// Starts the worker's thread.
    pub fn start(chain: &str, store: HqStore, told: Told) -> Result<Self, StartError> {
        let unacknowledged = Unacknowledged::default();
        let worker = start(store, told, {
            let unacknowledged = unacknowledged.clone();
            move |written| unacknowledged.acknowledge(written)
        })?;
        Ok(Self { chain: chain.to_owned(), worker, unacknowledged })
    }

    /// Its worker.
    pub fn worker(&self) -> Arc<Worker> {
        self.worker.clone()
    }
}

impl Listener for FactsWorker {
    fn connected(&mut self, _client: &AsyncClient) {}

    fn message(&mut self, client: &AsyncClient, message: Publish) {
        let read = ingest::read(&self.chain, &topic_of(&message), &message.payload);
        let mut given = self.unacknowledged.given();
        if self.worker.try_take(read).is_ok() {
            given.waiting.push_back((client.clone(), message));
        } else {
            // There is no room in memory: the broker may forget it. The store sends it again, for
            // it only lets go of what headquarters itself acknowledges.
            let _ = client.try_ack(&message);
        }
    }

    fn disconnected(&mut self) {}
}

/// Starts a worker that tells what follows from each commit. `written` hears how many messages were
/// written in all and answers how many of them are new.
pub(super) fn start(
    store: HqStore,
    told: Told,
    mut written: impl FnMut(u64) -> u64 + Send + 'static,
) -> Result<Arc<Worker>, StartError> {
    let itself: Arc<OnceLock<Weak<Worker>>> = Arc::default();
    let known = itself.clone();
    let tell = move |event: WorkerEvent<'_>| {
        let state = known.get().and_then(Weak::upgrade).map(|worker| worker.state());
        let messages = match (&event, state) {
            (WorkerEvent::Committed(..), Some(state)) => written(state.messages),
            _ => 0,
        };
        told.hear(&event, messages);
    };
    let worker = Worker::start(store, now_ms, tell);
    let worker = Arc::new(worker.map_err(|error| StartError::Part("a worker", error))?);
    // It was given nothing yet, so it told nothing.
    let _ = itself.set(Arc::downgrade(&worker));
    Ok(worker)
}
