//! The hub's figures, for Prometheus: the noun first, the unit last.

use std::fmt::Write as _;
use std::time::Duration;

use cloud_bridge::LinkStatus;
use prometheus::{
    HistogramOpts, HistogramVec, IntCounter, IntCounterVec, Opts, Registry, TextEncoder,
};
use store_actors::AdviceCounts;
use store_core::RefusalCode;
use store_journal::WriterStats;

use crate::care::Care;
use crate::peripherals::DeviceView;
use crate::store::Store;

/// Every figure with what it says; a test compares this list with what is registered.
pub const METRICS: &[(&str, &str)] = &[
    ("command_duration_ms", "time to answer a register command, by kind"),
    ("sale_committed_total", "sales completed since the hub started"),
    ("refusal_total", "commands refused since the hub started, by code"),
    ("journal_commit_total", "writes carried out by the journal"),
    ("journal_failure_total", "writes that failed or were rejected"),
    ("journal_group_total", "groups committed by the journal"),
    ("journal_group_synced_total", "groups with a promise or a draft, each synced"),
    ("journal_queue_length", "writes that wait for the journal"),
    ("journal_row_verified_total", "rows verified in the background since the hub started"),
    ("journal_alert_raised", "1 where a row does not hold: the store sells on and needs care"),
    ("stock_alert_raised", "safety stock alerts that are up"),
    (
        "hub_link_connected",
        "1 where the link to headquarters holds; absent without a link, as all of the link's",
    ),
    (
        "hub_link_file_faulty",
        "1 where the link file does not hold, so that there is no link; 0 with one or without need",
    ),
    ("hub_link_rows_waiting", "rows that headquarters has not acknowledged"),
    ("hub_link_sales_waiting", "completed sales among them"),
    ("hub_link_lag_seconds", "age of the oldest row that waits; 0 where none does"),
    ("hub_link_window", "messages that the broker has not confirmed"),
    ("hub_link_head_row", "last row of the present stream"),
    ("hub_link_acknowledged_row", "last row of the present stream that headquarters acknowledged"),
    ("hub_link_reconnects_total", "connections to the broker that were lost or could not be made"),
    (
        "hub_link_resent_total",
        "times that rows were sent again because nothing came of the first time",
    ),
    ("hub_link_diverged", "1 where the journal went on in a new stream because it is a copy"),
    ("hub_promotion_suggestion_total", "baskets about which something might be worth saying"),
    (
        "hub_promotion_suggestion_replaced_total",
        "of these the ones that a newer basket of the register replaced before their turn",
    ),
    ("hub_device_ready", "1 where a device does its work, by device and kind"),
    (
        "hub_print_jobs",
        "papers that are not done with, by state: waiting, or unknown where somebody has to look",
    ),
    ("process_resident_memory_bytes", "memory of this process"),
];

/// What a figure does: a counter only rises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Counter,
    Gauge,
}

/// A figure that is read when somebody asks for it.
type Read = (&'static str, Kind, u64);

/// A figure of which there are several, told apart by what stands in the brackets.
type ReadEach = (&'static str, Vec<(String, u64)>);

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
        registry.register(Box::new(commands.clone()))?;
        registry.register(Box::new(sales.clone()))?;
        registry.register(Box::new(refusals.clone()))?;
        Ok(Self { registry, commands, sales, refusals })
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
        let alerts = u64::try_from(store.alerts.raised().len()).unwrap_or(u64::MAX);
        let link_fault = store.link_fault.is_some();
        let mut read = read_now(store.writer.stats(), alerts, &store.care, link_fault);
        read.extend(read_advice(store.advice.counts()));
        if let Some(link) = &store.link {
            let now_ms = store.clock.now(None).wall.as_millisecond();
            read.extend(read_link(&link.status().borrow(), now_ms));
        }
        let counts = &store.print_counts;
        let each = [
            read_devices(&store.peripherals.board().now()),
            read_papers(counts.waiting(), counts.unknown()),
        ];
        self.written(&read, &each)
    }

    fn written(&self, read: &[Read], each: &[ReadEach]) -> Result<String, prometheus::Error> {
        let mut text = String::new();
        TextEncoder::new().encode_utf8(&self.registry.gather(), &mut text)?;
        for (name, kind, value) in read {
            let kind = if *kind == Kind::Counter { "counter" } else { "gauge" };
            let help = help(name);
            // Writing to a string does not fail.
            let _ = write!(text, "# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value}\n");
        }
        for (name, values) in each {
            let help = help(name);
            let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge");
            for (labels, value) in values {
                let _ = writeln!(text, "{name}{{{labels}}} {value}");
            }
        }
        Ok(text)
    }
}

