//! What becomes of people: every change counts at once, and somebody can always look after them.

use std::sync::{Arc, Barrier};

use serde_json::{Value, json};

use super::running::{Hq, PASSWORD, sign_in, try_password};
use crate::web::client::{Browser, read_until};

const OTHER_PASSWORD: &str = "elf Reiter im Regen";

fn change(browser: &mut Browser, id: &str, to: &Value) -> (u16, String) {
    let answer = browser.ask("PUT", &format!("/api/v1/users/{id}"), Some(&to.to_string()));
    (answer.status, answer.code())
}

fn take_off(browser: &mut Browser, id: &str) -> (u16, String) {
    let answer = browser.ask("DELETE", &format!("/api/v1/users/{id}"), None);
    (answer.status, answer.code())
}

fn refused(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

/// Done, without a problem.
fn done(status: u16) -> (u16, String) {
    refused(status, "")
}

fn stores_of(browser: &mut Browser) -> Vec<String> {
    let view = browser.get("/api/v1/chain").json();
    let stores = view["stores"].as_array().unwrap().iter();
    stores.map(|store| store["store"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn what_is_changed_of_somebody_counts_at_once_for_their_sessions_and_views() {
    let hq = Hq::start();
    let mut administrator = hq.administrator();
    let user = json!({ "id": "c/1 %", "name": "c", "role": "chain", "password": PASSWORD });
    assert_eq!(administrator.post("/api/v1/users", &user).status, 201);
    let (id, path) = ("c/1 %", "c%2F1%20%25");
    let ended = "{\"code\":\"session_ended\"}";

    // Another name ends nothing.
    let (mut reader, mut elsewhere) = (hq.browser_of(id), hq.browser_of(id));
    let mut stream = reader.stream("/api/v1/live");
    read_until(&mut stream, "event: view");
    let named = json!({ "name": "陳督導", "role": "chain", "scope": [] });
    assert_eq!(change(&mut administrator, path, &named), done(200));
    read_until(&mut stream, "event: heartbeat");
    assert_eq!(reader.get("/api/v1/session").json()["user"]["name"], "陳督導");

    // Less to be seen ends every session, and what it looks at.
    let narrowed = json!({ "name": "陳督導", "role": "store", "scope": ["S-2"] });
    assert_eq!(change(&mut administrator, path, &narrowed), done(200));
    read_until(&mut stream, ended);
    for browser in [&mut reader, &mut elsewhere] {
        assert_eq!(browser.get("/api/v1/chain").code(), "not_signed_in");
    }
    sign_in(&mut reader, id);
    assert_eq!(stores_of(&mut reader), ["S-2"]);

    // So does another password, and only that one is right from then on.
    let mut stream = reader.stream("/api/v1/live");
    read_until(&mut stream, "event: view");
    let mut other = narrowed;
    other["password"] = OTHER_PASSWORD.into();
    assert_eq!(change(&mut administrator, path, &other), done(200));
    read_until(&mut stream, ended);
    assert_eq!(try_password(&mut reader, id, PASSWORD).code(), "bad_credentials");
    assert_eq!(try_password(&mut reader, id, OTHER_PASSWORD).status, 201);

    // All sessions can be ended, and somebody taken off.
    let mut stream = reader.stream("/api/v1/live");
    read_until(&mut stream, "event: view");
    let sessions = format!("/api/v1/users/{path}/sessions");
    assert_eq!(administrator.ask("DELETE", &sessions, None).status, 204);
    read_until(&mut stream, ended);
    assert_eq!(try_password(&mut reader, id, OTHER_PASSWORD).status, 201);
    let mut stream = reader.stream("/api/v1/live");
    read_until(&mut stream, "event: view");
    assert_eq!(take_off(&mut administrator, path), done(204));
    read_until(&mut stream, ended);
    assert_eq!(reader.get("/api/v1/session").code(), "not_signed_in");
    assert_eq!(try_password(&mut reader, id, OTHER_PASSWORD).code(), "bad_credentials");
    let users = administrator.get("/api/v1/users").json();
    assert_eq!(users.as_array().unwrap().len(), 1, "{users}");
    // Nobody else comes in by what is left of them.
    assert_eq!(administrator.post("/api/v1/users", &user).status, 201);
    assert_eq!(reader.get("/api/v1/session").code(), "not_signed_in");
}

#[test]
fn a_change_is_refused_with_what_is_wrong_and_changes_nothing() {
    let hq = Hq::start();
    hq.set_up_people();
    let mut administrator = hq.browser_of("a1");
    let before = administrator.get("/api/v1/users").json();
    let reader = |changed: (&str, Value)| {
        let mut to = json!({ "name": "n", "role": "region", "scope": ["north"] });
        to[changed.0] = changed.1;
        to
    };
    for (id, to, status, code) in [
        ("nobody", reader(("name", json!("n"))), 404, "no_such_user"),
        ("r1", reader(("name", json!(" "))), 422, "bad_name"),
        ("r1", reader(("name", json!("a\u{7}b"))), 422, "bad_name"),
        ("r1", reader(("scope", json!([]))), 422, "bad_scope"),
        ("r1", reader(("role", json!("chain"))), 422, "bad_scope"),
        ("r1", reader(("role", json!("cook"))), 400, "malformed"),
        ("r1", reader(("id", json!("r2"))), 400, "malformed"),
        ("r1", reader(("password", json!("too short"))), 422, "weak_password"),
        ("a1", reader(("role", json!("region"))), 409, "last_admin"),
    ] {
        assert_eq!(change(&mut administrator, id, &to), refused(status, code), "{id} {to}");
    }
    assert_eq!(take_off(&mut administrator, "nobody"), refused(404, "no_such_user"));
    assert_eq!(take_off(&mut administrator, "a1"), refused(409, "last_admin"));
    let sessions = administrator.ask("DELETE", "/api/v1/users/nobody/sessions", None);
    assert_eq!(sessions.code(), "no_such_user");
    assert_eq!(administrator.get("/api/v1/users").json(), before);
    // In an address these are no names.
    for id in [".", ".."] {
        let user = json!({ "id": id, "name": "n", "role": "chain", "password": PASSWORD });
        assert_eq!(administrator.post("/api/v1/users", &user).code(), "bad_name", "{id}");
    }
}

#[test]
fn of_administrators_who_take_off_one_another_one_stays() {
    let hq = Hq::start();
    let mut administrator = hq.administrator();
    let user = json!({ "id": "a2", "name": "b", "role": "admin", "password": PASSWORD });
    assert_eq!(administrator.post("/api/v1/users", &user).status, 201);
    let barrier = Arc::new(Barrier::new(2));
    let threads = [("a1", "a2"), ("a2", "a1")].map(|(who, whom)| {
        let (barrier, mut browser) = (barrier.clone(), hq.browser_of(who));
        std::thread::spawn(move || {
            barrier.wait();
            take_off(&mut browser, whom)
        })
    });
    let outcomes = threads.map(|thread| thread.join().unwrap());
    let gone = outcomes.iter().filter(|outcome| **outcome == done(204)).count();
    assert_eq!(gone, 1, "{outcomes:?}");
    // With another administrator there, one may go, by themselves too.
    let stays = if outcomes[0] == done(204) { "a1" } else { "a2" };
    let mut browser = hq.browser_of(stays);
    let user = json!({ "id": "a3", "name": "c", "role": "admin", "password": PASSWORD });
    assert_eq!(browser.post("/api/v1/users", &user).status, 201);
    let lowered = json!({ "name": "n", "role": "chain", "scope": [] });
    assert_eq!(change(&mut browser, stays, &lowered), done(200));
    assert_eq!(browser.get("/api/v1/users").code(), "not_signed_in", "they sign in again");
    assert_eq!(take_off(&mut hq.browser_of("a3"), "a3"), refused(409, "last_admin"));
}
