//! The input's own sums against control totals that share no code with them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use hub::replay::catalogue::PriceList;
use hub::replay::file::{FileBasket, FileReader};
use hub::replay::totals::{Side, Totals};
use serde_json::{Value, json};

fn read(path: &Path) -> Vec<FileBasket> {
    FileReader::open(path).unwrap().collect::<Result<_, _>>().unwrap()
}

pub fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// The data that is kept with the tests.
pub fn kept() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data")
}

fn nets(group: &Value) -> BTreeMap<String, i64> {
    let group = group.as_object().unwrap().iter();
    group.map(|(name, sums)| (name.clone(), sums["net"].as_i64().unwrap())).collect()
}

/// What one of the real files comes to, by the control totals that are kept here.
pub fn real(name: &str) -> Totals {
    expected(&json(&kept().join("control_totals.json"))[name])
}

/// What was paid by way of paying in a file that knows coupons and what is left beside them.
pub fn paid_by(coupon: i64, rest: i64) -> BTreeMap<String, i64> {
    let both = [("cash", rest), ("coupon", coupon)].into_iter().filter(|(_, sum)| *sum != 0);
    both.map(|(name, sum)| (name.to_owned(), sum)).collect()
}

/// Control totals as `control.py` writes them.
pub fn expected(control: &Value) -> Totals {
    let sum = |name: &str| control[name].as_i64().unwrap();
    let count = |name: &str| control[name].as_u64().unwrap();
    Totals {
        transactions: count("transactions"),
        lines: count("lines"),
        reg: sum("reg"),
        disc: sum("disc"),
        matched: sum("match"),
        net: sum("net"),
        coupon: sum("coupon"),
        paid: sum("paid"),
        by_department: nets(&control["by_department"]),
        by_hour: nets(&control["by_hour"]),
        by_store: nets(&control["by_store"]),
        by_tender: paid_by(sum("coupon"), sum("paid")),
    }
}

#[test]
fn the_real_files_add_up_to_their_control_totals() {
    let Some(directory) = crate::support::derived() else { return };
    let prices = PriceList::open(&directory.join("catalogue.csv")).unwrap();
    for (name, file) in [
        ("day", "day.jsonl"),
        ("week", "week.jsonl.gz"),
        ("dense_day", "dense_day.jsonl.gz"),
        ("chain_day", "chain_day.jsonl.gz"),
    ] {
        let input = Totals::of_input(&read(&directory.join(file)), &prices);
        let expected = real(name);
        assert_eq!(expected.differences(&input, Side::Stores), [], "{name}");
        assert_eq!(input, expected, "{name}");
    }
}

#[test]
fn the_synthetic_year_adds_up_to_its_control_totals() {
    let directory = kept().join("sim");
    let control = json(&directory.join("control_totals.json"));
    let prices = PriceList::open(&directory.join("catalogue.csv")).unwrap();
    let baskets = read(&directory.join("year.jsonl.gz"));
    let input = Totals::of_input(&baskets, &prices);
    assert_eq!(Some(input.transactions), control["receipts"].as_u64());
    assert_eq!(Some(input.lines), control["lines"].as_u64());
    assert_eq!(Some(input.net), control["net"].as_i64());
    assert_eq!((input.reg, input.paid), (input.net, input.net));
    for (kind, count) in [("refund", "refund_lines"), ("void", "void_lines")] {
        let lines = baskets.iter().flat_map(|basket| &basket.lines);
        let found = lines.filter(|line| line.return_reason.as_deref() == Some(kind)).count();
        assert_eq!(Some(found as u64), control[count].as_u64(), "{kind}");
    }
    assert_eq!(json!(input.by_tender), control["by_tender"]);
    let mut by_day: BTreeMap<&str, (u64, u64, i64)> = BTreeMap::new();
    for basket in &baskets {
        let (day, _) = basket.key.split_once('/').unwrap();
        let sums = by_day.entry(day).or_default();
        sums.0 += 1;
        sums.1 += basket.lines.len() as u64;
        sums.2 += basket.lines.iter().map(|line| line.net).sum::<i64>();
    }
    let days = control["by_day"].as_object().unwrap();
    assert_eq!(by_day.len(), days.len());
    for (day, sums) in days {
        let number = |name: &str| sums[name].as_i64().unwrap();
        let (receipts, lines, net) = by_day[day.as_str()];
        let expected = (number("receipts") as u64, number("lines") as u64, number("net"));
        assert_eq!((receipts, lines, net), expected, "{day}");
    }
}
