//! A scale with faults.

use devices::scale::DIVISION_G;
use devices::simulated::{Fault, Plug};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use store_core::fact::Fact;
use store_core::permission::Permission;
use store_core::transaction::{Approval, EntryMethod, LineItem};
use store_journal::{LedgerReads as _, Reader};

use super::counter::Counter;
use super::matrix::{self, Cable, Tried};
use super::wait_for;
use crate::api::basket::{Basket, cash};
use crate::api::browser::{Browser, Reply, new_id};

/// Bananas, by the kilogram.
const BANANAS: &str = "4011";
/// The lightest load; each is one division of the scale heavier than the one before, so that what
/// was shown before never passes for what lies there now.
const LOAD_MIN_G: u32 = 1_250;

/// What so many grams are as the API says it.
fn kilograms(grams: u32) -> Value {
    json!({ "amount": Decimal::new(grams.into(), 3).normalize().to_string(), "unit": "kilogram" })
}

/// Sells by a reading; the sale is completed where the hub takes it.
pub fn weigh(browser: &Browser, reading: &Value, weight: &Value) -> Reply {
    let mut basket = Basket::new();
    let reply = basket.send(
        browser,
        &json!({
            "type": "weigh_item", "code": BANANAS, "weight": weight,
            "scale": { "reading": reading },
        }),
    );
    if reply.status == 200 {
        let due = reply.json()["view"]["basket"]["totals"]["due"].clone();
        basket.must(browser, &cash(&due, &due));
        basket.must(browser, &json!({ "type": "complete" }));
    }
    reply
}

/// Lifts off what lies on the scale, puts a load on it, waits until it is shown, and sells by it.
pub fn sell_by_weight(counter: &Counter, grams: u32) {
    counter.devices.scale.set_load(0);
    wait_for("it is empty", || counter.live.weight()["state"] == "zero");
    counter.devices.scale.set_load(grams);
    let shown = || {
        let shown = counter.live.weight();
        (shown["state"] == "stable" && shown["weight"] == kilograms(grams)).then_some(shown)
    };
    wait_for("the load is shown", || shown().is_some());
    let shown = shown().unwrap();
    let reply = weigh(&counter.first, &shown["reading"], &shown["weight"]);
    assert_eq!(reply.status, 200, "{}", reply.json());
}

/// Tries to sell by what the scale does not say.
pub fn steal(counter: &Counter, lies_g: u32) {
    let last = counter.live.weights().into_iter().rfind(|shown| shown["state"] == "stable");
    let reading = last.unwrap()["reading"].clone();
    let reply = weigh(&counter.first, &reading, &kilograms(lies_g));
    // What lay there before may have been sold; what lies there now it has not said.
    let code = reply.code();
    assert!(["scale_reading_stale", "scale_reading_sold"].contains(&code.as_str()), "{code}");
}

/// Every weight at rest that was ever shown is one of the loads.
pub fn assert_honest(counter: &Counter, loads_g: &[u32]) {
    let loads: Vec<Value> = loads_g.iter().map(|grams| kilograms(*grams)).collect();
    for shown in counter.live.weights() {
        let weight = &shown["weight"];
        assert!(weight.is_null() || loads.contains(weight), "nothing weighs that: {shown}");
        assert_eq!(weight.is_null(), shown["state"] != "stable", "{shown}");
    }
}

#[derive(Default)]
struct Scale {
    loads_g: Vec<u32>,
}

impl Scale {
    /// A load that never lay there before.
    fn next_load_g(&mut self) -> u32 {
        let last = self.loads_g.last();
        let next = last.map_or(LOAD_MIN_G, |last| last + DIVISION_G);
        self.loads_g.push(next);
        next
    }
}

impl Tried for Scale {
    fn id(&self) -> &'static str {
        "scale"
    }

    fn plug<'a>(&self, counter: &'a Counter) -> &'a Plug {
        &counter.devices.scale_plug
    }

    /// One that is slow may still answer in time.
    fn is_noticeable(&self, cable: Cable) -> bool {
        !matches!(cable, Cable::Replugged | Cable::Is(Fault::Slow))
    }

    /// Somebody puts something else on it, which it cannot tell, and says what it weighs.
    fn use_in_vain(&mut self, counter: &Counter) {
        let load_g = self.next_load_g();
        counter.devices.scale.set_load(load_g);
        steal(counter, load_g);
    }

    fn work(&mut self, counter: &Counter) {
        let load_g = self.next_load_g();
        sell_by_weight(counter, load_g);
    }
}

#[test]
fn a_scale_comes_back_from_every_fault_and_no_weight_is_sold_that_it_did_not_say() {
    let counter = Counter::open("fault-scale");
    let mut scale = Scale::default();
    matrix::run(&mut scale, &counter);
    assert_honest(&counter, &scale.loads_g);
    println!("{:?}", counter.close(0));
}

