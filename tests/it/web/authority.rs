//! Who may do what, and what a second person at the same screen may allow.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};
use serde_json::{Value, json};
use store_core::permission::{Permission, Permissions, Role};
use store_core::register::Command;
use uuid::Uuid;

use super::client::{Answer, Browser};
use super::running::{CASHIER_PIN, Hub, MANAGER_PIN, SUPERVISOR_PIN, claim, sign_in};

const PEOPLE: [(Role, &str, &str); 3] = [
    (Role::Cashier, "c1", CASHIER_PIN),
    (Role::Supervisor, "s1", SUPERVISOR_PIN),
    (Role::Manager, "m1", MANAGER_PIN),
];
const WATER: &str = "0410000000014";

/// A browser that is a workstation, with somebody signed in.
pub fn at_work(hub: &Hub, workstation: &str, who: &str, pin: &str) -> Browser {
    let mut browser = hub.browser();
    assert_eq!(claim(&mut browser, workstation).status, 200);
    let answer = sign_in(&mut browser, who, pin);
    assert_eq!(answer.status, 200, "{}", answer.text());
    browser
}

/// Sends a command, with an approval or without.
pub fn send(browser: &mut Browser, envelope: &Value, approval: Option<&str>) -> Answer {
    let host = format!("{}:{}", browser.host, browser.address.port());
    let mut headers = vec![
        ("Host".to_owned(), host),
        ("Origin".to_owned(), browser.origin()),
        ("Content-Type".to_owned(), "application/json".to_owned()),
    ];
    headers.extend(approval.map(|token| ("Approval".to_owned(), token.to_owned())));
    let body = envelope.to_string();
    browser.ask_with("POST", "/api/v1/register/commands", &headers, Some(&body))
}

pub fn envelope(transaction: Uuid, version: u64, command: &Value) -> Value {
    json!({
        "command_id": Uuid::now_v7(), "transaction_id": transaction, "version": version,
        "command": command,
    })
}

fn approve(browser: &mut Browser, who: &str, pin: &str, permission: &str) -> Answer {
    let body = json!({ "operator": who, "pin": pin, "permission": permission });
    browser.post("/api/v1/approvals", &body)
}

/// The bodies of the journal's rows of a kind.
pub fn facts(hub: &Hub, kind: &str) -> Vec<Value> {
    facts_in(hub.directory(), kind)
}

fn facts_in(directory: &Path, kind: &str) -> Vec<Value> {
    let file = directory.join("journal.db");
    let database = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let mut rows =
        database.prepare("SELECT body FROM journal WHERE kind = ?1 ORDER BY position").unwrap();
    let bodies = rows.query_map([kind], |row| row.get::<_, String>(0)).unwrap();
    bodies.map(|body| serde_json::from_str(&body.unwrap()).unwrap()).collect()
}

/// One command of every type, in each form that needs something else.
fn commands() -> Vec<Value> {
    let one = json!({ "amount": "1", "unit": "piece" });
    let kilo = json!({ "amount": "1", "unit": "kilogram" });
    let money = json!({ "amount": "1", "currency": "TWD" });
    let modify = |modifier: Value| {
        let line = 1;
        json!({ "type": "modify_price", "line": line, "modifier": modifier, "reason": "damaged" })
    };
    vec![
        json!({ "type": "scan_item", "code": WATER }),
        json!({ "type": "key_item", "code": WATER }),
        json!({ "type": "key_item", "code": WATER, "amount": money }),
        json!({ "type": "weigh_item", "code": "4011", "weight": kilo }),
        json!({ "type": "return_item", "code": WATER, "quantity": one, "reason": "refund" }),
        json!({
            "type": "return_item", "code": WATER, "quantity": one, "amount": money,
            "reason": "refund",
        }),
        json!({ "type": "key_department", "department": "x", "amount": money }),
        json!({
            "type": "key_department", "department": "x", "amount": money, "reason": "refund",
        }),
        json!({ "type": "name_serial", "line": 1, "serial": "x" }),
        json!({ "type": "set_quantity", "line": 1, "quantity": one }),
        json!({ "type": "void_line", "line": 1 }),
        json!({ "type": "undo" }),
        modify(json!({ "method": "amount_off", "amount": money })),
        modify(json!({ "method": "percent_off", "percent": "5" })),
        modify(json!({ "method": "new_unit_price", "price": money })),
        json!({ "type": "show_coupon", "code": "x" }),
        json!({ "type": "withdraw_coupon", "code": "x" }),
        json!({ "type": "name_member", "member": "7" }),
        json!({ "type": "name_member", "member": "7", "tier": "gold" }),
        json!({ "type": "name_member", "member": "7", "points": 9 }),
        json!({ "type": "forget_member" }),
        json!({ "type": "employee_purchase", "is": true }),
        json!({ "type": "employee_purchase", "is": false }),
        json!({ "type": "intend_tender", "tender_type": "card" }),
        json!({ "type": "decline_prompt", "prompt": Uuid::nil().to_string() }),
        json!({ "type": "take_prompt", "prompt": Uuid::nil().to_string() }),
        json!({ "type": "tender", "tender_type": "cash", "amount": money, "total": money }),
        json!({ "type": "name_buyer", "ban": "04595252" }),
        json!({ "type": "void_tender", "number": 1 }),
        json!({ "type": "complete" }),
        json!({ "type": "abandon", "reason": "mistake" }),
        json!({ "type": "confirm_age", "age": 18 }),
        json!({ "type": "inquire_card", "request": Uuid::nil() }),
        json!({
            "type": "resolve_card", "request": Uuid::nil(), "is_approved": true,
            "reason": "mistake",
        }),
        json!({ "type": "suspend" }),
        json!({ "type": "retrieve" }),
        json!({ "type": "post_void", "reason": "mistake" }),
    ]
}

