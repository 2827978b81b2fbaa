//! What headquarters says of its own API: OpenAPI 3.1, made from the routes themselves. A route's
//! own words stand beside it; whom it lets in is known from the list of routes.

use std::sync::OnceLock;

use serde_json::{Value, json};
use service_kit::http::openapi::{self, Published, add_problem, describe_problems};
use utoipa::OpenApi;

use super::gate::{COOKIE, LetsIn};
use super::problem::CODES;
use super::routes;

/// What every operation of the API may answer: it asks the database, for a session if for nothing
/// else.
const OF_DATABASE: [&str; 4] = ["stopping", "storage_full", "storage_unavailable", "internal"];
const OF_SESSIONS: [&str; 2] = ["not_signed_in", "not_set_up"];

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Headquarters",
        description = "Headquarters' own API, as its page uses it.\n\n\
            Amounts are whole minor units of the currency that stands beside them. A body may hold \
            no other fields than those named here. Whoever reads a part of the chain finds nothing \
            of the rest in any answer, sums and counts included.\n\n\
            Everything but health, set-up and sign-in needs a session. `Accept-Language: en` or \
            `zh-TW` chooses the language of a problem's `detail`; its `code` is stable and free of \
            language.",
    ),
    security(("session" = [])),
    tags(
        (name = "session", description = "Coming and going: set-up, signing in and out"),
        (name = "chain", description = "The chain, or the part of it that somebody sees"),
        (name = "stores", description = "One store: its day, its shelves, its sales"),
        (name = "commands", description = "What is asked of stores"),
        (name = "users", description = "The people who may sign in"),
        (name = "health", description = "Whether headquarters lives, and its figures"),
    ),
)]
struct Document;

fn published() -> &'static Published {
    static PUBLISHED: OnceLock<Published> = OnceLock::new();
    PUBLISHED.get_or_init(|| {
        let mut api = Document::openapi();
        api.merge(routes::described());
        // A document of strings, numbers and maps always has a JSON form.
        let mut document = serde_json::to_value(&api).unwrap_or_default();
        openapi::add_security(&mut document, COOKIE, "POST /api/v1/session");
        let example = json!({
            "type": "about:blank",
            "title": "Not Found",
            "status": 404,
            "code": "no_such_store",
            "detail": "There is no such store, or you may not see it.",
            "details": {}
        });
        add_problem(&mut document, CODES.iter().map(|(code, _)| *code), example);
        Published::of(document, describe)
    })
}

/// Puts into an operation what its place in the list of routes says of it.
fn describe(path: &str, method: &str, operation: &mut Value) {
    let mut routes = routes::ROUTES.iter();
    let route = routes.find(|one| one.path == path && one.method.eq_ignore_ascii_case(method));
    let lets_in = route.map_or(LetsIn::Admin, |route| route.lets_in);
    let mut common = Vec::new();
    if lets_in != LetsIn::Everybody {
        common.extend(OF_SESSIONS);
    } else if operation.get("security").is_none() {
        operation["security"] = json!([{}]);
    }
    if lets_in == LetsIn::Admin {
        common.push("forbidden");
    }
    if path.starts_with("/api/") {
        common.extend(OF_DATABASE);
    }
    describe_problems(operation, (path, method), &common, CODES.into_iter());
}

/// The document, as JSON.
pub(super) fn json() -> &'static str {
    published().json()
}
