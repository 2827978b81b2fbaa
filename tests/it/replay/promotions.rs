//! Real baskets priced by the promotions that were recorded with them.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use hub::replay::agreement::{self, Agreement, Terms};
use hub::replay::run::Trade;
use hub::settings::{self, Flags};
use serde_json::Value;

use crate::support;

/// The days, with the lines that have a quantity and the least of them that have to agree.
const DAYS: [(&str, &str, u64, Option<u64>); 3] = [
    ("day", "day.jsonl", 328, Some(322)),
    ("week", "week.jsonl.gz", 1_034, None),
    ("chain_day", "chain_day.jsonl.gz", 7_031, Some(6_891)),
];

fn agreement(derived: &Path, name: &str, baskets: &str) -> Agreement {
    let catalogue = derived.join("catalogue.csv");
    let trade = Trade::read(&catalogue, &derived.join(baskets)).unwrap();
    let promotions = derived.join(format!("promos_{name}.jsonl.gz"));
    agreement::of(&catalogue, &terms(promotions), &trade).unwrap()
}

fn terms(promotions: PathBuf) -> Terms {
    let settings = settings::load(&Flags::default()).unwrap();
    Terms { promotions, settings: Arc::new(settings) }
}

#[test]
fn recorded_promotions_come_to_what_was_booked_and_are_proven_best() {
    let Some(derived) = support::derived() else { return };
    let (mut baskets, mut optimal) = (0, 0);
    for (name, file, lines, least) in DAYS {
        let found = agreement(&derived, name, file);
        println!("{name}: {}", found.sentences().join("; "));
        assert_eq!(found.lines, lines);
        // 98 %, where store price zones and weights that are rounded per piece allow it.
        assert!(least.is_none_or(|least| found.agree >= least), "{name}: {found:?}");
        assert!(found.discounted > 0 && found.discounted_agree * 10 > found.discounted * 9);
        assert_eq!(found.failed, Vec::<String>::new());
        (baskets, optimal) = (baskets + found.baskets, optimal + found.optimal);
    }
    assert_eq!(baskets, 756);
    assert!(optimal * 1_000 >= baskets * 999, "{optimal} of {baskets}");
}

#[test]
fn without_what_stores_have_of_their_own_fewer_lines_agree() {
    let Some(derived) = support::derived() else { return };
    let scratch = support::temp_dir("chain-only");
    let facts = derived.join("promos_chain_day.jsonl.gz");
    let text = std::io::read_to_string(flate2::read::MultiGzDecoder::new(
        std::fs::File::open(facts).unwrap(),
    ));
    let is_chain = |line: &&str| {
        let fact: Value = serde_json::from_str(line).unwrap();
        fact["store"].is_null()
    };
    let chain: String =
        text.unwrap().lines().filter(is_chain).map(|line| format!("{line}\n")).collect();
    let promotions = scratch.path().join("chain.jsonl");
    std::fs::write(&promotions, chain).unwrap();
    let catalogue = derived.join("catalogue.csv");
    let trade = Trade::read(&catalogue, &derived.join("chain_day.jsonl.gz")).unwrap();
    let all = agreement(&derived, "chain_day", "chain_day.jsonl.gz");
    let of_chain = agreement::of(&catalogue, &terms(promotions), &trade).unwrap();
    assert!(of_chain.agree < all.agree, "{} of the chain's, {} of all", of_chain.agree, all.agree);
}

#[test]
fn a_replay_with_promotions_reports_how_they_agree() {
    let Some(derived) = support::derived() else { return };
    let scratch = support::temp_dir("replay-promotions");
    let report = scratch.path().join("report.json");
    let output = Command::new(support::hub_binary())
        .arg("replay")
        .args(["--catalogue".as_ref(), derived.join("catalogue.csv").as_os_str()])
        .args(["--baskets".as_ref(), derived.join("day.jsonl").as_os_str()])
        .args(["--promotions".as_ref(), derived.join("promos_day.jsonl.gz").as_os_str()])
        .args(["--report".as_ref(), report.as_os_str()])
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{said}");
    assert!(said.contains("promotions: 322 of 328 lines agree (98.17 %)"), "{said}");
    let report: Value = serde_json::from_slice(&std::fs::read(report).unwrap()).unwrap();
    let promotions = &report["promotions"];
    assert_eq!((&promotions["agree"], &promotions["features"]), (&322.into(), &65.into()));
    assert_eq!((&promotions["optimal"], &promotions["baskets"]), (&20.into(), &20.into()));
}
