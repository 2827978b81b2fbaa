//! Every route of `/api/v1`.

pub mod debug;
pub mod items;
pub mod live;
pub mod receipts;
pub mod register;
pub mod session;
pub mod stock;

use actix_web::web::{self, ServiceConfig};

/// Puts every route under its scope. All but those of `session` that come before a session ask
/// for one in their arguments.
pub fn configure(config: &mut ServiceConfig) {
    config.service(
        web::scope("/api/v1")
            .service(session::before)
            .service(session::set_up)
            .service(session::claim)
            .service(session::sign_in)
            .service(session::who)
            .service(session::sign_out)
            .service(session::add_operator)
            .service(session::operators)
            .service(register::look)
            .service(register::carry_out)
            .service(register::outcome)
            .service(items::search)
            .service(items::by_code)
            .service(items::replace_catalogue)
            .service(receipts::receipt)
            .service(receipts::copy)
            .service(stock::stock)
            .service(stock::movement)
            .service(stock::safety)
            .service(stock::alerts)
            .service(live::events)
            .service(debug::actors),
    );
}
