//! Who counts as being on this machine, where a proxy on it passes requests on.

use serde_json::json;

use super::running::{Hq, PASSWORD};
use crate::web::client::{Answer, Browser};

const TOKEN: &str = "a token of sixteen and more";

fn ask(browser: &mut Browser, path: &str, more: &[(&str, &str)], body: Option<&str>) -> Answer {
    let host = format!("{}:{}", browser.host, browser.address.port());
    let mut headers = vec![("Host".to_owned(), host)];
    if body.is_some() {
        headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
    }
    headers.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    browser.ask_with(if body.is_some() { "POST" } else { "GET" }, path, &headers, body)
}

fn sign_in(browser: &mut Browser, password: &str, more: &[(&str, &str)]) -> Answer {
    let body = json!({ "user": "a1", "password": password }).to_string();
    ask(browser, "/api/v1/session", more, Some(&body))
}

#[test]
fn what_was_passed_on_is_not_from_this_machine() {
    let hq = Hq::start_with(&[("HQ_METRICS__TOKEN", TOKEN)], |_| ());
    hq.administrator();
    let mut browser = hq.browser();
    assert_eq!(ask(&mut browser, "/metrics", &[], None).status, 200);
    let token = format!("Bearer {TOKEN}");
    for (name, value) in [
        ("X-Forwarded-For", "127.0.0.1"),
        ("Forwarded", "for=127.0.0.1"),
        ("X-Real-IP", "127.0.0.1"),
        ("Via", "1.1 proxy"),
    ] {
        let answer = ask(&mut browser, "/metrics", &[(name, value)], None);
        assert_eq!((answer.status, answer.code().as_str()), (403, "forbidden"), "{name}");
        let shown = [(name, value), ("Authorization", token.as_str())];
        assert_eq!(ask(&mut browser, "/metrics", &shown, None).status, 200, "{name}");
    }
    // Whoever guesses through it locks out whoever else comes through it, and nobody here.
    let passed = [("X-Forwarded-For", "192.0.2.7")];
    for _ in 0..5 {
        assert_eq!(sign_in(&mut browser, "wrong", &passed).code(), "bad_credentials");
    }
    let others = [("X-Forwarded-For", "192.0.2.8")];
    assert_eq!(sign_in(&mut browser, PASSWORD, &others).code(), "locked_out");
    assert_eq!(sign_in(&mut browser, PASSWORD, &[]).status, 201, "the owner, on this machine");
}

#[test]
fn a_proxy_that_the_settings_name_says_who_asks_and_how() {
    let hq = Hq::start_with(&[("HQ_HTTP__BEHIND_PROXY", "X-Forwarded-For")], |_| ());
    let code = hq.setup_code().to_owned();
    let mut browser = hq.browser();
    let user = json!({ "id": "a1", "name": "林經理", "password": PASSWORD });
    let body = json!({ "code": code, "user": user }).to_string();
    let here = [("X-Forwarded-For", "127.0.0.1")];
    assert_eq!(ask(&mut browser, "/api/v1/setup", &here, Some(&body)).status, 201);
    assert_eq!(ask(&mut browser, "/metrics", &here, None).status, 200);
    for named in [
        &[][..],
        &[("X-Forwarded-For", "127.0.0.1, 192.0.2.7")],
        &[("X-Forwarded-For", "unknown")],
        &[("Forwarded", "for=127.0.0.1")],
    ] {
        assert_eq!(ask(&mut browser, "/metrics", named, None).status, 403, "{named:?}");
    }
    // Each caller fails for themselves.
    let one = [("X-Forwarded-For", "127.0.0.1, 192.0.2.7")];
    for _ in 0..5 {
        assert_eq!(sign_in(&mut browser, "wrong", &one).code(), "bad_credentials");
    }
    assert_eq!(sign_in(&mut browser, PASSWORD, &one).code(), "locked_out");
    let port = browser.address.port();
    let origin = format!("https://127.0.0.1:{port}");
    let other = [
        ("X-Forwarded-For", "192.0.2.8"),
        ("X-Forwarded-Proto", "https"),
        ("Origin", origin.as_str()),
    ];
    let let_in = sign_in(&mut browser, PASSWORD, &other);
    assert_eq!(let_in.status, 201, "{}", let_in.text());
    let cookie = let_in.header("set-cookie").unwrap();
    assert!(cookie.starts_with("__Host-hq_session=") && cookie.contains("Secure"), "{cookie}");
    assert_eq!(ask(&mut browser, "/api/v1/session", &other[..2], None).status, 200);
    // What is encrypted to the proxy only may not be asked for in clear.
    let mixed = [other[0], other[2]];
    assert_eq!(sign_in(&mut browser, PASSWORD, &mixed).code(), "foreign_origin");
}
