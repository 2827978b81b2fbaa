//! The synthetic year, entered into one store.

use std::collections::BTreeMap;
use std::time::Instant;

use hub::replay::totals::Totals;

use super::control::{json, kept};
use super::runner::{Replay, took, verify_all};
use crate::support;

#[test]
fn the_synthetic_year_agrees_with_its_own_control_totals() {
    let begun = Instant::now();
    let data = support::temp_dir("year");
    let control = json(&kept().join("sim/control_totals.json"));
    let replay = Replay {
        catalogue: kept().join("sim/catalogue.csv"),
        baskets: kept().join("sim/year.jsonl.gz"),
        data: data.path(),
        registers: 3,
    };
    let report = replay.run();
    let stores: BTreeMap<String, Totals> =
        serde_json::from_value(report["stores"].clone()).unwrap();
    let sold = &stores["1"];
    assert_eq!(Some(sold.transactions), control["receipts"].as_u64());
    assert_eq!(Some(sold.lines), control["lines"].as_u64());
    let net = control["net"].as_i64().unwrap();
    assert_eq!((sold.net, sold.reg, sold.paid), (net, net, net));
    assert_eq!((sold.disc, sold.matched, sold.coupon), (0, 0, 0));
    assert_eq!((&report["lost"], &report["doubled"]), (&0.into(), &0.into()));
    assert_eq!(verify_all(data.path()), 1);
    println!("{} receipts, {}", sold.transactions, report["latency_ms"]);
    took("the synthetic year", begun);
}