/// What a role may not do is refused by its permission and written down, whatever the command; what
/// it may do gets to the register. The basket is named anew each time: nothing comes of any.
fn try_every_command(hub: &Hub, permissions: &Permissions) {
    let mut browser = hub.browser();
    assert_eq!(claim(&mut browser, "1").status, 200);
    let (mut refused, before) = (0, facts(hub, "permission_refused").len());
    for (role, who, pin) in PEOPLE {
        assert_eq!(sign_in(&mut browser, who, pin).status, 200);
        for json in commands() {
            let command: Command = serde_json::from_value(json.clone()).unwrap();
            let transaction = Uuid::now_v7();
            // A version that no new basket has: where it is let through it changes nothing.
            let answer = send(&mut browser, &envelope(transaction, 7, &json), None);
            let case = format!("{who}: {json}");
            if permissions.allows(role, command.permission()) {
                assert_ne!(answer.code(), "permission_needed", "{case}");
                assert!([404, 409, 422].contains(&answer.status), "{case}: {}", answer.text());
                continue;
            }
            refused += 1;
            assert_eq!((answer.status, answer.code().as_str()), (403, "permission_needed"));
            let permission = command.permission().code();
            assert_eq!(answer.json()["details"]["permission"], permission, "{case}");
            assert_eq!(answer.json()["view"]["workstation"], "1", "{case}");
            let written = facts(hub, "permission_refused");
            let expected = json!({
                "workstation": "1", "operator": who, "permission": permission,
                "transaction": transaction,
            });
            assert!(written.contains(&expected), "{case}: {written:?}");
        }
        assert_eq!(browser.ask("DELETE", "/api/v1/session", None).status, 204);
    }
    assert_eq!(facts(hub, "permission_refused").len() - before, refused);
    assert!(refused > 4, "{refused}");
}

#[test]
fn each_role_may_give_the_commands_that_the_table_says_and_no_others() {
    let hub = Hub::start();
    hub.set_up_people();
    try_every_command(&hub, &Permissions::default());
}

