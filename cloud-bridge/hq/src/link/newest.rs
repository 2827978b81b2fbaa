//! What came while the worker had no room. Nobody sends it again, so it is not dropped: of each
//! state the newest waits, and of who came and went enough to know who is there.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Bound::{Excluded, Unbounded};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::runtime::Handle;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use crate::ingest::{Message, Worker};

/// Births and wills of one store that wait: the last birth and the wills that came after it are
/// among them, unless a store comes and goes more often than that while nothing is written.
const COMINGS_MAX: usize = 16;
/// Messages to be kept aside that wait; of more, the oldest are lost.
const ASIDE_MAX: usize = 64;

/// Gives messages to a worker, each as soon as it has room.
pub(super) struct Newest {
    worker: Arc<Worker>,
    shared: Arc<Shared>,
    giving: JoinHandle<()>,
}

#[derive(Default)]
struct Shared {
    waiting: Mutex<Waiting>,
    more: Notify,
}

/// Of which store, and of which of its things; of no store where it is to be kept aside.
type Key = (String, String);

#[derive(Default)]
struct Waiting {
    messages: BTreeMap<Key, VecDeque<Message>>,
    /// Whose turn was last, so that each has its turn.
    last: Key,
    /// The broker went out of reach, which goes before whatever came since.
    is_lost: bool,
    /// One is being given to the worker: whatever comes now comes after it.
    is_giving: bool,
}

impl Newest {
    /// Gives to this worker.
    pub fn start(runtime: &Handle, worker: Arc<Worker>) -> Self {
        let shared = Arc::<Shared>::default();
        let giving = runtime.spawn(give_all(worker.clone(), shared.clone()));
        Self { worker, shared, giving }
    }

    /// Gives a message to the worker, now or when it has room.
    pub fn give(&self, message: Message) {
        let mut waiting = self.shared.waiting();
        let message = if waiting.is_idle() {
            match self.worker.try_take(message) {
                Ok(()) => return,
                Err(message) => *message,
            }
        } else {
            message
        };
        waiting.keep(message);
        drop(waiting);
        self.shared.more.notify_one();
    }
}

impl Drop for Newest {
    fn drop(&mut self) {
        self.giving.abort();
    }
}

async fn give_all(worker: Arc<Worker>, shared: Arc<Shared>) {
    loop {
        let next = shared.waiting().next();
        let Some(message) = next else {
            shared.more.notified().await;
            continue;
        };
        if worker.take(message).await.is_err() {
            // It stops.
            return;
        }
    }
}

impl Shared {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    /// Whether nothing waits that a message could overtake.
    fn is_idle(&self) -> bool {
        self.messages.is_empty() && !self.is_lost && !self.is_giving
    }

    fn keep(&mut self, message: Message) {
        let (key, max) = match &message {
            Message::Unreachable => {
                // Of no store that came or went before is it known any more.
                self.messages.retain(|(store, thing), _| store.is_empty() || !thing.is_empty());
                self.is_lost = true;
                return;
            }
            Message::State { place, thing, .. } => ((place.store.clone(), thing.clone()), 1),
            Message::Status { place, .. } => ((place.store.clone(), String::new()), COMINGS_MAX),
            // Facts come another way.
            Message::Facts { .. } | Message::Aside(_) => (Key::default(), ASIDE_MAX),
        };
        let same = self.messages.entry(key).or_default();
        same.push_back(message);
        if same.len() > max {
            same.pop_front();
        }
    }

    /// What is to be given next. Until this is asked again, that is being given.
    fn next(&mut self) -> Option<Message> {
        if std::mem::take(&mut self.is_lost) {
            self.is_giving = true;
            return Some(Message::Unreachable);
        }
        let after = self.messages.range::<Key, _>((Excluded(&self.last), Unbounded)).next();
        let next = after.or_else(|| self.messages.first_key_value());
        let key = next.map(|(key, _)| key.clone());
        let message = key.as_ref().and_then(|key| {
            let same = self.messages.get_mut(key)?;
            let message = same.pop_front();
            if same.is_empty() {
                self.messages.remove(key);
            }
            message
        });
        self.is_giving = message.is_some();
        self.last = key.unwrap_or_default();
        message
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, Sender, channel};
    use std::time::{Duration, Instant};

    use hq_wire::link::v1::{Place, Status};

    use super::*;
    use crate::ingest::{self, WorkerEvent};
    use crate::store::sql::params;
    use crate::store::{HqStore, StoreAt, StorePlace};

