//! A real supermarket's densest day, as fast as it goes.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::Scale;
use super::markdown::Markdown;
use crate::support;

/// Registers that enter it.
const REGISTERS: &str = "8";

/// Two receipts of the synthetic year, for a run in small.
const RECEIPTS: &str = include_str!("receipts.jsonl");

/// The table; a sentence where the day has not been derived.
pub fn table(scale: &Scale) -> String {
    let dir = support::temp_dir("replay");
    let (catalogue, baskets) = if scale.replays_a_day {
        let Some(derived) = support::derived() else {
            return "The dense day has not been derived: no replay.\n".to_owned();
        };
        (derived.join("catalogue.csv"), derived.join("dense_day.jsonl.gz"))
    } else {
        let baskets = dir.path().join("receipts.jsonl");
        std::fs::write(&baskets, RECEIPTS).unwrap();
        (support::root().join("tests/data/sim/catalogue.csv"), baskets)
    };
    shown(&replay(&catalogue, &baskets, dir.path()))
}

fn replay(catalogue: &Path, baskets: &Path, dir: &Path) -> Value {
    let report = dir.join("report.json");
    let output = Command::new(support::hub_binary())
        .arg("replay")
        .arg("--catalogue")
        .arg(catalogue)
        .arg("--baskets")
        .arg(baskets)
        .arg("--report")
        .arg(&report)
        .arg("--data-dir")
        .arg(dir)
        .args(["--registers", REGISTERS])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&std::fs::read(report).unwrap()).unwrap()
}

fn shown(report: &Value) -> String {
    let mut table = Markdown::new(
        "Replay of the dense day into one store",
        &["sales", "lines", "s", "lines/s", "scan p50 / p99, ms", "commit p50 / p99, ms"],
    );
    let (input, latency) = (&report["input"], &report["latency_ms"]);
    let seconds = report["wall_s"].as_f64().unwrap();
    let lines = input["lines"].as_f64().unwrap();
    table.row(&[
        &input["transactions"].to_string(),
        &input["lines"].to_string(),
        &format!("{seconds:.1}"),
        &format!("{:.0}", lines / seconds),
        &format!("{} / {}", latency["scan_p50"], latency["scan_p99"]),
        &format!("{} / {}", latency["commit_p50"], latency["commit_p99"]),
    ]);
    table.note(&format!(
        "{REGISTERS} registers without a pause, client and hub on the same cores: the latencies \
         are those of a full machine. The totals of the file and of the journal were equal."
    ))
}
