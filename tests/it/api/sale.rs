//! A scripted day at one register, every body held against the published description.

mod counter;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;

use serde_json::{Value, json};

use super::basket::{Basket, COMMANDS, WATER, cash, scan, sell};
use super::browser::{Browser, Reply, new_id, sign_in, twd};
use super::document::Document;
use super::hub::{Hub, MANAGER, PIN};
use crate::support;

/// A browser whose every question and answer is looked at.
struct Witness {
    browser: Browser,
    document: Document,
    /// What was carried out, as method and described path.
    done: RefCell<BTreeSet<(String, String)>>,
}

impl Witness {
    fn check(&self, method: &str, path: &str, reply: &Reply) -> Value {
        let wrongs = self.document.wrongs(method, path, reply);
        assert!(wrongs.is_empty(), "{method} {path}: {wrongs:#?}");
        if reply.status < 300 {
            let path = self.document.path_of(path).unwrap().to_owned();
            self.done.borrow_mut().insert((method.to_owned(), path));
        }
        reply.json()
    }

    fn get(&self, path: &str, status: u16) -> Value {
        let reply = self.browser.get(path);
        assert_eq!(reply.status, status, "{path}: {}", reply.json());
        self.check("GET", path, &reply)
    }

    fn ask(&self, method: &str, path: &str, body: &Value, status: u16) -> Value {
        assert!(self.document.accepts(method, path, body), "{method} {path} {body}");
        let reply = self.browser.json(method, path, body);
        assert_eq!(reply.status, status, "{method} {path} {body}: {}", reply.json());
        self.check(method, path, &reply)
    }

    fn command(&self, basket: &mut Basket, command: &Value, status: u16) -> Value {
        let envelope = basket.envelope(command);
        assert!(self.document.accepts("POST", COMMANDS, &envelope), "{envelope}");
        let reply = self.browser.post(COMMANDS, &envelope);
        assert_eq!(reply.status, status, "{command}: {}", reply.json());
        basket.follow(&reply);
        self.check("POST", COMMANDS, &reply)
    }
}

#[test]
fn every_body_of_a_scripted_day_fits_the_description() {
    let data = support::temp_dir("day");
    let settings = [("HUB_TILL__POLICY", "shared")];
    let hub = Hub::start_with(&data.path().join("store"), &settings);
    // The document needs a session, so the day begins a second time under its eyes.
    let document = Document::of(&Browser::at_work(&hub));
    let browser = Browser::new(&hub);
    let witness = Witness { browser, document, done: RefCell::default() };
    come(&witness, &hub);
    look_around(&witness);
    let day = open_till(&witness);
    stock(&witness);
    let sale = sale(&witness);
    after(&witness, &sale);
    counter::counter(&witness, &sale.id);
    abandoned(&witness);
    close_day(&witness, &day);
    let view = first_event(&hub, &witness);
    let schema = json!({ "$ref": "#/components/schemas/RegisterView" });
    assert_eq!(witness.document.findings(&schema, &view), Vec::<String>::new());
    let reply = witness.browser.send("DELETE", "/api/v1/session", &[], None);
    witness.check("DELETE", "/api/v1/session", &reply);
    assert_eq!(*witness.done.borrow(), witness.document.operations());
}

fn come(witness: &Witness, hub: &Hub) {
    witness.get("/api/v1/sign-in", 200);
    witness.get("/healthz", 200);
    witness.get("/readyz", 200);
    witness.get("/metrics", 200);
    let person = json!({ "id": "m2", "name": "陳店長", "pin": "901827" });
    let code = hub.setup_code.as_deref().unwrap();
    witness.ask("POST", "/api/v1/setup", &json!({ "code": code, "operator": person }), 409);
    let claim = json!({ "operator": MANAGER, "pin": PIN });
    witness.ask("POST", "/api/v1/workstations/9/claim", &claim, 404);
    let claimed = witness.ask("POST", "/api/v1/workstations/2/claim", &claim, 200);
    assert_eq!(claimed["took_over"], false);
    let wrong = json!({ "operator": MANAGER, "pin": "000000", "command_id": new_id() });
    witness.ask("POST", "/api/v1/session", &wrong, 401);
    witness.ask("POST", "/api/v1/session", &sign_in(), 200);
    // The first set-up was not under the eyes of a description: there was none yet.
    let set_up = ("POST".to_owned(), "/api/v1/setup".to_owned());
    witness.done.borrow_mut().insert(set_up);
}

