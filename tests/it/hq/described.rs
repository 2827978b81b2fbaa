//! Headquarters' API is what its description says.

use std::collections::BTreeSet;

use hq::web::{LetsIn, ROUTES};
use serde_json::{Value, json};

use super::running::{Hq, PASSWORD};
use super::scope::fill;
use crate::api::browser::Reply;
use crate::api::document::Document;
use crate::web::client::{Answer, Browser, read_until};

const DAY: &str = "2026-11-24";
const NOBODY: &str = "01936f00-0000-7000-8000-000000000001";

fn document_of(administrator: &mut Browser) -> Document {
    let answer = administrator.get("/api/openapi.json");
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")));
    Document::read(answer.json())
}

fn reply(answer: Answer) -> Reply {
    let kind = answer.header("content-type").unwrap_or_default();
    let content_type = kind.split(';').next().unwrap().to_owned();
    let Answer { status, headers, body } = answer;
    Reply { status, content_type, headers, body }
}

#[test]
fn every_route_for_programs_is_described_with_whom_it_lets_in_and_in_words() {
    let hq = Hq::start();
    let document = document_of(&mut hq.administrator());
    assert_eq!(document.json()["openapi"], "3.1.0");
    let served: BTreeSet<(String, String)> = ROUTES
        .iter()
        .filter(|route| route.is_described)
        .map(|route| (route.method.to_owned(), route.path.to_owned()))
        .collect();
    assert!(served.len() > 20, "only {served:?}: this test looks nowhere");
    assert_eq!(document.operations(), served);
    let besides: Vec<&str> =
        ROUTES.iter().filter(|route| !route.is_described).map(|route| route.path).collect();
    assert!(besides.iter().all(|path| !path.starts_with("/api/v1")), "{besides:?}");
    for route in ROUTES.iter().filter(|route| route.is_described) {
        let case = format!("{} {}", route.method, route.path);
        let operation = document.operation(route.method, route.path).unwrap();
        let is_open = operation.get("security").is_some();
        assert_eq!(is_open, route.lets_in == LetsIn::Everybody, "{case}");
        let codes = operation["x-problem-codes"].as_array().unwrap();
        let is_for_some = codes.contains(&json!("forbidden")) && route.path != "/metrics";
        assert_eq!(is_for_some, route.lets_in == LetsIn::Admin, "{case}");
        assert!(operation["summary"].as_str().is_some_and(|text| text.len() > 5), "{case}");
        let described = operation["parameters"].as_array().map_or(0, Vec::len);
        assert!(described >= route.path.matches('{').count(), "{case}: its parameters");
    }
    for (name, schema) in document.json()["components"]["schemas"].as_object().unwrap() {
        for (field, words) in schema["properties"].as_object().into_iter().flatten() {
            let either = words["oneOf"].as_array().into_iter().flatten();
            let is_said = either.chain([words]).any(|one| one.get("description").is_some());
            assert!(is_said, "{name}.{field} has no description");
        }
    }
    let mut stranger = hq.browser();
    for page in ["/api/openapi.json", "/api/docs", "/api/docs/", "/api/docs/swagger-ui.css"] {
        assert_eq!(stranger.get(page).status, 401, "{page}");
    }
    let mut reader = hq.browser_of("a1");
    assert_eq!(reader.get("/api/docs").header("location"), Some("/api/docs/"));
    assert_eq!(reader.get("/api/docs/swagger-ui.css").status, 200);
    assert_eq!(reader.get("/api/docs/nothing").status, 404);
}

/// A browser whose every question and answer is looked at.
struct Witness {
    browser: Browser,
    document: Document,
    /// What was carried out, as method and described path.
    done: BTreeSet<(String, String)>,
}

