//! The synthetic year, entered into one store.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use hub::replay::totals::Totals;
use serde_json::{Map, Value, json};
use store_core::Currency;
use store_core::day::{Booking, Scope, SummaryFold};
use store_journal::{LedgerReads as _, Reader};

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
    assert_eq!(json!(sold.by_tender), control["by_tender"]);
    assert_eq!((&report["lost"], &report["doubled"]), (&0.into(), &0.into()));
    each_day_is_paid_as_its_rows_say(&data.path().join("store-1"), &control["by_day"]);
    assert_eq!(verify_all(data.path()), 1);
    println!("{} receipts, {}", sold.transactions, report["latency_ms"]);
    took("the synthetic year", begun);
}

/// The summary of every day, as the store shows it, against what its receipts say.
fn each_day_is_paid_as_its_rows_say(journal: &Path, control: &Value) {
    let reader = Reader::open(journal).unwrap();
    let days = reader.days().unwrap();
    assert_eq!(days.len(), control.as_object().unwrap().len());
    for record in days {
        let day = record.business_day;
        let mut fold = SummaryFold::new(Scope::Day(day), Currency::EUR);
        let add = &mut |row: &store_core::fact::CommittedFact| {
            if let Some(booking) = Booking::of(&row.fact) {
                fold.add(&booking);
            }
        };
        reader.day_facts(day, add).unwrap();
        let summary = fold.summary();
        let paid: Map<String, Value> = summary
            .tenders
            .iter()
            .map(|line| (line.tender_type.to_string(), json!(line.amount.minor())))
            .filter(|(_, sum)| sum != 0)
            .collect();
        let mut of_day = control[day.to_string()]["by_tender"].clone();
        of_day.as_object_mut().unwrap().retain(|_, sum| sum != 0);
        assert_eq!(Value::Object(paid), of_day, "{day}");
    }
}
