//! A day with tills at two registers, through the API alone: held against totals that were
//! computed by hand, over a kill, with every command sent twice.

use serde_json::{Value, json};

use super::basket::{Basket, WATER, cash, scan, sell};
use super::browser::{Browser, new_id, twd};
use super::hub::Hub;
use crate::support;

const TILL: &str = "/api/v1/register/till";

/// Sends a command twice: the second time it is answered and not carried out again.
fn at_till(browser: &Browser, command: &Value) -> Value {
    let envelope = json!({ "command_id": new_id(), "command": command });
    let first = browser.post(TILL, &envelope);
    assert_eq!(first.status, 200, "{command}: {}", first.json());
    let again = browser.post(TILL, &envelope);
    assert_eq!((again.status, again.json()["repeated"].as_bool()), (200, Some(true)));
    first.json()
}

fn refused(browser: &Browser, command: &Value) -> String {
    let reply = browser.post(TILL, &json!({ "command_id": new_id(), "command": command }));
    assert_ne!(reply.status, 200, "{command}");
    reply.code()
}

fn count(pieces: &[(i64, u32)]) -> Value {
    let notes =
        pieces.iter().map(|(value, pieces)| json!({ "value": twd(*value), "pieces": pieces }));
    json!({ "type": "count", "denominations": notes.collect::<Vec<_>>() })
}

fn close_day(browser: &Browser, day: &Value, is_forced: bool) -> (u16, Value) {
    let body = json!({ "command_id": new_id(), "business_day": day, "is_forced": is_forced });
    let reply = browser.post("/api/v1/days/close", &body);
    if reply.status == 200 {
        assert_eq!(browser.post("/api/v1/days/close", &body).json(), reply.json(), "once more");
    }
    (reply.status, reply.json())
}

#[test]
fn a_day_with_tills_adds_up_to_what_was_computed_by_hand() {
    let data = support::temp_dir("tills");
    let store = data.path().join("store");
    let settings = [("HUB_TILL__POLICY", "shared")];
    let hub = Hub::start_with(&store, &settings);
    let one = Browser::at_work(&hub);
    let two = Browser::at_work_at(&hub, "2");

    // Nothing is sold from a till that is closed.
    let reply = Basket::new().send(&one, &scan(WATER));
    assert_eq!((reply.status, reply.code().as_str()), (409, "till_not_open"));
    let day = at_till(&one, &json!({ "type": "open", "float": twd(3000) }))["business_day"].clone();
    at_till(&two, &json!({ "type": "open", "float": twd(2000) }));
    for _ in 0..3 {
        sell(&one);
    }
    sell(&two);
    at_till(&one, &json!({ "type": "loan", "amount": twd(500) }));
    at_till(&one, &json!({ "type": "paid_out", "amount": twd(120), "reason": "supplier" }));
    at_till(&one, &json!({ "type": "no_sale", "reason": "change" }));
    assert_eq!(refused(&one, &json!({ "type": "close" })), "count_needed");
    // A basket in each register: paid for in part at the first, unpaid at the second.
    let mut paid = Basket::new();
    paid.must(&one, &scan(WATER));
    let half = cash(&twd(5), &paid_total(&one));
    paid.must(&one, &half);
    // A line is answered before its draft is written: the second waits for that of the first.
    let mut unpaid = Basket::new();
    unpaid.must(&two, &scan(WATER));
    unpaid.must(&two, &scan(WATER));

    // The machine dies. What was promised stands.
    drop(hub);
    let hub = Hub::start_with(&store, &settings);
    let (one, two) = (one.moved(&hub), two.moved(&hub));
    assert_eq!(refused(&one, &count(&[])), "basket_open");
    let (status, body) = close_day(&one, &day, false);
    assert_eq!((status, body["code"].as_str()), (409, Some("tills_open")));
    assert_eq!(body["details"]["tills"], "1, 2");
    // What was paid for is nobody's to give up, also where the close is forced.
    let (status, body) = close_day(&one, &day, true);
    assert_eq!((status, body["code"].as_str()), (409, Some("tender_taken")));
    paid.must(&one, &json!({ "type": "void_tender", "number": 1 }));
    paid.must(&one, &json!({ "type": "abandon", "reason": "mistake" }));

    // 3000 + 3 × 15 + 500 − 120 = 3425; one coin of 5 is missing.
    at_till(&one, &count(&[(1000, 3), (100, 4), (10, 2)]));
    let closed = at_till(&one, &json!({ "type": "close" }));
    let cash = json!({ "tender_type": "cash", "expected": twd(3425), "counted": twd(3420) });
    assert_eq!(closed["closing"], json!([cash]));
    // The second register was closed by the first attempt, with what lay unpaid in it.
    assert_eq!(two.get("/api/v1/register").json()["till"]["open"], Value::Null);
    let (status, body) = close_day(&one, &day, false);
    assert_eq!(status, 200, "{body}");

    let path = format!("/api/v1/days/{}", day.as_str().unwrap());
    let summary = one.get(&path).json();
    assert_eq!(summary["total"], twd(60));
    let line = json!({ "tender_type": "cash", "count": 4, "taken": twd(60), "change": twd(0),
        "amount": twd(60) });
    assert_eq!(summary["tenders"], json!([line]));
    let counts = &summary["counts"];
    let said = ["sales", "lines", "abandoned", "no_sales"].map(|key| counts[key].as_u64());
    assert_eq!(said, [4, 4, 2, 1].map(Some));
    let sums = json!({ "floats": twd(5000), "loans": twd(500), "pickups": twd(0),
        "paid_in": twd(0), "paid_out": twd(120) });
    assert_eq!(summary["cash"], sums);
    let forced: Vec<_> =
        summary["tills"].as_array().unwrap().iter().map(|it| &it["is_forced"]).collect();
    assert_eq!(forced, [&json!(false), &json!(true)]);
    assert_eq!(summary["is_closed"], true);
    // The Z report of the first till is its part of the day.
    let z = one.get(&format!("{path}/tills/1/1")).json();
    assert_eq!((&z["total"], &z["counts"]["sales"]), (&twd(45), &json!(3)));

    // The next till opens the next day.
    let next = at_till(&one, &json!({ "type": "open", "float": twd(0) }));
    assert_ne!(next["business_day"], day);
    assert_eq!(next["till"], 2);
}

fn paid_total(browser: &Browser) -> Value {
    browser.get("/api/v1/register").json()["basket"]["totals"]["due"].clone()
}
