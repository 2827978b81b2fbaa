//! A screen that is locked, badges, a change of cashier, and one's own PIN.

use serde_json::{Value, json};
use uuid::Uuid;

use super::authority::{at_work, envelope, facts, send};
use super::client::{Answer, Browser};
use super::running::{CASHIER_PIN, Hub, MANAGER_PIN, SUPERVISOR_PIN, sign_in};

const WATER: &str = "0410000000014";

fn unlock(browser: &mut Browser, proof: &Value) -> Answer {
    let mut body = proof.clone();
    body["command_id"] = json!(Uuid::now_v7());
    browser.post("/api/v1/session/unlock", &body)
}

fn pin(operator: &str, pin: &str) -> Value {
    json!({ "operator": operator, "pin": pin })
}

fn lock(browser: &mut Browser) {
    assert_eq!(browser.ask("POST", "/api/v1/session/lock", None).status, 204);
}

fn scan(browser: &mut Browser, basket: Uuid, version: u64) -> Answer {
    let scan = json!({ "type": "scan_item", "code": WATER });
    send(browser, &envelope(basket, version, &scan), None)
}

#[test]
fn a_locked_screen_sells_nothing_until_its_cashier_is_back_and_the_basket_stays() {
    let mut hub = Hub::start();
    hub.set_up_people();
    let mut till = at_work(&hub, "1", "c1", CASHIER_PIN);
    let basket = Uuid::now_v7();
    assert_eq!(scan(&mut till, basket, 0).status, 200);
    lock(&mut till);
    hub.restart();
    till.address = hub.plain();
    let refused = scan(&mut till, basket, 1);
    assert_eq!((refused.status, refused.code().as_str()), (403, "locked"), "also after a restart");
    for path in ["/api/v1/register", "/api/v1/items?search=x", "/api/v1/stock", "/api/v1/alerts"] {
        assert_eq!(till.get(path).code(), "locked", "{path}");
    }
    let seen = till.get("/api/v1/session").json();
    assert_eq!((&seen["is_locked"], &seen["operator"]["id"]), (&json!(true), &json!("c1")));
    let approval = json!({ "operator": "m1", "pin": MANAGER_PIN, "permission": "lower_price" });
    assert_eq!(till.post("/api/v1/approvals", &approval).code(), "locked");
    assert_eq!(unlock(&mut till, &pin("c1", "777123")).code(), "bad_credentials");
    assert_eq!(unlock(&mut till, &json!({ "operator": "c1" })).code(), "malformed");
    let back = unlock(&mut till, &pin("c1", CASHIER_PIN));
    assert_eq!((back.status, &back.json()["is_locked"]), (200, &json!(false)));
    assert_eq!(scan(&mut till, basket, 1).status, 200);
    assert!(facts(&hub, "operator_changed").is_empty());
}

#[test]
fn a_cashier_reads_the_own_tills_reports_alone_and_is_noted_once_for_asking_for_others() {
    let hub = Hub::start();
    hub.set_up_people();
    let mut till = at_work(&hub, "1", "c1", CASHIER_PIN);
    let mut read = |at: &str| till.get(&format!("/api/v1/days/2026-11-24/tills/{at}/1"));
    assert_eq!(read("1").code(), "not_found");
    for _ in 0..3 {
        let refused = read("2");
        assert_eq!((refused.status, refused.code().as_str()), (403, "permission_needed"));
    }
    assert_eq!(facts(&hub, "permission_refused").len(), 1);
}

#[test]
fn pins_guessed_at_a_locked_screen_lock_the_person_out_there_also_after_a_restart() {
    let mut hub = Hub::start();
    hub.set_up_people();
    let mut till = at_work(&hub, "1", "c1", CASHIER_PIN);
    lock(&mut till);
    for _ in 0..5 {
        assert_eq!(unlock(&mut till, &pin("c1", "777123")).code(), "bad_credentials");
    }
    let right = unlock(&mut till, &pin("c1", CASHIER_PIN));
    assert_eq!((right.status, right.code().as_str()), (429, "locked_out"));
    hub.restart();
    till.address = hub.plain();
    assert_eq!(unlock(&mut till, &pin("c1", CASHIER_PIN)).code(), "locked_out");
    assert_eq!(till.get("/api/v1/register").code(), "locked");
}

