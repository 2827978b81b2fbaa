//! A cashier's day, step by step: two registers, four people, every way of paying, and what all of
//! it comes to, computed by hand, at the store and at headquarters.

mod by_hand;
mod person;

use std::path::Path;

use hub::till_papers::OneTill;
use serde_json::{Value, json};
use store_core::till::TillNumber;
use store_core::{BusinessDay, CommandId, TransactionId, WorkstationId};

use by_hand::by_hand;
use person::{Person, assert_lacks};

use super::basket::{Basket, WATER, scan};
use super::browser::{Browser, new_id, sign_in, twd};
use super::hub::{Hub, MANAGER, PIN};
use crate::chain::{Headquarters, until};
use crate::support;

const TILL: &str = "/api/v1/register/till";
/// 綠茶 25, 現煮拿鐵 60, and beer at 45 from 18 years on.
const TEA: &str = "0410000000083";
const COFFEE: &str = "0410000000267";
const BEER: &str = "0420000000105";

/// A dollar counts for 30; the rest as it is shipped.
const SETTINGS: &str = r#"
[store]
id = "s1"

[till]
policy = "shared"
is_blind = true

[[tenders]]
id = "cash"
kind = "cash"
gives_change = true
opens_drawer = true

[[tenders]]
id = "card"
kind = "card"
gives_change = false
opens_drawer = false

[[tenders]]
id = "voucher"
kind = "voucher"
gives_change = false
opens_drawer = false

[[tenders]]
id = "usd"
kind = "foreign"
gives_change = true
opens_drawer = true
foreign = { currency = "USD", rate = "30" }
"#;

const CASHIERS: [(&str, &str); 2] = [("c1", "830264"), ("c2", "719350")];
const SUPERVISOR: (&str, &str) = ("s1", "462817");

fn pieces(amount: i64) -> Value {
    json!({ "amount": amount.to_string(), "unit": "piece" })
}

fn count(notes: &[(i64, u32)], others: &Value) -> Value {
    let notes =
        notes.iter().map(|(value, pieces)| json!({ "value": twd(*value), "pieces": pieces }));
    json!({
        "type": "count", "denominations": notes.collect::<Vec<_>>(), "others": others,
    })
}

/// The store, linked to headquarters: started, and started again after a power cut.
fn start(directory: &Path, link: &Path, is_first: bool) -> Hub {
    let config = directory.join("hub.toml");
    std::fs::write(&config, SETTINGS).unwrap();
    let variables = [
        ("HUB_TILL__POLICY", "shared"),
        ("HUB_LINK__FILE", link.to_str().unwrap()),
        ("HUB_LINK__RETRY_MAX_S", "1"),
    ];
    Hub::start_by(Some(&config), is_first, &directory.join("store"), &variables)
}

/// The people of the store, and beer among its goods.
fn prepare(hub: &Hub) -> Browser {
    let manager = Browser::new(hub);
    let code = hub.setup_code.as_deref().unwrap();
    let person = json!({ "id": MANAGER, "name": "林經理", "pin": PIN });
    let set_up = json!({ "code": code, "operator": person });
    assert_eq!(manager.post("/api/v1/setup", &set_up).status, 201);
    assert_eq!(manager.post("/api/v1/session", &sign_in()).status, 200);
    for ((id, pin), role) in
        CASHIERS.into_iter().zip(["cashier"; 2]).chain([(SUPERVISOR, "supervisor")])
    {
        let person = json!({ "id": id, "name": id, "pin": pin, "role": role });
        assert_eq!(manager.post("/api/v1/operators", &person).status, 201);
    }
    let demo = include_str!("../../../../hub/assets/demo-catalogue.csv").trim_end();
    let (header, goods) = demo.split_once('\n').unwrap();
    let goods = goods.lines().map(|line| format!("{line},\n")).collect::<String>();
    let beer = format!("B0001,{BEER},,啤酒 330ml,酒類,啤酒,,,piece,45,taxable,,,,,18\n");
    let csv = format!("{header},age_min\n{goods}{beer}");
    let types = [("content-type", "text/csv")];
    let reply = manager.send("PUT", "/api/v1/catalogue", &types, Some(csv.as_bytes()));
    assert_eq!(reply.status, 200, "{}", reply.json());
    manager
}

