//! Bodies mutated from valid ones, over every route: whatever comes, no answer is the hub's fault,
//! every answer is described, and at the end the hub still sells and its journal holds.

use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value, json};

use super::basket::{Basket, COMMANDS, WATER, cash, scan, sell};
use super::browser::{Browser, Reply, new_id, twd};
use super::document::Document;
use super::hub::{Hub, MANAGER, PIN};
use crate::support;

/// Requests of one run.
const REQUESTS: usize = 1500;

/// The numbers of one run: a xorshift generator. `FUZZ_SEED` repeats a run.
struct Dice(u64);

impl Dice {
    fn new() -> Self {
        let given = std::env::var("FUZZ_SEED").ok().and_then(|seed| seed.parse().ok());
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let seed = given.unwrap_or_else(|| u64::from(now.subsec_nanos()) | 1);
        println!("FUZZ_SEED={seed}");
        Self(seed)
    }

    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound as u64).unwrap()
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    /// A value that nobody expects where it is put.
    fn junk(&mut self) -> Value {
        let texts = [
            "",
            " ",
            "0",
            "-0",
            "-1",
            "1e9",
            "NaN",
            "٣",
            "１２",
            "0.0000001",
            "+5",
            "1_000",
            "null",
            "99999999999999999999999999999",
            "-79228162514264337593543950335",
            "1000000",
            "9999",
            "1000000000000000",
            "\u{0}",
            "\u{202e}abc",
            "😀",
            "'; DROP TABLE journal; --",
            WATER,
            "00000000-0000-0000-0000-000000000000",
            "piece",
            "TWD",
            "cash",
            "D0001",
            "4011",
        ];
        match self.below(12) {
            0 => Value::Null,
            1 => true.into(),
            2 => json!(-1),
            3 => json!(0),
            4 => json!(u64::MAX),
            5 => json!(1e300),
            6 => json!([]),
            7 => json!({}),
            8 => Value::String("長".repeat(self.below(20_000))),
            9 => (0..self.below(200)).fold(json!(1), |inner, _| json!([inner])),
            _ => Value::String((*self.one(&texts)).to_owned()),
        }
    }

    /// Changes one place of a value.
    fn mutate(&mut self, value: &mut Value) {
        let goes_on = self.below(4) > 0;
        match value {
            Value::Object(fields) if goes_on && !fields.is_empty() => self.mutate_field(fields),
            Value::Array(values) if goes_on && !values.is_empty() => {
                let at = self.below(values.len());
                self.mutate(&mut values[at]);
            }
            other => *other = self.junk(),
        }
    }

    fn mutate_field(&mut self, fields: &mut Map<String, Value>) {
        let names: Vec<String> = fields.keys().cloned().collect();
        let name = self.one(&names).clone();
        match self.below(8) {
            0 => drop(fields.remove(&name)),
            1 => drop(fields.insert(format!("{name}x"), json!(1))),
            _ => self.mutate(fields.get_mut(&name).unwrap()),
        }
    }

    /// Spoils bytes.
    fn spoil(&mut self, bytes: &mut Vec<u8>) {
        let at = self.below(bytes.len().max(1));
        match self.below(4) {
            0 => bytes.truncate(at),
            1 => bytes.insert(at.min(bytes.len()), 0xff),
            2 if at < bytes.len() => bytes[at] ^= 1 << self.below(8),
            _ => bytes.extend_from_slice(b"\xef\xbb\xbf{"),
        }
    }
}

/// One valid command for the basket as it stands.
fn command(dice: &mut Dice, basket: &Basket, due: &Value) -> Value {
    let two = json!({ "amount": "2", "unit": "piece" });
    let commands = [
        scan(WATER),
        json!({ "type": "scan_item", "code": WATER, "onto": 1 }),
        json!({ "type": "key_item", "code": "D0003", "quantity": two, "amount": twd(58) }),
        json!({
            "type": "weigh_item", "code": "4011", "weight": { "amount": "0.5", "unit": "kilogram" },
        }),
        json!({ "type": "return_item", "code": "D0004", "quantity": two, "reason": "refund" }),
        json!({
            "type": "key_department", "department": "x", "amount": twd(9), "quantity": two,
            "reason": "refund",
        }),
        json!({ "type": "name_serial", "line": 1, "serial": "x" }),
        json!({ "type": "scan_item", "code": WATER, "item": "D0001" }),
        json!({ "type": "set_quantity", "line": 1, "quantity": two }),
        json!({ "type": "void_line", "line": 1 }),
        json!({ "type": "undo" }),
        json!({
            "type": "modify_price", "line": 1, "reason": "damaged",
            "modifier": { "method": "percent_off", "percent": "10" },
        }),
        json!({
            "type": "modify_price", "reason": "goodwill",
            "modifier": { "method": "amount_off", "amount": twd(1) },
        }),
        cash(due, due),
        json!({
            "type": "tender", "tender_type": "coupon", "amount": twd(1), "total": due,
            "reference": "C-1", "line": 1,
        }),
        json!({ "type": "void_tender", "number": 1 }),
        json!({ "type": "complete" }),
        json!({ "type": "abandon", "reason": "mistake" }),
        json!({ "type": "confirm_age", "age": 18 }),
        json!({ "type": "suspend" }),
        json!({ "type": "retrieve" }),
        json!({ "type": "post_void", "reason": "mistake" }),
    ];
    basket.envelope(dice.one(&commands))
}

