//! When a sale appears on headquarters' live page.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Read};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use serde::Deserialize;
use store_core::TransactionId;

use super::super::client::{ClientError, Connection, microseconds};

const LIVE: &str = "/api/v1/live";
/// How long the page may take to show its first view: it is computed when somebody looks.
const FIRST_VIEW_TIMEOUT: Duration = Duration::from_secs(30);
/// How long the last sales may take to appear after everything was acknowledged; those that a
/// busy page never showed do not come any more.
const LAST_VIEW_TIMEOUT: Duration = Duration::from_secs(2);

/// When sales were completed and when they appeared.
#[derive(Debug, Default)]
pub struct Arrivals {
    times: Mutex<Times>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Times {
    completed: HashMap<TransactionId, Instant>,
    appeared: HashMap<TransactionId, Instant>,
    newest: Option<TransactionId>,
}

impl Arrivals {
    fn times(&self) -> MutexGuard<'_, Times> {
        self.times.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A customer was told that a sale is complete.
    pub fn completed(&self, transaction: TransactionId, at: Instant) {
        let mut times = self.times();
        times.completed.insert(transaction, at);
        times.newest = Some(transaction);
    }

    fn appeared(&self, sales: &[Shown], at: Instant) {
        let mut times = self.times();
        for sale in sales {
            times.appeared.entry(sale.transaction).or_insert(at);
        }
        self.changed.notify_all();
    }

    /// Waits until the newest sale has appeared, or does not.
    fn settle(&self) {
        let is_due = |times: &mut Times| {
            times.newest.is_some_and(|newest| !times.appeared.contains_key(&newest))
        };
        // Whoever waited longer knows as much.
        let _ = self.changed.wait_timeout_while(self.times(), LAST_VIEW_TIMEOUT, is_due);
    }

    /// How long each sale took that was seen to appear, in microseconds. A view holds the newest
    /// fifty: of a chain that sells faster than its page is drawn, some are never on one.
    fn samples(&self) -> Vec<u64> {
        let times = self.times();
        let took = |(sale, completed): (&TransactionId, &Instant)| {
            let appeared = times.appeared.get(sale)?;
            // Headquarters may be told before the register is.
            Some(microseconds(appeared.saturating_duration_since(*completed)))
        };
        times.completed.iter().filter_map(took).collect()
    }
}

/// A browser that looks at headquarters' live page.
pub struct Listening {
    arrivals: Arc<Arrivals>,
    stopping: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

#[derive(Deserialize)]
struct View {
    last_sales: Vec<Shown>,
}

#[derive(Deserialize)]
struct Shown {
    transaction: TransactionId,
}

impl Listening {
    pub(super) fn begin(browser: Connection) -> Result<Self, ClientError> {
        let arrivals = Arc::new(Arrivals::default());
        let stopping = Arc::new(AtomicBool::new(false));
        let (first, begun) = sync_channel(1);
        let body = browser.stream(LIVE)?;
        let page = Page { arrivals: arrivals.clone(), stopping: stopping.clone(), first };
        let thread = thread::Builder::new()
            .name("headquarters' page".to_owned())
            .spawn(move || {
                // The session lives as long as the page.
                let _browser = browser;
                page.look(body);
            })
            .map_err(|source| ClientError::Stream { what: LIVE.to_owned(), source })?;
        begun.recv_timeout(FIRST_VIEW_TIMEOUT).map_err(|_| ClientError::NoAnswer {
            what: format!("GET {LIVE}"),
            seconds: FIRST_VIEW_TIMEOUT.as_secs(),
            last: "no view".to_owned(),
        })?;
        Ok(Self { arrivals, stopping, thread })
    }

    /// Where completions are noted.
    #[must_use]
    pub fn arrivals(&self) -> &Arrivals {
        &self.arrivals
    }

    /// Closes the page; how long each sale took that was seen to appear, in microseconds.
    #[must_use]
    pub fn end(self) -> Vec<u64> {
        self.arrivals.settle();
        self.stopping.store(true, Ordering::Relaxed);
        // Its next heartbeat wakes it.
        let _ = self.thread.join();
        self.arrivals.samples()
    }
}

/// The thread's side.
struct Page {
    arrivals: Arc<Arrivals>,
    stopping: Arc<AtomicBool>,
    first: SyncSender<()>,
}

impl Page {
    fn look(self, body: impl Read) {
        let mut event = String::new();
        for line in BufReader::new(body).lines().map_while(Result::ok) {
            if self.stopping.load(Ordering::Relaxed) {
                return;
            }
            if let Some(name) = line.strip_prefix("event: ") {
                name.clone_into(&mut event);
            } else if let Some(data) = line.strip_prefix("data: ").filter(|_| event == "view") {
                let at = Instant::now();
                // A view that cannot be read shows nothing; then nothing is measured.
                if let Ok(view) = serde_json::from_str::<View>(data) {
                    self.arrivals.appeared(&view.last_sales, at);
                }
                // Nobody waits for it after the first.
                let _ = self.first.try_send(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use store_core::StoreId;

    use super::*;
    use crate::replay::plan::transaction_id;

    #[test]
    fn only_sales_of_this_run_that_appeared_are_measured() {
        let arrivals = Arc::new(Arrivals::default());
        let id = |key: &str| transaction_id(&StoreId::new("1").unwrap(), key);
        let (first, begun) = sync_channel(1);
        let page = Page { arrivals: arrivals.clone(), stopping: Arc::default(), first };
        let now = Instant::now();
        arrivals.completed(id("seen"), now);
        arrivals.completed(id("never seen"), now);
        let view = |ids: &[&str]| {
            let sales: Vec<_> =
                ids.iter().map(|key| serde_json::json!({"transaction": id(key)})).collect();
            format!("event: view\ndata: {}\n\n", serde_json::json!({"last_sales": sales}))
        };
        let text = view(&["old"]) + "event: heartbeat\ndata: {}\n\n" + &view(&["seen", "old"]);
        page.look(text.as_bytes());
        begun.try_recv().unwrap();
        assert_eq!(arrivals.samples().len(), 1);
    }
}
