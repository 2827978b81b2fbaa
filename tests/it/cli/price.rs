//! Baskets priced on the command line, and promotions checked before they are in force.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use hub::cli::PriceArgs;
use serde_json::{Value, json};
use store_core::promotion::explain::{Beside, BesideExplained};
use store_core::promotion::rule::Text;
use store_core::{Currency, Money};

use super::{hub, words};
use crate::support;

pub(super) const CATALOGUE: &str = "\
item,description,barcodes,unit,price,tags,brand,cost,floor_price
milk,鮮乳 Milk,4710000000004,piece,35,,Farm,20,25
red,紅茶 Red tea,,piece,40,red,Tea,30,
green,綠茶 Green tea,,piece,30,green,Tea,15,
rice,白米 Rice,,kilogram,60,,,,
";

/// Two promotions of which the total depends on the order, for whoever applies them in some order.
const ORDERS: &str = r#"
[[promotions]]
id = "ten"
name = { zh = "全單 9 折", en = "10 % off the order" }
order = { award = { percent_off = 10 } }
combine = "with_others"

[[promotions]]
id = "two-eighty-eight"
name = { zh = "折 288.50", en = "288.50 off the order" }
order = { award = { amount_off = "288.50" } }
combine = "with_others"
"#;

const FREE: &str = r#"
[[promotions]]
id = "a-free"
name = { zh = "A 免費", en = "A free" }
each = { items = { items = ["A"] }, award = "free" }

[[promotions]]
id = "five-off"
name = { zh = "A、B 折 5", en = "5 off A and B" }
order = { items = { items = ["A", "B"] }, award = { amount_off = 5 } }
"#;

const THRESHOLD: &str = r#"
[[promotions]]
id = "b-200"
name = { zh = "B 折 200", en = "200 off B" }
each = { items = { items = ["B"] }, award = { amount_off = 200 } }

[[promotions]]
id = "o-300"
name = { zh = "滿 5,000 折 300", en = "300 off orders of 5,000" }
order = { from = 5000, award = { amount_off = 300 } }
"#;

pub(super) const TEA: &str = r#"
[[promotions]]
id = "milk-second"
name = { zh = "鮮乳第二件 8 折", en = "Second milk 20 % off" }
group.slots = [{ items = { items = ["milk"] }, count = 2 }]
group.award = { cheapest = 1, award = { percent_off = 20 } }

[[promotions]]
id = "red-green"
name = { zh = "紅配綠 50", en = "Red and green 50" }
group.slots = [{ items = { tags = ["red"] } }, { items = { tags = ["green"] } }]
group.award = { price = 50 }

[[promotions]]
id = "by-card"
name = { zh = "刷卡折 5", en = "5 off by card" }
order = { award = { amount_off = 5 } }
tenders = ["card"]
"#;

fn line(item: &str, price: u32, more: Value) -> Value {
    let mut line = json!({ "item": item, "qty": 1, "unit_price": price });
    if let (Value::Object(line), Value::Object(more)) = (&mut line, more) {
        line.extend(more);
    }
    line
}

fn basket(currency: &str, lines: &[Value]) -> Value {
    json!({ "currency": currency, "at": "2026-11-01T15:00:00+08:00", "lines": lines })
}

fn added(percent: u32) -> Value {
    json!({ "tax_rate": percent, "tax_included": false })
}

/// Writes the files of one price into a directory and answers the arguments.
fn files(at: &Path, promotions: &str, basket: &Value) -> String {
    fs::write(at.join("c.csv"), CATALOGUE).unwrap();
    fs::write(at.join("p.toml"), promotions).unwrap();
    fs::write(at.join("b.json"), basket.to_string()).unwrap();
    "price --catalogue DIR/c.csv --promotions DIR/p.toml --basket DIR/b.json".to_owned()
}

