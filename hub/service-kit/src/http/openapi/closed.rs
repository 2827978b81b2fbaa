//! What is asked may hold no fields but those described: others are refused, and the document
//! says so. Answers may grow.

use std::collections::BTreeSet;

use serde_json::Value;

const COMPONENTS: &str = "#/components/schemas/";

/// Notes which schemas an operation's body names.
pub fn note_body(operation: &Value, asked: &mut BTreeSet<String>) {
    if let Some(body) = operation.get("requestBody") {
        asked.extend(named(body));
    }
}

/// Closes every schema among those asked, and those that they name in turn.
pub fn close(document: &mut Value, asked: BTreeSet<String>) {
    let Some(schemas) = document.pointer_mut("/components/schemas") else { return };
    let mut left: Vec<String> = asked.into_iter().collect();
    let mut closed = BTreeSet::new();
    while let Some(name) = left.pop() {
        let Some(schema) = schemas.get_mut(&name).filter(|_| closed.insert(name)) else { continue };
        left.extend(named(schema));
        close_one(schema);
    }
}

/// The names of the schemas that a value refers to.
fn named(value: &Value) -> Vec<String> {
    match value {
        Value::Object(fields) => {
            let reference = fields.get("$ref").and_then(Value::as_str);
            let name = reference.and_then(|reference| reference.strip_prefix(COMPONENTS));
            let within = fields.values().flat_map(named);
            name.map(str::to_owned).into_iter().chain(within).collect()
        }
        Value::Array(values) => values.iter().flat_map(named).collect(),
        _ => Vec::new(),
    }
}

/// A schema of fields, or of one of several such. A command that has no fields of its own stays
/// open: others beside its `type` are read over.
fn close_one(schema: &mut Value) {
    let variants = schema.get_mut("oneOf").and_then(Value::as_array_mut);
    let has_fields = |schema: &&mut Value| {
        schema["properties"].as_object().is_some_and(|properties| properties.len() > 1)
    };
    variants.into_iter().flatten().filter(has_fields).for_each(close_one);
    if schema.get("properties").is_some() {
        schema["additionalProperties"] = false.into();
    }
}
