//! What the hub says of its own API: OpenAPI 3.1, made from the routes themselves.
//!
//! A route's own words stand beside it; what every route has in common — the session, the problem
//! answers with their codes — is put in here, so that it is said once and cannot be forgotten.

mod closed;
mod commands;
mod problems;
mod register;
mod store;
mod values;

use std::collections::BTreeSet;
use std::sync::OnceLock;

use actix_web::dev::ResourceDef;
use serde_json::Value;
use utoipa::OpenApi;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme};

pub use commands::{Command, CommandAnswer, CommandEnvelope};
pub use problems::ProblemAnswer;
pub use register::RegisterView;
pub use store::{
    ActorStatus, MovementKind, Person, PrintState, ReasonCodes, Role, RowPosition, TenderRule,
};
pub use values::{Id, LineNumber, Money, Pin, Quantity, TextId, Unit};

use super::{cookies, health, routes};

/// The methods that a path item of the document may have.
const METHODS: [&str; 4] = ["get", "post", "put", "delete"];

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Store hub",
        description = "The store's own API, as its pages and its registers use it.\n\n\
            Amounts and quantities are decimal texts, never numbers. A body may hold no other \
            fields than those named here. Commands and movements carry an id that the caller \
            makes: sent again, they are answered again and not carried out again.\n\n\
            Everything but health, set-up, claiming a workstation and sign-in needs a session. \
            `Accept-Language: en` or `zh-TW` chooses the language of a problem's `detail`; its \
            `code` is stable and free of language.",
    ),
    paths(health::live, health::ready, health::metrics),
    components(schemas(ProblemAnswer)),
    security(("session" = [])),
    tags(
        (name = "session", description = "Coming and going: set-up, workstations, people"),
        (name = "register", description = "What a terminal asks of its register"),
        (name = "items", description = "What the store sells"),
        (name = "receipts", description = "What the customer takes home"),
        (name = "stock", description = "Stock on hand, movements, safety stock"),
        (name = "live", description = "One stream of whole views per browser"),
        (name = "debug", description = "Looking into the hub"),
        (name = "health", description = "Whether the hub lives, and its figures"),
    ),
)]
struct Document;

/// A path of the document, to be compared with what was asked.
struct DescribedPath {
    pattern: ResourceDef,
    methods: Vec<String>,
}

struct Published {
    json: String,
    paths: Vec<DescribedPath>,
}

fn published() -> &'static Published {
    static PUBLISHED: OnceLock<Published> = OnceLock::new();
    PUBLISHED.get_or_init(|| {
        let mut api = Document::openapi().nest(routes::SCOPE, routes::described());
        let cookie = ApiKey::Cookie(ApiKeyValue::with_description(
            cookies::SESSION,
            "HttpOnly and SameSite=Strict; `POST /api/v1/session` sets it",
        ));
        let components = api.components.get_or_insert_default();
        components.add_security_scheme("session", SecurityScheme::ApiKey(cookie));
        let token = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        components.add_security_scheme("metrics_token", token);
        // A document of strings, numbers and maps always has a JSON form.
        let mut document = serde_json::to_value(&api).unwrap_or_default();
        let (mut paths, mut asked) = (Vec::new(), BTreeSet::new());
        let items = document.get_mut("paths").and_then(Value::as_object_mut);
        for (path, item) in items.into_iter().flatten() {
            let Some(item) = item.as_object_mut() else { continue };
            for (method, operation) in item.iter_mut() {
                problems::describe(path, method, operation);
                closed::note_body(operation, &mut asked);
            }
            let methods = METHODS.iter().filter(|method| item.contains_key(**method));
            let methods = methods.map(|method| method.to_uppercase()).collect();
            paths.push(DescribedPath { pattern: ResourceDef::new(path.as_str()), methods });
        }
        closed::close(&mut document, asked);
        Published { json: document.to_string(), paths }
    })
}

/// The document, as JSON.
#[must_use]
pub fn json() -> &'static str {
    &published().json
}

/// The methods of the API's path that an address means, in capitals; none where there is no such
/// path.
#[must_use]
pub fn methods_of(path: &str) -> Vec<&'static str> {
    let described = published().paths.iter().filter(|known| known.pattern.is_match(path));
    described.flat_map(|known| known.methods.iter().map(String::as_str)).collect()
}

#[cfg(test)]
mod tests {
    use super::methods_of;

    #[test]
    fn an_address_has_the_methods_of_its_path() {
        assert_eq!(methods_of("/api/v1/session"), ["GET", "POST", "DELETE"]);
        assert_eq!(methods_of("/api/v1/items/by-code/4711"), ["GET"]);
        assert_eq!(methods_of("/healthz"), ["GET"]);
        assert!(methods_of("/api/v1/nothing").is_empty());
        assert!(methods_of("/api/v1").is_empty());
    }
}
