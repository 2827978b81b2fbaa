//! A drawer that somebody opens to try it, as whoever counts the money sees it.

use serde_json::{Value, json};

use super::browser::{Browser, new_id, twd};
use super::hub::Hub;
use crate::devices::wait_for;
use crate::support;

fn opened_without_sale(browser: &Browser, day: &Value) -> Value {
    let path = format!("/api/v1/days/{}", day.as_str().unwrap());
    browser.get(&path).json()["counts"]["no_sales"].clone()
}

fn try_drawer(browser: &Browser) {
    let is_ready = || browser.get("/api/v1/devices").json()[0]["condition"] == "ready";
    wait_for("the printer is ready", is_ready);
    let tried = browser.post("/api/v1/devices/receipt/try", &json!({ "action": "open_drawer" }));
    assert_eq!((tried.status, &tried.json()["fault"]), (200, &Value::Null));
}

#[test]
fn a_drawer_that_is_tried_is_counted_with_the_till_whose_money_lay_open() {
    let data = support::temp_dir("drawer-tried");
    let store = data.path().join("store");
    let hub = Hub::start_with(&store, &[("HUB_TILL__POLICY", "shared")]);
    let browser = Browser::at_work(&hub);
    // There is no till whose money it could be: only the log tells of it.
    try_drawer(&browser);
    let open = json!({
        "command_id": new_id(), "command": { "type": "open", "float": twd(3000) },
    });
    let day = browser.post("/api/v1/register/till", &open).json()["business_day"].clone();
    assert_eq!(opened_without_sale(&browser, &day), 0);
    try_drawer(&browser);
    assert_eq!(opened_without_sale(&browser, &day), 1);
    let x = browser.post("/api/v1/register/till/report", &json!({ "command_id": new_id() }));
    let (status, x) = (x.status, x.json());
    let text = x["text"].as_str().unwrap();
    let line = text.lines().find(|line| line.contains("未銷售開箱"));
    let often = line.and_then(|line| line.split_whitespace().last());
    assert_eq!((status, often), (200, Some("1")), "{text}");
    // It is opened by whoever tries it, and not once more because that was written down.
    let printer = browser.get("/api/v1/actors").json();
    let drawers = printer.as_array().unwrap().iter().find(|it| it["actor"] == "drawers");
    // The float opened it.
    assert_eq!(drawers.unwrap()["state"]["pulses"], 1, "{printer}");
    let log = std::fs::read_to_string(store.with_extension("log")).unwrap();
    assert_eq!(log.matches("a drawer is opened to try it").count(), 2);
}

#[test]
fn a_store_without_tills_writes_it_down_all_the_same() {
    let data = support::temp_dir("drawer-tried-no-till");
    let hub = Hub::start(&data.path().join("store"));
    let browser = Browser::at_work(&hub);
    try_drawer(&browser);
    let days = browser.get("/api/v1/days").json();
    let day = &days["days"][0]["business_day"];
    assert_eq!(opened_without_sale(&browser, day), 1, "{days}");
}
