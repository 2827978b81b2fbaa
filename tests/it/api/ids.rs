//! An id stands for one thing for ever.

use serde_json::{Value, json};

use super::basket::{Basket, COMMANDS, WATER, cash, scan};
use super::browser::{Browser, new_id, sign_in, twd};
use super::hub::Hub;
use crate::support;

fn movement(id: &str, amount: &str) -> Value {
    json!({
        "command_id": id, "item": "D0001", "kind": "received", "reason": "delivery",
        "quantity": { "amount": amount, "unit": "piece" },
    })
}

#[test]
fn an_id_that_stands_for_something_else_is_refused_and_the_same_is_answered_again() {
    let data = support::temp_dir("ids");
    let hub = Hub::start(&data.path().join("store"));
    let browser = Browser::at_work(&hub);

    let mut basket = Basket::new();
    let first = basket.envelope(&scan(WATER));
    let reply = browser.post(COMMANDS, &first);
    basket.follow(&reply);
    assert_eq!(browser.post(COMMANDS, &first).json()["repeated"], true);
    let mut other = first.clone();
    other["command"]["code"] = "0410000000038".into();
    let reply = browser.post(COMMANDS, &other);
    assert_eq!((reply.status, reply.code().as_str()), (409, "command_id_reused"));

    let on_hand = || {
        let stock = browser.get("/api/v1/stock?search=D0001").json();
        stock[0]["on_hand"]["amount"].as_str().unwrap().parse::<i64>().unwrap()
    };
    let before = on_hand();
    let moved = new_id();
    let first = browser.post("/api/v1/stock/movements", &movement(&moved, "5"));
    let again = browser.post("/api/v1/stock/movements", &movement(&moved, "5"));
    assert_eq!((first.status, again.status, first.json()), (201, 201, again.json()));
    let reply = browser.post("/api/v1/stock/movements", &movement(&moved, "6"));
    assert_eq!((reply.status, reply.code().as_str()), (409, "command_id_reused"));
    assert_eq!(on_hand(), before + 5, "it came once");

    // The id of the movement for a payment, and for a sign-in.
    let mut pay = basket.envelope(&cash(&twd(15), &twd(15)));
    pay["command_id"] = moved.clone().into();
    let reply = browser.post(COMMANDS, &pay);
    assert_eq!((reply.status, reply.code().as_str()), (409, "command_id_reused"));
    assert_eq!(reply.json()["view"]["basket"]["tenders"], json!([]));
    basket.must(&browser, &cash(&twd(15), &twd(15)));
    basket.must(&browser, &json!({ "type": "complete" }));
    assert_eq!(browser.send("DELETE", "/api/v1/session", &[], None).status, 204);
    let mut come = sign_in();
    come["command_id"] = moved.into();
    let reply = browser.post("/api/v1/session", &come);
    assert_eq!((reply.status, reply.code().as_str()), (409, "command_id_reused"));
    assert_eq!(browser.get("/api/v1/session").status, 401);
    assert_eq!(browser.post("/api/v1/session", &sign_in()).status, 200);
}