/// The morning: floats, and sales paid in every way. Register 1 has taken 40 + 5 in cash and a
/// voucher of 40; register 2 has taken 20 in cash, a card of 100, and 5 dollars for 50 of change.
fn morning(one: &Person, two: &Person) -> Value {
    // Nothing is sold from a till that is closed.
    assert_eq!(Basket::new().send(&one.browser, &scan(WATER)).code(), "till_not_open");
    let opened = one.till(&json!({ "type": "open", "float": twd(3000) }), None);
    two.till(&json!({ "type": "open", "float": twd(2000) }), None);
    // 15 + 25 = 40, of 100.
    assert_eq!(one.sells(&[WATER, TEA], 100).1, twd(60));
    // A price is asked for; nothing is sold.
    let asked = one.browser.get(&format!("/api/v1/items/by-code/{COFFEE}"));
    assert_eq!((asked.status, asked.json()["price"]["amount"].as_str()), (200, Some("60")));
    // Beer: the customer is old enough. 45 = 40 by voucher and 5 in cash.
    let mut beer = Basket::new();
    beer.must(&one.browser, &scan(BEER));
    let tender = json!({
        "type": "tender", "tender_type": "cash", "amount": twd(45), "total": twd(45),
    });
    assert_eq!(beer.send(&one.browser, &tender).code(), "age_check_needed");
    beer.must(&one.browser, &json!({ "type": "confirm_age", "age": 18 }));
    one.pays(&mut beer, "voucher", &twd(40));
    one.pays(&mut beer, "cash", &twd(5));
    one.done(&mut beer);
    // Four bottles of tea at 25 for five dollars at 30: 150 less 50 of change.
    let mut tea = Basket::new();
    tea.must(&two.browser, &scan(TEA));
    tea.must(&two.browser, &json!({ "type": "set_quantity", "line": 1, "quantity": pieces(4) }));
    let dollars = json!({ "amount": "5.00", "currency": "USD" });
    assert_eq!(two.pays(&mut tea, "usd", &dollars)["change"], twd(50));
    two.done(&mut tea);
    opened["business_day"].clone()
}

/// Two coffees at 60: 100 by card, then the power goes, then 20 in cash.
fn half_paid(two: &Person) -> Basket {
    let mut coffee = Basket::new();
    coffee.must(&two.browser, &scan(COFFEE));
    let twice = json!({ "type": "set_quantity", "line": 1, "quantity": pieces(2) });
    coffee.must(&two.browser, &twice);
    assert_eq!(two.pays(&mut coffee, "card", &twd(100))["due"], twd(20));
    coffee
}

