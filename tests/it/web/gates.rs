//! Every route of the code, and whom it lets in.

use std::collections::BTreeSet;

use serde_json::json;
use uuid::Uuid;

use super::client::{Answer, Browser};
use super::running::{CASHIER_PIN, Hub, MANAGER_PIN, SUPERVISOR_PIN, claim, sign_in};
use crate::tidy::served_routes;

/// Whom a route lets in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gate {
    /// Anybody.
    Open,
    /// A browser that is a workstation, whether somebody is signed in or not.
    Workstation,
    /// Whoever is signed in.
    Session,
    /// Whoever is signed in at a browser that is a workstation.
    Register,
    /// Whoever is signed in at the register in question, and elsewhere supervisors.
    OwnTill,
    /// Whoever is signed in at a browser that is a workstation, and elsewhere managers.
    OwnCounter,
    Supervisor,
    Manager,
}

const ONE: &str = "01936f00-0000-7000-8000-000000000001";

/// A route as the code has it, its gate, and a request that its gate is tried with. The request
/// need not succeed: it must only get past the gate.
const ROUTES: &[(&str, &str, Gate, &str, &str)] = &[
    ("GET", "/healthz", Gate::Open, "/healthz", ""),
    ("GET", "/readyz", Gate::Open, "/readyz", ""),
    ("GET", "/metrics", Gate::Open, "/metrics", ""),
    ("GET", "/ca", Gate::Open, "/ca", ""),
    ("GET", "/ca.crt", Gate::Open, "/ca.crt", ""),
    ("GET", "/ca.mobileconfig", Gate::Open, "/ca.mobileconfig", ""),
    ("GET", "/", Gate::Open, "/", ""),
    ("GET", "/customer", Gate::Open, "/customer", ""),
    ("GET", "/simulators", Gate::Open, "/simulators", ""),
    ("GET", "/r/{token}", Gate::Open, "/r/00", ""),
    ("GET", "/ui/{path:.*}", Gate::Open, "/ui/app.js", ""),
    ("GET", "/api/v1/version", Gate::Session, "/api/v1/version", ""),
    ("GET", "/api/openapi.json", Gate::Session, "/api/openapi.json", ""),
    ("GET", "/api/docs", Gate::Session, "/api/docs", ""),
    ("GET", "/api/docs/{file:.*}", Gate::Session, "/api/docs/", ""),
    ("GET", "/api/v1/sign-in", Gate::Open, "/api/v1/sign-in", ""),
    ("POST", "/api/v1/setup", Gate::Open, "/api/v1/setup", "SETUP"),
    (
        "POST",
        "/api/v1/workstations/{workstation}/claim",
        Gate::Open,
        "/api/v1/workstations/99/claim",
        r#"{"operator":"m1","pin":"1"}"#,
    ),
    ("POST", "/api/v1/session", Gate::Open, "/api/v1/session", "SIGN-IN"),
    ("GET", "/api/v1/session", Gate::Session, "/api/v1/session", ""),
    ("DELETE", "/api/v1/session", Gate::Session, "/api/v1/session", ""),
    ("POST", "/api/v1/session/unlock", Gate::Session, "/api/v1/session/unlock", "{}"),
    ("PUT", "/api/v1/session/pin", Gate::Session, "/api/v1/session/pin", "{}"),
    (
        "POST",
        "/api/v1/operators/{operator}/badge",
        Gate::Manager,
        "/api/v1/operators/nobody/badge",
        "",
    ),
    (
        "DELETE",
        "/api/v1/operators/{operator}/badge",
        Gate::Manager,
        "/api/v1/operators/nobody/badge",
        "",
    ),
    ("POST", "/api/v1/session/training", Gate::Register, "/api/v1/session/training", "{}"),
    ("DELETE", "/api/v1/training", Gate::Manager, "/api/v1/training", ""),
    ("POST", "/api/v1/session/lock", Gate::Session, "/api/v1/session/lock", ""),
    ("GET", "/api/v1/clock", Gate::Session, "/api/v1/clock", ""),
    ("PUT", "/api/v1/clock", Gate::Manager, "/api/v1/clock", "{}"),
    (
        "GET",
        "/api/v1/transactions/{transaction}/buyer",
        Gate::Manager,
        "/api/v1/transactions/ONE/buyer",
        "",
    ),
    (
        "DELETE",
        "/api/v1/transactions/{transaction}/buyer",
        Gate::Manager,
        "/api/v1/transactions/ONE/buyer",
        "",
    ),
    ("POST", "/api/v1/operators", Gate::Manager, "/api/v1/operators", "{}"),
    ("GET", "/api/v1/operators", Gate::Manager, "/api/v1/operators", ""),
    ("POST", "/api/v1/approvals", Gate::Session, "/api/v1/approvals", "{}"),
    ("GET", "/api/v1/register", Gate::Register, "/api/v1/register", ""),
    ("POST", "/api/v1/register/commands", Gate::Register, "/api/v1/register/commands", "{}"),
    (
        "GET",
        "/api/v1/register/commands/{transaction}/{command}",
        Gate::Register,
        "/api/v1/register/commands/ONE/ONE",
        "",
    ),
    (
        "GET",
        "/api/v1/register/{workstation}/explanation",
        Gate::Register,
        "/api/v1/register/1/explanation",
        "",
    ),
    ("POST", "/api/v1/register/till", Gate::Register, "/api/v1/register/till", "{}"),
    ("GET", "/api/v1/days", Gate::Session, "/api/v1/days", ""),
    ("GET", "/api/v1/days/{day}", Gate::Supervisor, "/api/v1/days/2026-11-24", ""),
    (
        "GET",
        "/api/v1/days/{day}/tills/{workstation}/{number}",
        Gate::OwnTill,
        "/api/v1/days/2026-11-24/tills/1/1",
        "",
    ),
    ("POST", "/api/v1/register/till/report", Gate::Register, "/api/v1/register/till/report", "{}"),
    (
        "GET",
        "/api/v1/days/{day}/tills/{workstation}/{number}/report",
        Gate::OwnTill,
        "/api/v1/days/2026-11-24/tills/1/1/report",
        "",
    ),
    (
        "POST",
        "/api/v1/days/{day}/tills/{workstation}/{number}/report/copies",
        Gate::OwnTill,
        "/api/v1/days/2026-11-24/tills/1/1/report/copies",
        "",
    ),
    ("POST", "/api/v1/days/close", Gate::Session, "/api/v1/days/close", "{}"),
    ("GET", "/api/v1/items", Gate::Session, "/api/v1/items?search=x", ""),
    ("GET", "/api/v1/items/by-code/{code}", Gate::Session, "/api/v1/items/by-code/1", ""),
    ("GET", "/api/v1/favourites", Gate::Session, "/api/v1/favourites", ""),
    ("GET", "/api/v1/categories", Gate::Session, "/api/v1/categories", ""),
    ("GET", "/api/v1/categories/items", Gate::Session, "/api/v1/categories/items?department=x", ""),
    ("GET", "/api/v1/items/{item}/elsewhere", Gate::Session, "/api/v1/items/x/elsewhere", ""),
    ("GET", "/api/v1/promotions", Gate::Manager, "/api/v1/promotions", ""),
    ("POST", "/api/v1/promotions/file", Gate::Manager, "/api/v1/promotions/file", ""),
    ("PUT", "/api/v1/catalogue", Gate::Manager, "/api/v1/catalogue", "no catalogue"),
    (
        "GET",
        "/api/v1/transactions/{transaction}/receipt",
        Gate::Session,
        "/api/v1/transactions/ONE/receipt",
        "",
    ),
    (
        "POST",
        "/api/v1/transactions/{transaction}/receipt/copies",
        Gate::Session,
        "/api/v1/transactions/ONE/receipt/copies",
        "",
    ),
    ("GET", "/api/v1/receipts", Gate::Session, "/api/v1/receipts", ""),
    (
        "DELETE",
        "/api/v1/register/customer-screen",
        Gate::Register,
        "/api/v1/register/customer-screen",
        "",
    ),
    (
        "POST",
        "/api/v1/register/customer-screen/code",
        Gate::Register,
        "/api/v1/register/customer-screen/code",
        "",
    ),
    (
        "POST",
        "/api/v1/customer-screen",
        Gate::Open,
        "/api/v1/customer-screen",
        r#"{"code":"000000"}"#,
    ),
    ("GET", "/api/v1/customer-screen", Gate::Open, "/api/v1/customer-screen", ""),
    ("GET", "/api/v1/customer-screen/live", Gate::Open, "/api/v1/customer-screen/live", ""),
    ("GET", "/api/v1/stock", Gate::Session, "/api/v1/stock", ""),
    ("POST", "/api/v1/stock/movements", Gate::Supervisor, "/api/v1/stock/movements", "{}"),
    ("PUT", "/api/v1/stock/safety", Gate::Supervisor, "/api/v1/stock/safety", "{}"),
    ("GET", "/api/v1/suspended", Gate::Session, "/api/v1/suspended", ""),
    ("GET", "/api/v1/alerts", Gate::Session, "/api/v1/alerts", ""),
    ("GET", "/api/v1/live", Gate::Session, "/api/v1/live", ""),
    ("GET", "/api/v1/workstation/live", Gate::Workstation, "/api/v1/workstation/live", ""),
    ("GET", "/api/v1/devices", Gate::Session, "/api/v1/devices", ""),
    ("GET", "/api/v1/devices/settings", Gate::Manager, "/api/v1/devices/settings", ""),
    ("PUT", "/api/v1/devices/settings", Gate::Manager, "/api/v1/devices/settings", "{}"),
    ("POST", "/api/v1/devices/{id}/try", Gate::Manager, "/api/v1/devices/x/try", "{}"),
    ("POST", "/api/v1/devices/scan", Gate::Manager, "/api/v1/devices/scan", ""),
    ("GET", "/api/v1/print-jobs", Gate::Session, "/api/v1/print-jobs", ""),
    (
        "POST",
        "/api/v1/print-jobs/{transaction}/{copy}/came-out",
        Gate::Session,
        "/api/v1/print-jobs/ONE/0/came-out",
        "",
    ),
    (
        "POST",
        "/api/v1/print-jobs/{transaction}/copies",
        Gate::Session,
        "/api/v1/print-jobs/ONE/copies",
        "",
    ),
    ("GET", "/api/v1/simulators", Gate::OwnCounter, "/api/v1/simulators", ""),
    ("POST", "/api/v1/simulators/{id}", Gate::OwnCounter, "/api/v1/simulators/x", "{}"),
    (
        "GET",
        "/api/v1/simulators/{id}/paper.png",
        Gate::OwnCounter,
        "/api/v1/simulators/x/paper.png",
        "",
    ),
    ("GET", "/api/v1/actors", Gate::Manager, "/api/v1/actors", ""),
];