#[test]
fn a_store_says_otherwise_in_its_settings() {
    let hub = Hub::start_with(&[
        ("HUB_PERMISSIONS__CASHIER", r#"["lower_price", "sell"]"#),
        ("HUB_PERMISSIONS__SUPERVISOR", r#"["abandon"]"#),
    ]);
    hub.set_up_people();
    try_every_command(
        &hub,
        &Permissions {
            cashier: [Permission::LowerPrice, Permission::Sell].into(),
            supervisor: [Permission::Abandon].into(),
        },
    );
}

#[test]
fn a_second_person_allows_one_command_and_the_sale_names_them() {
    let hub = Hub::start();
    hub.set_up_people();
    let mut till = at_work(&hub, "1", "c1", CASHIER_PIN);
    let basket = Uuid::now_v7();
    let scan = json!({ "type": "scan_item", "code": WATER });
    let answer = send(&mut till, &envelope(basket, 0, &scan), None);
    assert_eq!(answer.status, 200, "{}", answer.text());
    let off = json!({ "type": "modify_price", "reason": "goodwill",
        "modifier": { "method": "amount_off", "amount": { "amount": "1", "currency": "TWD" } } });
    let first = envelope(basket, 1, &off);
    assert_eq!(send(&mut till, &first, None).code(), "permission_needed");
    let given = approve(&mut till, "s1", SUPERVISOR_PIN, "lower_price");
    assert_eq!(given.status, 201, "{}", given.text());
    assert_eq!(given.json()["approved_by"]["id"], "s1");
    let token = given.json()["token"].as_str().unwrap().to_owned();
    let other = json!({ "type": "employee_purchase", "is": true });
    let not_that = send(&mut till, &envelope(basket, 1, &other), Some(&token));
    assert_eq!(not_that.code(), "permission_needed", "another permission");
    let mut elsewhere = at_work(&hub, "2", "c1", CASHIER_PIN);
    let not_there = send(&mut elsewhere, &envelope(basket, 1, &off), Some(&token));
    assert_eq!(not_there.code(), "permission_needed", "another session");
    let again = envelope(basket, 1, &off);
    for is_repeated in [false, true] {
        let answer = send(&mut till, &again, Some(&token));
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(answer.json()["repeated"], is_repeated);
    }
    let used_up = send(&mut till, &envelope(basket, 2, &off), Some(&token));
    assert_eq!(used_up.code(), "permission_needed", "used up");
    assert_eq!(till.get("/api/v1/session").json()["operator"]["id"], "c1", "nobody signed off");
    let due = till.get("/api/v1/register").json()["basket"]["totals"]["due"].clone();
    let cash = json!({ "type": "tender", "tender_type": "cash", "amount": due, "total": due });
    assert_eq!(send(&mut till, &envelope(basket, 2, &cash), None).status, 200);
    let complete = json!({ "type": "complete" });
    assert_eq!(send(&mut till, &envelope(basket, 3, &complete), None).status, 200);
    let sales = facts(&hub, "sale_completed");
    let approvals = json!([{ "permission": "lower_price", "approved_by": "s1" }]);
    assert_eq!((sales[0]["operator"].clone(), &sales[0]["approvals"]), (json!("c1"), &approvals));
}

#[test]
fn who_may_not_do_it_either_cannot_approve_it_and_that_is_written_down() {
    let hub = Hub::start();
    hub.set_up_people();
    let mut till = at_work(&hub, "1", "c1", CASHIER_PIN);
    for (who, pin, permission) in
        [("c1", CASHIER_PIN, "lower_price"), ("s1", SUPERVISOR_PIN, "set_time")]
    {
        let answer = approve(&mut till, who, pin, permission);
        assert_eq!((answer.status, answer.code().as_str()), (403, "permission_needed"));
        let expected = json!({ "workstation": "1", "operator": who, "permission": permission });
        assert!(facts(&hub, "permission_refused").contains(&expected));
    }
    let answer = approve(&mut till, "s1", SUPERVISOR_PIN, "fly");
    assert_eq!((answer.status, answer.code().as_str()), (400, "malformed"));
}

#[test]
fn pins_guessed_at_an_approval_lock_as_those_at_the_sign_in_do_also_after_a_restart() {
    let mut hub = Hub::start();
    hub.set_up_people();
    let mut till = at_work(&hub, "1", "c1", CASHIER_PIN);
    let guess = |till: &mut Browser| approve(till, "s1", "777123", "lower_price").code();
    for _ in 0..5 {
        assert_eq!(guess(&mut till), "bad_credentials");
    }
    let right = |till: &mut Browser| approve(till, "s1", SUPERVISOR_PIN, "lower_price");
    assert_eq!((right(&mut till).status, right(&mut till).code().as_str()), (429, "locked_out"));
    assert_eq!(till.get("/api/v1/session").status, 200, "the cashier goes on");
    hub.restart();
    till.address = hub.plain();
    assert_eq!(right(&mut till).code(), "locked_out", "a restart forgives nothing");
    assert_eq!(approve(&mut till, "m1", MANAGER_PIN, "lower_price").status, 201, "another may");
}