/// Noon: what a cashier may not do alone, and what goes from one register to the other. Register
/// 1 takes 54 in cash and 15 that go back; register 2 takes 30 and pays 60 out.
fn noon(one: &Person, two: &Person) -> Basket {
    // A coffee at 60 less 10 per cent is 54, of 60; the supervisor allows it.
    let mut damaged = Basket::new();
    damaged.must(&one.browser, &scan(COFFEE));
    let off = json!({
        "type": "modify_price", "line": 1, "reason": "damaged",
        "modifier": { "method": "percent_off", "percent": "10" },
    });
    one.needing(&mut damaged, "lower_price", &off);
    assert_eq!(one.pays(&mut damaged, "cash", &twd(60))["change"], twd(6));
    one.done(&mut damaged);
    // 15 + 15 + 25, put aside at 1; at 2 the tea is left out, and 30 are paid of 50.
    let mut aside = Basket::new();
    for code in [WATER, WATER, TEA] {
        aside.must(&one.browser, &scan(code));
    }
    aside.must(&one.browser, &json!({ "type": "suspend" }));
    let listed = two.browser.get("/api/v1/suspended").json();
    assert_eq!(listed[0]["transaction_id"], aside.id);
    aside.must(&two.browser, &json!({ "type": "retrieve" }));
    assert_eq!(aside.send(&one.browser, &json!({ "type": "retrieve" })).code(), "not_suspended");
    let basket = two.browser.get("/api/v1/register").json()["basket"].clone();
    let tea = basket["lines"].as_array().unwrap().last().unwrap()["line"].clone();
    aside.must(&two.browser, &json!({ "type": "void_line", "line": tea }));
    assert_eq!(two.pays(&mut aside, "cash", &twd(50))["change"], twd(20));
    two.done(&mut aside);
    // A water that is sold and undone again.
    let (mut mistaken, _) = one.sells(&[WATER], 15);
    mistaken.version = 0;
    let void = json!({ "type": "post_void", "reason": "mistake" });
    one.needing(&mut mistaken, "post_void", &void);
    // A coffee comes back: 60 go out.
    let mut back = Basket::new();
    let returned = json!({
        "type": "return_item", "code": COFFEE, "quantity": pieces(1), "reason": "defective",
    });
    back.must(&two.browser, &returned);
    two.pays(&mut back, "cash", &twd(-60));
    two.done(&mut back);
    // Somebody has no money with them.
    let mut given_up = Basket::new();
    given_up.must(&one.browser, &scan(COFFEE));
    given_up.must(&one.browser, &json!({ "type": "abandon", "reason": "no_money" }));
    damaged
}

/// The afternoon: money in and out otherwise than by sales, and papers once more.
fn afternoon(one: &Person, two: &Person, day: &str, damaged: &Basket) {
    let no_sale = json!({ "type": "no_sale", "reason": "change" });
    let refused = one.browser.post(TILL, &json!({ "command_id": new_id(), "command": no_sale }));
    assert_lacks(&refused, "no_sale");
    one.till(&no_sale, Some(&one.approved("no_sale")));
    let loan = json!({ "type": "loan", "amount": twd(500) });
    two.till(&loan, Some(&two.approved("loan")));
    one.till(&json!({ "type": "pickup", "amount": twd(1000) }), None);
    let paid_in = json!({ "type": "paid_in", "amount": twd(100), "reason": "deposit" });
    two.till(&paid_in, Some(&two.approved("paid_in")));
    let paid_out = json!({ "type": "paid_out", "amount": twd(120), "reason": "supplier" });
    one.till(&paid_out, Some(&one.approved("paid_out")));
    // The journal knows the receipt of 54 and that of the beer; one is printed again.
    let found = one.browser.get("/api/v1/receipts?amount=54").json();
    assert_eq!(found["receipts"][0]["transaction_id"], damaged.id);
    let found = one.browser.get(&format!("/api/v1/receipts?item={BEER}")).json();
    assert_eq!(found["receipts"].as_array().unwrap().len(), 1);
    let copies = format!("/api/v1/transactions/{}/receipt/copies", damaged.id);
    assert_eq!(one.browser.post(&copies, &json!({})).json()["copy"], 1);
    // The X report tells what should be there, which who counts blindly is not shown:
    // 3000 + 40 + 5 + 54 + 15 − 15 − 1000 − 120 = 1979.
    let x = json!({ "command_id": new_id() });
    let path = "/api/v1/register/till/report";
    assert_lacks(&one.browser.post(path, &x), "see_expected");
    let report = one.with(&one.approved("see_expected"), path, &x);
    assert_eq!(report.status, 200, "{}", report.json());
    assert!(report.json()["text"].as_str().unwrap().contains("1,979"), "{}", report.json());
    let named = x["command_id"].as_str().unwrap();
    let till = format!("/api/v1/days/{day}/tills/1/1/report?x={named}");
    assert_eq!(one.browser.get(&till).json()["rows"], report.json()["rows"]);
    // Nor is it on the copy that the list of papers offers.
    let copies = format!("/api/v1/print-jobs/{}/copies", x_paper(day, named));
    assert_lacks(&one.browser.post(&copies, &json!({})), "see_expected");
    let copy = one.with(&one.approved("see_expected"), &copies, &json!({}));
    assert_eq!((copy.status, &copy.json()["copy"]), (202, &json!(1)));
}

