//! The problem answers of the API: which codes each operation may answer, by status.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::{Value, json};
use service_kit::http::problem::PROBLEM_JSON;
use store_core::RefusalCode;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

use super::register::RegisterView;
use crate::http::problem;

/// What a route lists its own codes under, and where all of an operation's codes are published.
const CODES: &str = "x-problem-codes";

/// Stands in that list for every code that a register may refuse a command with.
const EVERY_REFUSAL: &str = "every refusal";

/// What an operation answers instead of what was asked for (RFC 9457).
#[derive(Serialize, ToSchema)]
#[schema(as = Problem, example = json!({
    "type": "about:blank",
    "title": "Not Found",
    "status": 404,
    "code": "unknown_barcode",
    "detail": "No item has the code 4711. Scan again, or search by name.",
    "details": { "code": "4711" }
}))]
pub struct ProblemAnswer {
    /// Always `about:blank`: `code` says more.
    #[serde(rename = "type")]
    pub kind: String,
    /// The status in words.
    pub title: String,
    /// The status of the answer.
    pub status: u16,
    /// What is wrong, for programs.
    #[schema(value_type = ProblemCode)]
    pub code: String,
    /// What is wrong and what helps, for people, in the language that was asked for.
    pub detail: String,
    /// What the sentence names: an item's code, a limit, an amount.
    pub details: BTreeMap<String, String>,
    /// The register as it is, where it refused a command.
    #[schema(nullable = false)]
    pub view: Option<RegisterView>,
}

/// Every code there is.
pub struct ProblemCode;

impl PartialSchema for ProblemCode {
    fn schema() -> RefOr<Schema> {
        let codes: BTreeSet<&str> = problem::codes().map(|(code, _)| code).collect();
        ObjectBuilder::new()
            .schema_type(Type::String)
            .enum_values(Some(codes))
            .description(Some("What is wrong: stable, free of language"))
            .into()
    }
}

impl ToSchema for ProblemCode {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("ProblemCode")
    }
}

/// Puts into an operation what all have in common: its problem answers.
pub fn describe(path: &str, method: &str, operation: &mut Value) {
    without_errors(operation);
    let codes = codes_of(path, method, operation);
    let mut by_status: BTreeMap<u16, Vec<&str>> = BTreeMap::new();
    for (code, status) in problem::codes().filter(|(code, _)| codes.contains(*code)) {
        let there = by_status.entry(status).or_default();
        if !there.contains(&code) {
            there.push(code);
        }
    }
    let schema = Ref::from_schema_name("Problem").ref_location;
    for (status, codes) in by_status {
        operation["responses"][status.to_string()] = json!({
            "description": format!("`{}`", codes.join("`, `")),
            "content": { PROBLEM_JSON: { "schema": { "$ref": schema } } },
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

fn codes_of(path: &str, method: &str, operation: &Value) -> BTreeSet<String> {
    let mut codes: BTreeSet<String> = BTreeSet::from(["foreign_host".to_owned()]);
    let mut add = |more: &[&str]| codes.extend(more.iter().map(|code| (*code).to_owned()));
    let own = operation.get(CODES).and_then(Value::as_array).into_iter().flatten();
    for code in own.filter_map(Value::as_str) {
        match code {
            EVERY_REFUSAL => RefusalCode::ALL.iter().for_each(|code| add(&[code.as_str()])),
            code => add(&[code]),
        }
    }
    if method != "get" || path.ends_with("/live") {
        add(&["foreign_origin"]);
    }
    if operation.get("security").is_none() {
        add(&["not_signed_in", "workstation_taken_over", "stopping"]);
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
