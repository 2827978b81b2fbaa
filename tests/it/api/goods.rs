//! Goods that take more than a scan, through the API and as far as headquarters' facts.

use serde_json::{Value, json};

use super::basket::{Basket, COMMANDS, cash, scan};
use super::browser::{Browser, Reply, twd};
use super::document::Document;
use super::hub::Hub;
use crate::support;

const SHARED: &str = "0420000000051";
const COLA: &str = "0420000000068";
const PHONE: &str = "0420000000082";

const CATALOGUE: &str = "\
item,barcodes,description,department,unit,price,deposit_item,serial
S1,0420000000051,Winter melon tea,Drinks,piece,30,,
S2,0420000000051;9999*6,Winter melon lemon,Drinks,piece,35,,
K1,0420000000068,Cola,Drinks,piece,25,K2,
K2,,Bottle deposit,Deposits,piece,2,,
P1,0420000000082,Phone,Phones,piece,9900,,required
";

const DEPARTMENTS: &str = "[{id=\"Deli\",label={zh=\"熟食\",en=\"Deli\"},amount_min=\"5\",\
    amount_max=\"500\"}]";

struct Shop {
    _data: tempfile::TempDir,
    _hub: Hub,
    browser: Browser,
    document: Document,
    imported: Value,
}

impl Shop {
    fn open(name: &str) -> Self {
        let data = support::temp_dir(name);
        let variables = [("HUB_DEPARTMENTS", DEPARTMENTS)];
        let hub = Hub::start_with(&data.path().join("store"), &variables);
        let browser = Browser::at_work(&hub);
        let document = Document::of(&browser);
        let headers = [("content-type", "text/csv")];
        let reply = browser.send("PUT", "/api/v1/catalogue", &headers, Some(CATALOGUE.as_bytes()));
        assert_eq!(reply.status, 200, "{}", reply.json());
        let imported = reply.json();
        Self { _data: data, _hub: hub, browser, document, imported }
    }

    /// Sends a command; question and answer fit the description.
    fn send(&self, basket: &mut Basket, command: &Value) -> Reply {
        let envelope = basket.envelope(command);
        assert!(self.document.accepts("POST", COMMANDS, &envelope), "{envelope}");
        let reply = self.browser.post(COMMANDS, &envelope);
        let wrongs = self.document.wrongs("POST", COMMANDS, &reply);
        assert!(wrongs.is_empty(), "{command}: {wrongs:#?}");
        basket.follow(&reply);
        reply
    }

    fn must(&self, basket: &mut Basket, command: &Value) -> Value {
        let reply = self.send(basket, command);
        assert_eq!(reply.status, 200, "{command}: {}", reply.json());
        reply.json()["view"]["basket"].clone()
    }

    fn refused(&self, basket: &mut Basket, command: &Value) -> (u16, String) {
        let reply = self.send(basket, command);
        (reply.status, reply.code())
    }
}

#[test]
fn a_code_of_two_items_is_imported_named_and_chosen() {
    let shop = Shop::open("goods-shared");
    let shared = json!([{ "code": SHARED, "items": ["S1", "S2"] }]);
    assert_eq!(shop.imported["shared_codes"], shared);
    let enquiry = format!("/api/v1/items/by-code/{SHARED}");
    let choices = json!([
        { "item": "S1", "description": "Winter melon tea", "price": twd(30) },
        { "item": "S2", "description": "Winter melon lemon", "price": twd(35) },
    ]);
    let reply = shop.browser.get(&enquiry);
    assert_eq!((reply.status, reply.code().as_str()), (409, "ambiguous_code"));
    assert_eq!(reply.json()["choices"], choices);
    assert!(shop.document.wrongs("GET", &enquiry, &reply).is_empty());
    let mut basket = Basket::new();
    let reply = shop.send(&mut basket, &scan(SHARED));
    assert_eq!((reply.status, reply.code().as_str()), (409, "ambiguous_code"));
    assert_eq!(reply.json()["choices"], choices);
    assert_eq!(reply.json()["view"]["basket"], Value::Null, "nothing is begun");
    let chosen = json!({ "type": "scan_item", "code": SHARED, "item": "S2" });
    let open = shop.must(&mut basket, &chosen);
    assert_eq!(open["lines"][0]["item"], "S2");
    let keyed = json!({ "type": "key_item", "code": SHARED, "item": "S1" });
    let open = shop.must(&mut basket, &keyed);
    assert_eq!(open["totals"]["total"], twd(65));
}

