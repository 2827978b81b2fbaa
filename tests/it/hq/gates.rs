//! Every route of headquarters, and whom it lets in.

use std::collections::BTreeSet;

use hq::web::ROUTES as SERVED;
use serde_json::{Value, json};

use super::running::{Hq, PASSWORD};
use crate::web::client::{Answer, Browser};

/// Whom a route lets in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gate {
    /// Anybody.
    Open,
    /// Whoever is signed in.
    Session,
    /// Administrators.
    Admin,
}

const ONE: &str = "01936f00-0000-7000-8000-000000000001";

/// A route as the code has it, its gate, and a request that its gate is tried with. The request
/// need not succeed: it must only get past the gate.
const ROUTES: &[(&str, &str, Gate, &str, &str)] = &[
    ("GET", "/healthz", Gate::Open, "/healthz", ""),
    ("GET", "/readyz", Gate::Open, "/readyz", ""),
    ("GET", "/metrics", Gate::Open, "/metrics", ""),
    ("GET", "/ca.crt", Gate::Open, "/ca.crt", ""),
    ("GET", "/", Gate::Open, "/", ""),
    ("GET", "/ui/{path:.*}", Gate::Open, "/ui/app.js", ""),
    ("GET", "/shared/{path:.*}", Gate::Open, "/shared/lib.js", ""),
    ("GET", "/api/openapi.json", Gate::Session, "/api/openapi.json", ""),
    ("GET", "/api/docs", Gate::Session, "/api/docs", ""),
    ("GET", "/api/docs/{path:.*}", Gate::Session, "/api/docs/index.html", ""),
    ("POST", "/api/v1/setup", Gate::Open, "/api/v1/setup", "SETUP"),
    ("POST", "/api/v1/session", Gate::Open, "/api/v1/session", "SIGN-IN"),
    ("GET", "/api/v1/session", Gate::Session, "/api/v1/session", ""),
    ("DELETE", "/api/v1/session", Gate::Session, "/api/v1/session", ""),
    ("GET", "/api/v1/chain", Gate::Session, "/api/v1/chain?day=2026-11-24", ""),
    ("GET", "/api/v1/live", Gate::Session, "/api/v1/live", ""),
    ("GET", "/api/v1/stores/{store}", Gate::Session, "/api/v1/stores/S-9", ""),
    ("GET", "/api/v1/stores/{store}/stock", Gate::Session, "/api/v1/stores/S-9/stock", ""),
    (
        "GET",
        "/api/v1/stores/{store}/days/{day}",
        Gate::Session,
        "/api/v1/stores/S-9/days/2026-11-24",
        "",
    ),
    ("GET", "/api/v1/sales", Gate::Session, "/api/v1/sales?store=S-9&day=2026-11-24", ""),
    ("GET", "/api/v1/sales/{store}/{transaction}", Gate::Session, "/api/v1/sales/S-9/ONE", ""),
    ("GET", "/api/v1/promotions", Gate::Session, "/api/v1/promotions?day=2026-11-24&days=7", ""),
    ("GET", "/api/v1/promotions/one", Gate::Session, "/api/v1/promotions/one?promotion=p", ""),
    ("GET", "/api/v1/totals", Gate::Session, "/api/v1/totals", ""),
    ("GET", "/api/v1/streams", Gate::Session, "/api/v1/streams", ""),
    ("GET", "/api/v1/forks", Gate::Session, "/api/v1/forks", ""),
    ("GET", "/api/v1/aside", Gate::Session, "/api/v1/aside", ""),
    ("GET", "/api/v1/policy", Gate::Session, "/api/v1/policy", ""),
    ("GET", "/api/v1/commands/{id}", Gate::Session, "/api/v1/commands/ONE", ""),
    ("POST", "/api/v1/commands", Gate::Admin, "/api/v1/commands", "{}"),
    ("GET", "/api/v1/users", Gate::Admin, "/api/v1/users", ""),
    ("POST", "/api/v1/users", Gate::Admin, "/api/v1/users", "{}"),
    ("PUT", "/api/v1/users/{id}", Gate::Admin, "/api/v1/users/nobody", "{}"),
    ("DELETE", "/api/v1/users/{id}", Gate::Admin, "/api/v1/users/nobody", ""),
    ("DELETE", "/api/v1/users/{id}/sessions", Gate::Admin, "/api/v1/users/nobody/sessions", ""),
];

#[test]
fn every_route_that_is_served_has_a_row_and_every_row_a_route() {
    let rows: BTreeSet<_> = ROUTES.iter().map(|(method, path, ..)| (*method, *path)).collect();
    assert_eq!(rows.len(), ROUTES.len(), "two rows of one route");
    assert_eq!(rows, SERVED.iter().map(|route| (route.method, route.path)).collect());
}

fn try_route(browser: &mut Browser, row: &(&str, &str, Gate, &str, &str)) -> Answer {
    let (method, _, _, path, body) = *row;
    let body = match body {
        "SETUP" => {
            let user = json!({ "id": "x", "name": "x", "password": PASSWORD });
            json!({ "code": "AAAA-AAAA", "user": user }).to_string()
        }
        "SIGN-IN" => json!({ "user": "a1", "password": PASSWORD }).to_string(),
        body => body.to_owned(),
    };
    browser.ask(method, &path.replace("ONE", ONE), Some(&body))
}

/// What stops somebody at a gate; nothing where they get past.
fn stopped_at(gate: Gate, who: &str) -> Option<(u16, &'static str)> {
    match (gate, who) {
        (Gate::Open, _) => None,
        (_, "") => Some((401, "not_signed_in")),
        (Gate::Admin, who) if who != "a1" => Some((403, "forbidden")),
        _ => None,
    }
}

