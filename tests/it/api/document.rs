//! The published description, and whether what was asked and answered is what it says.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use jsonschema::Validator;
use serde_json::{Value, json};

use super::browser::{Browser, Reply};

/// The description as a hub publishes it.
pub struct Document {
    json: Value,
    /// Its components, each closed: a field that is not described is a finding.
    components: Value,
    validators: RefCell<BTreeMap<String, Validator>>,
}

impl Document {
    /// Asks a hub for it.
    pub fn of(browser: &Browser) -> Self {
        let reply = browser.get("/api/openapi.json");
        assert_eq!((reply.status, reply.content_type.as_str()), (200, "application/json"));
        Self::read(reply.json())
    }

    /// Takes it as it was answered.
    pub fn read(json: Value) -> Self {
        let mut components = json["components"].clone();
        close(&mut components);
        Self { json, components, validators: RefCell::default() }
    }

    /// The document.
    pub fn json(&self) -> &Value {
        &self.json
    }

    /// Every operation, as method and path.
    pub fn operations(&self) -> BTreeSet<(String, String)> {
        let paths = self.json["paths"].as_object().unwrap().iter();
        paths
            .flat_map(|(path, item)| {
                let methods = item.as_object().unwrap().keys();
                methods.map(|method| (method.to_uppercase(), path.clone()))
            })
            .collect()
    }

    /// The described path that an address means.
    pub fn path_of(&self, address: &str) -> Option<&str> {
        let address = address.split('?').next().unwrap();
        let fits = |path: &str| {
            let (described, asked) = (path.split('/'), address.split('/'));
            described.clone().count() == asked.clone().count()
                && described.zip(asked).all(|(known, asked)| {
                    known == asked || (known.starts_with('{') && !asked.is_empty())
                })
        };
        self.json["paths"].as_object().unwrap().keys().map(String::as_str).find(|path| fits(path))
    }

    /// What is described of an operation.
    pub fn operation(&self, method: &str, address: &str) -> Option<&Value> {
        self.json["paths"][self.path_of(address)?].get(method.to_lowercase())
    }

    /// Whether a body may be asked with.
    pub fn accepts(&self, method: &str, address: &str, body: &Value) -> bool {
        let operation = self.operation(method, address).unwrap();
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        assert!(schema.is_object(), "{method} {address} takes no JSON");
        // As published: a body that the hub takes must not be one that its description forbids.
        self.findings_in(&self.json["components"], schema, body).is_empty()
    }

    /// What is wrong with an answer.
    pub fn wrongs(&self, method: &str, address: &str, reply: &Reply) -> Vec<String> {
        let problem = json!({ "$ref": "#/components/schemas/Problem" });
        let Some(operation) = self.operation(method, address) else {
            // Nothing is described, so nothing may be found.
            let mut wrongs = self.findings(&problem, &reply.json());
            if ![404, 405].contains(&reply.status) {
                wrongs.push(format!("{} where nothing is described", reply.status));
            }
            return wrongs;
        };
        let response = &operation["responses"][reply.status.to_string()];
        if response.is_null() {
            return vec![format!("status {} is not described: {}", reply.status, reply.json())];
        }
        let Some(content) = response.get("content") else {
            return if reply.body.is_empty() { vec![] } else { vec!["there is a body".to_owned()] };
        };
        let described = &content[&reply.content_type];
        if described.is_null() {
            return vec![format!("{} is not described", reply.content_type)];
        }
        if !reply.content_type.ends_with("json") {
            return Vec::new();
        }
        let mut wrongs = self.findings(&described["schema"], &reply.json());
        let codes = operation["x-problem-codes"].as_array().unwrap();
        if reply.status >= 400 && !codes.contains(&reply.json()["code"]) {
            wrongs.push(format!("the code {} is not described", reply.code()));
        }
        wrongs
    }

    /// What is wrong with a value; a field that is not described is.
    pub fn findings(&self, schema: &Value, value: &Value) -> Vec<String> {
        self.findings_in(&self.components, schema, value)
    }

    fn findings_in(&self, components: &Value, schema: &Value, value: &Value) -> Vec<String> {
        let mut validators = self.validators.borrow_mut();
        let is_closed = std::ptr::eq(components, &self.components);
        let validator = validators.entry(format!("{is_closed} {schema}")).or_insert_with(|| {
            let whole = json!({ "components": components, "allOf": [schema] });
            let options = jsonschema::draft202012::options().should_validate_formats(true);
            options.build(&whole).unwrap_or_else(|error| panic!("{schema}: {error}"))
        });
        let errors = validator.iter_errors(value);
        errors.map(|error| format!("{}: {error}", error.instance_path())).collect()
    }
}

/// Lets no schema of fields hold others.
fn close(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.values_mut().for_each(close);
            if fields.contains_key("properties") {
                fields.insert("additionalProperties".to_owned(), false.into());
            }
        }
        Value::Array(values) => values.iter_mut().for_each(close),
        _ => {}
    }
}
