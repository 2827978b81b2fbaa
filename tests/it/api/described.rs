//! What is served is described, and what is described is served.

use std::collections::BTreeSet;

use super::browser::Browser;
use super::document::Document;
use super::hub::Hub;
use crate::support;
use crate::tidy::served_routes;

/// The routes outside the API that are described all the same.
const HEALTH: [&str; 3] = ["/healthz", "/metrics", "/readyz"];

/// What the description is of: the routes for programs, without the pages that show it.
fn registered() -> BTreeSet<(String, String)> {
    let is_described = |path: &str| path.starts_with("/api/v1/") || HEALTH.contains(&path);
    served_routes().into_iter().filter(|(_, path)| is_described(path)).collect()
}

#[test]
fn every_registered_route_is_described_and_every_described_one_is_registered() {
    let data = support::temp_dir("described");
    let hub = Hub::start(&data.path().join("store"));
    let document = Document::of(&Browser::at_work(&hub));
    let registered = registered();
    assert!(registered.len() > 20, "only {registered:?} were found: this test looks nowhere");
    assert_eq!(document.operations(), registered);
    // A hub of its own answers each: with anything but "there is nothing".
    let stranger = Browser::new(&hub);
    for (method, path) in document.operations() {
        let address = path.replace(['{', '}'], "");
        let body = matches!(method.as_str(), "POST" | "PUT").then_some(b"{}".as_slice());
        let reply = stranger.send(&method, &address, &[], body);
        assert!(![404, 405].contains(&reply.status), "{method} {address}: {}", reply.status);
    }
}

#[test]
fn a_session_is_needed_wherever_the_description_says_so_and_nowhere_else() {
    let data = support::temp_dir("sessions");
    let hub = Hub::start(&data.path().join("store"));
    let document = Document::of(&Browser::at_work(&hub));
    let stranger = Browser::new(&hub);
    let mut open = BTreeSet::new();
    for (method, path) in document.operations() {
        let address = path.replace(['{', '}'], "");
        let is_open = document.operation(&method, &path).unwrap().get("security").is_some();
        let body = matches!(method.as_str(), "POST" | "PUT").then_some(b"{}".as_slice());
        let reply = stranger.send(&method, &address, &[("content-type", "application/json")], body);
        let is_refused = reply.status == 401 && reply.code() == "not_signed_in";
        assert_eq!(is_refused, !is_open, "{method} {address}: {} {}", reply.status, reply.code());
        if is_open {
            open.insert(path);
        }
    }
    let expected = [
        "/api/v1/customer-screen",
        "/api/v1/customer-screen/live",
        "/api/v1/session",
        "/api/v1/setup",
        "/api/v1/sign-in",
        "/api/v1/workstation/live",
        "/api/v1/workstations/{workstation}/claim",
        "/healthz",
        "/metrics",
        "/readyz",
    ];
    assert_eq!(open, expected.map(str::to_owned).into());
    for page in ["/api/openapi.json", "/api/docs", "/api/docs/", "/api/docs/swagger-ui.css"] {
        assert_eq!(stranger.get(page).status, 401, "{page}");
    }
}

#[test]
fn the_description_is_openapi_3_1_with_words_for_everything() {
    let data = support::temp_dir("words");
    let hub = Hub::start(&data.path().join("store"));
    let document = Document::of(&Browser::at_work(&hub));
    assert_eq!(document.json()["openapi"], "3.1.0");
    for (method, path) in document.operations() {
        let operation = document.operation(&method, &path).unwrap();
        assert!(operation["summary"].as_str().is_some_and(|text| text.len() > 5), "{path}");
        let described = operation["parameters"].as_array().map_or(0, Vec::len);
        let asked = path.matches('{').count();
        assert!(described >= asked, "{method} {path} does not describe its parameters");
    }
    for (name, schema) in document.json()["components"]["schemas"].as_object().unwrap() {
        for (field, words) in schema["properties"].as_object().into_iter().flatten() {
            let is_said = words.pointer("/description").is_some()
                || words.pointer("/oneOf/0/description").is_some();
            assert!(is_said, "{name}.{field} has no description");
        }
    }
    // Every reference leads somewhere, and an example is what it is an example of.
    for (name, schema) in document.json()["components"]["schemas"].as_object().unwrap() {
        let reference = serde_json::json!({ "$ref": format!("#/components/schemas/{name}") });
        let example = schema.get("example").cloned().unwrap_or_default();
        let findings = document.findings(&reference, &example);
        assert!(example.is_null() || findings.is_empty(), "{name}: {findings:?}");
    }
}