#[test]
fn another_cashier_takes_over_with_the_basket_unless_payment_has_begun() {
    let hub = Hub::start();
    hub.set_up_people();
    let mut till = at_work(&hub, "1", "c1", CASHIER_PIN);
    let basket = Uuid::now_v7();
    assert_eq!(scan(&mut till, basket, 0).status, 200);
    lock(&mut till);
    let mut left_behind = till.clone();
    let taken = unlock(&mut till, &pin("s1", SUPERVISOR_PIN));
    assert_eq!((taken.status, &taken.json()["operator"]["id"]), (200, &json!("s1")));
    assert_eq!(left_behind.get("/api/v1/session").code(), "not_signed_in", "their session is over");
    let expected = json!({
        "workstation": "1", "operator": "s1", "before": "c1", "transaction": basket,
    });
    assert_eq!(facts(&hub, "operator_changed"), [expected]);
    let twice = json!({ "amount": "30", "currency": "TWD" });
    let answer = scan(&mut till, basket, 1);
    assert_eq!(answer.json()["view"]["basket"]["totals"]["due"], twice, "{}", answer.text());
    let some = json!({ "type": "tender", "tender_type": "cash", "total": twice,
        "amount": { "amount": "10", "currency": "TWD" } });
    assert_eq!(send(&mut till, &envelope(basket, 2, &some), None).status, 200);
    lock(&mut till);
    let refused = unlock(&mut till, &pin("c1", CASHIER_PIN));
    assert_eq!((refused.status, refused.code().as_str()), (409, "payment_of_another"));
    assert_eq!(till.get("/api/v1/session").json()["operator"]["id"], "s1");
    assert_eq!(unlock(&mut till, &pin("s1", SUPERVISOR_PIN)).status, 200);
    let rest = json!({ "type": "tender", "tender_type": "cash",
        "amount": { "amount": "20", "currency": "TWD" },
        "total": { "amount": "20", "currency": "TWD" } });
    assert_eq!(send(&mut till, &envelope(basket, 3, &rest), None).status, 200);
    let complete = json!({ "type": "complete" });
    assert_eq!(send(&mut till, &envelope(basket, 4, &complete), None).status, 200);
    assert_eq!(facts(&hub, "sale_completed")[0]["operator"], "s1");
}

#[test]
fn a_supervisor_takes_over_a_basket_that_somebody_left_half_paid() {
    let hub = Hub::start();
    hub.set_up_people();
    let mut till = at_work(&hub, "1", "c1", CASHIER_PIN);
    let basket = Uuid::now_v7();
    assert_eq!(scan(&mut till, basket, 0).status, 200);
    let cash = |amount: &str, due: &str| {
        json!({ "type": "tender", "tender_type": "cash",
            "amount": { "amount": amount, "currency": "TWD" },
            "total": { "amount": due, "currency": "TWD" } })
    };
    assert_eq!(send(&mut till, &envelope(basket, 1, &cash("10", "15")), None).status, 200);
    lock(&mut till);
    let taken = unlock(&mut till, &pin("s1", SUPERVISOR_PIN));
    assert_eq!((taken.status, &taken.json()["operator"]["id"]), (200, &json!("s1")));
    assert_eq!(send(&mut till, &envelope(basket, 2, &cash("5", "5")), None).status, 200);
    let complete = json!({ "type": "complete" });
    assert_eq!(send(&mut till, &envelope(basket, 3, &complete), None).status, 200);
    let sale = &facts(&hub, "sale_completed")[0];
    assert_eq!(sale["operator"], "s1");
    let approval = json!({ "permission": "resolve_card", "approved_by": "s1" });
    assert_eq!(sale["approvals"], json!([approval]), "that they did stands in the sale");
    assert_eq!(facts(&hub, "operator_changed").len(), 1);
}

#[test]
fn a_badge_signs_on_unlocks_and_approves_at_a_workstation_and_is_no_barcode() {
    let hub = Hub::start();
    hub.set_up_people();
    let mut office = hub.browser();
    assert_eq!(sign_in(&mut office, "m1", MANAGER_PIN).status, 200);
    let mut badge_of = |who: &str| {
        let made = office.ask("POST", &format!("/api/v1/operators/{who}/badge"), None);
        assert_eq!(made.status, 201, "{}", made.text());
        made.json()["badge"].as_str().unwrap().to_owned()
    };
    let (first, own, supervisor) = (badge_of("c1"), badge_of("c1"), badge_of("s1"));
    let with = |badge: &str| json!({ "badge": badge, "command_id": Uuid::now_v7() });
    let mut till = at_work(&hub, "1", "m1", MANAGER_PIN);
    assert_eq!(till.ask("DELETE", "/api/v1/session", None).status, 204);
    let on = |till: &mut Browser, badge: &str| till.post("/api/v1/session", &with(badge));
    assert_eq!(on(&mut till, &first).code(), "bad_credentials", "a new one ends the one before");
    assert_eq!(on(&mut till, WATER).code(), "not_a_badge");
    assert_eq!(on(&mut till, &own).json()["operator"]["id"], "c1");
    let elsewhere = on(&mut hub.browser(), &own);
    assert_eq!((elsewhere.status, elsewhere.code().as_str()), (409, "badge_elsewhere"));
    lock(&mut till);
    assert_eq!(unlock(&mut till, &json!({ "badge": own.to_lowercase() })).status, 200);
    let approval = json!({ "badge": supervisor, "permission": "lower_price" });
    let given = till.post("/api/v1/approvals", &approval);
    assert_eq!(given.json()["approved_by"]["id"], "s1", "{}", given.text());
    assert_eq!(office.ask("DELETE", "/api/v1/operators/c1/badge", None).status, 204);
    lock(&mut till);
    for _ in 0..4 {
        assert_eq!(unlock(&mut till, &json!({ "badge": own })).code(), "bad_credentials");
    }
    for _ in 0..8 {
        assert_eq!(unlock(&mut till, &json!({ "badge": WATER })).code(), "not_a_badge");
    }
    assert_eq!(unlock(&mut till, &json!({ "badge": own })).code(), "bad_credentials");
    assert_eq!(unlock(&mut till, &json!({ "badge": supervisor })).code(), "locked_out");
    assert_eq!(unlock(&mut till, &pin("c1", CASHIER_PIN)).status, 200, "the PIN is none of that");
    let nobody = office.ask("POST", "/api/v1/operators/nobody/badge", None);
    assert_eq!((nobody.status, nobody.code().as_str()), (404, "not_found"));
}

