//! The same days through the chain: the file, the stores' journals and headquarters agree, or it
//! is said what does not.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::time::Instant;

use flate2::read::GzDecoder;
use hub::replay::totals::{Side, Totals};
use rusqlite::Connection;
use serde_json::{Value, json};

use super::control::{self, expected, json, kept};
use super::invented::{LINKED_STORES, invent};
use super::runner::{Chained, Replay, agrees_in_three_places, took, verify_all};
use crate::support;

/// Receipts of the synthetic year that go through the chain: two months, with refunds and voids.
const RECEIPTS: usize = 2_500;

#[test]
fn the_real_days_of_a_store_agree_in_three_places() {
    let Some(derived) = support::derived() else { return };
    for (name, file, registers) in [
        ("day", "day.jsonl", 1),
        ("week", "week.jsonl.gz", 2),
        ("dense_day", "dense_day.jsonl.gz", 3),
    ] {
        let begun = Instant::now();
        let data = support::temp_dir(name);
        let replay = Chained(Replay {
            catalogue: derived.join("catalogue.csv"),
            baskets: derived.join(file),
            data: data.path(),
            registers,
        });
        let report = replay.run();
        agrees_in_three_places(&report, &control::real(name), name);
        assert_eq!(verify_all(data.path()), 1);
        took(&format!("{name} through headquarters"), begun);
    }
}

#[test]
fn the_report_says_what_headquarters_has_and_how_fast_and_a_second_start_the_same() {
    let data = support::temp_dir("chained-report");
    let replay = a_small_day(data.path(), false);
    let report = replay.run();
    let keys: Vec<&str> = report.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["doubled", "hq", "input", "latency_ms", "lost", "stores", "wall_s"]);
    let latency = report["latency_ms"].as_object().unwrap();
    let measured: Vec<&str> = latency.keys().map(String::as_str).collect();
    let names = ["commit_p50", "commit_p99", "hq_p50", "hq_p99", "scan_p50", "scan_p99"];
    assert_eq!(measured, names);
    assert!(latency.values().all(Value::is_f64), "{latency:?}");
    assert_eq!(report["hq"], report["input"]);

    // Nothing is sold, and nothing is measured, a second time; with headquarters elsewhere too.
    for is_separate in [false, true] {
        let second = a_small_day(data.path(), is_separate).run();
        assert_eq!((&second["hq"], &second["lost"]), (&report["hq"], &0.into()));
        assert!(second["latency_ms"]["hq_p50"].is_null());
    }
}

/// A day of three stores, invented anew in each run but the same within it.
struct SmallDay<'a> {
    replay: Chained<'a>,
    is_separate: bool,
}

fn a_small_day(data: &Path, is_separate: bool) -> SmallDay<'_> {
    let path = |name: &str| data.join(name);
    if !path("baskets.jsonl").exists() {
        let mut seed = support::seed();
        let invented = invent(support::draw(&mut seed), false, LINKED_STORES);
        std::fs::write(path("catalogue.csv"), &invented.catalogue).unwrap();
        std::fs::write(path("baskets.jsonl"), &invented.baskets).unwrap();
    }
    let replay = Replay {
        catalogue: path("catalogue.csv"),
        baskets: path("baskets.jsonl"),
        data,
        registers: 2,
    };
    SmallDay { replay: Chained(replay), is_separate }
}

impl SmallDay<'_> {
    fn output(&self) -> std::process::Output {
        let mut command = std::process::Command::new(support::hub_binary());
        command.args(self.replay.arguments());
        if self.is_separate {
            command.arg("--separate");
        }
        command.output().unwrap()
    }

    fn run(&self) -> Value {
        let output = self.output();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        self.replay.0.report()
    }
}

#[test]
fn a_headquarters_that_has_something_else_is_told_and_fails() {
    let data = support::temp_dir("chained-differs");
    let replay = a_small_day(data.path(), false);
    replay.run();
    let database = data.path().join("headquarters/hq.db");
    let change = |text: &str| {
        let changed = Connection::open(&database).unwrap().execute(text, []).unwrap();
        assert_eq!(changed, 1, "{text}");
    };
    let said = || {
        let output = replay.output();
        let said = String::from_utf8(output.stderr).unwrap();
        (output.status.code(), said)
    };

    // A cent too much in one sum of one store.
    let key = "day, dimension, store, key, hour, currency";
    let one = format!("({key}) = (select {key} from sales_by where dimension = 'total' limit 1)");
    change(&format!("update sales_by set net = net + 1 where {one}"));
    let (code, text) = said();
    assert_eq!(code, Some(1), "{text}");
    let tells = |start: &str| {
        text.lines().any(|line| line.starts_with(start) && line.contains(", headquarters has "))
    };
    assert!(tells("store ") && tells("all stores: net: "), "{text}");
    assert!(!text.contains("the stores have"), "{text}");
    change(&format!("update sales_by set net = net - 1 where {one}"));
    assert_eq!(said().0, Some(0));

    // A sale that is summed and cannot be found.
    change("delete from sales where transaction_id = (select min(transaction_id) from sales)");
    let (code, text) = said();
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("1 baskets lost"), "{text}");
    assert_eq!(replay.replay.0.report()["lost"], 1);
}