fn look_around(witness: &Witness) {
    witness.get("/api/v1/session", 200);
    witness.get("/api/v1/version", 200);
    witness.get("/api/v1/register", 200);
    witness.get("/api/v1/actors", 200);
    let person = json!({ "id": "c1", "name": "王小明", "role": "cashier", "pin": "135790" });
    witness.ask("POST", "/api/v1/operators", &person, 201);
    witness.ask("POST", "/api/v1/operators", &person, 409);
    assert_eq!(witness.get("/api/v1/operators", 200).as_array().unwrap().len(), 2);
    let approval = json!({ "operator": MANAGER, "pin": PIN, "permission": "lower_price" });
    witness.ask("POST", "/api/v1/approvals", &approval, 201);
    let bare = |method: &str, path: &str, status: u16| {
        let reply = witness.browser.send(method, path, &[], None);
        assert_eq!(reply.status, status, "{method} {path}: {}", reply.json());
        witness.check(method, path, &reply)
    };
    let badge = bare("POST", "/api/v1/operators/c1/badge", 201);
    let by_badge = json!({ "badge": badge["badge"], "permission": "sell" });
    witness.ask("POST", "/api/v1/approvals", &by_badge, 201);
    bare("DELETE", "/api/v1/operators/c1/badge", 204);
    bare("POST", "/api/v1/session/lock", 204);
    witness.get("/api/v1/register", 403);
    let unlock = json!({ "operator": MANAGER, "pin": PIN, "command_id": new_id() });
    witness.ask("POST", "/api/v1/session/unlock", &unlock, 200);
    witness.get("/api/v1/clock", 200);
    let clock = json!({ "local": "2026-11-26T09:30:00" });
    witness.ask("PUT", "/api/v1/clock", &clock, 409);
    // This machine's clock can be right: only the refusal is seen here.
    let asked = ("PUT".to_owned(), "/api/v1/clock".to_owned());
    witness.done.borrow_mut().insert(asked);
    let pin = json!({ "pin": PIN, "new_pin": PIN });
    witness.ask("PUT", "/api/v1/session/pin", &pin, 204);
    let found = witness.get("/api/v1/items?search=%E6%B0%B4&limit=5", 200);
    assert_eq!(found.as_array().unwrap().len(), 5);
    witness.get(&format!("/api/v1/items/by-code/{WATER}"), 200);
    witness.get("/api/v1/items/by-code/0000000000000", 404);
    let item = witness.get(&format!("/api/v1/items/by-code/{WATER}"), 200)["item"].clone();
    let elsewhere = format!("/api/v1/items/{}/elsewhere", item.as_str().unwrap());
    witness.get(&elsewhere, 424);
    // This store has no link: only the refusal is seen here.
    let asked = ("GET".to_owned(), "/api/v1/items/{item}/elsewhere".to_owned());
    witness.done.borrow_mut().insert(asked);
    let initials = witness.get("/api/v1/items?search=qps&limit=5", 200);
    assert_eq!(initials[0]["description"], "氣泡水 原味 500ml");
    for is in [true, false] {
        let train = json!({ "is": is, "command_id": new_id() });
        let session = witness.ask("POST", "/api/v1/session/training", &train, 200);
        assert_eq!(session["is_training"], is);
    }
    bare("DELETE", "/api/v1/training", 204);
    witness.get("/api/v1/favourites", 200);
    let department = witness.get("/api/v1/categories", 200)[0]["within"][1].clone();
    assert_eq!((&department["department"], &department["label"]), (&json!("飲料"), &json!("茶飲")));
    let path = "/api/v1/categories/items?department=%E9%A3%B2%E6%96%99&category=\
                %E8%8C%B6%E9%A3%B2&from=1&limit=2";
    let page = witness.get(path, 200);
    assert_eq!(page["total"], department["items"]);
    assert_eq!(page["items"][0]["description"], "綠茶 微糖 600ml");
    assert_eq!(page["items"].as_array().unwrap().len(), 2);
    witness.get("/api/v1/promotions", 200);
    let reply = witness.browser.send("POST", "/api/v1/promotions/file", &[], None);
    witness.check("POST", "/api/v1/promotions/file", &reply);
    let csv = std::fs::read(support::root().join("hub/assets/demo-catalogue.csv")).unwrap();
    let headers = [("content-type", "text/csv")];
    let reply = witness.browser.send("PUT", "/api/v1/catalogue", &headers, Some(&csv));
    assert_eq!(witness.check("PUT", "/api/v1/catalogue", &reply)["items"], 168);
}