/// One valid request of another route; those that come before a session are a stranger's.
fn other(dice: &mut Dice) -> (&'static str, String, Value, bool) {
    let pieces = |amount: &str| json!({ "amount": amount, "unit": "piece" });
    let level = json!({ "item": "D0001", "safety_stock": pieces("4"), "clear_at": pieces("6") });
    let person = json!({ "id": "x1", "name": "x", "role": "cashier", "pin": "135790" });
    let credentials = json!({ "operator": "m9", "pin": PIN });
    match dice.below(8) {
        0 => ("POST", "/api/v1/operators".to_owned(), person, false),
        1 => {
            let levels = json!({ "command_id": new_id(), "levels": [level] });
            ("PUT", "/api/v1/stock/safety".to_owned(), levels, false)
        }
        2 => {
            let operator = json!({ "id": "x", "name": "x", "pin": PIN });
            let set_up = json!({ "code": "AAAA-AAAA", "operator": operator });
            ("POST", "/api/v1/setup".to_owned(), set_up, true)
        }
        3 => ("POST", "/api/v1/workstations/3/claim".to_owned(), credentials, true),
        4 => {
            let mut sign_in = credentials;
            sign_in["command_id"] = new_id().into();
            ("POST", "/api/v1/session".to_owned(), sign_in, true)
        }
        _ => {
            let kind = *dice.one(&["received", "written_off", "adjusted", "counted"]);
            let movement = json!({
                "command_id": new_id(), "item": "D0001", "kind": kind,
                "quantity": pieces("1000000"), "reason": "x",
            });
            ("POST", "/api/v1/stock/movements".to_owned(), movement, false)
        }
    }
}

/// An address with one part that nobody expects.
fn address(dice: &mut Dice) -> String {
    let templates = [
        "/api/v1/items?search={}",
        "/api/v1/items?search=a&limit={}",
        "/api/v1/items/by-code/{}",
        "/api/v1/stock?search={}",
        "/api/v1/transactions/{}/receipt",
        "/api/v1/register/commands/{}/{}",
        "/api/v1/register/{}/explanation",
        "/api/v1/{}",
        "/ui/{}",
        "/api/docs/{}",
        "/api/v1/register",
        "/api/v1/suspended",
        "/api/v1/alerts",
        "/api/v1/actors",
    ];
    let junk = match dice.junk() {
        Value::String(text) => text.chars().take(500).collect(),
        other => other.to_string(),
    };
    let escaped: String = junk.bytes().map(|byte| format!("%{byte:02X}")).collect();
    dice.one(&templates).replace("{}", &escaped)
}

struct Run {
    _hub: Hub,
    browser: Browser,
    stranger: Browser,
    document: Document,
    basket: Basket,
    due: Value,
    accepted: usize,
    refused: usize,
}

impl Run {
    fn judge(&mut self, method: &str, path: &str, body: Option<&[u8]>, reply: &Reply) {
        let said = || {
            let body = String::from_utf8_lossy(body.unwrap_or_default()).into_owned();
            let shown: String = body.chars().take(2000).collect();
            format!("{method} {path} {shown}: {} {}", reply.status, reply.json())
        };
        assert!(reply.status < 500, "{}", said());
        // Pages and addresses that mean nothing are not described.
        if path.starts_with("/api/v1") {
            let wrongs = self.document.wrongs(method, path, reply);
            assert!(wrongs.is_empty(), "{wrongs:?} {}", said());
        }
        let Some(body) = body else { return };
        if reply.status >= 300 {
            self.refused += 1;
            return;
        }
        self.accepted += 1;
        // What the hub takes, its description allows.
        let body: Value = serde_json::from_slice(body).unwrap();
        assert!(self.document.accepts(method, path, &body), "not described: {}", said());
    }

