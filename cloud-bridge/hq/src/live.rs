//! The live views: each computed once for everybody who may see the same, right after a commit, and
//! never so often that a large chain is busy with nothing else.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::time::Instant;

use crate::people::Reach;

/// Of the time between two computings of a view, at most one part in this many is spent on it.
const REST_FACTOR: u32 = 4;
/// The rest that a view may owe before it takes any: what comes together, such as a sale's rows
/// and what its store says of itself, is shown one after the other, and none waits for another.
const REST_OWED_MAX: Duration = Duration::from_millis(200);
/// How long a view stands without a commit of this process: another may write the same database,
/// and days end.
const REFRESH_INTERVAL: Duration = Duration::from_secs(1);

/// Which view: who may see it, of which day; today where none is said.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ViewKey {
    /// What may be seen.
    pub reach: Reach,
    /// The business day, `YYYY-MM-DD`.
    pub day: Option<String>,
}

/// A view as it goes out: JSON, written once.
pub type ViewText = Option<Arc<str>>;

/// A view that was just computed.
pub struct Computed {
    /// Its revision.
    pub revision: u64,
    /// As it goes out.
    pub text: Arc<str>,
}

/// What is being computed; none where that failed, which is said in the log.
pub type Computing = std::pin::Pin<Box<dyn Future<Output = Option<Computed>> + Send>>;

/// Computes a view, with no lower revision than the one before it had: what a revision counts may
/// leave the part that is seen.
pub type Compute = dyn Fn(ViewKey, u64) -> Computing + Send + Sync;

/// The views that somebody looks at.
#[derive(Clone)]
pub struct Live(Arc<Inner>);

struct Inner {
    runtime: Handle,
    compute: Box<Compute>,
    changes: watch::Sender<u64>,
    views: Mutex<BTreeMap<ViewKey, Arc<watch::Sender<ViewText>>>>,
}

impl Live {
    /// Computes on a runtime.
    #[must_use]
    pub fn new(runtime: Handle, compute: Box<Compute>) -> Self {
        let (changes, _) = watch::channel(0);
        Self(Arc::new(Inner { runtime, compute, changes, views: Mutex::default() }))
    }

    /// Says that something that is shown has changed.
    pub fn changed(&self) {
        self.0.changes.send_modify(|count| *count += 1);
    }

    /// How many views somebody looks at.
    #[must_use]
    pub fn count(&self) -> usize {
        self.views().len()
    }

    /// Follows a view: the newest whenever one is computed; nothing before the first.
    #[must_use]
    pub fn watch(&self, key: ViewKey) -> watch::Receiver<ViewText> {
        let mut views = self.views();
        if let Some(view) = views.get(&key) {
            return view.subscribe();
        }
        let (sender, receiver) = watch::channel(None);
        let sender = Arc::new(sender);
        views.insert(key.clone(), sender.clone());
        self.0.runtime.spawn(self.clone().keep(key, sender));
        receiver
    }

    fn views(&self) -> MutexGuard<'_, BTreeMap<ViewKey, Arc<watch::Sender<ViewText>>>> {
        self.0.views.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Computes one view until nobody looks at it.
    async fn keep(self, key: ViewKey, view: Arc<watch::Sender<ViewText>>) {
        let mut changes = self.0.changes.subscribe();
        let (mut rest, mut ended) = (Rest::default(), Instant::now());
        let mut revision = 0;
        loop {
            changes.mark_unchanged();
            let begun = Instant::now();
            if let Some(computed) = (self.0.compute)(key.clone(), revision).await {
                revision = computed.revision;
                view.send_replace(Some(computed.text));
            }
            let idle = begun - ended;
            ended = Instant::now();
            let pause = rest.computed(ended - begun, idle);
            tokio::select! {
                () = view.closed() => {}
                () = next(&mut changes, pause) => {}
            }
            // Nobody may begin to look at it between the question and the removal.
            let mut views = self.views();
            if view.receiver_count() == 0 {
                views.remove(&key);
                return;
            }
        }
    }
}

/// What a view owes of rest: an idle moment pays as much of it as it is long.
#[derive(Debug, Default)]
struct Rest {
    owed: Duration,
}

impl Rest {
    /// Takes what a computing cost, and says how long to rest now.
    fn computed(&mut self, cost: Duration, idle_before: Duration) -> Duration {
        self.owed = self.owed.saturating_sub(idle_before) + cost * REST_FACTOR;
        self.owed.saturating_sub(REST_OWED_MAX)
    }
}

/// Waits for the next moment to compute: after the rest, at a change, or when it is time again.
async fn next(changes: &mut watch::Receiver<u64>, pause: Duration) {
    let due = Instant::now() + REFRESH_INTERVAL;
    if !pause.is_zero() {
        tokio::time::sleep(pause).await;
    }
    tokio::select! {
        _ = changes.changed() => {}
        () = tokio::time::sleep_until(due) => {}
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    fn key(day: &str) -> ViewKey {
        ViewKey { reach: Reach::Everything, day: Some(day.to_owned()) }
    }

    /// A view that says how often it was computed.
    fn live(computed: &Arc<AtomicU32>) -> Live {
        let computed = computed.clone();
        let compute = move |key: ViewKey, revision| {
            let computed = computed.clone();
            let work = async move {
                let count = computed.fetch_add(1, Ordering::Relaxed);
                let text = Arc::from(format!("{} {count}", key.day.unwrap_or_default()));
                Some(Computed { revision, text })
            };
            Box::pin(work) as Computing
        };
        Live::new(Handle::current(), Box::new(compute))
    }

    async fn newest(view: &mut watch::Receiver<ViewText>) -> String {
        view.changed().await.unwrap();
        view.borrow_and_update().as_deref().unwrap_or_default().to_owned()
    }

    #[tokio::test]
    async fn those_who_look_at_the_same_share_one_computing() {
        let computed = Arc::default();
        let live = live(&computed);
        let (mut one, mut other) = (live.watch(key("a")), live.watch(key("a")));
        let mut third = live.watch(key("b"));
        for same in [&mut one, &mut other] {
            assert!(newest(same).await.starts_with("a "));
        }
        assert!(newest(&mut third).await.starts_with("b "));
        assert_eq!(live.count(), 2, "two views for three who look");
    }

    #[test]
    fn a_few_views_are_computed_at_once_and_many_take_a_fifth_of_the_time() {
        let (mut rest, cost) = (Rest::default(), Duration::from_millis(10));
        for _ in 0..5 {
            assert_eq!(rest.computed(cost, Duration::ZERO), Duration::ZERO);
        }
        let mut pause = Duration::ZERO;
        for _ in 0..10 {
            pause = rest.computed(cost, pause);
            assert_eq!(pause, cost * REST_FACTOR);
        }
        assert_eq!(rest.computed(cost, Duration::from_secs(1)), Duration::ZERO, "it has rested");
    }

    #[tokio::test]
    async fn a_view_that_nobody_looks_at_is_not_computed() {
        let computed = Arc::default();
        let live = live(&computed);
        let mut view = live.watch(key("a"));
        newest(&mut view).await;
        drop(view);
        while live.count() > 0 {
            tokio::task::yield_now().await;
        }
        // It is computed again for whoever comes, from the beginning.
        let count = computed.load(Ordering::Relaxed);
        let mut again = live.watch(key("a"));
        assert_eq!(newest(&mut again).await, format!("a {count}"));
    }
}