#[test]
fn a_basket_is_priced_with_proof_and_reasons() {
    let scratch = support::temp_dir("price");
    let at = scratch.path();
    let mut text = String::new();
    for (promotions, basket) in [
        (
            ORDERS,
            basket(
                "USD",
                &[line("x", 100, added(15)), line("y", 100, json!({})), line("z", 100, json!({}))],
            ),
        ),
        (FREE, basket("USD", &[line("A", 10, added(10)), line("B", 10, added(20))])),
        (THRESHOLD, basket("TWD", &[line("A", 3000, json!({})), line("B", 2100, json!({}))])),
        (
            TEA,
            basket(
                "TWD",
                &[
                    json!({ "item": "milk", "qty": 3 }),
                    json!({ "ean": "red", "qty": "1" }),
                    json!({ "item": "rice", "qty": 0.5 }),
                ],
            ),
        ),
    ] {
        let arguments = files(at, promotions, &basket);
        let said = hub(words(&format!("{arguments} --explain"), at));
        writeln!(text, "{}", said.results()).unwrap();
    }
    for total in ["total 0.00 USD", "total 7.00 USD", "total 4800 TWD"] {
        assert!(text.contains(total), "{total}: {text}");
    }
    insta::assert_snapshot!(text);
}

#[test]
fn a_line_that_cannot_be_priced_is_named_and_the_rest_is_priced() {
    let scratch = support::temp_dir("refused");
    let at = scratch.path();
    let mut lines = vec![json!({ "item": "milk", "qty": 2 })];
    for (key, value) in
        [("item", json!("unknown")), ("ean", json!(4_719_999_999_999_i64)), ("item", json!(""))]
    {
        let mut line = json!({ "qty": 1 });
        line[key] = value;
        lines.push(line);
    }
    for qty in [json!(0), json!(-1), json!("1e3"), json!(1.5), json!(1_000_000_000_000_i64)] {
        lines.push(json!({ "item": "milk", "qty": qty }));
    }
    for price in [json!(-1), json!("99999999999999999999"), json!(1.5), json!(1e300)] {
        lines.push(json!({ "item": "milk", "qty": 1, "unit_price": price }));
    }
    lines.push(json!({ "item": "milk", "qty": 1, "tax_rate": 101 }));
    lines.push(json!({ "item": "milk", "qty": 1, "tax_included": true }));
    lines.push(json!({ "qty": 1 }));
    let arguments = files(at, TEA, &basket("TWD", &lines));
    let said = hub(words(&arguments, at)).results();
    insta::assert_snapshot!(said);
    let answer: Value =
        serde_json::from_str(&hub(words(&format!("{arguments} --json"), at)).results()).unwrap();
    assert_eq!(answer["total"], json!({ "amount": "63", "currency": "TWD" }));
    assert_eq!(answer["optimal"], json!(true));
    assert_eq!(answer["refused"].as_array().unwrap().len(), lines.len() - 1);
    assert_eq!(answer["lines"][0]["units"][1]["discounts"][0]["promotion"], json!("milk-second"));
    let too_many = vec![json!({ "item": "milk", "qty": 20_000 }); 3];
    let arguments = files(at, TEA, &basket("TWD", &too_many));
    let said = hub(words(&arguments, at)).results();
    assert!(said.contains("refused line 2, milk: a basket has at most 20000 units"), "{said}");
}