    fn ask(&mut self, dice: &mut Dice) {
        let (method, path, mut body, is_stranger) = if dice.below(3) > 0 {
            let command = command(dice, &self.basket, &self.due);
            ("POST", COMMANDS.to_owned(), command, false)
        } else {
            other(dice)
        };
        if dice.below(4) > 0 {
            dice.mutate(&mut body);
        }
        let mut bytes = body.to_string().into_bytes();
        if dice.below(8) == 0 {
            dice.spoil(&mut bytes);
        }
        let browser = if is_stranger { &self.stranger } else { &self.browser };
        let headers = [("content-type", "application/json")];
        let reply = browser.send(method, &path, &headers, Some(&bytes));
        if path == COMMANDS {
            self.follow(&reply);
        }
        self.judge(method, &path, Some(&bytes), &reply);
    }

    /// Goes on with the basket that the register has.
    fn follow(&mut self, reply: &Reply) {
        let view = reply.json()["view"].take();
        if view.is_null() {
            return;
        }
        self.basket = match view["basket"]["transaction_id"].as_str() {
            Some(id) => {
                Basket { id: id.to_owned(), version: view["basket"]["version"].as_u64().unwrap() }
            }
            None => Basket::new(),
        };
        self.due = view["basket"]["totals"]["due"].clone();
    }

    fn look(&mut self, dice: &mut Dice) {
        let path = address(dice);
        let reply = self.browser.get(&path);
        self.judge("GET", &path, None, &reply);
    }

    /// A catalogue with one spoilt byte is refused or taken, never half of it.
    fn import(&mut self, dice: &mut Dice, csv: &[u8]) {
        let mut csv = csv.to_vec();
        dice.spoil(&mut csv);
        let headers = [("content-type", "text/csv")];
        let reply = self.browser.send("PUT", "/api/v1/catalogue", &headers, Some(&csv));
        self.judge("PUT", "/api/v1/catalogue", None, &reply);
    }
}

#[test]
fn whatever_comes_no_answer_is_the_hubs_fault_and_it_still_sells() {
    let mut dice = Dice::new();
    let data = support::temp_dir("fuzz");
    let store = data.path().join("store");
    let hub = Hub::start(&store);
    let browser = Browser::at_work(&hub);
    let (stranger, document) = (Browser::new(&hub), Document::of(&browser));
    let (basket, due) = (Basket::new(), Value::Null);
    let mut run =
        Run { _hub: hub, browser, stranger, document, basket, due, accepted: 0, refused: 0 };
    let csv = std::fs::read(support::root().join("hub/assets/demo-catalogue.csv")).unwrap();
    for _ in 0..REQUESTS {
        match dice.below(20) {
            0..4 => run.look(&mut dice),
            4 => run.import(&mut dice, &csv),
            _ => run.ask(&mut dice),
        }
    }
    println!("{} bodies accepted, {} refused", run.accepted, run.refused);
    assert!(run.accepted > 50 && run.refused > 300, "the dice are loaded");
    finish(&run, &csv);
    drop(run);
    let verified = Command::new(support::hub_binary())
        .args(["journal", "verify", "--data-dir"])
        .arg(&store)
        .output()
        .unwrap();
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
}

/// Ends what is open, and sells once more.
fn finish(run: &Run, csv: &[u8]) {
    let view = run.browser.get("/api/v1/register").json();
    if let Some(id) = view["basket"]["transaction_id"].as_str() {
        let version = view["basket"]["version"].as_u64().unwrap();
        let mut basket = Basket { id: id.to_owned(), version };
        let tenders = view["basket"]["tenders"].as_array().unwrap().iter();
        for tender in tenders.filter(|tender| tender["voided"] == false) {
            let number = &tender["number"];
            basket.must(&run.browser, &json!({ "type": "void_tender", "number": number }));
        }
        basket.must(&run.browser, &json!({ "type": "abandon", "reason": "mistake" }));
    }
    let headers = [("content-type", "text/csv")];
    let reply = run.browser.send("PUT", "/api/v1/catalogue", &headers, Some(csv));
    assert_eq!(reply.status, 200, "{}", reply.json());
    sell(&run.browser);
    assert_eq!(view["operator"]["id"], MANAGER);
}
