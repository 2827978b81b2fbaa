//! Recorded baskets priced under promotions, as the stores that sold them would.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use hub::replay::agreement::{self, Terms};
use hub::replay::run::Trade;
use hub::settings::{self, Flags};
use serde_json::{Value, json};

use super::price::{CATALOGUE, TEA};
use super::{hub, words};
use crate::support;

/// A store in the north, where tax is added.
const NORTH: &str = r#"
[tax]
default = { percent = "10", method = "exclusive" }
[promotions]
regions = ["north"]
"#;

const OF_THE_NORTH: &str = r#"
[[promotions]]
id = "north"
name = { zh = "北區折 5", en = "5 off in the north" }
each = { items = { items = ["milk"] }, award = { amount_off = 5 } }
place = { regions = ["north"] }
"#;

/// A catalogue as it is recorded with baskets.
const RECORDED: &str = "\
item,ean,plu,description,department,category,brand,manufacturer,unit,unit_price,tax_class
milk,4710000000004,,MILK,GROCERY,MILK,Farm,1,each,35.00,food
";

fn line(item: &str, qty: i64, reg: i64) -> Value {
    json!({ "item": item, "qty": qty, "reg": reg, "disc": 0, "match": 0, "net": reg })
}

fn sold(basket: u32, lines: &[Value]) -> Value {
    json!({ "basket": basket, "store": 1, "time": "2026-11-01T10:00:00", "lines": lines })
}

fn lines_of(baskets: &[Value]) -> String {
    baskets.iter().map(|basket| format!("{basket}\n")).collect()
}

#[test]
fn baskets_that_were_bought_are_rehearsed() {
    let scratch = support::temp_dir("rehearse");
    let at = scratch.path();
    fs::write(at.join("c.csv"), CATALOGUE.replace("USD", "TWD")).unwrap();
    fs::write(at.join("p.toml"), TEA).unwrap();
    let baskets = [
        sold(1, &[line("milk", 2, 7_000)]),
        sold(2, &[line("red", 1, 4_000), line("green", 1, 3_000), line("milk", 1, 3_500)]),
        sold(3, &[line("rice", 1, 6_000)]),
    ];
    fs::write(at.join("b.jsonl"), lines_of(&baskets)).unwrap();
    let line = "promo rehearse --catalogue DIR/c.csv --replay DIR/b.jsonl DIR/p.toml";
    let mut text = hub(words(line, at)).results();
    // Against itself nothing changes.
    text.push_str(&hub(words(&format!("{line} --before DIR/p.toml"), at)).results());
    insta::assert_snapshot!(text);
    let report = hub(words(&format!("{line} --json"), at)).results();
    let report: Value = serde_json::from_str(&report).unwrap();
    assert_eq!((&report["baskets"], &report["changed"]), (&json!(3), &json!(2)));
    assert_eq!(report["before"]["total"]["amount"], json!("235.00"));
}

/// Two milks, sold at what the promotion of the north leaves of them.
fn sold_in_the_north(at: &Path) {
    fs::write(at.join("c.csv"), CATALOGUE).unwrap();
    fs::write(at.join("p.toml"), OF_THE_NORTH).unwrap();
    fs::write(at.join("hub.toml"), NORTH).unwrap();
    let mut milk = line("milk", 2, 7_000);
    (milk["disc"], milk["net"]) = (json!(1_000), json!(6_000));
    fs::write(at.join("b.jsonl"), lines_of(&[sold(1, &[milk])])).unwrap();
}

#[test]
fn a_rehearsal_prices_a_basket_as_its_store_does() {
    let scratch = support::temp_dir("rehearse-north");
    let at = scratch.path();
    sold_in_the_north(at);
    let rehearsed = |more: &str| {
        let line = "promo rehearse --json --catalogue DIR/c.csv --replay DIR/b.jsonl DIR/p.toml";
        let report = hub(words(&format!("{line} {more}"), at)).results();
        let report: Value = serde_json::from_str(&report).unwrap();
        let total = |of: &str| report[of]["total"]["amount"].as_str().unwrap().to_owned();
        (total("before"), total("after"))
    };
    assert_eq!(rehearsed(""), ("70.00".to_owned(), "70.00".to_owned()), "nobody is in the north");
    let in_the_north = rehearsed("--config DIR/hub.toml");
    assert_eq!(in_the_north, ("77.00".to_owned(), "66.00".to_owned()));
    // So does `hub price`.
    let basket = json!({
        "currency": "USD", "at": "2026-11-01T10:00", "lines": [{ "item": "milk", "qty": 2 }],
    });
    fs::write(at.join("b.json"), basket.to_string()).unwrap();
    let line = "price --catalogue DIR/c.csv --promotions DIR/p.toml --basket DIR/b.json \
                --store 1 --config DIR/hub.toml";
    let said = hub(words(line, at)).results();
    assert!(said.starts_with("total 66.00 USD"), "{said}");
}

#[test]
fn the_agreement_of_recorded_baskets_is_that_of_their_store() {
    let scratch = support::temp_dir("agreement-north");
    let at = scratch.path();
    sold_in_the_north(at);
    let catalogue = at.join("recorded.csv");
    fs::write(&catalogue, RECORDED).unwrap();
    let trade = Trade::read(&catalogue, &at.join("b.jsonl")).unwrap();
    let agreed = |config: Option<&str>| {
        let flags = Flags { config: config.map(|name| at.join(name)), ..Flags::default() };
        let settings = Arc::new(settings::load(&flags).unwrap());
        let terms = Terms { promotions: at.join("p.toml"), settings };
        let found = agreement::of(&catalogue, &terms, &trade).unwrap();
        assert_eq!((found.lines, found.failed.len()), (1, 0));
        found.agree
    };
    assert_eq!((agreed(None), agreed(Some("hub.toml"))), (0, 1));
}

#[test]
fn a_replay_reads_the_settings_of_its_promotions_before_anything_is_sold() {
    let scratch = support::temp_dir("replay-config");
    let at = scratch.path();
    sold_in_the_north(at);
    let line = "replay --catalogue DIR/c.csv --baskets DIR/b.jsonl --report DIR/r.json";
    let said = hub(words(&format!("{line} --promotions DIR/p.toml --config DIR/none.toml"), at));
    assert!(said.refusal(at).contains("DIR/none.toml"));
    let alone = hub(words(&format!("{line} --config DIR/hub.toml"), at));
    assert_eq!(alone.code, 64, "{}", alone.stderr);
}
