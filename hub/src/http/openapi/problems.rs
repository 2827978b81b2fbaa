//! The problem answers of the hub's API: what they have besides those of other processes.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use service_kit::http::openapi::{CODES, add_problem, describe_problems};
use store_core::RefusalCode;

use crate::http::problem;

/// Stands in a route's list of codes for every code that a register may refuse a command with.
const EVERY_REFUSAL: &str = "every refusal";

/// Adds to the document what a problem answer is.
pub fn add(document: &mut Value) {
    let example = json!({
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "code": "unknown_barcode",
        "detail": "No item has the code 4711. Scan again, or search by name.",
        "details": { "code": "4711" }
    });
    add_problem(document, problem::codes().map(|(code, _)| code), example);
    document["components"]["schemas"]["Problem"]["properties"]["view"] = json!({
        "$ref": "#/components/schemas/RegisterView",
        "description": "The register as it is, where it refused a command.",
    });
    document["components"]["schemas"]["Problem"]["properties"]["choices"] = json!({
        "type": "array",
        "items": { "$ref": "#/components/schemas/Choice" },
        "description": "The items that a code may mean, with `ambiguous_code`: name one of them.",
    });
}

/// Puts into an operation what all have in common: its problem answers.
pub fn describe(path: &str, method: &str, operation: &mut Value) {
    if let Some(own) = operation.get_mut(CODES).and_then(Value::as_array_mut) {
        let every = own.iter().any(|code| code == EVERY_REFUSAL);
        own.retain(|code| code != EVERY_REFUSAL);
        let refusals: BTreeSet<&str> = RefusalCode::ALL.iter().map(|code| code.as_str()).collect();
        own.extend(refusals.into_iter().filter(|_| every).map(Value::from));
    }
    let is_open = operation.get("security").is_some();
    let common: &[&str] = if is_open {
        &[]
    } else {
        &["not_signed_in", "locked", "workstation_taken_over", "stopping"]
    };
    describe_problems(operation, (path, method), common, problem::codes());
}