#[test]
fn goods_without_a_code_are_sold_by_department_and_move_no_stock() {
    let shop = Shop::open("goods-department");
    let session = shop.browser.get("/api/v1/session").json();
    assert_eq!(session["departments"][0]["label"], json!({ "zh": "熟食", "en": "Deli" }));
    let key = |department: &str, amount: i64| {
        let amount = twd(amount);
        json!({ "type": "key_department", "department": department, "amount": amount })
    };
    let mut basket = Basket::new();
    assert_eq!(shop.refused(&mut basket, &key("Bakery", 50)), (404, "unknown_department".into()));
    assert_eq!(shop.refused(&mut basket, &key("Deli", 501)), (422, "amount_out_of_range".into()));
    let open = shop.must(&mut basket, &key("Deli", 45));
    assert_eq!(open["lines"][0]["by_department"], true);
    let due = open["totals"]["due"].clone();
    shop.must(&mut basket, &cash(&due, &due));
    shop.must(&mut basket, &json!({ "type": "complete" }));
    let receipts = shop.browser.get("/api/v1/receipts").json();
    let day = receipts["receipts"][0]["business_day"].as_str().unwrap().to_owned();
    let summary = shop.browser.get(&format!("/api/v1/days/{day}")).json();
    let departments = serde_json::to_string(&summary["departments"]).unwrap();
    assert!(departments.contains("Deli"), "{summary}");
    let stock = shop.browser.get("/api/v1/stock?search=Deli").json();
    assert_eq!(stock, json!([]));
}

#[test]
fn a_deposit_a_number_and_undo_go_all_the_way_to_the_receipt() {
    let shop = Shop::open("goods-line");
    let mut basket = Basket::new();
    let open = shop.must(&mut basket, &scan(COLA));
    assert_eq!(
        (&open["lines"][1]["item"], &open["lines"][1]["deposit_of"]),
        (&"K2".into(), &1.into())
    );
    let void = json!({ "type": "void_line", "line": 2 });
    assert_eq!(shop.refused(&mut basket, &void), (409, "deposit_follows".into()));
    let open = shop.must(&mut basket, &scan(PHONE));
    assert_eq!(open["serial"], json!({ "line": 3, "description": "Phone" }));
    let due = open["totals"]["due"].clone();
    assert_eq!(due, twd(9927));
    assert_eq!(shop.refused(&mut basket, &cash(&due, &due)), (409, "serial_needed".into()));
    let name = |serial: &str| json!({ "type": "name_serial", "line": 3, "serial": serial });
    assert_eq!(shop.refused(&mut basket, &name(" ")), (422, "bad_serial".into()));
    assert_eq!(shop.refused(&mut basket, &name(PHONE)), (422, "bad_serial".into()));
    let two = json!({ "amount": "2", "unit": "piece" });
    let more = json!({ "type": "set_quantity", "line": 3, "quantity": two });
    assert_eq!(shop.refused(&mut basket, &more), (422, "one_by_one".into()));
    shop.must(&mut basket, &name("IMEI-356938"));
    shop.must(&mut basket, &scan(PHONE));
    let twice = json!({ "type": "name_serial", "line": 4, "serial": "IMEI-356938" });
    assert_eq!(shop.refused(&mut basket, &twice), (409, "serial_twice".into()));
    shop.must(&mut basket, &json!({ "type": "void_line", "line": 4 }));
    // Half of it is paid, and that taken back by one key.
    let open = shop.must(&mut basket, &cash(&twd(5000), &due));
    assert_eq!(open["can_undo"], true);
    let reply = shop.send(&mut basket, &json!({ "type": "undo" }));
    assert_eq!(reply.json()["outcome"]["event"]["type"], "tender_voided");
    shop.must(&mut basket, &cash(&due, &due));
    shop.must(&mut basket, &json!({ "type": "complete" }));
    let receipt = shop.browser.get(&format!("/api/v1/transactions/{}/receipt", basket.id)).json();
    let receipt = receipt.to_string();
    for word in ["IMEI-356938", "Bottle deposit"] {
        assert!(receipt.contains(word), "{word}: {receipt}");
    }
}
