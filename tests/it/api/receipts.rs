//! Receipts found again, read by whoever has their address, and the screen that customers see.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::basket::{Basket, COMMANDS, WATER, scan, sell};
use super::browser::{Browser, twd};
use super::hub::Hub;
use crate::devices::{codes, wait_for};
use crate::support;

fn found(browser: &Browser, query: &str) -> Vec<String> {
    let reply = browser.get(&format!("/api/v1/receipts?{query}"));
    assert_eq!(reply.status, 200, "{query}: {}", reply.json());
    let page = reply.json();
    let receipts = page["receipts"].as_array().unwrap();
    receipts
        .iter()
        .map(|one| format!("{}-{}", one["workstation"].as_str().unwrap(), one["number"]))
        .collect()
}

/// A sale by card, with the end of its slip's reference.
fn by_card(browser: &Browser) {
    let mut basket = Basket::new();
    basket.must(browser, &scan(WATER));
    basket.must(browser, &scan(WATER));
    let coupon = json!({
        "type": "tender", "tender_type": "coupon", "amount": twd(30), "total": twd(30),
        "reference": "000012344242",
    });
    basket.must(browser, &coupon);
    basket.must(browser, &json!({ "type": "complete" }));
}

#[test]
fn a_receipt_is_found_by_each_thing_that_is_known_of_it() {
    let data = support::temp_dir("found");
    let hub = Hub::start(&data.path().join("store"));
    let browser = Browser::at_work(&hub);
    sell(&browser);
    by_card(&browser);
    assert_eq!(found(&browser, ""), ["1-2", "1-1"]);
    assert_eq!(found(&browser, "number=1-2"), ["1-2"]);
    assert_eq!(found(&browser, "number=1"), ["1-1"]);
    assert_eq!(found(&browser, "number=2-1"), [""; 0]);
    assert_eq!(found(&browser, &format!("item={WATER}&amount=15")), ["1-1"]);
    assert_eq!(found(&browser, "card=4242"), ["1-2"]);
    assert_eq!(found(&browser, "operator=m1"), ["1-2", "1-1"]);
    assert_eq!(found(&browser, "operator=c9"), [""; 0]);
    assert_eq!(found(&browser, "from=2999-01-01T00:00:00Z"), [""; 0]);
    assert_eq!(found(&browser, "to=2999-01-01T00:00:00Z"), ["1-2", "1-1"]);
    for bad in [
        "number=x",
        "amount=1.5",
        "amount=many",
        "card=42",
        "card=42424",
        "from=noon",
        "cursor=x",
        "colour=red",
    ] {
        let reply = browser.get(&format!("/api/v1/receipts?{bad}"));
        assert_eq!((reply.status, reply.code().as_str()), (400, "malformed"), "{bad}");
    }
}

/// The signed codes on the paper of a store's printer, once there are so many.
fn signed_codes(browser: &Browser, count: usize) -> BTreeSet<String> {
    let dir = support::temp_dir("paper");
    let picture = dir.path().join("paper.png");
    let read = || {
        let paper = browser.get("/api/v1/simulators/receipt/paper.png");
        if paper.status != 200 {
            return BTreeSet::new();
        }
        std::fs::write(&picture, &paper.body).unwrap();
        let mut read = codes::read(&picture);
        read.retain(|code| code.starts_with("RC1:"));
        read
    };
    wait_for("the receipts are printed", || read().len() == count);
    read()
}

#[test]
fn a_receipt_is_found_by_the_code_that_the_store_signed_and_by_no_other() {
    if !support::finds_program("zbarimg") {
        return;
    }
    let data = support::temp_dir("signed");
    let hub = Hub::start(&data.path().join("store"));
    let browser = Browser::at_work(&hub);
    sell(&browser);
    let code = signed_codes(&browser, 1).pop_first().unwrap();
    sell(&browser);
    assert_eq!(found(&browser, &format!("code={code}")), ["1-1"]);
    assert_eq!(found(&browser, &format!("code={code}&number=1-2")), [""; 0], "both have to fit");
    let elsewhere = Hub::start(&data.path().join("other"));
    let other = Browser::at_work(&elsewhere);
    sell(&other);
    let theirs = signed_codes(&other, 1).pop_first().unwrap();
    let changed = if code.ends_with('A') { "B" } else { "A" };
    let changed = format!("{}{changed}", &code[..code.len() - 1]);
    for bad in [&theirs, &changed, "RC1:", "1-1", &format!("RC1:{}", "A".repeat(4000))] {
        let reply = browser.get(&format!("/api/v1/receipts?code={bad}"));
        assert_eq!((reply.status, reply.code().as_str()), (422, "not_our_receipt"), "{bad}");
    }
}

/// Where a customer reads a receipt, below the hub's address.
fn address(hub: &Hub, browser: &Browser, sale: &str) -> String {
    let receipt = browser.get(&format!("/api/v1/transactions/{sale}/receipt")).json();
    let address = receipt["online"]["address"].as_str().unwrap();
    address.strip_prefix(&hub.url).unwrap().to_owned()
}

