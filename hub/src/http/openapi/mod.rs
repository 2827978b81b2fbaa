//! What the hub says of its own API: OpenAPI 3.1, made from the routes themselves.
//!
//! A route's own words stand beside it; what every route has in common — the session, the problem
//! answers with their codes — is put in here, so that it is said once and cannot be forgotten.

mod card;
mod commands;
mod day;
mod devices;
mod outcome;
mod paper;
mod payment;
mod problems;
mod promotions;
mod register;
mod store;
mod till;
mod values;

use std::sync::OnceLock;

use service_kit::http::openapi::{self, Published};
use utoipa::OpenApi;

pub use commands::{Choice, Command, CommandEnvelope};
pub use day::DaySummary;
pub use devices::Device;
pub use outcome::CommandAnswer;
pub use paper::{ReceiptLanguage, ReceiptRow, Symbol};
pub use promotions::{Explanation, Named, Text};
pub use register::RegisterView;
pub use store::{
    ActorStatus, DepartmentKey, MovementKind, Person, PrintState, ReasonCodes, Role, RowPosition,
    TenderRule,
};
pub use till::{TillAnswer, TillEnvelope};
pub use values::{Id, LineNumber, Money, Permission, Pin, Quantity, TextId, Unit};

use super::{cookies, health, routes};

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
    components(schemas(Choice)),
    security(("session" = [])),
    tags(
        (name = "session", description = "Coming and going: set-up, workstations, people"),
        (name = "register", description = "What a terminal asks of its register"),
        (name = "till", description = "The money at a register, and the store's business day"),
        (name = "items", description = "What the store sells"),
        (name = "promotions", description = "The promotions in force, and what keeps others out"),
        (name = "receipts", description = "What the customer takes home"),
        (name = "customer", description = "The screen that customers look at"),
        (name = "stock", description = "Stock on hand, movements, safety stock"),
        (name = "devices", description = "What stands on the counter, real or simulated"),
        (name = "live", description = "One stream of whole views per browser"),
        (name = "debug", description = "Looking into the hub"),
        (name = "health", description = "Whether the hub lives, and its figures"),
    ),
)]
struct Document;

fn published() -> &'static Published {
    static PUBLISHED: OnceLock<Published> = OnceLock::new();
    PUBLISHED.get_or_init(|| {
        let api = Document::openapi().nest(routes::SCOPE, routes::described());
        // A document of strings, numbers and maps always has a JSON form.
        let mut document = serde_json::to_value(&api).unwrap_or_default();
        openapi::add_security(&mut document, cookies::SESSION, "POST /api/v1/session");
        problems::add(&mut document);
        Published::of(document, problems::describe)
    })
}

/// The document, as JSON.
#[must_use]
pub fn json() -> &'static str {
    published().json()
}

/// The methods of the API's path that an address means, in capitals; none where there is no such
/// path.
#[must_use]
pub fn methods_of(path: &str) -> Vec<&'static str> {
    published().methods_of(path)
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
