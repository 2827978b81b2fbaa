//! Set-up, signing in, and what a wrong password costs.

use serde_json::json;

use super::running::{Hq, PASSWORD, set_up, sign_in, try_password};

#[test]
fn headquarters_is_set_up_once_with_the_code_that_was_printed() {
    let mut hq = Hq::start();
    let mut browser = hq.browser();
    assert_eq!(browser.get("/api/v1/session").code(), "not_set_up");
    assert_eq!(set_up(&mut browser, "AAAA-AAAA", "a1").code(), "bad_credentials");
    let code = hq.setup_code().to_owned();
    let weak = json!({ "id": "a1", "name": "x", "password": "too short" });
    let weak = browser.post("/api/v1/setup", &json!({ "code": code, "user": weak }));
    assert_eq!(weak.code(), "weak_password");
    assert_eq!(set_up(&mut browser, &code, "a1").status, 201);
    assert_eq!(set_up(&mut browser, &code, "a2").code(), "already_set_up");
    assert_eq!(browser.get("/api/v1/session").code(), "not_signed_in");
    sign_in(&mut browser, "a1");
    let session = browser.get("/api/v1/session").json();
    assert_eq!((&session["user"]["id"], &session["user"]["role"]), (&"a1".into(), &"admin".into()));
    // A session outlives a restart; a code that was used does not come back.
    hq.restart();
    let mut again = hq.browser();
    again.cookies = browser.cookies;
    assert_eq!(again.get("/api/v1/session").status, 200);
    assert_eq!(set_up(&mut hq.browser(), &code, "a3").code(), "already_set_up");
    assert_eq!(again.ask("DELETE", "/api/v1/session", None).status, 204);
    let mut ended = hq.browser();
    ended.cookies = again.cookies.clone();
    assert_eq!(ended.get("/api/v1/session").code(), "not_signed_in");
}

#[test]
fn guessing_is_locked_out_and_a_restart_forgives_nothing() {
    let mut hq = Hq::start();
    hq.set_up_people();
    let mut browser = hq.browser();
    for _ in 0..5 {
        let answer = try_password(&mut browser, "a1", "a wrong password");
        assert_eq!((answer.status, answer.code().as_str()), (401, "bad_credentials"));
    }
    let answer = try_password(&mut browser, "a1", PASSWORD);
    assert_eq!((answer.status, answer.code().as_str()), (429, "locked_out"), "the right one too");
    let seconds: u64 = answer.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");
    sign_in(&mut hq.browser(), "c1");
    hq.restart();
    let answer = try_password(&mut hq.browser(), "a1", PASSWORD);
    assert_eq!(answer.code(), "locked_out", "after a restart");
    // Whoever does not exist is answered the same.
    for _ in 0..5 {
        assert_eq!(try_password(&mut browser_of(&hq), "x", "x").code(), "bad_credentials");
    }
    assert_eq!(try_password(&mut browser_of(&hq), "x", "x").code(), "locked_out");
}

fn browser_of(hq: &Hq) -> crate::web::client::Browser {
    hq.browser()
}

#[test]
fn nothing_that_is_secret_stands_in_the_log_or_the_database() {
    let hq = Hq::start();
    let mut browser = hq.administrator();
    let session = browser.cookies.get("hq_session").expect("a cookie").clone();
    let user = json!({ "id": "z9", "name": "z", "role": "chain", "password": "another good one" });
    assert_eq!(browser.post("/api/v1/users", &user).status, 201);
    let secret = hq.link_file("S-1").secret;
    let mut looked_at = 0;
    for file in ["log", "hq.db", "hq.db-wal"] {
        let Ok(content) = std::fs::read(hq.directory().join(file)) else { continue };
        let text = String::from_utf8_lossy(&content);
        for hidden in [PASSWORD, "another good one", &session, &secret] {
            assert!(!text.contains(hidden), "{file} has {hidden}");
        }
        looked_at += 1;
    }
    assert!(looked_at >= 2, "the log and the database");
}

#[test]
fn people_are_added_with_what_their_role_needs() {
    let hq = Hq::start();
    let mut browser = hq.administrator();
    for (id, role, scope, password, code) in [
        ("r1", "region", json!([]), PASSWORD, "bad_scope"),
        ("c1", "chain", json!(["north"]), PASSWORD, "bad_scope"),
        ("c1", "cook", json!([]), PASSWORD, "malformed"),
        ("", "chain", json!([]), PASSWORD, "bad_name"),
        ("a1", "chain", json!([]), PASSWORD, "user_exists"),
        ("c1", "chain", json!([]), "aaaaaaaaaaaa", "weak_password"),
        ("c1", "chain", json!([]), PASSWORD, ""),
    ] {
        let user =
            json!({ "id": id, "name": "n", "role": role, "scope": scope, "password": password });
        assert_eq!(browser.post("/api/v1/users", &user).code(), code, "{id} {role}");
    }
    let users = browser.get("/api/v1/users").json();
    let ids: Vec<&str> =
        users.as_array().unwrap().iter().map(|user| user["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["a1", "c1"]);
    assert!(!users.to_string().contains("argon2"), "{users}");
}
