//! A basket as a terminal keeps it: its id, and the version that the last answer gave.

use serde_json::{Value, json};

use super::browser::{Browser, Reply, new_id};

/// Where commands go.
pub const COMMANDS: &str = "/api/v1/register/commands";

/// Water at 15, of the demonstration store.
pub const WATER: &str = "0410000000014";

/// A basket in progress.
pub struct Basket {
    pub id: String,
    pub version: u64,
}

impl Basket {
    /// One that is not open yet.
    pub fn new() -> Self {
        Self { id: new_id(), version: 0 }
    }

    /// The next command for it.
    pub fn envelope(&self, command: &Value) -> Value {
        json!({
            "command_id": new_id(),
            "transaction_id": self.id,
            "version": self.version,
            "command": command,
        })
    }

    /// Takes over the version of an answer.
    pub fn follow(&mut self, reply: &Reply) {
        if let Some(version) = reply.json()["outcome"]["version"].as_u64() {
            self.version = version;
        }
    }

    /// Sends a command.
    pub fn send(&mut self, browser: &Browser, command: &Value) -> Reply {
        let reply = browser.post(COMMANDS, &self.envelope(command));
        self.follow(&reply);
        reply
    }

    /// Sends a command that must be carried out.
    pub fn must(&mut self, browser: &Browser, command: &Value) -> Value {
        let reply = self.send(browser, command);
        assert_eq!(reply.status, 200, "{command}: {}", reply.json());
        reply.json()
    }
}

/// A scan.
pub fn scan(code: &str) -> Value {
    json!({ "type": "scan_item", "code": code })
}

/// Cash, where exactly this much is due.
pub fn cash(amount: &Value, due: &Value) -> Value {
    json!({ "type": "tender", "tender_type": "cash", "amount": amount, "total": due })
}

/// Sells one bottle of water, and answers the sale's id.
pub fn sell(browser: &Browser) -> String {
    let mut basket = Basket::new();
    let answer = basket.must(browser, &scan(WATER));
    let due = answer["view"]["basket"]["totals"]["due"].clone();
    basket.must(browser, &cash(&due, &due));
    basket.must(browser, &json!({ "type": "complete" }));
    basket.id
}
