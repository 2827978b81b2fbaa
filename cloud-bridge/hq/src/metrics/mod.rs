//! Headquarters' figures, for Prometheus: `hq_`, then the noun, the unit last.

mod chain;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use prometheus::{
    Histogram, HistogramOpts, IntCounter, IntGauge, IntGaugeVec, Opts, Registry, TextEncoder,
};
use tokio::sync::watch;

pub use chain::{ChainFigures, StoreFigures, read};

/// Every figure with what it says; a test compares this list with what is written.
pub const METRICS: &[(&str, &str)] = &[
    ("hq_ingest_message_total", "messages taken in since headquarters started"),
    ("hq_ingest_row_folded_total", "rows folded into what is shown"),
    ("hq_ingest_sale_folded_total", "completed sales among them"),
    ("hq_ingest_commit_total", "transactions that took messages in"),
    ("hq_ingest_failure_total", "transactions that failed, to be tried again"),
    ("hq_ingest_commit_duration_seconds", "time of a transaction that takes messages in"),
    ("hq_acknowledgement_published_total", "acknowledgements published to stores"),
    ("hq_link_connected", "1 where a connection to the broker holds, by connection"),
    ("hq_link_reconnect_total", "connections to the broker that ended since the start"),
    ("hq_storage_full", "1 where the storage is full: nothing is acknowledged"),
    ("hq_live_view_open", "live views that somebody looks at"),
    ("hq_aside_total", "messages kept aside in all, by code"),
    ("hq_store_online", "1 where a store is connected"),
    ("hq_store_waiting_rows", "rows that a store has and headquarters lacks, as it last said"),
    ("hq_store_waiting_seconds", "age of the oldest of them"),
    ("hq_store_head_sequence", "last row of a store's present stream without a gap"),
    ("hq_store_frozen_streams", "streams of a store of which nothing more is taken"),
    ("hq_process_resident_memory_bytes", "memory of this process"),
];

/// Buckets of a commit, in seconds.
const BUCKETS_S: &[f64] = &[0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 5.0];

/// The figures that are counted as things happen.
#[derive(Clone)]
pub struct Metrics {
    registry: Registry,
    messages: IntCounter,
    rows: IntCounter,
    sales: IntCounter,
    commits: IntCounter,
    failures: IntCounter,
    commit_duration: Histogram,
    acknowledgements: IntCounter,
    connected: IntGaugeVec,
    /// Whether each connection to the broker holds.
    connections: Arc<watch::Sender<BTreeMap<String, bool>>>,
    reconnects: IntCounter,
    storage_full: IntGauge,
}

fn help(name: &str) -> &'static str {
    METRICS.iter().find(|(known, _)| *known == name).map_or("", |(_, help)| help)
}

impl Metrics {
    /// All at nought.
    ///
    /// # Errors
    /// Where two figures have one name.
    pub fn new() -> Result<Self, prometheus::Error> {
        let registry = Registry::new();
        let counter = |name: &str| {
            let counter = IntCounter::new(name, help(name))?;
            registry.register(Box::new(counter.clone()))?;
            Ok::<_, prometheus::Error>(counter)
        };
        let (name, storage) = ("hq_ingest_commit_duration_seconds", "hq_storage_full");
        let commit_duration =
            Histogram::with_opts(HistogramOpts::new(name, help(name)).buckets(BUCKETS_S.to_vec()))?;
        registry.register(Box::new(commit_duration.clone()))?;
        let connected = "hq_link_connected";
        let connected = IntGaugeVec::new(Opts::new(connected, help(connected)), &["connection"])?;
        registry.register(Box::new(connected.clone()))?;
        let storage_full = IntGauge::new(storage, help(storage))?;
        registry.register(Box::new(storage_full.clone()))?;
        Ok(Self {
            messages: counter("hq_ingest_message_total")?,
            rows: counter("hq_ingest_row_folded_total")?,
            sales: counter("hq_ingest_sale_folded_total")?,
            commits: counter("hq_ingest_commit_total")?,
            failures: counter("hq_ingest_failure_total")?,
            acknowledgements: counter("hq_acknowledgement_published_total")?,
            reconnects: counter("hq_link_reconnect_total")?,
            commit_duration,
            connected,
            connections: Arc::new(watch::Sender::default()),
            storage_full,
            registry,
        })
    }

    /// Messages were taken in, in one transaction.
    pub fn committed(&self, messages: u64, rows: u64, sales: u64, took: Duration) {
        self.messages.inc_by(messages);
        self.rows.inc_by(rows);
        self.sales.inc_by(sales);
        self.commits.inc();
        self.commit_duration.observe(took.as_secs_f64());
        self.storage_full.set(0);
    }

    /// Messages could not be taken in.
    pub fn failed(&self, is_full: bool) {
        self.failures.inc();
        self.storage_full.set(i64::from(is_full));
    }

    /// Whether the last transaction found the storage full.
    #[must_use]
    pub fn is_storage_full(&self) -> bool {
        self.storage_full.get() != 0
    }

    /// Acknowledgements were published.
    pub fn acknowledged(&self, count: u64) {
        self.acknowledgements.inc_by(count);
    }

    /// A connection to the broker holds.
    pub fn connected(&self, connection: &str) {
        self.connected.with_label_values(&[connection]).set(1);
        self.set_connected(connection, true);
    }