#[test]
fn whoever_has_the_address_reads_that_receipt_and_nothing_else() {
    let data = support::temp_dir("online");
    let store = data.path().join("store");
    let hub = Hub::start(&store);
    let browser = Browser::at_work(&hub);
    let sale = sell(&browser);
    let path = address(&hub, &browser, &sale);
    let stranger = Browser::new(&hub);
    let reply = stranger.get(&path);
    let page = String::from_utf8(reply.body.clone()).unwrap();
    assert_eq!((reply.status, reply.content_type.as_str()), (200, "text/html"));
    assert!(page.contains("天然水") && page.contains("paper-symbol"), "{page}");
    assert_eq!(reply.header("cache-control"), Some("private, no-store"));
    assert_eq!(reply.header("x-robots-tag"), Some("noindex"));
    assert_eq!(reply.header("set-cookie"), None);
    let english = String::from_utf8(stranger.get(&format!("{path}?language=en")).body).unwrap();
    assert!(english.contains("TOTAL") && english.contains("lang=\"en\""), "{english}");
    assert_eq!(stranger.get(&format!("/api/v1/transactions/{sale}/receipt")).status, 401);
    // Another's proof, or none, opens nothing.
    let other = sell(&browser);
    let (_, proof) = path.split_at(path.len() - 32);
    let forged = format!("/r/{}{proof}", other.replace('-', "").to_uppercase());
    for wrong in [forged.as_str(), "/r/00", &path[..path.len() - 1], &path.to_lowercase()] {
        let reply = stranger.get(wrong);
        let page = String::from_utf8(reply.body.clone()).unwrap();
        assert_eq!(reply.status, 404, "{wrong}");
        assert!(page.contains("data-code=\"receipt_gone\""), "{page}");
    }
    // The key outlives the process, and so does the address.
    drop(hub);
    let hub = Hub::start(&store);
    assert_eq!(Browser::new(&hub).get(&path).status, 200);
}

#[test]
fn a_store_may_show_no_receipts_and_nobody_may_ask_without_end() {
    let data = support::temp_dir("hidden");
    let store = data.path().join("store");
    let hub = Hub::start_with(&store, &[("HUB_RECEIPTS__ONLINE_DAYS", "0")]);
    let browser = Browser::at_work(&hub);
    let sale = sell(&browser);
    let receipt = browser.get(&format!("/api/v1/transactions/{sale}/receipt")).json();
    assert_eq!(receipt["online"], Value::Null);
    let stranger = Browser::new(&hub);
    let statuses: Vec<u16> = (0..200).map(|_| stranger.get("/r/00").status).collect();
    // A minute may begin meanwhile, and another sixty with it.
    let refused = statuses.iter().filter(|status| **status == 429).count();
    assert!(refused >= 200 - 2 * 60, "{refused} of 200 were turned away");
    assert_eq!(statuses[0], 404);
}

#[test]
fn a_copy_is_printed_in_the_language_that_the_customer_wishes() {
    let data = support::temp_dir("copies");
    let store = data.path().join("store");
    let hub = Hub::start_with(&store, &[("HUB_PRINTER__MODE", "text")]);
    let browser = Browser::at_work(&hub);
    let sale = sell(&browser);
    let copies = format!("/api/v1/transactions/{sale}/receipt/copies");
    let reply = browser.post(&format!("{copies}?language=en"), &json!({}));
    assert_eq!((reply.status, reply.json()["copy"].clone()), (202, json!(1)));
    assert_eq!(browser.post(&format!("{copies}?language=fr"), &json!({})).status, 400);
    let paper = || std::fs::read(store.join("paper.escpos")).unwrap_or_default();
    let has =
        |paper: &[u8], text: &str| paper.windows(text.len()).any(|part| part == text.as_bytes());
    // What stands on top is printed first; the receipt itself is in the store's own language.
    while !(has(&paper(), "COPY 1") && has(&paper(), "TOTAL")) {
        std::thread::yield_now();
    }
}

#[test]
fn a_screen_is_paired_by_the_newest_code_once_and_sees_no_person() {
    let data = support::temp_dir("screen");
    let hub = Hub::start(&data.path().join("store"));
    let browser = Browser::at_work(&hub);
    let screen = Browser::new(&hub);
    let unpaired = screen.get("/api/v1/customer-screen");
    assert_eq!((unpaired.status, unpaired.code().as_str()), (409, "not_paired"));
    let code = || {
        let reply = browser.post("/api/v1/register/customer-screen/code", &json!({}));
        assert_eq!(reply.status, 201, "{}", reply.json());
        reply.json()["code"].as_str().unwrap().to_owned()
    };
    let pair = |screen: &Browser, code: &str| {
        screen.post("/api/v1/customer-screen", &json!({ "code": code }))
    };
    let (first, second) = (code(), code());
    if first != second {
        assert_eq!(pair(&screen, &first).code(), "bad_pairing_code");
    }
    let paired = pair(&screen, &second);
    assert_eq!((paired.status, &paired.json()["workstation"]), (201, &json!("1")));
    assert_eq!(pair(&Browser::new(&hub), &second).code(), "bad_pairing_code");
    let showing = || screen.get("/api/v1/customer-screen").json();
    assert_eq!(showing()["showing"], "welcome");
    let mut basket = Basket::new();
    basket.must(&browser, &scan(WATER));
    let now = showing();
    assert_eq!((&now["showing"], &now["total"]), (&json!("basket"), &twd(15)));
    assert!(!now.to_string().contains("m1"), "a person is on it: {now}");
    // It is a screen and nothing else.
    let reply = screen.post(COMMANDS, &basket.envelope(&scan(WATER)));
    assert_eq!(reply.code(), "not_signed_in");
}
