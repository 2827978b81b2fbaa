//! The thread that takes messages in: as many as wait in one transaction, without a timer.

use std::collections::BTreeMap;
use std::slice::from_ref;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{Aside, Ingested, Message};
use crate::store::{HqStore, StoreError};

/// Messages of one transaction: all that a broker may send before the first is acknowledged, and
/// more. What many sales change is written once for all of them.
const TRANSACTION_MAX: usize = 512;
/// What they may weigh together, in KiB, so that an acknowledgement does not wait for too many.
const TRANSACTION_WEIGHT_MAX: usize = 16 * 1024;
/// Messages that wait; whoever brings more has to wait, or to drop them: they come again.
const QUEUE_MAX: usize = 1024;
/// What the messages that wait, and those of the transaction, may weigh together, in KiB.
const WEIGHT_MAX: usize = 64 * 1024;
/// Topics whose failures are remembered; all are forgotten together when there are more.
const FAILED_MAX: usize = 1000;
/// How long to wait after a first failure, and at most.
const PAUSES: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(5));

/// What a worker tells, from its own thread.
#[derive(Debug)]
pub enum WorkerEvent<'a> {
    /// Messages are durable: now they may be acknowledged.
    Committed(&'a Ingested, Duration),
    /// The database cannot take messages now. Nothing is acknowledged, and the same messages are
    /// tried again until it can.
    Stuck(&'a StoreError),
    /// It can again.
    Recovered,
}

/// How a worker stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkerState {
    /// Messages that wait.
    pub queued: u64,
    /// Messages that were taken in.
    pub messages: u64,
    /// Transactions.
    pub commits: u64,
    /// Why nothing is taken in now, where that is so.
    pub trouble: Option<Trouble>,
}

/// Why a worker takes nothing in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// The error's stable code.
    pub code: &'static str,
    /// The error in a sentence.
    pub reason: String,
    /// Since when, in milliseconds since 1970.
    pub since_ms: i64,
    /// How often it was tried since.
    pub tries: u64,
}

type Queued = (Message, OwnedSemaphorePermit);

/// A thread that owns a connection and takes in what it is given.
#[derive(Debug)]
pub struct Worker {
    sender: Mutex<Option<Sender<Queued>>>,
    room: Arc<Semaphore>,
    shared: Arc<Shared>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<WorkerState>,
    is_stopping: AtomicBool,
}

