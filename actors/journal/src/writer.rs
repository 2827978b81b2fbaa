//! The thread that writes: whatever waits goes into one commit.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, PoisonError, RwLock};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::{Ledger, OpenError, Write, WriteError, Written};

/// Most writes that wait: every register, printer and browser of a large store several times over.
const WAITING_MAX: usize = 1024;
/// Most writes of one commit: beyond this the sync is a small part of it.
const GROUP_MAX: usize = 128;
/// How often an idle writer shows that it is alive.
const IDLE: Duration = Duration::from_millis(250);

/// What is called with the outcome of a write, in the writer's thread: hand it on and return.
pub type Reply = Box<dyn FnOnce(Result<Written, WriteError>) + Send>;

enum Job {
    Write(Write, Reply),
    Synchronous(Box<dyn FnOnce(Option<i64>) + Send>),
    Stop,
}

/// Why a write was not taken; its reply is not called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubmitError {
    /// Too many are waiting.
    #[error("too many writes are waiting")]
    Busy,
    /// The writer is stopping or has stopped.
    #[error("the writer has stopped")]
    Stopped,
}

/// What the writer has done so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WriterStats {
    /// Writes that were carried out.
    pub commits: u64,
    /// Writes that failed or were rejected.
    pub failures: u64,
    /// Groups that were committed.
    pub groups: u64,
    /// Groups with a promise or a draft, each synced before it was answered.
    pub groups_synced: u64,
    /// Writes that wait at present.
    pub waiting: u64,
    /// Grows as long as the writer is alive, idle or not; for the watchdog.
    pub progress: u64,
}

#[derive(Debug, Default)]
struct Counters {
    commits: AtomicU64,
    failures: AtomicU64,
    groups: AtomicU64,
    groups_synced: AtomicU64,
    waiting: AtomicU64,
    progress: AtomicU64,
}

/// The way to a writer; as many as needed.
#[derive(Clone)]
pub struct WriterHandle {
    /// Empty as soon as the writer is to stop, so that nothing gets in behind the last write.
    jobs: Arc<RwLock<Option<SyncSender<Job>>>>,
    counters: Arc<Counters>,
}

impl fmt::Debug for WriterHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WriterHandle").field("stats", &self.stats()).finish_non_exhaustive()
    }
}

impl WriterHandle {
    /// Hands a write over; `reply` is called when it is on disk or has failed, exactly once.
    ///
    /// # Errors
    /// Where the writer does not take it; then `reply` is never called.
    pub fn submit(&self, write: Write, reply: Reply) -> Result<(), SubmitError> {
        self.counters.waiting.fetch_add(1, Ordering::Relaxed);
        let sent = self.send(Job::Write(write, reply));
        if sent.is_err() {
            self.counters.waiting.fetch_sub(1, Ordering::Relaxed);
        }
        sent
    }

    /// Hands a write over and waits for its outcome, for threads that may wait.
    ///
    /// # Errors
    /// As [`Self::submit`].
    pub fn write(&self, write: Write) -> Result<Result<Written, WriteError>, SubmitError> {
        let (sender, receiver) = sync_channel(1);
        let reply: Reply = Box::new(move |outcome| {
            // The other end waits; where it does not, nobody wants to know.
            let _ = sender.send(outcome);
        });
        self.submit(write, reply)?;
        receiver.recv().map_err(|_| SubmitError::Stopped)
    }

    /// `PRAGMA synchronous` of the writing connection as it stands after the writes before this
    /// question, and those that waited behind it and went into the same commit: 2 after a promise
    /// or a draft, 1 after neither. A round trip through the writer's thread, so also a sign of
    /// life.
    ///
    /// # Errors
    /// As [`Self::submit`].
    pub fn synchronous(&self) -> Result<Option<i64>, SubmitError> {
        let (sender, receiver) = sync_channel(1);
        self.ask_synchronous(Box::new(move |level| {
            let _ = sender.send(level);
        }))?;
        receiver.recv().map_err(|_| SubmitError::Stopped)
    }

    /// As [`Self::synchronous`], for threads that may not wait: the writer's thread calls `reply`.
    ///
    /// # Errors
    /// As [`Self::submit`].
    pub fn ask_synchronous(
        &self,
        reply: Box<dyn FnOnce(Option<i64>) + Send>,
    ) -> Result<(), SubmitError> {
        self.send(Job::Synchronous(reply))
    }

