//! Real days of trade, entered into real stores over HTTP, with equal totals.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::support;

/// Replays a file into a directory and answers the report.
fn replay(catalogue: &Path, baskets: &Path, data_dir: &Path, registers: &str) -> Value {
    let report = data_dir.join("report.json");
    let output = Command::new(support::hub_binary())
        .arg("replay")
        .arg("--catalogue")
        .arg(catalogue)
        .arg("--baskets")
        .arg(baskets)
        .arg("--report")
        .arg(&report)
        .arg("--data-dir")
        .arg(data_dir)
        .args(["--registers", registers])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    serde_json::from_slice(&std::fs::read(report).unwrap()).unwrap()
}

/// Every journal under a directory verifies.
fn verify_all(data_dir: &Path) -> usize {
    let mut verified = 0;
    for entry in std::fs::read_dir(data_dir).unwrap() {
        let path = entry.unwrap().path();
        if !path.join("journal.db").is_file() {
            continue;
        }
        let output = Command::new(support::hub_binary())
            .args(["journal", "verify", "--data-dir"])
            .arg(&path)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        verified += 1;
    }
    verified
}

fn day_agrees(name: &str, file: &str, stores: usize) {
    let Some(derived) = support::derived() else { return };
    let data = support::temp_dir(name);
    let report = replay(&derived.join("catalogue.csv"), &derived.join(file), data.path(), "3");
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/control_totals.json");
    let control: Value = serde_json::from_slice(&std::fs::read(kept).unwrap()).unwrap();
    let control = &control[name];
    let input = &report["input"];
    for sum in ["transactions", "lines", "reg", "disc", "match", "net", "coupon", "paid"] {
        assert_eq!(input[sum], control[sum], "{sum}");
        let sold: i64 = report["stores"]
            .as_object()
            .unwrap()
            .values()
            .map(|store| store[sum].as_i64().unwrap())
            .sum();
        assert_eq!(Some(sold), control[sum].as_i64(), "{sum} of the stores");
    }
    for group in ["by_department", "by_hour", "by_store"] {
        let expected = control[group].as_object().unwrap();
        assert_eq!(input[group].as_object().unwrap().len(), expected.len(), "{group}");
        for (key, sums) in expected {
            assert_eq!(input[group][key], sums["net"], "{group} {key}");
        }
    }
    assert_eq!((&report["lost"], &report["doubled"]), (&0.into(), &0.into()));
    assert_eq!(verify_all(data.path()), stores);
    println!("{name}: {} latency {}", input["transactions"], report["latency_ms"]);
}

#[test]
fn the_real_day_agrees_to_the_cent() {
    day_agrees("day", "day.jsonl", 1);
}

#[test]
fn the_real_week_agrees_to_the_cent() {
    day_agrees("week", "week.jsonl.gz", 1);
}

#[test]
fn the_dense_day_agrees_to_the_cent() {
    day_agrees("dense_day", "dense_day.jsonl.gz", 1);
}

#[test]
fn the_chain_day_agrees_to_the_cent_in_all_its_stores() {
    day_agrees("chain_day", "chain_day.jsonl.gz", 111);
}

#[test]
fn a_second_replay_into_the_same_stores_sells_nothing_again() {
    let Some(derived) = support::derived() else { return };
    let data = support::temp_dir("twice");
    let (catalogue, baskets) = (derived.join("catalogue.csv"), derived.join("day.jsonl"));
    let first = replay(&catalogue, &baskets, data.path(), "1");
    let second = replay(&catalogue, &baskets, data.path(), "2");
    assert_eq!(first["stores"], second["stores"]);
    assert_eq!(second["doubled"], 0);
}
