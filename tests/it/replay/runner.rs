//! `hub replay` as a process of its own, and what it must come to.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Instant;

use hub::replay::totals::{Side, Totals};
use serde_json::Value;

use crate::support;

/// What is replayed, and where to.
pub struct Replay<'a> {
    pub catalogue: PathBuf,
    pub baskets: PathBuf,
    pub data: &'a Path,
    pub registers: u16,
}

impl Replay<'_> {
    /// The arguments of the command.
    pub fn arguments(&self) -> Vec<String> {
        let text = |path: &Path| path.to_str().unwrap().to_owned();
        [
            ("--catalogue", text(&self.catalogue)),
            ("--baskets", text(&self.baskets)),
            ("--report", text(&self.report_file())),
            ("--data-dir", text(self.data)),
            ("--answered", text(&self.answered_file())),
            ("--registers", self.registers.to_string()),
        ]
        .into_iter()
        .fold(vec!["replay".to_owned()], |mut all, (flag, value)| {
            all.extend([flag.to_owned(), value]);
            all
        })
    }

    pub fn report_file(&self) -> PathBuf {
        self.data.join("report.json")
    }

    pub fn answered_file(&self) -> PathBuf {
        self.data.join("answered")
    }

    /// Runs it to its end, whatever that is.
    pub fn output(&self) -> Output {
        Command::new(support::hub_binary()).args(self.arguments()).output().unwrap()
    }

    /// Runs it and answers the report; everything must agree.
    pub fn run(&self) -> Value {
        let output = self.output();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        self.report()
    }

    pub fn report(&self) -> Value {
        serde_json::from_slice(&std::fs::read(self.report_file()).unwrap()).unwrap()
    }

    /// The ids that were noted as answered.
    pub fn answered(&self) -> Vec<String> {
        let text = std::fs::read_to_string(self.answered_file()).unwrap();
        text.lines().map(str::to_owned).collect()
    }
}

/// `hub demo --replay` with the same: the stores are linked to a headquarters.
pub struct Chained<'a>(pub Replay<'a>);

impl Chained<'_> {
    pub fn arguments(&self) -> Vec<String> {
        let mut all = vec!["demo".to_owned(), "--exit".to_owned()];
        let of_replay = self.0.arguments();
        for pair in of_replay[1..].chunks(2) {
            match pair[0].as_str() {
                "--baskets" => all.extend(["--replay".to_owned(), pair[1].clone()]),
                "--answered" => {}
                _ => all.extend(pair.iter().cloned()),
            }
        }
        all
    }

    pub fn output(&self) -> Output {
        Command::new(support::hub_binary()).args(self.arguments()).output().unwrap()
    }

    /// Runs it and answers the report; everything must agree.
    pub fn run(&self) -> Value {
        let output = self.output();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        self.0.report()
    }
}

/// As [`agrees`], and headquarters says the same.
pub fn agrees_in_three_places(report: &Value, expected: &Totals, what: &str) {
    agrees(report, expected, what);
    let headquarters: Totals = serde_json::from_value(report["hq"].clone()).unwrap();
    assert_eq!(expected.differences(&headquarters, Side::Headquarters), [], "{what}: headquarters");
    println!("{what}: {}", report["latency_ms"]);
}

/// The report says that both sides come to what was expected, store by store and in all.
pub fn agrees(report: &Value, expected: &Totals, what: &str) {
    let input: Totals = serde_json::from_value(report["input"].clone()).unwrap();
    assert_eq!(expected.differences(&input, Side::Stores), [], "{what}: the input");
    let stores: BTreeMap<String, Totals> =
        serde_json::from_value(report["stores"].clone()).unwrap();
    let mut sold = Totals::default();
    stores.values().for_each(|store| sold.add(store));
    assert_eq!(expected.differences(&sold, Side::Stores), [], "{what}: the stores");
    for (store, net) in &expected.by_store {
        assert_eq!(stores[store].by_store[store], *net, "{what}: store {store}");
    }
    assert_eq!((&report["lost"], &report["doubled"]), (&0.into(), &0.into()), "{what}");
}

/// Every journal under a directory verifies; how many there are.
pub fn verify_all(data: &Path) -> usize {
    let mut verified = 0;
    for entry in std::fs::read_dir(data).unwrap() {
        let path = entry.unwrap().path();
        if path.join("journal.db").is_file() {
            store_journal::verify(&path, true).unwrap();
            verified += 1;
        }
    }
    verified
}

/// Says how long a long test took.
pub fn took(what: &str, begun: Instant) {
    println!("{what}: {:.1} s", begun.elapsed().as_secs_f64());
}
