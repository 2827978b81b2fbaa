//! A register that sells baskets of real sizes over HTTP.

use std::time::Instant;

use serde_json::{Value, json};
use uuid::Uuid;

use super::browser::{Accepts, Browser, Reply};
use super::goods;
use super::lengths::basket_lines;
use super::process::Program;
use crate::random::Random;

const COMMANDS: &str = "/api/v1/register/commands";
const MANAGER: &str = "m1";
const MANAGER_PIN: &str = "582931";
const CASHIER_PIN: &str = "271828";

/// Sets a store up, unless it has been, and signs a cashier on at each of its registers.
pub fn open_all(
    url: &str,
    setup_code: impl FnOnce() -> String,
    registers: usize,
    items: usize,
) -> Vec<Register> {
    let mut manager = Browser::open(url);
    if manager.get("/api/v1/sign-in").json()["needs_setup"] == true {
        let operator = json!({"id": MANAGER, "name": "Manager", "pin": MANAGER_PIN});
        send(&mut manager, "/api/v1/setup", &json!({"code": setup_code(), "operator": operator}));
    }
    sign_in(&mut manager, MANAGER, MANAGER_PIN);
    let open = |number: usize| {
        let cashier = format!("c{number}");
        let operator =
            json!({"id": cashier, "name": cashier, "role": "cashier", "pin": CASHIER_PIN});
        let added = manager.post("/api/v1/operators", &operator.to_string(), Accepts::Plain);
        assert!(matches!(added.status, 200..300 | 409), "{}", added.status);
        let mut browser = Browser::open(url);
        let claim = json!({"operator": MANAGER, "pin": MANAGER_PIN});
        send(&mut browser, &format!("/api/v1/workstations/{number}/claim"), &claim);
        sign_in(&mut browser, &cashier, CASHIER_PIN);
        let mut register = Register::new(browser, number, items);
        register.adopt();
        register
    };
    (1..=registers).map(open).collect()
}

/// The same for a hub's own program.
pub fn open_all_of(hub: &Program, registers: usize, items: usize) -> Vec<Register> {
    open_all(&hub.url, || hub.setup_code(), registers, items)
}

/// The first register of a hub's own program.
pub fn open_one(hub: &Program, items: usize) -> Register {
    open_all_of(hub, 1, items).remove(0)
}

fn send(browser: &mut Browser, path: &str, body: &Value) -> Value {
    browser.post(path, &body.to_string(), Accepts::Plain).json()
}

fn sign_in(browser: &mut Browser, operator: &str, pin: &str) {
    let id = Uuid::now_v7();
    send(browser, "/api/v1/session", &json!({"operator": operator, "pin": pin, "command_id": id}));
}

/// One register with the basket it is at.
pub struct Register {
    browser: Browser,
    random: Random,
    items: usize,
    transaction: Uuid,
    version: u64,
    lines_left: usize,
}

/// How large a scan was, both ways.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// The request's body, in bytes.
    pub asked: usize,
    /// The answer's body before any compression, in bytes.
    pub answered: usize,
}

impl Register {
    fn new(browser: Browser, number: usize, items: usize) -> Self {
        let mut random = Random::new(number as u64);
        let lines_left = basket_lines(&mut random);
        Self { browser, random, items, transaction: Uuid::now_v7(), version: 0, lines_left }
    }

    fn envelope(&self, command: &Value) -> String {
        json!({
            "command_id": Uuid::now_v7(),
            "transaction_id": self.transaction,
            "version": self.version,
            "command": command,
        })
        .to_string()
    }

    /// Scans an item and waits for its priced line.
    pub fn scan(&mut self) -> (Reply, Shape) {
        let code = goods::barcode(self.random.place(self.items));
        let body = self.envelope(&json!({"type": "scan_item", "code": code}));
        let reply = self.browser.post(COMMANDS, &body, Accepts::Gzip);
        assert_eq!(reply.status, 200, "{}", String::from_utf8_lossy(&reply.body));
        self.version += 1;
        self.lines_left = self.lines_left.saturating_sub(1);
        let answered = reply.plain_bytes();
        (reply, Shape { asked: body.len(), answered })
    }

    /// Scans what a scanner at a port of the hub read.
    pub fn scan_code(&mut self, code: &str) {
        self.command(&json!({"type": "scan_item", "code": code}));
    }

    /// What the live stream says.
    pub fn events(&self) -> impl Iterator<Item = (Instant, String)> + use<> {
        self.browser.events("/api/v1/live")
    }

    /// Sells the basket, where there is one.
    pub fn sell_what_is_there(&mut self) {
        if self.version > 0 {
            self.sell();
        }
    }

    /// The basket's id.
    pub const fn transaction(&self) -> Uuid {
        self.transaction
    }

    /// Whether the basket has all its lines.
    pub const fn is_full(&self) -> bool {
        self.lines_left == 0
    }

    /// Takes cash for the basket and completes it; the next scan opens another.
    pub fn sell(&mut self) -> Reply {
        let due = self.view()["basket"]["totals"]["due"].clone();
        let tender = json!({"type": "tender", "tender_type": "cash", "amount": due, "total": due});
        self.command(&tender);
        let sold = self.command(&json!({"type": "complete"}));
        self.transaction = Uuid::now_v7();
        self.version = 0;
        self.lines_left = basket_lines(&mut self.random);
        sold
    }

    fn command(&mut self, command: &Value) -> Reply {
        let body = self.envelope(command);
        let reply = self.browser.post(COMMANDS, &body, Accepts::Plain);
        assert_eq!(reply.status, 200, "{}", String::from_utf8_lossy(&reply.body));
        self.version += 1;
        reply
    }

    /// The same browser after the hub has started again somewhere else.
    pub fn move_to(&mut self, url: &str) {
        self.browser.move_to(url);
    }

    /// Takes the basket over that was left open here, and sells it.
    pub fn adopt(&mut self) {
        let view = self.view();
        if let Some(version) = view["basket"]["version"].as_u64() {
            self.version = version;
            self.transaction =
                serde_json::from_value(view["basket"]["transaction_id"].clone()).unwrap();
            self.sell();
        }
    }

    /// Follows the live views, as the page does beside its commands.
    pub fn follow(&self) {
        self.browser.follow("/api/v1/live");
    }

    /// How the register looks.
    pub fn view(&mut self) -> Value {
        self.browser.get("/api/v1/register").json()
    }

    /// Sends the request of a scan to a server that does nothing with it.
    pub fn echo(&mut self, echo: &mut Browser, shape: Shape) -> Reply {
        let path = format!("/api/v1/register/commands/{}", shape.answered);
        let reply = echo.post(&path, &"x".repeat(shape.asked), Accepts::Gzip);
        assert_eq!((reply.status, reply.plain_bytes()), (200, shape.answered));
        reply
    }
}