#[test]
fn each_route_lets_in_whom_it_should_and_nobody_else() {
    let hq = Hq::start();
    hq.set_up_people();
    let mut stopped = 0;
    for who in ["", "s2", "r1", "c1", "a1"] {
        for row in ROUTES {
            let mut browser = if who.is_empty() { hq.browser() } else { hq.browser_of(who) };
            let answer = try_route(&mut browser, row);
            let met = (answer.status, answer.code());
            let case = format!("{} {} by {who:?}", row.0, row.3);
            match stopped_at(row.2, who) {
                Some((status, code)) => {
                    assert_eq!(met, (status, code.to_owned()), "{case}");
                    stopped += 1;
                }
                None => {
                    let gates = ["not_signed_in", "forbidden", "not_set_up"];
                    assert!(!gates.contains(&met.1.as_str()), "{case}: {met:?}");
                    assert!(met.0 < 500, "{case}: {met:?}");
                }
            }
        }
    }
    assert!(stopped > 20, "the gates stopped {stopped} times");
    let mut browser = hq.browser();
    browser.cookies.insert("hq_session".to_owned(), "f".repeat(64));
    assert_eq!(browser.get("/api/v1/chain").code(), "not_signed_in", "an invented session");
}

fn stores_in(view: &Value) -> Vec<&str> {
    let stores = view["stores"].as_array().unwrap();
    stores.iter().map(|store| store["store"].as_str().unwrap()).collect()
}

#[test]
fn what_a_scope_leaves_out_is_absent_from_every_answer() {
    let hq = Hq::start();
    hq.set_up_people();
    for (who, seen, unseen) in [
        ("a1", &["S-1", "S-2"][..], &[][..]),
        ("c1", &["S-1", "S-2"], &[]),
        ("r1", &["S-1"], &["S-2"]),
        ("s2", &["S-2"], &["S-1"]),
    ] {
        let mut browser = hq.browser_of(who);
        assert_eq!(stores_in(&browser.get("/api/v1/chain").json()), seen, "{who}");
        for store in seen {
            assert_eq!(browser.get(&format!("/api/v1/stores/{store}")).status, 200, "{who}");
        }
        for store in unseen {
            for path in [
                format!("/api/v1/stores/{store}"),
                format!("/api/v1/stores/{store}/stock"),
                format!("/api/v1/stores/{store}/days/2026-11-24"),
                format!("/api/v1/sales?store={store}&day=2026-11-24"),
                format!("/api/v1/sales/{store}/{ONE}"),
                format!("/api/v1/promotions?store={store}"),
                format!("/api/v1/promotions/one?promotion=p&store={store}"),
            ] {
                let answer = browser.get(&path);
                // The same as of a store that there is not.
                assert_eq!(
                    (answer.status, answer.code().as_str()),
                    (404, "no_such_store"),
                    "{path}"
                );
            }
        }
    }
}

#[test]
fn an_answer_says_what_is_wrong_with_a_question() {
    let hq = Hq::start();
    let mut browser = hq.administrator();
    for (method, path, body, status, code) in [
        ("GET", "/api/v1/chain?day=yesterday", "", 400, "malformed"),
        ("GET", "/api/v1/chain?dya=2026-11-24", "", 400, "malformed"),
        ("GET", "/api/v1/sales?store=S-1&day=2026-11-24&before=x", "", 400, "malformed"),
        ("GET", "/api/v1/promotions?days=0", "", 400, "malformed"),
        ("GET", "/api/v1/promotions?days=367", "", 400, "malformed"),
        ("GET", "/api/v1/promotions?day=-009999-01-01&days=366", "", 400, "malformed"),
        ("GET", "/api/v1/promotions/one", "", 400, "malformed"),
        ("GET", "/api/v1/nothing", "", 404, "not_found"),
        ("PUT", "/api/v1/users", "{}", 405, "method_not_allowed"),
        ("POST", "/api/v1/users", "{", 400, "malformed"),
        ("POST", "/api/v1/commands", r#"{"store":"S-9","name":"verify"}"#, 404, "no_such_store"),
        ("POST", "/api/v1/commands", r#"{"store":"S-1","name":"dance"}"#, 400, "malformed"),
        ("GET", "/ui/../../secret", "", 404, "not_found"),
        ("GET", "/ui/text/problems.en.json", "", 404, "not_found"),
    ] {
        let answer = browser.ask(method, path, Some(body));
        assert_eq!((answer.status, answer.code().as_str()), (status, code), "{method} {path}");
        assert!(!answer.json()["detail"].as_str().unwrap().is_empty(), "{method} {path}");
    }
}

#[test]
fn another_sites_page_and_another_name_are_refused() {
    let hq = Hq::start();
    let mut browser = hq.administrator();
    let port = browser.address.port();
    let own = format!("127.0.0.1:{port}");
    for (host, origin, code) in [
        (own.as_str(), "http://evil.example", "foreign_origin"),
        ("evil.example", "http://evil.example", "foreign_host"),
    ] {
        let headers = [("Host", host), ("Origin", origin), ("Content-Type", "application/json")];
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let answer = browser.ask_with("POST", "/api/v1/users", &headers, Some("{}"));
        assert_eq!((answer.status, answer.code().as_str()), (403, code));
        let answer = browser.ask_with("GET", "/api/v1/live", &headers, None);
        assert_eq!((answer.status, answer.code().as_str()), (403, code), "the live stream");
    }
    let answer = browser.get("/api/v1/chain");
    for (name, value) in [
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{name}");
    }
    let policy = answer.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'self'"), "{policy}");
}