    fn send(&self, job: Job) -> Result<(), SubmitError> {
        let jobs = self.jobs.read().unwrap_or_else(PoisonError::into_inner);
        match jobs.as_ref() {
            None => Err(SubmitError::Stopped),
            Some(jobs) => jobs.try_send(job).map_err(|error| match error {
                TrySendError::Full(_) => SubmitError::Busy,
                TrySendError::Disconnected(_) => SubmitError::Stopped,
            }),
        }
    }

    /// What the writer has done so far.
    #[must_use]
    pub fn stats(&self) -> WriterStats {
        let get = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        WriterStats {
            commits: get(&self.counters.commits),
            failures: get(&self.counters.failures),
            groups: get(&self.counters.groups),
            groups_synced: get(&self.counters.groups_synced),
            waiting: get(&self.counters.waiting),
            progress: get(&self.counters.progress),
        }
    }
}

/// A running writer.
#[derive(Debug)]
pub struct Writer<L> {
    handle: WriterHandle,
    thread: JoinHandle<L>,
}

impl<L: Ledger + Send + 'static> Writer<L> {
    /// Starts a thread that owns the ledger.
    ///
    /// # Errors
    /// Where the system has no thread left.
    pub fn spawn(ledger: L) -> std::io::Result<Self> {
        let (sender, receiver) = sync_channel(WAITING_MAX);
        let counters = Arc::new(Counters::default());
        let handle = WriterHandle {
            jobs: Arc::new(RwLock::new(Some(sender))),
            counters: Arc::clone(&counters),
        };
        let thread = std::thread::Builder::new()
            .name("journal".to_owned())
            .spawn(move || run(ledger, &receiver, &counters))?;
        Ok(Self { handle, thread })
    }

    /// A way to it.
    #[must_use]
    pub fn handle(&self) -> WriterHandle {
        self.handle.clone()
    }

    /// Takes nothing more, writes and answers what waits, puts everything in its place and ends
    /// the thread. The ledger comes back.
    ///
    /// # Errors
    /// What could not be put in its place; nothing is lost by that.
    pub fn stop(self) -> Result<L, OpenError> {
        let last = {
            let mut jobs = self.handle.jobs.write().unwrap_or_else(PoisonError::into_inner);
            jobs.take()
        };
        if let Some(jobs) = last {
            // Waits for room; the thread has ended by itself only if it panicked.
            let _ = jobs.send(Job::Stop);
        }
        match self.thread.join() {
            Ok(mut ledger) => {
                ledger.close()?;
                Ok(ledger)
            }
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }
}

fn run<L: Ledger>(mut ledger: L, jobs: &Receiver<Job>, counters: &Counters) -> L {
    let mut group = Vec::with_capacity(GROUP_MAX);
    let mut replies = Vec::with_capacity(GROUP_MAX);
    let mut questions = Vec::new();
    loop {
        counters.progress.fetch_add(1, Ordering::Relaxed);
        let mut next = match jobs.recv_timeout(IDLE) {
            Ok(job) => Some(job),
            Err(RecvTimeoutError::Timeout) => continue,
            Err(RecvTimeoutError::Disconnected) => return ledger,
        };
        // Whatever waits joins the group, also behind a question: whoever asks must not make
        // commits smaller. Questions are answered after the commit, and the end comes last.
        let is_last = loop {
            match next {
                Some(Job::Write(write, reply)) => {
                    group.push(write);
                    replies.push(reply);
                }
                Some(Job::Synchronous(answer)) => questions.push(answer),
                Some(Job::Stop) => break true,
                None => break false,
            }
            if group.len() + questions.len() >= GROUP_MAX {
                break false;
            }
            next = jobs.try_recv().ok();
        };
        commit(&mut ledger, &mut group, &mut replies, counters);
        for answer in questions.drain(..) {
            answer(ledger.synchronous());
        }
        if is_last {
            return ledger;
        }
    }
}

fn commit<L: Ledger>(
    ledger: &mut L,
    group: &mut Vec<Write>,
    replies: &mut Vec<Reply>,
    counters: &Counters,
) {
    if group.is_empty() {
        return;
    }
    let is_synced = group.iter().any(Write::needs_sync);
    let outcomes = ledger.write_group(std::mem::take(group));
    counters.groups.fetch_add(1, Ordering::Relaxed);
    counters.groups_synced.fetch_add(u64::from(is_synced), Ordering::Relaxed);
    for (outcome, reply) in outcomes.into_iter().zip(replies.drain(..)) {
        let counter = if outcome.is_ok() { &counters.commits } else { &counters.failures };
        counter.fetch_add(1, Ordering::Relaxed);
        counters.waiting.fetch_sub(1, Ordering::Relaxed);
        reply(outcome);
    }
}