#[test]
fn files_that_do_not_hold_are_refused_in_one_line() {
    let scratch = support::temp_dir("price-files");
    let at = scratch.path();
    let mut text = String::new();
    let good = basket("TWD", &[json!({ "item": "milk", "qty": 1 })]);
    let with = |key: &str, value: Value| {
        let mut basket = good.clone();
        basket[key] = value;
        basket
    };
    let bad_promotion = "[[promotions]]\nid = \"a\"\nname = { zh = \"a\", en = \"a\" }\n\
                         each = { items = {}, award = { percent_off = 200 } }\n";
    for (promotions, basket) in [
        (bad_promotion, good.clone()),
        ("[[promotions", good.clone()),
        (TEA, with("currency", json!("dollar"))),
        (TEA, with("at", json!("yesterday"))),
        (TEA, with("surprise", json!(1))),
        (TEA, with("tier", json!("gold"))),
        (TEA, with("tender", json!(""))),
        (TEA, with("lines", json!([{ "item": "milk", "quantity": 1 }]))),
        (TEA, json!(7)),
    ] {
        let said = hub(words(&files(at, promotions, &basket), at));
        writeln!(text, "{}", said.refusal(at)).unwrap();
    }
    let arguments = files(at, TEA, &good);
    for changed in ["--catalogue DIR/c.csv", "--promotions DIR/p.toml", "--basket DIR/b.json"] {
        let flag = changed.split(' ').next().unwrap();
        let line = arguments.replace(changed, &format!("{flag} DIR/none"));
        writeln!(text, "{}", hub(words(&line, at)).refusal(at)).unwrap();
    }
    insta::assert_snapshot!(text);
}