#[test]
fn every_route_of_the_code_has_a_row_and_every_row_a_route() {
    let rows = ROUTES.iter().map(|(method, path, ..)| ((*method).to_owned(), (*path).to_owned()));
    let rows: BTreeSet<_> = rows.collect();
    assert_eq!(rows.len(), ROUTES.len(), "two rows of one route");
    assert_eq!(rows, served_routes());
}

fn try_route(browser: &mut Browser, row: &(&str, &str, Gate, &str, &str)) -> Answer {
    let (method, _, _, path, body) = *row;
    let body = match body {
        "SETUP" => {
            let operator = json!({ "id": "x", "name": "x", "pin": MANAGER_PIN });
            json!({ "code": "AAAA-AAAA", "operator": operator }).to_string()
        }
        "SIGN-IN" => json!({ "operator": "m1", "pin": MANAGER_PIN, "command_id": Uuid::now_v7() })
            .to_string(),
        body => body.to_owned(),
    };
    browser.ask(method, &path.replace("ONE", ONE), Some(&body))
}

/// What stops somebody at a gate, as a status and a code; nothing where they get past.
fn stopped_at(gate: Gate, who: &str, is_workstation: bool) -> Option<(u16, &'static str)> {
    let is_enough = match gate {
        Gate::Open => return None,
        Gate::Workstation => {
            return (!is_workstation).then_some((409, "not_a_workstation"));
        }
        Gate::Session | Gate::Register => !who.is_empty(),
        Gate::OwnTill => who == "s1" || who == "m1" || is_workstation && !who.is_empty(),
        Gate::OwnCounter => who == "m1" || is_workstation && !who.is_empty(),
        Gate::Supervisor => who == "s1" || who == "m1",
        Gate::Manager => who == "m1",
    };
    match (who, is_enough) {
        ("", _) => Some((401, "not_signed_in")),
        (_, false) => Some((403, "permission_needed")),
        (_, true) if gate == Gate::Register && !is_workstation => Some((409, "not_a_workstation")),
        (_, true) => None,
    }
}

