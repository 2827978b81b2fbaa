//! The people of the day at their registers.

use serde_json::{Value, json};

use super::super::basket::{Basket, COMMANDS, scan};
use super::super::browser::{Browser, Reply, new_id, twd};
use super::super::hub::{Hub, MANAGER, PIN};
use super::{SUPERVISOR, TILL};

/// What one person at one register does.
pub struct Person {
    pub browser: Browser,
}

impl Person {
    pub fn at(hub: &Hub, workstation: &str, (operator, pin): (&str, &str)) -> Self {
        let browser = Browser::new(hub);
        let claim = json!({ "operator": MANAGER, "pin": PIN });
        let path = format!("/api/v1/workstations/{workstation}/claim");
        assert_eq!(browser.post(&path, &claim).status, 200);
        let sign_in = json!({ "operator": operator, "pin": pin, "command_id": new_id() });
        assert_eq!(browser.post("/api/v1/session", &sign_in).status, 200);
        Self { browser }
    }

    pub fn moved(self, hub: &Hub) -> Self {
        Self { browser: self.browser.moved(hub) }
    }

    /// The supervisor comes to this screen and allows one thing.
    pub fn approved(&self, permission: &str) -> String {
        let (operator, pin) = SUPERVISOR;
        let body = json!({ "operator": operator, "pin": pin, "permission": permission });
        let reply = self.browser.post("/api/v1/approvals", &body);
        assert_eq!(reply.status, 201, "{}", reply.json());
        reply.json()["token"].as_str().unwrap().to_owned()
    }

    pub fn with(&self, token: &str, path: &str, body: &Value) -> Reply {
        let headers = [("content-type", "application/json"), ("approval", token)];
        self.browser.send("POST", path, &headers, Some(body.to_string().as_bytes()))
    }

    /// Sends a command of a till, twice: it is carried out once.
    pub fn till(&self, command: &Value, token: Option<&str>) -> Value {
        let body = json!({ "command_id": new_id(), "command": command });
        let first = self.with(token.unwrap_or_default(), TILL, &body);
        assert_eq!(first.status, 200, "{command}: {}", first.json());
        if token.is_none() {
            assert_eq!(self.browser.post(TILL, &body).json()["repeated"], true);
        }
        first.json()
    }

    /// Sends a command that the person may not carry out alone, and again with an approval.
    pub fn needing(&self, basket: &mut Basket, permission: &str, command: &Value) -> Value {
        assert_lacks(&basket.send(&self.browser, command), permission);
        let reply = self.with(&self.approved(permission), COMMANDS, &basket.envelope(command));
        assert_eq!(reply.status, 200, "{command}: {}", reply.json());
        basket.follow(&reply);
        reply.json()
    }

    pub fn pays(&self, basket: &mut Basket, tender_type: &str, amount: &Value) -> Value {
        let view = self.browser.get("/api/v1/register").json();
        let due = view["basket"]["totals"]["due"].clone();
        let tender = json!({
            "type": "tender", "tender_type": tender_type, "amount": amount, "total": due,
        });
        basket.must(&self.browser, &tender)["view"]["basket"]["totals"].clone()
    }

    pub fn done(&self, basket: &mut Basket) -> u64 {
        let answer = basket.must(&self.browser, &json!({ "type": "complete" }));
        answer["outcome"]["event"]["number"].as_u64().unwrap_or_default()
    }

    /// Scans, takes cash, completes; the change.
    pub fn sells(&self, codes: &[&str], given: i64) -> (Basket, Value) {
        let mut basket = Basket::new();
        for code in codes {
            basket.must(&self.browser, &scan(code));
        }
        let totals = self.pays(&mut basket, "cash", &twd(given));
        self.done(&mut basket);
        (basket, totals["change"].clone())
    }
}

pub fn assert_lacks(reply: &Reply, permission: &str) {
    let said = reply.json();
    assert_eq!((reply.status, reply.code().as_str()), (403, "permission_needed"), "{said}");
    assert_eq!(said["details"]["permission"], permission);
}