#[test]
fn what_promotions_would_do_is_said_before_they_are_in_force() {
    let scratch = support::temp_dir("promo-check");
    let at = scratch.path();
    fs::write(at.join("c.csv"), CATALOGUE).unwrap();
    let no_costs: String = CATALOGUE.replace(",20,25\n", ",,\n").replace(",30,\n", ",,\n");
    fs::write(at.join("no-costs.csv"), no_costs.replace(",15,\n", ",,\n")).unwrap();
    fs::write(at.join("good.toml"), TEA).unwrap();
    fs::write(at.join("bad.toml"), TEA.replace("price = 50", "price = -50")).unwrap();
    let cheap = "[[promotions]]\nid = \"cheap\"\nname = { zh = \"半價\", en = \"Half price\" }\n\
                 each = { items = { brands = [\"Farm\", \"Frm\"], tags = [\"cold\"] }, \
                 award = { percent_off = 50 } }\n\n\
                 [[promotions]]\nid = \"half\"\nname = { zh = \"鮮乳半價\", en = \"Milk half\" }\n\
                 each = { items = { items = [\"milk\", \"mlik\"] }, \
                 award = { percent_off = 50 } }\n";
    fs::write(at.join("cheap.toml"), cheap).unwrap();
    let mut text = String::new();
    for line in [
        "--catalogue DIR/c.csv DIR/good.toml",
        "--catalogue DIR/no-costs.csv DIR/good.toml",
        "--catalogue DIR/c.csv DIR/cheap.toml",
        "--catalogue DIR/c.csv DIR/good.toml DIR/bad.toml",
        "--catalogue DIR/c.csv DIR/good.toml DIR/good.toml",
        "--catalogue DIR/c.csv DIR/none.toml",
    ] {
        let said = hub(words(&format!("promo check --at 2026-11-01 {line}"), at));
        let directory = at.display().to_string();
        let spoken = format!("{}{}", said.stdout, said.stderr).replace(&directory, "DIR");
        writeln!(text, "$ hub promo check {line}\n{spoken}exit {}\n", said.code).unwrap();
    }
    insta::assert_snapshot!(text);
    let said = hub(words("promo check --json --catalogue DIR/c.csv DIR/cheap.toml", at));
    let checked: Value = serde_json::from_str(&said.stdout).unwrap();
    let codes = |list: &Value| -> Vec<String> {
        let list = list.as_array().unwrap().iter();
        list.map(|one| one["code"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(codes(&checked["written"]), ["unknown_item", "unknown_brand", "unknown_tag"]);
    assert!(codes(&checked["report"]["findings"]).contains(&"below_cost".to_owned()));
}

#[test]
fn what_is_no_whole_number_was_weighed() {
    let scratch = support::temp_dir("price-whole");
    let at = scratch.path();
    let loose = |qty: Value| json!({ "item": "loose", "qty": qty, "unit_price": 10 });
    let lines = [json!(2), json!(2.0), json!("2.000"), json!(2.5)].map(loose);
    let line = files(at, TEA, &basket("TWD", &lines));
    let said = hub(words(&format!("{line} --json"), at)).results();
    let answer: Value = serde_json::from_str(&said).unwrap();
    let lines = answer["lines"].as_array().unwrap().iter();
    let units: Vec<(usize, &str)> = lines
        .map(|line| (&line["units"], &line["quantity"]["unit"]))
        .map(|(units, unit)| (units.as_array().unwrap().len(), unit.as_str().unwrap()))
        .collect();
    assert_eq!(units, [(2, "piece"), (2, "piece"), (2, "piece"), (1, "kilogram")]);
    assert_eq!(answer["total"]["amount"], json!("85"));
}

#[test]
fn what_stands_beside_the_goods_is_said_before_what_is_to_pay() {
    let scratch = support::temp_dir("price-beside");
    let at = scratch.path();
    files(at, TEA, &basket("USD", &[line("x", 100, added(15))]));
    let args = PriceArgs {
        catalogue: at.join("c.csv"),
        promotions: None,
        basket: at.join("b.json"),
        at: None,
        store: None,
        explain: true,
        json: false,
    };
    let settings = hub::settings::load(&hub::settings::Flags::default()).unwrap();
    let mut answer = hub::price::price_files(&args, &settings).unwrap();
    let explanation = answer.explanation.as_mut().unwrap();
    // What a register's basket may have besides, and the file of one has not.
    let usd = |minor: i64| Money::from_minor(minor, Currency::USD).unwrap();
    explanation.beside.push(BesideExplained {
        code: Beside::Returned,
        amount: usd(-500),
        text: Text { zh: "退回的商品:-5".into(), en: "Goods returned: -5".into() },
    });
    explanation.to_pay = usd(11_000);
    let said = answer.to_string();
    let last: Vec<&str> = said.lines().skip_while(|line| !line.starts_with("booked")).collect();
    let expected = [
        "booked 100.00",
        "  tax 15 % of 100.00: 15.00",
        "  退回的商品:-5 / Goods returned: -5",
        "to pay 110.00 USD",
    ];
    assert_eq!(last, expected, "{said}");
}

#[test]
fn the_schemas_are_those_of_the_docs_and_know_a_basket() {
    let docs = |name: &str| fs::read_to_string(support::root().join("docs").join(name)).unwrap();
    assert_eq!(hub(["promo", "schema"]).results(), docs("promotions.schema.json"));
    let basket_schema = hub(["promo", "schema", "--basket"]).results();
    assert_eq!(basket_schema, docs("basket.schema.json"));
    let schema: Value = serde_json::from_str(&basket_schema).unwrap();
    assert!(jsonschema::meta::is_valid(&schema));
    let schema = jsonschema::validator_for(&schema).unwrap();
    let all = json!({
        "currency": "TWD", "at": "2026-11-01T15:00", "member": "m1", "tier": "gold", "points": 5,
        "employee": false, "coupons": ["A"], "tender": "card", "channel": "online",
        "lines": [
            { "item": "milk", "qty": 1, "unit_price": "35", "tax_rate": 5, "tax_included": true,
              "tags": ["t"], "category": "c", "brand": "b" },
            { "ean": 4_710_000_000_004_i64, "qty": "2" },
        ],
    });
    let scratch = support::temp_dir("basket-schema");
    let priced = |basket: &Value| {
        let said = hub(words(&files(scratch.path(), TEA, basket), scratch.path()));
        said.code == 0
    };
    assert!(schema.is_valid(&all) && priced(&all));
    for pointer in ["", "/lines/0", "/lines/1"] {
        let mut wrong = all.clone();
        wrong.pointer_mut(pointer).unwrap()["surprise"] = json!(1);
        assert!(!schema.is_valid(&wrong) && !priced(&wrong), "{pointer}");
    }
    for key in ["currency", "at", "lines"] {
        let mut wrong = all.clone();
        wrong.as_object_mut().unwrap().remove(key);
        assert!(!schema.is_valid(&wrong) && !priced(&wrong), "{key}");
    }
}