    /// How long anything is waited for: far longer than it takes.
    const PATIENCE: Duration = Duration::from_secs(60);

    fn status(store: &str, boot: &str, is_online: bool) -> Message {
        let place = Place { chain: "c".to_owned(), store: store.to_owned() };
        let boot = boot.to_owned();
        let status = if is_online {
            Status::Birth {
                online: true,
                boot,
                version: "1".to_owned(),
                stream: "0199aa00-0000-7000-8000-000000000000".to_owned(),
                head: 0,
                name: String::new(),
                currency: "TWD".to_owned(),
                time_zone: "Asia/Taipei".to_owned(),
            }
        } else {
            Status::Will { online: false, boot }
        };
        Message::Status { place, status }
    }

    fn state(store: &str, at_ms: u64) -> Message {
        let topic = format!("v1/c/{store}/state/link");
        ingest::read("c", &topic, format!(r#"{{"at_ms":{at_ms}}}"#).as_bytes())
    }

    /// A worker that stands still after its first commit until something is sent.
    fn worker(store: HqStore) -> (Arc<Worker>, Sender<()>, Receiver<()>) {
        let (go_on, released) = channel::<()>();
        let (tell, committed) = channel();
        let hear = move |event: WorkerEvent<'_>| {
            if let WorkerEvent::Committed(..) = event {
                let _ = tell.send(());
                // It goes on for good when nobody can send any more.
                let _ = released.recv();
            }
        };
        (Arc::new(Worker::start(store, || 1, hear).unwrap()), go_on, committed)
    }

    #[test]
    fn who_is_there_and_the_newest_state_outlive_a_worker_without_room() {
        let mut store = HqStore::open(&StoreAt::Memory).unwrap();
        for id in ["s", "t", "u", "v"] {
            let place = StorePlace { store: id.to_owned(), ..StorePlace::default() };
            store.add_store(&place).unwrap();
        }
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let (worker, go_on, committed) = worker(store.another().unwrap());
        let newest = Newest::start(runtime.handle(), worker.clone());
        ["s", "t"].into_iter().for_each(|it| newest.give(status(it, "b0", true)));
        committed.recv().unwrap();
        // More than it has room for, then what matters.
        (0..3_000).for_each(|at_ms| newest.give(state("v", at_ms)));
        newest.give(status("s", "b0", false));
        newest.give(status("t", "b0", false));
        newest.give(status("t", "b1", true));
        newest.give(status("u", "b0", true));
        newest.give(status("u", "b0", false));
        newest.give(state("v", 4_000));
        drop(go_on);
        let mut online = |id: &str| {
            let text = "select online from stores where store = ?1";
            store.sql().query_one(text, params![id], |row| row.opt_int(0)).unwrap().flatten()
        };
        let begun = Instant::now();
        while (online("s"), online("t"), online("u")) != (Some(0), Some(1), Some(0)) {
            assert!(begun.elapsed() < PATIENCE, "who is there was forgotten");
            std::thread::yield_now();
        }
        let text = "select payload from states where store = 'v'";
        let mut said = || store.sql().query_one(text, &[], |row| row.string(0)).unwrap();
        while !said().is_some_and(|payload| payload.contains("4000")) {
            assert!(begun.elapsed() < PATIENCE, "the newest state was forgotten");
            std::thread::yield_now();
        }
        drop(newest);
        worker.stop();
    }

    #[test]
    fn who_came_before_the_broker_was_lost_is_not_said_to_be_there_after_it() {
        let mut waiting = Waiting::default();
        waiting.keep(status("s", "b0", true));
        waiting.keep(state("s", 1));
        waiting.keep(Message::Unreachable);
        waiting.keep(status("t", "b1", true));
        assert!(matches!(waiting.next(), Some(Message::Unreachable)));
        let rest: Vec<Message> = std::iter::from_fn(|| waiting.next()).collect();
        assert!(matches!(&rest[..], [Message::State { .. }, Message::Status { place, .. }]
            if place.store == "t"));
    }

    #[test]
    fn nobody_who_talks_all_the_time_keeps_the_others_waiting() {
        let mut waiting = Waiting::default();
        ["a", "b", "c"].into_iter().for_each(|id| waiting.keep(state(id, 1)));
        let mut order = Vec::new();
        for _ in 0..4 {
            order.extend(waiting.next().unwrap().store().map(str::to_owned));
            waiting.keep(state("a", 2));
        }
        assert_eq!(order, ["a", "b", "c", "a"]);
    }
}