    /// Whether every connection to the broker holds.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        are_all_held(&self.connections.borrow())
    }

    /// Waits until every connection to the broker holds.
    pub async fn until_connected(&self) {
        // What it waits for is kept by itself: it does not close meanwhile.
        let _ = self.connections.subscribe().wait_for(are_all_held).await;
    }

    fn set_connected(&self, connection: &str, is_connected: bool) {
        self.connections.send_modify(|all| {
            all.insert(connection.to_owned(), is_connected);
        });
    }

    /// A connection to the broker does not hold.
    pub fn disconnected(&self, connection: &str) {
        let gauge = self.connected.with_label_values(&[connection]);
        if gauge.get() != 0 {
            self.reconnects.inc();
        }
        gauge.set(0);
        self.set_connected(connection, false);
    }

    /// All figures as text.
    ///
    /// # Errors
    /// Where one cannot be written.
    pub fn text(&self, views: usize, chain: &ChainFigures) -> Result<String, prometheus::Error> {
        let mut text = String::new();
        TextEncoder::new().encode_utf8(&self.registry.gather(), &mut text)?;
        let views = u64::try_from(views).unwrap_or(u64::MAX);
        write(&mut text, "hq_live_view_open", [(String::new(), views)]);
        let codes = chain.aside.iter().map(|(code, count)| (labelled("code", code), *count));
        write(&mut text, "hq_aside_total", codes);
        let mut of_stores = |name: &str, figure: fn(&StoreFigures) -> u64| {
            let each = chain.stores.iter();
            let each = each.map(|one| (labelled("store", &one.store), figure(one)));
            write(&mut text, name, each);
        };
        of_stores("hq_store_online", |one| u64::from(one.is_online));
        of_stores("hq_store_waiting_rows", |one| one.waiting_rows);
        of_stores("hq_store_waiting_seconds", |one| one.waiting_s);
        of_stores("hq_store_head_sequence", |one| one.head);
        of_stores("hq_store_frozen_streams", |one| one.frozen);
        if let Some(bytes) = resident_bytes() {
            write(&mut text, "hq_process_resident_memory_bytes", [(String::new(), bytes)]);
        }
        Ok(text)
    }
}

/// Whether there are connections, and each of them holds.
fn are_all_held(connections: &BTreeMap<String, bool>) -> bool {
    !connections.is_empty() && connections.values().all(|is_connected| *is_connected)
}

fn labelled(name: &str, value: &str) -> String {
    let value = value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    format!("{{{name}=\"{value}\"}}")
}

/// Writes a figure that is read when somebody asks for it.
fn write(text: &mut String, name: &str, values: impl IntoIterator<Item = (String, u64)>) {
    let kind = if name.ends_with("_total") { "counter" } else { "gauge" };
    // Writing to a string does not fail.
    let _ = write!(text, "# HELP {name} {}\n# TYPE {name} {kind}\n", help(name));
    for (labels, value) in values {
        let _ = writeln!(text, "{name}{labels} {value}");
    }
}

/// What the system says of this process' memory.
fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse::<u64>().ok().map(|kib| kib * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_figure_is_written_and_none_that_is_not_in_the_list() {
        let metrics = Metrics::new().unwrap();
        metrics.committed(3, 2, 1, Duration::from_millis(4));
        metrics.connected("worker-0");
        let store =
            StoreFigures { store: "S\"1".to_owned(), is_online: true, ..Default::default() };
        let chain = ChainFigures { stores: vec![store], aside: vec![("malformed".to_owned(), 7)] };
        let text = metrics.text(1, &chain).unwrap();
        let mut written: Vec<&str> = text
            .lines()
            .filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next())
            .collect();
        written.sort_unstable();
        let mut listed: Vec<&str> = METRICS.iter().map(|(name, _)| *name).collect();
        listed.sort_unstable();
        assert_eq!(written, listed);
        assert!(text.contains("hq_store_online{store=\"S\\\"1\"} 1\n"), "{text}");
        assert!(text.contains("hq_aside_total{code=\"malformed\"} 7\n"), "{text}");
    }

    #[test]
    fn a_full_storage_is_said_until_something_is_taken_in_again() {
        let metrics = Metrics::new().unwrap();
        metrics.failed(true);
        assert!(metrics.is_storage_full());
        metrics.committed(1, 0, 0, Duration::ZERO);
        assert!(!metrics.is_storage_full());
    }

    #[test]
    fn a_connection_that_never_was_is_not_one_that_ended() {
        let metrics = Metrics::new().unwrap();
        metrics.disconnected("line");
        assert_eq!(metrics.reconnects.get(), 0);
        metrics.connected("line");
        metrics.disconnected("line");
        metrics.disconnected("line");
        assert_eq!(metrics.reconnects.get(), 1);
    }

    #[test]
    fn the_broker_is_reached_when_every_connection_holds() {
        let metrics = Metrics::new().unwrap();
        assert!(!metrics.is_connected(), "none was begun");
        ["line", "worker-0"].iter().for_each(|one| metrics.disconnected(one));
        metrics.connected("line");
        assert!(!metrics.is_connected());
        metrics.connected("worker-0");
        assert!(metrics.is_connected());
        metrics.disconnected("line");
        assert!(!metrics.is_connected());
    }
}