#[test]
fn a_store_that_no_topic_can_name_is_refused_in_a_sentence() {
    let data = support::temp_dir("chained-name");
    let replay = a_small_day(data.path(), false);
    let baskets = std::fs::read_to_string(data.path().join("baskets.jsonl")).unwrap();
    let other = baskets.replace("\"store-7\"", "\"a/b\"");
    std::fs::write(data.path().join("baskets.jsonl"), other).unwrap();
    let output = replay.output();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "{said}");
    assert!(said.contains("\"a/b\" cannot be a store's id"), "{said}");
}

#[test]
fn invented_and_drawn_days_agree_in_three_places() {
    let begun = Instant::now();
    let mut seed = support::seed();
    let invented = invent(support::draw(&mut seed), true, LINKED_STORES);
    let data = support::temp_dir("chained-odd");
    let path = |name: &str| data.path().join(name);
    std::fs::write(path("catalogue.csv"), &invented.catalogue).unwrap();
    std::fs::write(path("baskets.jsonl"), &invented.baskets).unwrap();
    let replay = Chained(Replay {
        catalogue: path("catalogue.csv"),
        baskets: path("baskets.jsonl"),
        data: data.path(),
        registers: 3,
    });
    agrees_in_three_places(&replay.run(), &invented.expected, "an invented day");
    took("an invented day through headquarters", begun);

    let Some(unseen) = support::derived().map(|derived| derived.join("unseen")) else { return };
    if !unseen.join("control_totals.json").is_file() {
        return support::skip("the derived data has no unseen days: derive them again");
    }
    let control = json(&unseen.join("control_totals.json"));
    println!("drawn with seed {}: derive.py --seed draws them again", control["seed"]);
    for (name, totals) in control.as_object().unwrap().iter().filter(|(_, it)| it.is_object()) {
        let begun = Instant::now();
        let data = support::temp_dir(name);
        let replay = Chained(Replay {
            catalogue: unseen.join("catalogue.csv"),
            baskets: unseen.join(format!("{name}.jsonl.gz")),
            data: data.path(),
            registers: 2,
        });
        agrees_in_three_places(&replay.run(), &expected(totals), name);
        took(&format!("{name} ({}) through headquarters", totals["what"]), begun);
    }
}

/// The first months of the synthetic year; all of it with `STORE_TESTS_WHOLE_YEAR`.
#[test]
fn the_synthetic_year_agrees_in_three_places() {
    let begun = Instant::now();
    let data = support::temp_dir("chained-year");
    let is_whole = std::env::var_os("STORE_TESTS_WHOLE_YEAR").is_some();
    let receipts = if is_whole { usize::MAX } else { RECEIPTS };
    let year = std::fs::File::open(kept().join("sim/year.jsonl.gz")).unwrap();
    let baskets = data.path().join("baskets.jsonl");
    let mut slice = std::fs::File::create(&baskets).unwrap();
    let (mut net, mut count) = (0, 0_u64);
    let mut paid = BTreeMap::<&str, i64>::new();
    for line in BufReader::new(GzDecoder::new(year)).lines().take(receipts) {
        let line = line.unwrap();
        let receipt: Value = serde_json::from_str(&line).unwrap();
        // The simulator's own sum.
        let sum = receipt["net"].as_i64().unwrap();
        net += sum;
        let is_card = receipt["tender"] == "card" && sum > 0;
        *paid.entry(if is_card { "card" } else { "cash" }).or_default() += sum;
        count += 1;
        writeln!(slice, "{line}").unwrap();
    }
    let replay = Chained(Replay {
        catalogue: kept().join("sim/catalogue.csv"),
        baskets,
        data: data.path(),
        registers: 3,
    });
    let report = replay.run();
    let input: Totals = serde_json::from_value(report["input"].clone()).unwrap();
    let headquarters: Totals = serde_json::from_value(report["hq"].clone()).unwrap();
    assert_eq!(input.differences(&headquarters, Side::Headquarters), []);
    assert_eq!((headquarters.net, headquarters.transactions), (net, count));
    assert_eq!(json!(headquarters.by_tender), json!(paid));
    println!("{count} receipts, {}", report["latency_ms"]);
    took("the synthetic year through headquarters", begun);
}
