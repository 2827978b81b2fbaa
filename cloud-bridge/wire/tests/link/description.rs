//! `asyncapi.yaml`, for tests that hold messages against it: here golden files, elsewhere what
//! really goes over the wire.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use hq_wire::link::v1::Topic;
use serde_json::{Map, Value, json};

/// What the file says.
pub struct Description {
    document: Value,
}

impl Description {
    /// Reads the file of this package.
    pub fn read(package: &Path) -> Self {
        let text = std::fs::read_to_string(package.join("asyncapi.yaml")).expect("asyncapi.yaml");
        Self { document: serde_saphyr::from_str(&text).expect("YAML") }
    }

    /// The whole document.
    pub const fn document(&self) -> &Value {
        &self.document
    }

    /// The names of all messages.
    pub fn messages(&self) -> BTreeSet<String> {
        self.object("/components/messages").keys().cloned().collect()
    }

    /// The channels: their address and the names of their messages.
    pub fn channels(&self) -> BTreeMap<String, (String, BTreeSet<String>)> {
        let channel = |value: &Value| {
            let address = value["address"].as_str().expect("an address").to_owned();
            let messages = value["messages"].as_object().expect("messages");
            (address, messages.keys().cloned().collect())
        };
        self.object("/channels")
            .iter()
            .map(|(name, value)| (name.clone(), channel(value)))
            .collect()
    }

    /// The message that a topic carries, as the file has it; nothing where it describes no such
    /// topic.
    pub fn message_of(&self, topic: &Topic) -> Option<String> {
        let name = match topic {
            Topic::Facts(_) => "facts".to_owned(),
            Topic::State(thing) => format!("state_{thing}"),
            Topic::Status => "status".to_owned(),
            Topic::Ack(_) => "ack".to_owned(),
            Topic::Policy => "policy".to_owned(),
            Topic::PolicyPiece { .. } => "policy_piece".to_owned(),
            Topic::Command(name) => format!("command_{name}"),
            Topic::Reply(name) => format!("reply_{name}"),
            Topic::Query(name) => format!("query_{name}"),
            Topic::Answer(name) => format!("answer_{name}"),
        };
        self.messages().contains(&name).then_some(name)
    }

    /// What is wrong with a payload of a message, a field that is not described included. A reader
    /// passes such a field over, but a writer of ours has no business writing it.
    pub fn faults(&self, message: &str, payload: &Value) -> Vec<String> {
        let payload_schema = format!("/components/messages/{message}/payload");
        let Some(schema) = self.document.pointer(&payload_schema) else {
            return vec![format!("{message} has no schema")];
        };
        let mut schemas = self.object("/components/schemas").clone();
        schemas.values_mut().for_each(close);
        let whole = json!({ "allOf": [schema], "components": { "schemas": schemas } });
        let validator = jsonschema::validator_for(&whole).expect("schemas");
        let fault = |error: jsonschema::ValidationError<'_>| {
            format!("{message}{}: {error}", error.instance_path())
        };
        validator.iter_errors(payload).map(fault).collect()
    }

    fn object(&self, pointer: &str) -> &Map<String, Value> {
        self.document.pointer(pointer).and_then(Value::as_object).expect(pointer)
    }
}

/// No field but those that are described, in every object with fields. Conditions (`if`) say
/// nothing of a type and stay open.
fn close(schema: &mut Value) {
    if let Some(object) = schema.as_object_mut() {
        if object.get("type") == Some(&json!("object")) && object.contains_key("properties") {
            object.insert("additionalProperties".to_owned(), json!(false));
        }
        object.values_mut().for_each(close);
    } else if let Some(list) = schema.as_array_mut() {
        list.iter_mut().for_each(close);
    }
}