#[test]
fn each_route_lets_in_whom_it_should_and_nobody_else() {
    let hub = Hub::start();
    hub.set_up_people();
    let people = [("", ""), ("c1", CASHIER_PIN), ("s1", SUPERVISOR_PIN), ("m1", MANAGER_PIN)];
    let mut stopped = 0;
    for (who, pin) in people {
        for is_workstation in [false, true] {
            let mut browser = hub.browser();
            if is_workstation {
                assert_eq!(claim(&mut browser, "1").status, 200);
            }
            for row in ROUTES {
                let mut browser = browser.clone();
                if !who.is_empty() {
                    let answer = sign_in(&mut browser, who, pin);
                    assert_eq!(answer.status, 200, "{who}: {}", answer.text());
                }
                let answer = try_route(&mut browser, row);
                let met = (answer.status, answer.code());
                let case = format!("{} {} by {who:?} at {is_workstation}", row.0, row.3);
                match stopped_at(row.2, who, is_workstation) {
                    Some((status, code)) => {
                        assert_eq!(met, (status, code.to_owned()), "{case}");
                        stopped += 1;
                    }
                    None => {
                        let gates = ["not_signed_in", "permission_needed", "not_a_workstation"];
                        assert!(!gates.contains(&met.1.as_str()), "{case}: {met:?}");
                        assert!(met.0 < 500, "{case}: {met:?}");
                    }
                }
                if !who.is_empty() {
                    browser.ask("DELETE", "/api/v1/session", None);
                }
            }
        }
    }
    assert!(stopped > 50, "the gates stopped {stopped} times");
}

#[test]
fn no_answer_is_framed_guessed_at_or_kept_where_it_may_name_somebody() {
    let hub = Hub::start();
    hub.set_up_people();
    let mut browser = hub.browser();
    assert_eq!(sign_in(&mut browser, "m1", MANAGER_PIN).status, 200);
    for path in ["/", "/ca", "/ui/app.js", "/api/v1/operators", "/api/v1/nothing", "/api/v1/live"] {
        let answer = browser.get(path);
        let header = |name: &str| answer.header(name).unwrap_or_default().to_owned();
        assert!(header("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
        assert!(header("content-security-policy").starts_with("default-src 'self'"), "{path}");
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(header("cross-origin-resource-policy"), "same-origin", "{path}");
        assert_eq!(header("strict-transport-security"), "", "plain HTTP is promised to work");
        let is_file = path == "/" || path.starts_with("/ui/");
        assert_eq!(
            header("cache-control"),
            if is_file { "no-cache" } else { "no-store" },
            "{path}"
        );
    }
}