fn read_now(stats: WriterStats, alerts: u64, care: &Care, link_fault: bool) -> Vec<Read> {
    let mut read = vec![
        ("journal_commit_total", Kind::Counter, stats.commits),
        ("journal_failure_total", Kind::Counter, stats.failures),
        ("journal_group_total", Kind::Counter, stats.groups),
        ("journal_group_synced_total", Kind::Counter, stats.groups_synced),
        ("journal_queue_length", Kind::Gauge, stats.waiting),
        ("journal_row_verified_total", Kind::Counter, care.rows_verified()),
        ("journal_alert_raised", Kind::Gauge, u64::from(care.bad_row().is_some())),
        ("stock_alert_raised", Kind::Gauge, alerts),
        ("hub_link_file_faulty", Kind::Gauge, u64::from(link_fault)),
    ];
    let memory =
        resident_bytes().map(|bytes| ("process_resident_memory_bytes", Kind::Gauge, bytes));
    read.extend(memory);
    read
}

/// How often something was worth saying.
const fn read_advice(advice: AdviceCounts) -> [Read; 2] {
    [
        ("hub_promotion_suggestion_total", Kind::Counter, advice.wanted),
        ("hub_promotion_suggestion_replaced_total", Kind::Counter, advice.replaced),
    ]
}