fn at_till(witness: &Witness, command: &Value, status: u16) -> Value {
    let envelope = json!({ "command_id": new_id(), "command": command });
    witness.ask("POST", "/api/v1/register/till", &envelope, status)
}

/// The day that the first till opens.
fn open_till(witness: &Witness) -> String {
    witness.command(&mut Basket::new(), &scan(WATER), 409);
    let opened = at_till(witness, &json!({ "type": "open", "float": twd(3000) }), 200);
    at_till(witness, &json!({ "type": "open", "float": twd(3000) }), 409);
    at_till(witness, &json!({ "type": "pickup", "amount": twd(-1) }), 422);
    opened["business_day"].as_str().unwrap().to_owned()
}

fn close_day(witness: &Witness, day: &str) {
    at_till(witness, &json!({ "type": "no_sale", "reason": "change" }), 200);
    assert_eq!(at_till(witness, &json!({ "type": "close" }), 409)["code"], "count_needed");
    let coins = json!([{ "value": twd(1000), "pieces": 3 }, { "value": twd(5), "pieces": 7 }]);
    at_till(witness, &json!({ "type": "count", "denominations": coins }), 200);
    let close = |is_forced: bool, status: u16| {
        let body = json!({ "command_id": new_id(), "business_day": day, "is_forced": is_forced });
        witness.ask("POST", "/api/v1/days/close", &body, status)
    };
    assert_eq!(close(false, 409)["code"], "tills_open");
    let x = json!({ "command_id": new_id() });
    witness.ask("POST", "/api/v1/register/till/report", &x, 200);
    at_till(witness, &json!({ "type": "close" }), 200);
    let closed = json!({ "command_id": new_id() });
    witness.ask("POST", "/api/v1/register/till/report", &closed, 409);
    assert_eq!(witness.get("/api/v1/days", 200)["open"], day);
    let path = format!("/api/v1/days/{day}");
    assert_eq!(witness.get(&path, 200)["counts"]["post_voids"], 1);
    assert_eq!(witness.get(&format!("{path}/tills/2/1"), 200)["counts"]["no_sales"], 1);
    let report = format!("{path}/tills/2/1/report");
    assert_eq!(witness.get(&report, 200)["till"], 1);
    let copies = format!("{report}/copies");
    let reply = witness.browser.send("POST", &copies, &[], None);
    assert_eq!(witness.check("POST", &copies, &reply)["copy"], 1);
    witness.get(&format!("{path}/tills/2/9/report"), 404);
    witness.get("/api/v1/days/1999-12-31", 404);
    close(false, 200);
    assert_eq!(witness.get(&path, 200)["is_closed"], true);
}

