//! What a process says of its own API, beyond what its routes say: what every route has in common
//! is put in here, so that it is said once and cannot be forgotten.

mod closed;
mod problems;

use std::collections::BTreeSet;

use actix_web::dev::ResourceDef;
use serde_json::{Value, json};

pub use problems::{CODES, add_problem, describe_problems};

/// The methods that a path item of a document may have.
const METHODS: [&str; 4] = ["get", "post", "put", "delete"];

/// A path of a document, to be compared with what was asked.
struct DescribedPath {
    pattern: ResourceDef,
    methods: Vec<String>,
}

/// A document as it is published.
pub struct Published {
    json: String,
    paths: Vec<DescribedPath>,
}

impl Published {
    /// Completes a document of routes: `describe` adds to each operation, by path and method, what
    /// all have in common; what is asked may hold no fields but those described.
    #[must_use]
    pub fn of(mut document: Value, describe: impl Fn(&str, &str, &mut Value)) -> Self {
        let (mut paths, mut asked) = (Vec::new(), BTreeSet::new());
        let items = document.get_mut("paths").and_then(Value::as_object_mut);
        for (path, item) in items.into_iter().flatten() {
            let Some(item) = item.as_object_mut() else { continue };
            for (method, operation) in item.iter_mut() {
                describe(path, method, operation);
                closed::note_body(operation, &mut asked);
            }
            let methods = METHODS.iter().filter(|method| item.contains_key(**method));
            let methods = methods.map(|method| method.to_uppercase()).collect();
            paths.push(DescribedPath { pattern: ResourceDef::new(path.as_str()), methods });
        }
        closed::close(&mut document, asked);
        Self { json: document.to_string(), paths }
    }

    /// The document, as JSON.
    #[must_use]
    pub fn json(&self) -> &str {
        &self.json
    }

    /// The methods of the API's path that an address means, in capitals; none where there is no
    /// such path.
    #[must_use]
    pub fn methods_of(&self, path: &str) -> Vec<&str> {
        let described = self.paths.iter().filter(|known| known.pattern.is_match(path));
        described.flat_map(|known| known.methods.iter().map(String::as_str)).collect()
    }
}

/// Says how one is known: by a session's cookie, and where figures are read by a token.
pub fn add_security(document: &mut Value, cookie: &str, set_by: &str) {
    document["components"]["securitySchemes"] = json!({
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": cookie,
            "description": format!("HttpOnly and SameSite=Strict; `{set_by}` sets it"),
        },
        "metrics_token": { "type": "http", "scheme": "bearer" },
    });
}
