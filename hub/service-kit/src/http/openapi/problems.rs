//! The problem answers of an API: which codes each operation may answer, by status.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::http::problem::PROBLEM_JSON;

/// What a route lists its own codes under, and where all of an operation's codes are published.
pub const CODES: &str = "x-problem-codes";

const PROBLEM: &str = "#/components/schemas/Problem";

/// Adds to a document what an operation answers instead of what was asked for (RFC 9457), with
/// every code that there is and an example.
pub fn add_problem<'a>(document: &mut Value, codes: impl Iterator<Item = &'a str>, example: Value) {
    let codes: BTreeSet<&str> = codes.collect();
    let schemas = &mut document["components"]["schemas"];
    schemas["ProblemCode"] = json!({
        "type": "string",
        "enum": codes,
        "description": "What is wrong: stable, free of language",
    });
    schemas["Problem"] = json!({
        "type": "object",
        "description": "What an operation answers instead of what was asked for (RFC 9457).",
        "required": ["type", "title", "status", "code", "detail", "details"],
        "properties": {
            "type": {
                "type": "string",
                "description": "Always `about:blank`: `code` says more.",
            },
            "title": { "type": "string", "description": "The status in words." },
            "status": {
                "type": "integer",
                "minimum": 0,
                "description": "The status of the answer.",
            },
            "code": {
                "$ref": "#/components/schemas/ProblemCode",
                "description": "What is wrong, for programs.",
            },
            "detail": {
                "type": "string",
                "description": "What is wrong and what helps, for people, in the language that was \
                                asked for.",
            },
            "details": {
                "type": "object",
                "additionalProperties": { "type": "string" },
                "description": "What the sentence names: an id, a limit, an amount.",
            },
        },
        "example": example,
    });
}

/// Puts into an operation its problem answers: its own codes, those that every operation of its
/// kind has, and `common`. `all` says which codes there are, with their statuses.
pub fn describe_problems(
    operation: &mut Value,
    (path, method): (&str, &str),
    common: &[&str],
    all: impl Iterator<Item = (&'static str, u16)>,
) {
    without_errors(operation);
    let codes = codes_of(path, method, operation, common);
    let mut by_status: BTreeMap<u16, Vec<&str>> = BTreeMap::new();
    for (code, status) in all.filter(|(code, _)| codes.contains(*code)) {
        let there = by_status.entry(status).or_default();
        if !there.contains(&code) {
            there.push(code);
        }
    }
    for (status, codes) in by_status {
        operation["responses"][status.to_string()] = json!({
            "description": format!("`{}`", codes.join("`, `")),
            "content": { PROBLEM_JSON: { "schema": { "$ref": PROBLEM } } },
        });
    }
    operation[CODES] = json!(codes);
}

/// A handler's doc comment names its errors for whoever reads the code; here they have a place of
/// their own.
fn without_errors(operation: &mut Value) {
    let text = operation.get("description").and_then(Value::as_str);
    let before = text.and_then(|text| text.split("# Errors").next()).unwrap_or_default();
    let before = before.trim().to_owned();
    match operation.as_object_mut() {
        Some(fields) if before.is_empty() => drop(fields.remove("description")),
        Some(fields) => drop(fields.insert("description".to_owned(), before.into())),
        None => {}
    }
}

fn codes_of(path: &str, method: &str, operation: &Value, common: &[&str]) -> BTreeSet<String> {
    let mut codes: BTreeSet<String> = BTreeSet::from(["foreign_host".to_owned()]);
    let own = operation.get(CODES).and_then(Value::as_array).into_iter().flatten();
    codes.extend(own.filter_map(Value::as_str).map(str::to_owned));
    let mut add = |more: &[&str]| codes.extend(more.iter().map(|code| (*code).to_owned()));
    add(common);
    if method != "get" || path.ends_with("/live") {
        add(&["foreign_origin"]);
    }
    if operation.get("requestBody").is_some() {
        add(&["malformed", "too_large"]);
    }
    if !operation["requestBody"]["content"]["application/json"].is_null() {
        add(&["unsupported_media_type"]);
    }
    if operation.get("parameters").is_some() {
        add(&["malformed"]);
    }
    codes
}