fn stock(witness: &Witness) {
    let pieces = |amount: &str| json!({ "amount": amount, "unit": "piece" });
    for (kind, amount, status) in [
        ("received", "60", 201),
        ("written_off", "2", 201),
        ("adjusted", "-1", 201),
        ("counted", "49", 201),
        ("received", "-1", 422),
    ] {
        let movement = json!({
            "command_id": new_id(), "item": "D0001", "kind": kind, "quantity": pieces(amount),
            "reason": "delivery",
        });
        witness.ask("POST", "/api/v1/stock/movements", &movement, status);
    }
    let level = json!({ "item": "D0001", "safety_stock": pieces("48"), "clear_at": pieces("60") });
    let levels = json!({ "command_id": new_id(), "levels": [level] });
    witness.ask("PUT", "/api/v1/stock/safety", &levels, 201);
    assert_eq!(witness.get("/api/v1/alerts", 200), json!([]));
    sell(&witness.browser);
    // The alert follows the sale: it is asked for until it is there.
    while witness.get("/api/v1/alerts", 200) == json!([]) {
        std::thread::yield_now();
    }
    let seen = witness.get("/api/v1/stock?search=D0001", 200);
    assert_eq!((&seen[0]["on_hand"]["amount"], &seen[0]["alert"]), (&json!("48"), &json!(true)));
}

/// A sale with everything that a cashier can do, and its id.
fn sale(witness: &Witness) -> Basket {
    let mut basket = Basket::new();
    witness.get("/api/v1/register/2/explanation", 422);
    let mut done = |command: Value| witness.command(&mut basket, &command, 200);
    done(scan(WATER));
    done(json!({ "type": "scan_item", "code": WATER, "onto": 1 }));
    done(json!({
        "type": "key_item", "code": "D0003", "quantity": { "amount": "3", "unit": "piece" },
        "amount": twd(80),
    }));
    done(json!({
        "type": "weigh_item", "code": "4011", "weight": { "amount": "0.75", "unit": "kilogram" },
    }));
    done(json!({
        "type": "return_item", "code": "D0004", "quantity": { "amount": "1", "unit": "piece" },
        "reason": "refund",
    }));
    let two = json!({ "amount": "4", "unit": "piece" });
    done(json!({ "type": "set_quantity", "line": 1, "quantity": two }));
    done(json!({ "type": "void_line", "line": 4 }));
    done(json!({ "type": "undo" }));
    for (line, modifier) in [
        (json!(1), json!({ "method": "amount_off", "amount": twd(3) })),
        (json!(2), json!({ "method": "percent_off", "percent": "10" })),
        (json!(3), json!({ "method": "new_unit_price", "price": twd(40) })),
        (Value::Null, json!({ "method": "percent_off", "percent": "5" })),
    ] {
        done(json!({
            "type": "modify_price", "line": line, "modifier": modifier, "reason": "damaged",
        }));
    }
    let due = done(scan(WATER))["view"]["basket"]["totals"]["due"].clone();
    witness.get("/api/v1/register/2/explanation", 200);
    witness.get("/api/v1/register/1/explanation", 403);
    let coupon = json!({
        "type": "tender", "tender_type": "coupon", "amount": twd(10), "total": due,
        "reference": "C-1", "line": 1,
    });
    let event = done(coupon)["outcome"]["event"].clone();
    done(json!({ "type": "void_tender", "number": event["number"] }));
    done(json!({ "type": "name_buyer", "ban": null, "carrier": "/ABC+123", "donation": null }));
    let answer = done(cash(&twd(1000), &due));
    assert_ne!(answer["outcome"]["event"]["change"], twd(0));
    refused(witness, &mut basket);
    let last = basket.envelope(&json!({ "type": "complete" }));
    witness.ask("POST", COMMANDS, &last, 200);
    assert_eq!(witness.ask("POST", COMMANDS, &last, 200)["repeated"], true);
    let id = last["command_id"].as_str().unwrap();
    witness.get(&format!("{COMMANDS}/{}/{id}", basket.id), 200);
    witness.get(&format!("{COMMANDS}/{}/{}", basket.id, new_id()), 404);
    basket
}

/// Refusals carry the register's view.
fn refused(witness: &Witness, basket: &mut Basket) {
    for (command, status, code) in [
        (scan(WATER), 409, "tender_begun"),
        (json!({ "type": "void_tender", "number": 7 }), 404, "no_such_tender"),
        (json!({ "type": "abandon", "reason": "mistake" }), 409, "tender_taken"),
    ] {
        let refused = witness.command(basket, &command, status);
        assert_eq!(
            (&refused["code"], &refused["view"]["phase"]),
            (&json!(code), &json!("tendering"))
        );
    }
}

