//! Every route of the API, in one list: what is served is what is described.

pub mod approvals;
pub mod debug;
pub mod docs;
pub mod elsewhere;
pub mod items;
pub mod live;
pub mod promotions;
pub mod receipts;
pub mod register;
pub mod session;
pub mod stock;
pub mod till;

use actix_web::web::{self, ServiceConfig};
use utoipa::OpenApi as _;

/// Where the API begins.
pub const SCOPE: &str = "/api/v1";

/// Serves the routes under [`SCOPE`] and describes them, so that neither can be forgotten.
macro_rules! routes {
    ($($module:ident::$handler:ident,)*) => {
        /// Puts every route under its scope. All but those of `session` that come before a session
        /// ask for one in their arguments.
        pub fn configure(config: &mut ServiceConfig) {
            config
                .service(web::scope(SCOPE)$(.service($module::$handler))*)
                .service(docs::document)
                .service(docs::index)
                .service(docs::file);
        }

        #[derive(utoipa::OpenApi)]
        #[openapi(paths($($module::$handler),*))]
        struct Described;
    };
}

routes![
    session::before,
    session::set_up,
    session::claim,
    session::sign_in,
    session::who,
    session::sign_out,
    session::add_operator,
    session::operators,
    approvals::approve,
    register::look,
    register::carry_out,
    register::outcome,
    register::explanation,
    till::till,
    items::search,
    items::by_code,
    elsewhere::elsewhere,
    items::replace_catalogue,
    items::favourites,
    promotions::standing,
    promotions::read_again,
    receipts::receipt,
    receipts::copy,
    stock::stock,
    stock::movement,
    stock::safety,
    stock::alerts,
    live::events,
    debug::actors,
    debug::version,
];

/// What the routes say of themselves; their paths begin below [`SCOPE`].
#[must_use]
pub fn described() -> utoipa::openapi::OpenApi {
    Described::openapi()
}