impl Witness {
    fn ask(&mut self, method: &str, path: &str, body: &Value, status: u16) -> Value {
        if !body.is_null() {
            let accepted = self.document.accepts(method, path, body);
            assert_eq!(accepted, status != 400, "{method} {path} {body}");
        }
        let text = body.to_string();
        let answer = self.browser.ask(
            method,
            path,
            Some(&text).filter(|_| !body.is_null()).map(String::as_str),
        );
        let reply = reply(answer);
        assert_eq!(reply.status, status, "{method} {path} {body}: {}", reply.json());
        let wrongs = self.document.wrongs(method, path, &reply);
        assert!(wrongs.is_empty(), "{method} {path}: {wrongs:#?}");
        if reply.status < 300 {
            let path = self.document.path_of(path).unwrap().to_owned();
            self.done.insert((method.to_owned(), path));
        }
        reply.json()
    }

    fn get(&mut self, path: &str, status: u16) -> Value {
        self.ask("GET", path, &Value::Null, status)
    }
}

#[test]
fn every_body_of_a_scripted_day_fits_the_description() {
    // The document needs a session, so it is another's: the day begins under its eyes.
    let document = document_of(&mut Hq::start().administrator());
    let hq = Hq::start_with(&[], fill);
    let browser = hq.browser();
    let mut witness = Witness { browser, document, done: BTreeSet::new() };
    come(&mut witness, hq.setup_code());
    look_around(&mut witness);
    look_after_people(&mut witness);
    let mut stream = witness.browser.stream(&format!("/api/v1/live?day={DAY}"));
    let head = read_until(&mut stream, "event: view");
    assert!(head.contains("text/event-stream"), "{head}");
    let line = read_until(&mut stream, "\n\n");
    let view: Value = serde_json::from_str(line.trim().strip_prefix("data: ").unwrap()).unwrap();
    let schema = json!({ "$ref": "#/components/schemas/ChainView" });
    assert_eq!(witness.document.findings(&schema, &view), Vec::<String>::new());
    witness.done.insert(("GET".to_owned(), "/api/v1/live".to_owned()));
    witness.ask("DELETE", "/api/v1/session", &Value::Null, 204);
    assert_eq!(witness.done, witness.document.operations());
}

fn come(witness: &mut Witness, code: &str) {
    for path in ["/healthz", "/readyz", "/metrics"] {
        witness.get(path, 200);
    }
    witness.get("/api/v1/session", 401);
    let user = json!({ "id": "a1", "name": "林經理", "password": PASSWORD });
    witness.ask("POST", "/api/v1/setup", &json!({ "code": "AAAA-AAAA", "user": user }), 401);
    witness.ask("POST", "/api/v1/setup", &json!({ "code": code, "user": user }), 201);
    witness.ask("POST", "/api/v1/setup", &json!({ "code": code, "user": user }), 409);
    witness.ask("POST", "/api/v1/session", &json!({ "user": "a1", "password": "wrong" }), 401);
    witness.ask("POST", "/api/v1/session", &json!({ "user": "a1" }), 400);
    witness.ask("POST", "/api/v1/session", &json!({ "user": "a1", "password": PASSWORD }), 201);
    witness.get("/api/v1/session", 200);
}