fn after(witness: &Witness, sale: &Basket) {
    let undone = Basket { id: sell(&witness.browser), version: 0 };
    let void = undone.envelope(&json!({ "type": "post_void", "reason": "mistake" }));
    witness.ask("POST", COMMANDS, &void, 200);
    let receipt = format!("/api/v1/transactions/{}/receipt", sale.id);
    assert!(witness.get(&receipt, 200)["text"].as_str().unwrap().contains("天然水"));
    let copies = format!("{receipt}/copies");
    let reply = witness.browser.send("POST", &copies, &[], None);
    assert_eq!(witness.check("POST", &copies, &reply)["copy"], 1);
    let found = witness.get("/api/v1/receipts?number=2-2", 200);
    assert_eq!(found["receipts"][0]["transaction_id"], sale.id.as_str());
    customer_screen(witness);
    let buyer = format!("/api/v1/transactions/{}/buyer", sale.id);
    assert_eq!(witness.get(&buyer, 200)["carrier"], "/ABC+123");
    let reply = witness.browser.send("DELETE", &buyer, &[], None);
    assert_eq!(reply.status, 204);
    witness.check("DELETE", &buyer, &reply);
    let unknown = format!("/api/v1/transactions/{}/receipt", new_id());
    witness.get(&unknown, 404);
    let copies = format!("{unknown}/copies");
    let reply = witness.browser.send("POST", &copies, &[], None);
    assert_eq!(witness.check("POST", &copies, &reply)["code"], "not_found");
}

/// The browser becomes its own register's screen for customers too.
fn customer_screen(witness: &Witness) {
    witness.get("/api/v1/customer-screen", 409);
    let code = "/api/v1/register/customer-screen/code";
    let reply = witness.browser.send("POST", code, &[], None);
    let code = witness.check("POST", code, &reply)["code"].clone();
    witness.ask("POST", "/api/v1/customer-screen", &json!({ "code": code }), 201);
    witness.ask("POST", "/api/v1/customer-screen", &json!({ "code": code }), 404);
    assert_eq!(witness.get("/api/v1/customer-screen", 200)["showing"], "welcome");
    let reply = witness.browser.get("/api/v1/customer-screen/live");
    witness.check("GET", "/api/v1/customer-screen/live", &reply);
    let away = "/api/v1/register/customer-screen";
    let reply = witness.browser.send("DELETE", away, &[], None);
    assert_eq!(reply.status, 204);
    witness.check("DELETE", away, &reply);
    assert_eq!(witness.get("/api/v1/customer-screen", 409)["code"], "not_paired");
}

fn abandoned(witness: &Witness) {
    let mut basket = Basket::new();
    witness.command(&mut basket, &scan(WATER), 200);
    witness.command(&mut basket, &json!({ "type": "suspend" }), 200);
    assert_eq!(witness.get("/api/v1/suspended", 200)[0]["transaction_id"], json!(basket.id));
    witness.command(&mut basket, &scan(WATER), 409);
    witness.command(&mut basket, &json!({ "type": "retrieve" }), 200);
    witness.command(&mut basket, &json!({ "type": "retrieve" }), 409);
    witness.command(&mut basket, &json!({ "type": "abandon", "reason": "mistake" }), 200);
    for path in ["/api/v1/live", "/api/v1/workstation/live"] {
        let reply = witness.browser.get(path);
        witness.check("GET", path, &reply);
    }
}

/// The first event of the live stream: the register's view.
fn first_event(hub: &Hub, witness: &Witness) -> Value {
    let cookies = witness.browser.cookies();
    let authority = hub.url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(authority).unwrap();
    write!(stream, "GET /api/v1/live HTTP/1.1\r\nhost: {authority}\r\ncookie: {cookies}\r\n\r\n")
        .unwrap();
    let mut lines = BufReader::new(stream).lines().map(Result::unwrap);
    assert!(lines.any(|line| line == "event: view"), "the stream ended");
    let data = lines.next().unwrap();
    serde_json::from_str(data.strip_prefix("data: ").unwrap()).unwrap()
}
