//! The Z report of a till whose store is killed at its close.

use std::path::Path;

use devices::printer::decode::{Decoder, Printed};
use serde_json::{Value, json};

use crate::api::browser::{Browser, new_id, twd};
use crate::api::hub::Hub;
use crate::chain::until;
use crate::support;

const ROUNDS: u64 = 6;

fn at_till(browser: &Browser, command: &Value) -> u16 {
    let envelope = json!({ "command_id": new_id(), "command": command });
    let answer = browser.try_post("/api/v1/register/till", &envelope);
    answer.map_or(0, |reply| reply.status)
}

/// How often a title came out of the printer.
fn printed(store: &Path, title: &str) -> usize {
    let paper = std::fs::read(store.join("paper.escpos")).unwrap();
    let printed = Decoder::default().push(&paper);
    let is_it = |it: &&Printed| matches!(it, Printed::Text { text, .. } if text.trim() == title);
    printed.iter().filter(is_it).count()
}

#[test]
fn a_z_report_is_printed_once_also_where_the_store_is_killed_at_the_close() {
    let data = support::temp_dir("kill-z");
    let store = data.path().join("store");
    let settings = [
        ("HUB_TILL__POLICY", "shared"),
        ("HUB_PRINTER__MODE", "text"),
        ("HUB_STORE__LANGUAGE", "en"),
    ];
    let mut hub = Hub::start_with(&store, &settings);
    let mut browser = Browser::at_work(&hub);
    for number in 1..=ROUNDS {
        assert_eq!(at_till(&browser, &json!({ "type": "open", "float": twd(1000) })), 200);
        let notes = json!([{ "value": twd(1000), "pieces": 1 }]);
        assert_eq!(at_till(&browser, &json!({ "type": "count", "denominations": notes })), 200);
        assert_eq!(at_till(&browser, &json!({ "type": "close" })), 200);
        // The close is promised; its report may be anywhere between the journal and the paper.
        drop(hub);
        hub = Hub::start_as(false, &store, &settings);
        browser = browser.moved(&hub);
        let day = browser.get("/api/v1/days").json()["days"][0]["business_day"].clone();
        let path = format!("/api/v1/days/{}/tills/1/{number}/report", day.as_str().unwrap());
        let state = || browser.get(&path).json()["print"].clone();
        until(
            "it is printed",
            || state() == "done" || state() == "unknown",
            || format!("{number}: {}", browser.get(&path).json()),
        );
        let times = printed(&store, &format!("Z REPORT {number}"));
        let is_done = state() == "done";
        assert!(times == 1 || (!is_done && times == 0), "{number} came out {times} times");
    }
}