/// Which devices work.
fn read_devices(board: &[DeviceView]) -> ReadEach {
    let each = board.iter().map(|view| {
        let id = view.id.as_str().replace('\\', r"\\").replace('"', r#"\""#);
        let labels = format!("device=\"{id}\",kind=\"{}\"", view.kind.code());
        (labels, u64::from(view.works))
    });
    ("hub_device_ready", each.collect())
}

/// The papers that are not done with.
fn read_papers(waiting: u64, unknown: u64) -> ReadEach {
    let each = [("waiting", waiting), ("unknown", unknown)];
    let each = each.map(|(state, count)| (format!("state=\"{state}\""), count));
    ("hub_print_jobs", each.to_vec())
}

/// The link's figures, `now_ms` since 1970.
fn read_link(link: &LinkStatus, now_ms: i64) -> [Read; 10] {
    let waits_ms = link.waiting.since_ms.map_or(0, |since_ms| now_ms.saturating_sub(since_ms));
    let window = u64::try_from(link.standing.unconfirmed).unwrap_or(u64::MAX);
    [
        ("hub_link_connected", Kind::Gauge, u64::from(link.is_connected)),
        ("hub_link_rows_waiting", Kind::Gauge, link.waiting.rows),
        ("hub_link_sales_waiting", Kind::Gauge, link.waiting.sales),
        ("hub_link_lag_seconds", Kind::Gauge, u64::try_from(waits_ms / 1000).unwrap_or(0)),
        ("hub_link_window", Kind::Gauge, window),
        ("hub_link_head_row", Kind::Gauge, link.head),
        ("hub_link_acknowledged_row", Kind::Gauge, link.acknowledged),
        ("hub_link_reconnects_total", Kind::Counter, link.standing.disconnections),
        ("hub_link_resent_total", Kind::Counter, link.standing.goings_back),
        ("hub_link_diverged", Kind::Gauge, u64::from(link.diverged.is_some())),
    ]
}

/// What this process uses of memory; nothing where the system does not say.
fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = resident.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    kilobytes.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use hq_wire::link::v1::Waiting;
    use store_core::DeviceId;
    use store_core::device::DeviceKind;

    use super::{
        AdviceCounts, Care, DeviceView, LinkStatus, METRICS, Metrics, WriterStats, read_advice,
        read_devices, read_link, read_now, read_papers,
    };

    fn devices() -> [DeviceView; 2] {
        let view = |id, kind, works| DeviceView {
            id: DeviceId::from_static(id),
            kind,
            registers: vec![1],
            condition: if works { "ready" } else { "absent" },
            works,
            reason: None,
            since_ms: 0,
            is_simulated: false,
            is_open: None,
            printer: None,
            drawer: None,
        };
        [view("front", DeviceKind::ReceiptPrinter, true), view("a \"b\"", DeviceKind::Scale, false)]
    }

    #[test]
    fn every_figure_is_documented_and_every_documented_one_is_there() {
        let metrics = Metrics::new().unwrap();
        metrics.command("scan", std::time::Duration::from_millis(1));
        metrics.sale_committed();
        metrics.refusal(store_core::RefusalCode::DiskFull);
        let stats = WriterStats { commits: 7, waiting: 2, ..WriterStats::default() };
        let mut read = read_now(stats, 3, &Care::default(), true);
        read.extend(read_advice(AdviceCounts { wanted: 9, replaced: 4 }));
        let waiting = Waiting { rows: 5, sales: 2, since_ms: Some(4_000) };
        read.extend(read_link(&LinkStatus { waiting, ..LinkStatus::default() }, 10_000));
        let each = [read_devices(&devices()), read_papers(2, 1)];
        let text = metrics.written(&read, &each).unwrap();
        let shown: BTreeSet<&str> = text
            .lines()
            .filter_map(|line| line.strip_prefix("# TYPE ")?.split_once(' '))
            .map(|(name, _)| name)
            .collect();
        let documented: BTreeSet<&str> = METRICS.iter().map(|(name, _)| *name).collect();
        assert_eq!(shown, documented);
        for line in [
            "# HELP sale_committed_total sales completed since the hub started",
            "# TYPE sale_committed_total counter",
            "sale_committed_total 1",
            "refusal_total{code=\"disk_full\"} 1",
            "command_duration_ms_count{kind=\"scan\"} 1",
            "# TYPE journal_commit_total counter",
            "journal_commit_total 7",
            "# TYPE journal_queue_length gauge",
            "journal_queue_length 2",
            "stock_alert_raised 3",
            "hub_link_file_faulty 1",
            "hub_promotion_suggestion_replaced_total 4",
            "hub_link_sales_waiting 2",
            "hub_link_lag_seconds 6",
            "# TYPE hub_link_reconnects_total counter",
            "# TYPE hub_device_ready gauge",
            "hub_device_ready{device=\"front\",kind=\"receipt_printer\"} 1",
            r#"hub_device_ready{device="a \"b\"",kind="scale"} 0"#,
            "hub_print_jobs{state=\"waiting\"} 2",
            "hub_print_jobs{state=\"unknown\"} 1",
        ] {
            assert!(text.lines().any(|shown| shown == line), "no {line:?} in\n{text}");
        }
    }

    #[test]
    fn a_figure_has_its_noun_first_its_unit_last_and_stands_in_the_readme() {
        const UNITS: [&str; 14] = [
            "_total",
            "_ms",
            "_seconds",
            "_bytes",
            "_length",
            "_row",
            "_waiting",
            "_window",
            "_raised",
            "_connected",
            "_diverged",
            "_faulty",
            "_ready",
            "_jobs",
        ];
        let readme = include_str!("../../README.md");
        for (name, help) in METRICS {
            assert!(UNITS.iter().any(|unit| name.ends_with(unit)), "{name} has no unit");
            assert!(readme.contains(&format!("| `{name}` | {help} |")), "{name} in the README");
        }
    }
}