/// Waits until a load is shown, and answers how it is.
fn shown(counter: &Counter, grams: u32) -> Value {
    counter.devices.scale.set_load(grams);
    let now = || counter.live.weight();
    let is_shown = |shown: &Value| shown["weight"] == kilograms(grams);
    wait_for("the load is shown", || is_shown(&now()));
    now()
}

fn claim(shown: &Value) -> Value {
    json!({
        "type": "weigh_item", "code": BANANAS, "weight": shown["weight"],
        "scale": { "reading": shown["reading"] },
    })
}

#[test]
fn what_lies_on_the_scale_is_sold_once_however_often_somebody_taps() {
    let counter = Counter::open("scale-once");
    let (browser, mut basket) = (&counter.first, Basket::new());
    let first = shown(&counter, LOAD_MIN_G);
    // A command that is refused has sold nothing.
    let stale = json!({ "type": "weigh_item", "code": BANANAS, "weight": kilograms(1),
        "scale": { "reading": first["reading"] } });
    assert_eq!(basket.send(browser, &stale).code(), "scale_reading_stale");
    let envelope = basket.envelope(&claim(&first));
    let sold = browser.post("/api/v1/register/commands", &envelope);
    assert_eq!(sold.status, 200, "{}", sold.json());
    basket.follow(&sold);
    let tapped = basket.send(browser, &claim(&counter.live.weight()));
    assert_eq!((tapped.status, tapped.code().as_str()), (409, "scale_reading_sold"));
    // The answer was lost: the same command is the same.
    let again = browser.post("/api/v1/register/commands", &envelope).json();
    assert_eq!((again["repeated"].as_bool(), again["code"].as_str()), (Some(true), None));
    counter.devices.scale.set_load(0);
    wait_for("it is empty", || counter.live.weight()["state"] == "zero");
    let answer = basket.must(browser, &claim(&shown(&counter, LOAD_MIN_G)));
    assert_eq!(answer["view"]["basket"]["lines"].as_array().unwrap().len(), 2);
    basket.must(browser, &json!({ "type": "abandon", "reason": "mistake" }));
    sell_by_weight(&counter, LOAD_MIN_G + DIVISION_G);
    counter.close(0);
}

#[test]
fn a_cashier_types_a_weight_by_themselves_only_where_the_scale_is_down() {
    let counter = Counter::open("scale-typed");
    let browser = &counter.first;
    for (id, role) in [("s1", "supervisor"), ("c1", "cashier")] {
        let person = json!({ "id": id, "name": "王小明", "role": role, "pin": "395172" });
        assert_eq!(browser.post("/api/v1/operators", &person).status, 201);
    }
    let out = json!({ "command_id": new_id() });
    assert!(browser.json("DELETE", "/api/v1/session", &out).status < 300);
    let cashier = json!({ "operator": "c1", "pin": "395172", "command_id": new_id() });
    assert_eq!(browser.post("/api/v1/session", &cashier).status, 200);
    let typed = json!({ "type": "weigh_item", "code": BANANAS, "weight": kilograms(500) });
    let mut basket = Basket::new();
    assert_eq!(basket.send(browser, &typed).code(), "permission_needed");
    let approval = json!({ "operator": "s1", "pin": "395172", "permission": "type_weight" });
    let given = browser.post("/api/v1/approvals", &approval);
    assert_eq!(given.status, 201, "{}", given.json());
    let given = given.json();
    let body = basket.envelope(&typed).to_string();
    let headers =
        [("content-type", "application/json"), ("approval", given["token"].as_str().unwrap())];
    let path = "/api/v1/register/commands";
    let allowed = browser.send("POST", path, &headers, Some(body.as_bytes()));
    assert_eq!(allowed.status, 200, "{}", allowed.json());
    basket.follow(&allowed);
    counter.devices.scale_plug.set_fault(Fault::Unplugged);
    wait_for("it is noticed", || counter.condition("scale") != "ready");
    let answer = basket.must(browser, &typed);
    let due = answer["view"]["basket"]["totals"]["due"].clone();
    basket.must(browser, &cash(&due, &due));
    basket.must(browser, &json!({ "type": "complete" }));
    let sale = Reader::open(&counter.store).unwrap().transaction(basket.id.parse().unwrap());
    let Fact::SaleCompleted(sale) = sale.unwrap().unwrap().fact else { panic!("a sale") };
    let is_typed = |line: &LineItem| line.entry == EntryMethod::Keyed && line.weighing.is_none();
    assert!(sale.lines.len() == 2 && sale.lines.iter().all(is_typed));
    let approved = |one: &Approval| (one.permission, one.approved_by.as_str().to_owned());
    let approvals: Vec<_> = sale.approvals.iter().map(approved).collect();
    assert_eq!(approvals, [(Permission::TypeWeight, "s1".to_owned())]);
    counter.devices.scale_plug.set_fault(Fault::None);
    counter.close(0);
}
