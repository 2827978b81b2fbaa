use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use actix::Recipient;
use store_core::promotion::explain::Explanation;
use store_core::register::{ExplanationAsk, PromptAsk};
use store_core::{ItemId, RefusalCode, WorkstationId};
use store_journal::{LedgerReads as _, Reader};
use tokio::sync::oneshot;

use crate::advice::Adviser;
use crate::messages::SuggestionsMade;

type Explained = oneshot::Sender<Result<Explanation, RefusalCode>>;

/// What waits to be worked out, in the order in which it came; of each register at most one of
/// each kind, the newest.
#[derive(Default)]
struct Waiting {
    suggestions: VecDeque<(WorkstationId, Box<PromptAsk>, Recipient<SuggestionsMade>)>,
    /// Somebody looks at a screen for these, so they come first.
    explanations: VecDeque<(WorkstationId, Box<ExplanationAsk>, Explained)>,
    is_closed: bool,
}

/// Puts a register's newest in the place of its older one, or at the end; answers whether there
/// was one.
fn put<A, T>(
    waiting: &mut VecDeque<(WorkstationId, Box<A>, T)>,
    newest: (WorkstationId, Box<A>, T),
) -> bool {
    match waiting.iter_mut().find(|(workstation, ..)| *workstation == newest.0) {
        Some(older) => {
            *older = newest;
            true
        }
        None => {
            waiting.push_back(newest);
            false
        }
    }
}

#[derive(Default)]
struct Desk {
    waiting: Mutex<Waiting>,
    has_work: Condvar,
    wanted: AtomicU64,
    replaced: AtomicU64,
}

/// How often something was worth working out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AdviceCounts {
    /// Baskets about which something might be worth saying.
    pub wanted: u64,
    /// Of those the ones that a newer basket of the register replaced before their turn.
    pub replaced: u64,
}

/// Works out what is worth saying about baskets and why they cost what they cost, on a thread of
/// its own: a register never waits for it.
pub struct AdviceThread(Arc<Desk>);

impl AdviceThread {
    /// Starts the thread, with the journal to ask what is on hand; it ends with the handle.
    ///
    /// # Errors
    /// Where the system has no thread to give.
    pub fn start(reader: Reader) -> std::io::Result<Self> {
        let desk = Arc::new(Desk::default());
        let own = desk.clone();
        thread::Builder::new().name("advice".to_owned()).spawn(move || own.work(&reader))?;
        Ok(Self(desk))
    }

    /// Wants to know what is worth saying about a basket.
    pub(crate) fn suggest(
        &self,
        workstation: WorkstationId,
        ask: Box<PromptAsk>,
        reply: Recipient<SuggestionsMade>,
    ) {
        self.0.wanted.fetch_add(1, Ordering::Relaxed);
        let is_replaced = put(&mut self.0.lock().suggestions, (workstation, ask, reply));
        self.0.replaced.fetch_add(u64::from(is_replaced), Ordering::Relaxed);
        self.0.has_work.notify_one();
    }

    /// Wants to know why a basket costs what it costs.
    pub(crate) fn explain(
        &self,
        workstation: WorkstationId,
        ask: Box<ExplanationAsk>,
        reply: Explained,
    ) {
        put(&mut self.0.lock().explanations, (workstation, ask, reply));
        self.0.has_work.notify_one();
    }

    /// How often something was worth working out.
    #[must_use]
    pub fn counts(&self) -> AdviceCounts {
        AdviceCounts {
            wanted: self.0.wanted.load(Ordering::Relaxed),
            replaced: self.0.replaced.load(Ordering::Relaxed),
        }
    }
}

impl Drop for AdviceThread {
    fn drop(&mut self) {
        self.0.lock().is_closed = true;
        self.0.has_work.notify_one();
    }
}

enum Task {
    Suggest(Box<PromptAsk>, Recipient<SuggestionsMade>),
    Explain(Box<ExplanationAsk>, Explained),
}

impl Desk {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work(&self, reader: &Reader) {
        let mut adviser = Adviser::default();
        while let Some(task) = self.next() {
            match task {
                Task::Suggest(ask, reply) => {
                    let on_hand = |item: &ItemId| is_on_hand(reader, item);
                    let (prompts, offers) = adviser.suggest(&ask, &on_hand);
                    let PromptAsk { transaction, version, priced, .. } = *ask;
                    // A register that is gone says nothing any more.
                    let made = SuggestionsMade { transaction, version, priced, prompts, offers };
                    let _ = reply.try_send(made);
                }
                // Nobody waits for it any more.
                Task::Explain(_, reply) if reply.is_closed() => {}
                Task::Explain(ask, reply) => drop(reply.send(adviser.explain(&ask))),
            }
        }
    }

    /// Waits for the next task; none when there will be no more.
    fn next(&self) -> Option<Task> {
        let mut waiting = self.lock();
        loop {
            if waiting.is_closed {
                return None;
            }
            if let Some((_, ask, reply)) = waiting.explanations.pop_front() {
                return Some(Task::Explain(ask, reply));
            }
            if let Some((_, ask, reply)) = waiting.suggestions.pop_front() {
                return Some(Task::Suggest(ask, reply));
            }
            waiting = self.has_work.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// Whether there may be some of an item on the shelf. A level of nought says that there is none;
/// none, or one below nought, that nobody has counted it.
fn is_on_hand(reader: &Reader, item: &ItemId) -> bool {
    reader.stock(item).is_ok_and(|level| level.is_none_or(|level| !level.is_zero()))
}
