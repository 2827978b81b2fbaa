//! Every route of the API, in one list: what is served is what is described.

pub mod approvals;
pub mod before_sign_on;
pub mod buyer;
pub mod clock;
pub mod customer;
pub mod days;
pub mod debug;
pub mod devices;
pub mod docs;
pub mod elsewhere;
pub mod items;
pub mod journal;
pub mod live;
mod live_counter;
pub mod people;
pub mod print_jobs;
pub mod promotions;
pub mod receipts;
pub mod register;
pub mod screen;
pub mod session;
mod simulator_views;
pub mod simulators;
pub mod stock;
pub mod suspended;
pub mod tiles;
pub mod till;
pub mod till_reports;
pub mod training;

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
    training::train,
    training::wipe,
    screen::lock,
    screen::unlock,
    people::change_pin,
    people::add_operator,
    people::operators,
    people::give_badge,
    people::take_badge,
    approvals::approve,
    register::look,
    register::carry_out,
    register::outcome,
    register::explanation,
    clock::look,
    clock::set,
    till::till,
    days::list,
    days::look,
    days::one_till,
    till_reports::print_x,
    till_reports::read_report,
    till_reports::print_copy,
    days::close,
    suspended::suspended,
    items::search,
    items::by_code,
    elsewhere::elsewhere,
    items::replace_catalogue,
    tiles::favourites,
    tiles::categories,
    tiles::of_category,
    promotions::standing,
    promotions::read_again,
    journal::receipts,
    receipts::receipt,
    receipts::copy,
    buyer::look,
    buyer::erase,
    stock::stock,
    stock::movement,
    stock::safety,
    stock::alerts,
    devices::board,
    devices::settings,
    devices::set,
    devices::scan,
    devices::try_out,
    print_jobs::list,
    print_jobs::came_out,
    print_jobs::copy_paper,
    simulators::list,
    simulators::lay_hands_on,
    simulators::paper,
    live::events,
    before_sign_on::live,
    customer::code,
    customer::send_away,
    customer::pair,
    customer::screen,
    customer::live,
    debug::actors,
    debug::version,
];

/// What the routes say of themselves; their paths begin below [`SCOPE`].
#[must_use]
pub fn described() -> utoipa::openapi::OpenApi {
    Described::openapi()
}
