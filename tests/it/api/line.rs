//! Baskets that lie aside and sales that are undone, as two registers of one store see them.

use std::thread;

use serde_json::{Value, json};

use super::basket::{Basket, COMMANDS, WATER, scan, sell};
use super::browser::{Browser, new_id};
use super::hub::Hub;
use crate::support;

pub fn suspend() -> Value {
    json!({ "type": "suspend" })
}

pub fn retrieve() -> Value {
    json!({ "type": "retrieve" })
}

fn void() -> Value {
    json!({ "type": "post_void", "reason": "mistake" })
}

/// What lies aside.
pub fn aside(browser: &Browser) -> Vec<Value> {
    browser.get("/api/v1/suspended").json().as_array().unwrap().clone()
}

/// A basket of one bottle of water that was put aside.
pub fn put_aside(browser: &Browser) -> Basket {
    let mut basket = Basket::new();
    basket.must(browser, &scan(WATER));
    let answer = basket.must(browser, &suspend());
    assert_eq!(answer["view"]["phase"], "idle");
    basket
}

fn on_hand(browser: &Browser) -> Value {
    let rows = browser.get("/api/v1/stock?search=0410000000014").json();
    rows[0]["on_hand"]["amount"].clone()
}

#[test]
fn a_basket_put_aside_at_one_register_is_sold_at_another() {
    let data = support::temp_dir("line-aside");
    let hub = Hub::start(&data.path().join("store"));
    let (first, second) = (Browser::at_work(&hub), Browser::at_work_at(&hub, "2"));
    let mut basket = put_aside(&first);
    let listed = aside(&second);
    assert_eq!(listed.len(), 1);
    assert_eq!((&listed[0]["transaction_id"], &listed[0]["lines"]), (&json!(basket.id), &json!(1)));
    assert_eq!((&listed[0]["version"], &listed[0]["workstation"]), (&json!(2), &json!("1")));
    // Nobody works on it while it lies there, and the first register sells on.
    assert_eq!(basket.send(&first, &scan(WATER)).code(), "basket_suspended");
    sell(&first);
    let answer = basket.must(&second, &retrieve());
    assert_eq!(answer["view"]["basket"]["lines"].as_array().unwrap().len(), 1);
    assert_eq!(aside(&first), Vec::<Value>::new());
    assert_eq!(basket.send(&first, &retrieve()).code(), "not_suspended");
    assert_eq!(basket.send(&first, &scan(WATER)).code(), "open_elsewhere");
    let due = answer["view"]["basket"]["totals"]["due"].clone();
    basket.must(&second, &super::basket::cash(&due, &due));
    basket.must(&second, &json!({ "type": "complete" }));
    assert_eq!(basket.send(&first, &retrieve()).code(), "not_suspended");
}

#[test]
fn of_two_that_want_it_at_once_one_gets_it() {
    let data = support::temp_dir("line-race");
    let hub = Hub::start(&data.path().join("store"));
    let registers = [Browser::at_work(&hub), Browser::at_work_at(&hub, "2")];
    for _ in 0..20 {
        let basket = put_aside(&registers[0]);
        let envelope = || basket.envelope(&retrieve());
        let outcomes = thread::scope(|scope| {
            let ask = |browser| scope.spawn(move || Browser::post(browser, COMMANDS, &envelope()));
            let asking = registers.each_ref().map(ask);
            asking.map(|asking| asking.join().unwrap())
        });
        let got = outcomes.iter().filter(|reply| reply.status == 200).count();
        assert_eq!(got, 1, "{outcomes:?}");
        let lost = outcomes.iter().find(|reply| reply.status != 200).unwrap();
        assert_eq!((lost.status, lost.code().as_str()), (409, "not_suspended"));
        assert_eq!(lost.json()["view"]["basket"], Value::Null);
        for (browser, reply) in registers.iter().zip(&outcomes) {
            if reply.status == 200 {
                let mut mine = Basket { id: basket.id.clone(), version: 3 };
                mine.must(browser, &json!({ "type": "abandon", "reason": "mistake" }));
            }
        }
    }
}

#[test]
fn a_sale_of_today_is_undone_once_and_its_goods_are_back() {
    let data = support::temp_dir("line-void");
    let hub = Hub::start(&data.path().join("store"));
    let (first, second) = (Browser::at_work(&hub), Browser::at_work_at(&hub, "2"));
    let count = json!({
        "command_id": new_id(), "item": "D0001", "kind": "counted",
        "quantity": { "amount": "50", "unit": "piece" }, "reason": "delivery",
    });
    assert_eq!(first.post("/api/v1/stock/movements", &count).status, 201);
    let sale = Basket { id: sell(&first), version: 0 };
    assert_eq!(on_hand(&first), "49");
    let envelope = sale.envelope(&void());
    let reply = second.post(COMMANDS, &envelope);
    assert_eq!(reply.status, 200, "{}", reply.json());
    assert_eq!(reply.json()["outcome"]["event"]["type"], "sale_post_voided");
    assert_eq!(on_hand(&first), "50");
    let again = second.post(COMMANDS, &envelope);
    assert_eq!((again.status, &again.json()["repeated"]), (200, &json!(true)));
    let id = envelope["command_id"].as_str().unwrap();
    let asked = second.get(&format!("{COMMANDS}/{}/{id}", sale.id));
    assert_eq!(asked.json()["outcome"], reply.json()["outcome"]);
    let reused = json!({ "command": { "type": "post_void", "reason": "no_money" } });
    let mut other = envelope.clone();
    other["command"] = reused["command"].clone();
    assert_eq!(second.post(COMMANDS, &other).code(), "command_id_reused");
    let twice = first.post(COMMANDS, &sale.envelope(&void()));
    assert_eq!((twice.status, twice.code().as_str()), (409, "already_post_voided"));
    let unknown = first.post(COMMANDS, &Basket::new().envelope(&void()));
    assert_eq!((unknown.status, unknown.code().as_str()), (404, "unknown_sale"));
    assert_eq!(on_hand(&first), "50");
}