fn look_around(witness: &mut Witness) {
    let chain = witness.get(&format!("/api/v1/chain?day={DAY}"), 200);
    // What is shown of each kind was there to be looked at.
    for list in [
        "totals",
        "hours",
        "stores",
        "departments",
        "tenders",
        "promotions",
        "last_sales",
        "alerts",
    ] {
        assert!(!chain[list].as_array().unwrap().is_empty(), "{list}");
    }
    assert!(!chain["forks"].as_array().unwrap().is_empty());
    witness.get("/api/v1/chain?day=x", 400);
    let detail = witness.get(&format!("/api/v1/stores/S-1?day={DAY}"), 200);
    assert!(!detail["items"].as_array().unwrap().is_empty());
    witness.get("/api/v1/stores/S-9", 404);
    let day = witness.get(&format!("/api/v1/stores/S-1/days/{DAY}"), 200);
    assert!(day["counts"]["sales"].as_u64().is_some_and(|sales| sales > 0), "{day}");
    assert_eq!(witness.get("/api/v1/stores/S-1/stock?search=north", 200)[0]["alert"], true);
    look_at_promotions(witness);
    let sales = witness.get("/api/v1/sales?store=S-1", 200);
    let sale = format!("/api/v1/sales/S-1/{}", sales[0]["transaction"].as_str().unwrap());
    assert_eq!(witness.get(&sale, 200)["fact"]["store"], "S-1");
    witness.get(&format!("/api/v1/sales/S-1/{NOBODY}"), 404);
    for list in ["streams", "forks", "aside", "policy"] {
        let found = witness.get(&format!("/api/v1/{list}"), 200);
        assert!(!found.as_array().unwrap().is_empty(), "{list}");
    }
    assert!(witness.get("/api/v1/totals", 200)["all"]["net"].as_i64().unwrap() > 0);
    for body in [Value::Null, json!({ "a": [1] })] {
        let asked = json!({ "store": "S-1", "name": "verify", "body": body });
        let id = witness.ask("POST", "/api/v1/commands", &asked, 202)["id"].clone();
        witness.get(&format!("/api/v1/commands/{}", id.as_str().unwrap()), 200);
    }
    witness.get(&format!("/api/v1/commands/{NOBODY}"), 404);
    witness.ask("POST", "/api/v1/commands", &json!({ "store": "S-9", "name": "verify" }), 404);
    witness.ask("POST", "/api/v1/commands", &json!({ "stroe": "S-1", "name": "verify" }), 400);
}

fn look_at_promotions(witness: &mut Witness) {
    let found = witness.get(&format!("/api/v1/promotions?day={DAY}&days=7&store=S-1"), 200);
    assert_eq!(found.as_array().unwrap().len(), 2, "{found}");
    assert_eq!(found[0]["name"]["en"].as_str().unwrap().split(' ').next(), Some("Offer"));
    let found = witness.get(&format!("/api/v1/promotions/one?promotion=everywhere&day={DAY}"), 200);
    for list in ["totals", "stores", "days"] {
        assert!(!found[list].as_array().unwrap().is_empty(), "{list}: {found}");
    }
    witness.get("/api/v1/promotions/one?promotion=nothing", 200);
    witness.get("/api/v1/promotions?days=0", 400);
    witness.get("/api/v1/promotions/one?day=x&promotion=p", 400);
    witness.get("/api/v1/promotions?store=S-9", 404);
}

fn user(id: &str, role: &str, scope: &[&str]) -> Value {
    json!({ "id": id, "name": "n", "role": role, "scope": scope, "password": PASSWORD })
}

fn look_after_people(witness: &mut Witness) {
    witness.ask("POST", "/api/v1/users", &user("r1", "region", &["north"]), 201);
    witness.ask("POST", "/api/v1/users", &user("r1", "region", &["north"]), 409);
    witness.ask("POST", "/api/v1/users", &user("r2", "region", &[]), 422);
    witness.ask("POST", "/api/v1/users", &user("r2", "cook", &[]), 400);
    assert_eq!(witness.get("/api/v1/users", 200).as_array().unwrap().len(), 2);
    let to = json!({ "name": "陳督導", "role": "store", "scope": ["S-1"], "password": null });
    assert_eq!(witness.ask("PUT", "/api/v1/users/r1", &to, 200)["name"], "陳督導");
    witness.ask("PUT", "/api/v1/users/r9", &to, 404);
    witness.ask("PUT", "/api/v1/users/a1", &to, 409);
    witness.ask("PUT", "/api/v1/users/a1", &json!({ "name": "n", "role": "admin", "x": 1 }), 400);
    witness.ask("DELETE", "/api/v1/users/r1/sessions", &Value::Null, 204);
    witness.ask("DELETE", "/api/v1/users/r1", &Value::Null, 204);
    witness.ask("DELETE", "/api/v1/users/r1", &Value::Null, 404);
    witness.ask("DELETE", "/api/v1/users/a1", &Value::Null, 409);
}
