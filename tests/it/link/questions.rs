//! What headquarters asks of a store, and a store of headquarters.

use serde_json::json;

use super::shop::Shop;
use crate::api::basket::WATER;
use crate::api::browser::Browser;

#[test]
fn a_command_is_answered_and_a_repeated_one_from_memory() {
    let shop = Shop::new("commands");
    shop.write_rows(5);
    let _hub = shop.open();
    shop.wait_until_complete();
    let rows = shop.rows();
    let verified = shop.office.command("verify", "a", 1);
    assert_eq!(verified.body, json!({ "holds": true, "rows": rows }));
    let described = shop.office.command("describe", "b", 1);
    assert_eq!(described.body["streams"][0]["sequence"], rows);
    assert!(described.body["free_disk_bytes"].as_u64().unwrap() > 0);
    assert_eq!(shop.office.command("describe", "b", 2), described);
    // It is no demonstration.
    let unknown = shop.office.command("background_trade", "c", 1);
    assert_eq!(unknown.refused.as_deref(), Some("unknown_command"));
}

#[test]
fn stock_elsewhere_is_headquarters_word_or_the_offline_rule() {
    let shop = Shop::new("elsewhere");
    let hub = shop.open();
    let browser = Browser::at_work(&hub);
    let item = browser.get(&format!("/api/v1/items/by-code/{WATER}")).json()["item"].clone();
    let path = format!("/api/v1/items/{}/elsewhere", item.as_str().unwrap());
    shop.office.wait("the link", |seen| seen.states.contains_key("link").then_some(()));

    // Headquarters says nothing.
    let reply = browser.get(&path);
    assert_eq!((reply.status, reply.code().as_str()), (424, "hq_unreachable"));
    let stores = json!([
        { "store": "1", "name": "here", "on_hand": "9", "unit": "piece" },
        { "store": "2", "name": "there", "on_hand": "14", "unit": "piece" },
    ]);
    shop.office.seen().answer = Some(json!({ "stores": stores }));
    let reply = browser.get(&path);
    let expected =
        json!([{ "store": "2", "name": "there", "on_hand": { "amount": "14", "unit": "piece" } }]);
    assert_eq!((reply.status, reply.json()), (200, expected));
    let asked = shop.office.seen().queries.last().unwrap().body.clone();
    assert_eq!(asked, json!({ "item": item }));
    assert_eq!(browser.get("/api/v1/items/nothing/elsewhere").code(), "unknown_barcode");
}
