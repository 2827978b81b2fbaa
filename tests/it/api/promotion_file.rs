//! A file of promotions that does not hold: the manager is told all of it until it is mended, and
//! the store sells on under what held last.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::basket::{Basket, WATER, scan};
use super::browser::{Browser, new_id, twd};
use super::document::Document;
use super::hub::Hub;
use crate::support;

const STANDING: &str = "/api/v1/promotions";
const READ_AGAIN: &str = "/api/v1/promotions/file";

/// Water at so much.
fn water_at(price: &str) -> String {
    format!(
        "[[promotions]]\nid = \"water\"\nname = {{ zh = \"天然水\", en = \"Water\" }}\n\
         each = {{ items = {{ items = [\"D0001\"] }}, award = {{ price = {price} }} }}\n"
    )
}

struct Shop {
    directory: tempfile::TempDir,
}

impl Shop {
    fn new() -> Self {
        Self { directory: support::temp_dir("promotion-file") }
    }

    fn file(&self) -> PathBuf {
        self.directory.path().join("promotions.toml")
    }

    fn write(&self, text: &str) {
        std::fs::write(self.file(), text).unwrap();
    }

    fn start(&self) -> Hub {
        let settings = [("HUB_PROMOTIONS__FILE", self.file().display().to_string())];
        let settings = settings.each_ref().map(|(key, value)| (*key, value.as_str()));
        Hub::start_with(&self.directory.path().join("store"), &settings)
    }
}

/// What the till asks for a bottle, in a basket that is given up.
fn price_of_water(browser: &Browser) -> Value {
    let mut basket = Basket::new();
    let answer = basket.must(browser, &scan(WATER));
    basket.must(browser, &json!({ "type": "abandon", "reason": "mistake" }));
    answer["view"]["basket"]["totals"]["due"].clone()
}

fn asked(browser: &Browser, document: &Document, method: &str, path: &str) -> Value {
    let reply = browser.send(method, path, &[], None);
    assert_eq!(reply.status, 200, "{}", reply.json());
    assert_eq!(document.wrongs(method, path, &reply), Vec::<String>::new());
    reply.json()
}

#[test]
fn a_manager_sees_what_is_wrong_with_it_until_it_is_mended_and_what_stays_in_force() {
    let shop = Shop::new();
    shop.write(&water_at("12"));
    let hub = shop.start();
    let browser = Browser::at_work(&hub);
    let document = Document::of(&browser);
    let names = json!([{ "id": "water", "name": { "zh": "天然水", "en": "Water" } }]);
    let path = shop.file().display().to_string();
    let sound = json!({
        "is_decided_by_hq": false, "count": 1, "in_force": names,
        "file": { "path": path, "faults": [] }, "refused": [],
    });
    assert_eq!(asked(&browser, &document, "GET", STANDING), sound);
    // Somebody slips while the store sells: it is told, and nothing changes.
    shop.write(&water_at("-1"));
    let fault = json!({
        "line": 4, "place": "promotions[1].each.award.price", "code": "bad_amount",
        "reason": "the amount is negative",
    });
    let mut faulty = sound.clone();
    faulty["file"]["faults"] = json!([fault]);
    assert_eq!(asked(&browser, &document, "POST", READ_AGAIN), faulty);
    assert_eq!(price_of_water(&browser), twd(12));
    // So it is after a start, for as long as nobody mends it.
    drop(hub);
    let hub = shop.start();
    let browser = Browser::at_work(&hub);
    assert_eq!(asked(&browser, &document, "GET", STANDING), faulty);
    assert_eq!(price_of_water(&browser), twd(12));
    // Mended, it holds from the next basket on: an open one keeps what it began with.
    let mut open = Basket::new();
    open.must(&browser, &scan(WATER));
    shop.write(&water_at("11"));
    assert_eq!(asked(&browser, &document, "GET", STANDING), faulty, "nobody has read it yet");
    assert_eq!(asked(&browser, &document, "POST", READ_AGAIN), sound);
    let answer = open.must(&browser, &scan(WATER));
    assert_eq!(answer["view"]["basket"]["totals"]["due"], twd(24));
    open.must(&browser, &json!({ "type": "abandon", "reason": "mistake" }));
    assert_eq!(price_of_water(&browser), twd(11));
    // One that is gone is faulty too.
    std::fs::remove_file(shop.file()).unwrap();
    let gone = asked(&browser, &document, "POST", READ_AGAIN);
    assert_eq!(gone["file"]["faults"][0]["code"], "not_readable");
    assert_eq!(price_of_water(&browser), twd(11));
}

#[test]
fn only_a_manager_is_told_and_reads_it() {
    let shop = Shop::new();
    shop.write(&water_at("12"));
    let hub = shop.start();
    let browser = Browser::at_work(&hub);
    let person = json!({ "id": "s1", "name": "王小明", "role": "supervisor", "pin": "135790" });
    assert_eq!(browser.post("/api/v1/operators", &person).status, 201);
    let sign_in = json!({ "operator": "s1", "pin": "135790", "command_id": new_id() });
    assert_eq!(browser.post("/api/v1/session", &sign_in).status, 200);
    for (method, path) in [("GET", STANDING), ("POST", READ_AGAIN)] {
        let reply = browser.send(method, path, &[], None);
        assert_eq!(
            (reply.status, reply.code().as_str()),
            (403, "permission_needed"),
            "{method} {path}"
        );
    }
    assert_eq!(Browser::new(&hub).get(STANDING).status, 401);
}