#[test]
fn people_change_their_own_pin_and_are_signed_out_elsewhere() {
    let hub = Hub::start();
    hub.set_up_people();
    let mut till = at_work(&hub, "1", "c1", CASHIER_PIN);
    let mut telephone = hub.browser();
    assert_eq!(sign_in(&mut telephone, "c1", CASHIER_PIN).status, 200);
    let mut change = |old: &str, new: &str| {
        let body = json!({ "pin": old, "new_pin": new }).to_string();
        till.ask("PUT", "/api/v1/session/pin", Some(&body))
    };
    assert_eq!(change(CASHIER_PIN, "111111").code(), "weak_pin");
    assert_eq!(change("777123", "602847").code(), "bad_credentials");
    assert_eq!(change(CASHIER_PIN, "602847").status, 204);
    assert_eq!(till.get("/api/v1/session").status, 200, "who changed it stays");
    assert_eq!(telephone.get("/api/v1/session").code(), "not_signed_in");
    assert_eq!(sign_in(&mut telephone, "c1", CASHIER_PIN).code(), "bad_credentials");
    assert_eq!(sign_in(&mut telephone, "c1", "602847").status, 200);
}

#[test]
fn a_clock_that_can_be_right_is_not_set_by_hand() {
    let hub = Hub::start();
    hub.set_up_people();
    let mut manager = hub.browser();
    assert_eq!(sign_in(&mut manager, "m1", MANAGER_PIN).status, 200);
    let mut set = |body: &str| manager.ask("PUT", "/api/v1/clock", Some(body));
    let refused = set(r#"{"local":"2026-11-26T09:30:00"}"#);
    assert_eq!((refused.status, refused.code().as_str()), (409, "clock_trusted"));
    assert_eq!(set(r#"{"local":"half past nine"}"#).code(), "bad_time");
    assert!(facts(&hub, "time_set").is_empty());
}

#[test]
fn a_clock_that_cannot_be_right_is_set_by_hand_and_that_is_written_down() {
    let mut hub = Hub::start();
    hub.set_up_people();
    if std::path::Path::new("/run/systemd/timesync/synchronized").exists() {
        crate::support::skip("a time server has set this machine's clock");
        return;
    }
    hub.restart_after(|data| {
        let seen: jiff::Timestamp = "2099-11-24T10:00:00Z".parse().unwrap();
        std::fs::write(data.join("clock.seen"), format!("{}\n", seen.as_millisecond())).unwrap();
    });
    let mut till = at_work(&hub, "1", "m1", MANAGER_PIN);
    assert_eq!(till.get("/api/v1/clock").json()["clock_trusted"], false);
    let mut set = |local: &str| {
        let body = json!({ "local": local }).to_string();
        till.ask("PUT", "/api/v1/clock", Some(&body))
    };
    assert_eq!(set("2099-11-24T17:00:00").code(), "bad_time", "before what was known");
    let answer = set("2099-11-24T18:30:00");
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert!(answer.json()["local"].as_str().unwrap().starts_with("2099-11-24T18:3"));
    assert_eq!(answer.json()["clock_trusted"], false);
    let written = facts(&hub, "time_set");
    assert_eq!((&written[0]["operator"], written.len()), (&json!("m1"), 1));
    assert_eq!(written[0]["after_ms"], 4_099_199_400_000_i64);
    let basket = Uuid::now_v7();
    let sold = scan(&mut till, basket, 0);
    assert_eq!(sold.status, 200, "it sells on: {}", sold.text());
}
