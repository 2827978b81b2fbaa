//! The hub's figures, for Prometheus: the noun first, the unit last.

use std::time::Duration;

use prometheus::{
    HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, Opts, Registry, TextEncoder,
};
use store_core::RefusalCode;

use crate::store::Store;

/// Every figure with what it says; a test compares this list with what is registered.
pub const METRICS: &[(&str, &str)] = &[
    ("command_duration_ms", "time to answer a register command, by kind"),
    ("sale_committed_total", "sales completed since the hub started"),
    ("refusal_total", "commands refused since the hub started, by code"),
    ("journal_commit_total", "writes carried out by the journal"),
    ("journal_failure_total", "writes that failed or were rejected"),
    ("journal_group_total", "groups committed by the journal"),
    ("journal_group_synced_total", "groups with a promise, each synced"),
    ("journal_queue_length", "writes that wait for the journal"),
    ("journal_row_verified_total", "rows verified in the background since the hub started"),
    ("journal_row_bad", "1 where a row does not hold: the store sells on and needs care"),
    ("stock_alert_raised", "safety stock alerts that are up"),
];

/// Buckets of a command, in milliseconds: from a scan in memory to a commit on a slow card.
const BUCKETS_MS: &[f64] =
    &[0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 5000.0];

/// The figures that are counted as things happen.
#[derive(Clone)]
pub struct Metrics {
    registry: Registry,
    commands: HistogramVec,
    sales: IntCounter,
    refusals: IntCounterVec,
    journal: [IntGauge; 7],
    alerts: IntGauge,
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
        let commands = HistogramVec::new(
            HistogramOpts::new("command_duration_ms", help("command_duration_ms"))
                .buckets(BUCKETS_MS.to_vec()),
            &["kind"],
        )?;
        let sales = IntCounter::new("sale_committed_total", help("sale_committed_total"))?;
        let refusals =
            IntCounterVec::new(Opts::new("refusal_total", help("refusal_total")), &["code"])?;
        let gauge = |name: &str| IntGauge::new(name, help(name));
        let journal = [
            gauge("journal_commit_total")?,
            gauge("journal_failure_total")?,
            gauge("journal_group_total")?,
            gauge("journal_group_synced_total")?,
            gauge("journal_queue_length")?,
            gauge("journal_row_verified_total")?,
            gauge("journal_row_bad")?,
        ];
        let alerts = gauge("stock_alert_raised")?;
        registry.register(Box::new(commands.clone()))?;
        registry.register(Box::new(sales.clone()))?;
        registry.register(Box::new(refusals.clone()))?;
        for figure in &journal {
            registry.register(Box::new(figure.clone()))?;
        }
        registry.register(Box::new(alerts.clone()))?;
        Ok(Self { registry, commands, sales, refusals, journal, alerts })
    }

    /// A command was answered.
    #[allow(clippy::float_arithmetic)] // a duration, not money
    pub fn command(&self, kind: &str, took: Duration) {
        self.commands.with_label_values(&[kind]).observe(took.as_secs_f64() * 1000.0);
    }

    /// A sale was completed.
    pub fn sale_committed(&self) {
        self.sales.inc();
    }

    /// A command was refused.
    pub fn refusal(&self, code: RefusalCode) {
        self.refusals.with_label_values(&[code.as_str()]).inc();
    }

    /// All figures as text.
    ///
    /// # Errors
    /// Where one cannot be written.
    pub fn text(&self, store: &Store) -> Result<String, prometheus::Error> {
        let stats = store.writer.stats();
        let values = [
            stats.commits,
            stats.failures,
            stats.groups,
            stats.groups_synced,
            stats.waiting,
            store.care.rows_verified(),
            u64::from(store.care.bad_row().is_some()),
        ];
        for (figure, value) in self.journal.iter().zip(values) {
            figure.set(i64::try_from(value).unwrap_or(i64::MAX));
        }
        self.alerts.set(i64::try_from(store.alerts.raised().len()).unwrap_or(i64::MAX));
        let mut text = String::new();
        TextEncoder::new().encode_utf8(&self.registry.gather(), &mut text)?;
        text.push_str(&process());
        Ok(text)
    }
}

/// What this process uses of memory, in the words that every dashboard knows.
fn process() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = resident.and_then(|text| text.trim().strip_suffix(" kB")?.trim().parse().ok());
    kilobytes.map_or_else(String::new, |kilobytes: u64| {
        format!(
            "# TYPE process_resident_memory_bytes gauge\nprocess_resident_memory_bytes {}\n",
            kilobytes * 1024
        )
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{METRICS, Metrics};

    #[test]
    fn every_figure_is_documented_and_every_documented_one_is_there() {
        let metrics = Metrics::new().unwrap();
        metrics.command("scan", std::time::Duration::from_millis(1));
        metrics.refusal(store_core::RefusalCode::DiskFull);
        let gathered = metrics.registry.gather();
        let registered: BTreeSet<&str> = gathered.iter().map(|family| family.name()).collect();
        let documented: BTreeSet<&str> = METRICS.iter().map(|(name, _)| *name).collect();
        assert_eq!(registered, documented);
    }
}
