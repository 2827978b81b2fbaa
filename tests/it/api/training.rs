//! Training through the API: a register beside the real one, of which nothing counts.

use serde_json::{Value, json};

use super::basket::{Basket, WATER, scan, sell};
use super::browser::{Browser, new_id, twd};
use super::hub::Hub;
use crate::support;

fn train(browser: &Browser, is: bool) -> (u16, Value) {
    let body = json!({ "is": is, "command_id": new_id() });
    let reply = browser.post("/api/v1/session/training", &body);
    (reply.status, reply.json())
}

fn days(browser: &Browser) -> Value {
    browser.get("/api/v1/days").json()["days"].clone()
}

#[test]
fn a_trainee_sells_from_a_till_of_their_own_and_nothing_of_it_counts() {
    let data = support::temp_dir("training");
    let hub = Hub::start_with(&data.path().join("store"), &[("HUB_TILL__POLICY", "shared")]);
    let browser = Browser::at_work(&hub);
    let till = |command: &Value| {
        let envelope = json!({ "command_id": new_id(), "command": command });
        browser.post("/api/v1/register/till", &envelope).status
    };
    let open = json!({ "type": "open", "float": twd(3000) });
    assert_eq!(till(&open), 200);
    let real = sell(&browser);
    let receipts = browser.get("/api/v1/receipts").json();
    let stock = browser.get("/api/v1/stock?search=D0001").json();

    // Not with a basket open.
    let mut basket = Basket::new();
    basket.must(&browser, &scan(WATER));
    let (status, body) = train(&browser, true);
    assert_eq!((status, body["code"].as_str()), (409, Some("basket_open")));
    basket.must(&browser, &json!({ "type": "abandon", "reason": "mistake" }));

    let (status, session) = train(&browser, true);
    assert_eq!((status, session["is_training"].as_bool()), (200, Some(true)));
    assert_eq!(train(&browser, true).0, 200, "once more changes nothing");
    assert_eq!(browser.get("/api/v1/register").json()["is_training"], true);
    assert_eq!(browser.get("/api/v1/session").json()["is_training"], true);
    // A till, a day, receipts and numbers of its own.
    assert_eq!(Basket::new().send(&browser, &scan(WATER)).code(), "till_not_open");
    assert_eq!(till(&open), 200);
    let trained = sell(&browser);
    let found = browser.get("/api/v1/receipts").json();
    let found: Vec<&str> = found["receipts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["transaction_id"].as_str().unwrap())
        .collect();
    assert_eq!(found, [trained.as_str()]);
    let path = format!("/api/v1/transactions/{trained}/receipt");
    let receipt = browser.get(&path).json();
    let text = receipt["text"].as_str().unwrap();
    assert_eq!(text.matches("TRAINING - NOT A RECEIPT").count(), 2, "{text}");
    assert_eq!(receipt["online"], Value::Null);
    assert_eq!(browser.get(&format!("/api/v1/transactions/{real}/receipt")).status, 404);
    assert_eq!(days(&browser).as_array().unwrap().len(), 1);
    // What is the real store's is not touched from here.
    assert_eq!(browser.json("DELETE", "/api/v1/training", &Value::Null).code(), "in_training");
    let (_, _) = (browser.get("/api/v1/clock"), browser.get("/api/v1/suspended"));

    // Not out of it with a basket open, either.
    let mut basket = Basket::new();
    basket.must(&browser, &scan(WATER));
    assert_eq!(train(&browser, false).1["code"], "basket_open");
    basket.must(&browser, &json!({ "type": "abandon", "reason": "mistake" }));
    let (status, session) = train(&browser, false);
    assert_eq!((status, session["is_training"].as_bool()), (200, Some(false)));
    assert_eq!(browser.get("/api/v1/register").json().get("is_training"), None);
    assert_eq!(browser.get(&path).status, 404);
    assert_eq!(browser.get("/api/v1/receipts").json(), receipts);
    assert_eq!(browser.get("/api/v1/stock?search=D0001").json(), stock);
    assert_eq!(browser.json("DELETE", "/api/v1/training", &Value::Null).status, 204);
    let (_, session) = train(&browser, true);
    assert_eq!(session["is_training"], true);
    assert_eq!(browser.get("/api/v1/receipts").json()["receipts"], json!([]));
    assert_eq!(browser.json("DELETE", "/api/v1/session", &Value::Null).status, 204);
}