impl Worker {
    /// Starts the thread. `now_ms` is the wall clock in milliseconds since 1970; `tell` is called
    /// on the thread, after each commit.
    ///
    /// # Errors
    /// Where the system has no thread left.
    pub fn start(
        store: HqStore,
        now_ms: impl Fn() -> i64 + Send + 'static,
        tell: impl FnMut(WorkerEvent<'_>) + Send + 'static,
    ) -> std::io::Result<Self> {
        let (sender, receiver) = channel(QUEUE_MAX);
        let shared = Arc::new(Shared::default());
        let failed = BTreeMap::new();
        let work = Work { store, now_ms, tell, failed, shared: shared.clone() };
        let thread = std::thread::Builder::new()
            .name("hq-ingest".to_owned())
            .spawn(move || work.run(receiver))?;
        Ok(Self {
            sender: Mutex::new(Some(sender)),
            room: Arc::new(Semaphore::new(WEIGHT_MAX)),
            shared,
            thread: Mutex::new(Some(thread)),
        })
    }

    /// Gives a message to the worker, if it has room now.
    ///
    /// # Errors
    /// The message, where there is no room or the worker stops. It may be dropped: what is not
    /// acknowledged comes again.
    pub fn try_take(&self, message: Message) -> Result<(), Box<Message>> {
        let sender = locked(&self.sender).clone();
        let (Some(sender), Ok(weight)) =
            (sender, self.room.clone().try_acquire_many_owned(message.weight()))
        else {
            return Err(Box::new(message));
        };
        sender.try_send((message, weight)).map_err(|refused| Box::new(refused.into_inner().0))
    }

    /// Gives a message to the worker, and waits until it has room.
    ///
    /// # Errors
    /// The message, where the worker stops.
    pub async fn take(&self, message: Message) -> Result<(), Box<Message>> {
        let sender = locked(&self.sender).clone();
        let Some(sender) = sender else { return Err(Box::new(message)) };
        let Ok(weight) = self.room.clone().acquire_many_owned(message.weight()).await else {
            return Err(Box::new(message));
        };
        sender.send((message, weight)).await.map_err(|refused| Box::new(refused.0.0))
    }

    /// How it stands.
    #[must_use]
    pub fn state(&self) -> WorkerState {
        let queued =
            locked(&self.sender).as_ref().map_or(0, |it| it.max_capacity() - it.capacity());
        WorkerState { queued: queued as u64, ..locked(&self.shared.state).clone() }
    }

    /// Takes in what waits, and ends. Where the database cannot, what waits is given up: it was
    /// not acknowledged.
    pub fn stop(&self) {
        self.shared.is_stopping.store(true, Ordering::Release);
        locked(&self.sender).take();
        let thread = locked(&self.thread).take();
        if let Some(thread) = thread {
            thread.thread().unpark();
            // A thread that panicked has said so.
            let _ = thread.join();
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Message {
    /// What it takes in memory, in KiB and rounded up: at most [`WEIGHT_MAX`], so that the
    /// heaviest one finds room when nothing else waits.
    fn weight(&self) -> u32 {
        let bytes = match self {
            Self::Facts { batch, .. } => {
                // What was read of a body weighs about as much as the body.
                batch.rows.iter().map(|row| 2 * row.body.len() + size_of_val(row)).sum()
            }
            Self::State { payload, .. } => payload.len(),
            Self::Aside(aside) => aside.payload.len(),
            Self::Status { .. } | Self::Unreachable => 0,
        };
        u32::try_from((bytes / 1024 + 1).min(WEIGHT_MAX)).unwrap_or(1)
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Work<N, T> {
    store: HqStore,
    now_ms: N,
    tell: T,
    /// What could not be written, by topic: the store sends it again and again, and it is put
    /// aside once.
    failed: BTreeMap<String, String>,
    shared: Arc<Shared>,
}

impl<N: Fn() -> i64, T: FnMut(WorkerEvent<'_>)> Work<N, T> {
    fn run(mut self, mut receiver: Receiver<Queued>) {
        let mut messages = Vec::with_capacity(TRANSACTION_MAX);
        let mut weights = Vec::with_capacity(TRANSACTION_MAX);
        while let Some((message, weight)) = receiver.blocking_recv() {
            let mut weighs = weight.num_permits();
            messages.push(message);
            weights.push(weight);
            while messages.len() < TRANSACTION_MAX
                && weighs < TRANSACTION_WEIGHT_MAX
                && let Ok((message, weight)) = receiver.try_recv()
            {
                weighs += weight.num_permits();
                messages.push(message);
                weights.push(weight);
            }
            if !self.take_in(&messages) {
                return;
            }
            messages.clear();
            weights.clear();
        }
    }

    /// Takes messages in, however long that takes; false where it was told to stop first.
    fn take_in(&mut self, messages: &[Message]) -> bool {
        let mut pause = PAUSES.0;
        loop {
            let begun = Instant::now();
            match self.store.ingest(messages, (self.now_ms)()) {
                Ok(ingested) => {
                    self.committed(messages.len(), &ingested, begun.elapsed());
                    return true;
                }
                Err(error) => {
                    let trouble = match messages {
                        _ if error.passes() => error,
                        // Not even that can be written: no message is to blame.
                        [Message::Aside(_)] => error,
                        // It is more than the database takes: a defect, but of one message only.
                        [message] => match self.put_aside(message, &error) {
                            Ok(()) => return true,
                            Err(error) => error,
                        },
                        _ => return messages.iter().all(|it| self.take_in(from_ref(it))),
                    };
                    self.stuck(&trouble);
                    if self.shared.is_stopping.load(Ordering::Acquire) {
                        return false;
                    }
                    std::thread::park_timeout(pause);
                    pause = (pause * 2).min(PAUSES.1);
                }
            }
        }
    }

    /// Puts aside what the database does not take. It is not acknowledged to the store, which
    /// keeps it and sends it again.
    fn put_aside(&mut self, message: &Message, error: &StoreError) -> Result<(), StoreError> {
        let (topic, reason) = (message.topic(), error.to_string());
        if self.failed.get(&topic) == Some(&reason) {
            self.committed(1, &Ingested::default(), Duration::ZERO);
            return Ok(());
        }
        let (store, text) = (message.store(), message.text().as_bytes());
        let aside = Message::Aside(Aside::new(&topic, store, "failed", reason.clone(), text));
        let begun = Instant::now();
        let ingested = self.store.ingest(&[aside], (self.now_ms)())?;
        if self.failed.len() >= FAILED_MAX {
            self.failed.clear();
        }
        self.failed.insert(topic, reason);
        self.committed(1, &ingested, begun.elapsed());
        Ok(())
    }

    fn committed(&mut self, messages: usize, ingested: &Ingested, took: Duration) {
        let was_stuck = {
            let mut state = locked(&self.shared.state);
            state.messages += messages as u64;
            state.commits += 1;
            state.trouble.take().is_some()
        };
        if was_stuck {
            (self.tell)(WorkerEvent::Recovered);
        }
        (self.tell)(WorkerEvent::Committed(ingested, took));
    }

    fn stuck(&mut self, error: &StoreError) {
        let is_news = {
            let mut state = locked(&self.shared.state);
            let before = state.trouble.take();
            let trouble = Trouble {
                code: error.code(),
                reason: error.to_string(),
                since_ms: before.as_ref().map_or_else(|| (self.now_ms)(), |it| it.since_ms),
                tries: before.as_ref().map_or(0, |it| it.tries) + 1,
            };
            state.trouble = Some(trouble);
            before.is_none_or(|it| it.code != error.code())
        };
        if is_news {
            (self.tell)(WorkerEvent::Stuck(error));
        }
    }
}