/// The name of the X of register 1 that a command asked for.
fn x_paper(day: &str, command: &str) -> TransactionId {
    let day = BusinessDay::new(day.parse().unwrap());
    let workstation = WorkstationId::new("1").unwrap();
    let till = OneTill { day, workstation, number: TillNumber(1) };
    till.x_paper(CommandId::new(command.parse().unwrap()))
}

/// The evening: register 1 counts 5 short, register 2 has gone home with a basket open.
fn evening(one: &Person, two: &Person, manager: &Browser, day: &str) {
    // 1000 + 500 + 400 + 50 + 20 + 4 = 1974, and the voucher.
    let notes = [(1000, 1), (500, 1), (100, 4), (50, 1), (10, 2), (1, 4)];
    let voucher = json!([{ "tender_type": "voucher", "amount": twd(40) }]);
    one.till(&count(&notes, &voucher), None);
    let closed = one.till(&json!({ "type": "close" }), None);
    let closing = json!([
        { "tender_type": "cash", "expected": twd(1979), "counted": twd(1974) },
        { "tender_type": "voucher", "expected": twd(40), "counted": twd(40) },
    ]);
    assert_eq!(closed["closing"], closing);
    let z = format!("/api/v1/days/{day}/tills/1/1/report");
    let report = one.browser.get(&z).json();
    let text = report["text"].as_str().unwrap();
    assert!(text.contains("1,974") && text.contains("-5"), "{text}");
    let copy = one.browser.post(&format!("{z}/copies"), &json!({}));
    assert_eq!((copy.status, &copy.json()["copy"]), (202, &json!(1)));
    let mut left = Basket::new();
    left.must(&two.browser, &scan(WATER));
    let close = |is_forced: bool| {
        let id = new_id();
        json!({ "command_id": id, "business_day": day, "is_forced": is_forced })
    };
    let path = "/api/v1/days/close";
    assert_lacks(&one.browser.post(path, &close(false)), "close_day");
    let refused = manager.post(path, &close(false));
    assert_eq!(refused.code(), "tills_open");
    assert_eq!(refused.json()["details"]["tills"], "2");
    let forced = manager.post(path, &close(true));
    assert_eq!((forced.status, forced.json()["forced"].clone()), (200, json!(["2"])));
}

#[test]
fn a_cashiers_day_comes_to_what_was_computed_by_hand_in_store_and_headquarters() {
    let data = support::temp_dir("cashiers-day");
    let mut hq = Headquarters::new(data.path(), "hq", &[]);
    hq.start();
    let link = hq.enrol("s1");
    let hub = start(data.path(), &link, true);
    let manager = prepare(&hub);
    let (one, two) = (Person::at(&hub, "1", CASHIERS[0]), Person::at(&hub, "2", CASHIERS[1]));
    let day = morning(&one, &two);
    let mut coffee = half_paid(&two);
    // The power goes with 100 of 120 paid.
    drop(hub);
    let hub = start(data.path(), &link, false);
    let (one, two, manager) = (one.moved(&hub), two.moved(&hub), manager.moved(&hub));
    assert_eq!(two.pays(&mut coffee, "cash", &twd(20))["due"], twd(0));
    two.done(&mut coffee);

    let day = day.as_str().unwrap();
    let damaged = noon(&one, &two);
    afternoon(&one, &two, day, &damaged);
    evening(&one, &two, &manager, day);

    let summary = manager.get(&format!("/api/v1/days/{day}")).json();
    by_hand(&summary);
    let path = format!("/api/v1/stores/s1/days/{day}");
    let there = || hq.look(&path);
    until(
        "headquarters has the day",
        || there().as_ref() == Some(&summary),
        || format!("{:?}\n{summary}", there()),
    );
}
