//! A store that sells what is limited, and how it is asked what is left.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::taken::{Taken, day_of};
use crate::api::basket::Basket;
use crate::api::browser::Browser;
use crate::api::hub::Hub;
use crate::support;

/// Uses in a day, ever, and by one member.
pub const DAILY: u32 = 60;
pub const TOTAL: u32 = 80;
pub const MEMBER: u32 = 3;
/// What a promotion gives in all, and for each piece.
pub const BUDGET: u32 = 240;
pub const OFF: u32 = 3;
/// What each member has to spend, and what one use costs.
pub const POINTS_OF_MEMBER: u32 = 50;
pub const POINTS_OF_USE: u32 = 10;

/// Each kind of limit with an item of its own, from the demonstration store's shelf.
pub const GOODS: [(&str, &str); 6] = [
    ("daily", "D0001"),
    ("total", "D0002"),
    ("member", "D0003"),
    ("points", "D0004"),
    ("budget", "D0006"),
    (ONCE, "D0005"),
];
/// The kind whose coupons are good for one sale each.
pub const ONCE: &str = "once";
/// A coupon that no sale shows.
const FRESH_COUPON: &str = "U-fresh";
/// More than is left of anything is asked for by so much.
const TOO_MANY: u32 = 2;
/// The register that only asks.
const ASKING: &str = "4";

fn promotions() -> Value {
    let promotion = |(id, item): (&str, &str)| {
        let mut promotion = json!({
            "id": id, "name": { "zh": id, "en": id },
            "each": { "items": { "items": [item] }, "award": { "amount_off": OFF } },
        });
        let (key, value) = match id {
            "daily" => ("limits", json!({ "per_day": DAILY })),
            "total" => ("limits", json!({ "total": TOTAL })),
            "member" => ("limits", json!({ "per_member": MEMBER })),
            "budget" => ("limits", json!({ "budget": BUDGET })),
            "points" => ("cost_points", json!(POINTS_OF_USE)),
            _ => ("coupon", json!({ "unique": "U-" })),
        };
        promotion[key] = value;
        promotion
    };
    json!({ "promotions": GOODS.map(promotion) })
}

/// How often a basket can use a promotion at most.
fn most(promotion: &str) -> u32 {
    match promotion {
        "daily" => DAILY,
        "total" => TOTAL,
        "member" => MEMBER,
        "budget" => BUDGET / OFF,
        "points" => POINTS_OF_MEMBER / POINTS_OF_USE,
        _ => 1,
    }
}

/// Some pieces of an item.
pub fn key(item: &str, pieces: u32) -> Value {
    let quantity = json!({ "amount": pieces.to_string(), "unit": "piece" });
    json!({ "type": "key_item", "code": item, "quantity": quantity })
}

/// Whose purchase it is.
pub fn member(id: &str) -> Value {
    json!({ "type": "name_member", "member": id, "points": POINTS_OF_MEMBER })
}

pub fn coupon(code: &str) -> Value {
    json!({ "type": "show_coupon", "code": code })
}

pub struct Shop {
    directory: tempfile::TempDir,
}

impl Shop {
    pub fn new() -> Self {
        let directory = support::temp_dir("kill-promotions");
        let file = directory.path().join("promotions.json");
        std::fs::write(file, promotions().to_string()).unwrap();
        Self { directory }
    }

    pub fn store(&self) -> PathBuf {
        self.directory.path().join("store")
    }

    pub fn start(&self) -> Hub {
        let file = self.directory.path().join("promotions.json");
        let settings =
            [("HUB_PROMOTIONS__FILE", file.to_str().unwrap()), ("HUB_REGISTERS__COUNT", ASKING)];
        Hub::start_with(&self.store(), &settings)
    }

    /// Asks for more of everything than there can be: what is given is what is left. Only the
    /// asking register may be at work; it gives up its basket, so that nothing is used by it.
    pub fn ask_what_is_left(&self, asking: &Browser) {
        let mut basket = Basket::new();
        let taken = Taken::read(&self.store());
        let mut answer = Value::Null;
        for (of, item) in GOODS {
            answer = basket.must(asking, &key(item, most(of) + TOO_MANY));
        }
        let day = day_of(&self.store(), ASKING);
        let expected = |member: Option<&str>| {
            let of = |id: &str| match id {
                "member" | "points" if member.is_none() => 0,
                ONCE => 0,
                _ => taken.left(id, day, member),
            };
            GOODS.map(|(id, _)| (id.to_owned(), of(id))).into_iter().filter(|(_, left)| *left > 0)
        };
        let held = &taken.held;
        assert_eq!(given(&answer), expected(None).collect(), "held {held:?}");
        for code in taken.coupons() {
            let reply = basket.send(asking, &coupon(code));
            assert_eq!((reply.status, reply.code().as_str()), (409, "coupon_used"), "{code}");
        }
        let bought = taken.members().into_iter().chain(["nobody".to_owned()]);
        for id in bought {
            let answer = basket.must(asking, &member(&id));
            assert_eq!(given(&answer), expected(Some(&id)).collect(), "{id}, held {held:?}");
        }
        let answer = basket.must(asking, &coupon(FRESH_COUPON));
        assert_eq!(given(&answer).get(ONCE), Some(&1), "a coupon that nobody has shown");
        basket.must(asking, &json!({ "type": "abandon", "reason": "mistake" }));
    }

    /// The register that only asks, in a store that is set up.
    pub fn asking(hub: &Hub) -> Browser {
        Browser::at_work_at(hub, ASKING)
    }
}

/// How often each promotion is used in the basket of an answer.
fn given(answer: &Value) -> BTreeMap<String, u32> {
    let applied = answer["view"]["basket"]["pricing"]["applied"].as_array();
    let used = |used: &Value| {
        let id = used["id"].as_str().unwrap().to_owned();
        (id, serde_json::from_value(used["uses"].clone()).unwrap())
    };
    applied.into_iter().flatten().map(used).collect()
}
