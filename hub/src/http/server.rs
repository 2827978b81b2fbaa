//! What answers at the hub's sockets.

use actix_web::middleware::{Compress, from_fn};
use actix_web::{App, web};
use service_kit::http::connections;
use service_kit::http::server::{Server, Sockets, serve};

use super::{assets, authority, guard, health, input, online, routes};
use crate::start_error::StartError;
use crate::store::Store;

/// Serves.
///
/// # Errors
/// Where there are no threads, or the certificate cannot be served.
pub fn start(store: web::Data<Store>, sockets: Sockets) -> Result<Server, StartError> {
    let certificates = store.certificates.clone();
    let tls = certificates.map(|certificates| certificates.server_config()).transpose()?;
    let app = move || {
        App::new()
            .app_data(store.clone())
            .configure(input::configure)
            .wrap(Compress::default())
            .wrap(from_fn(connections::in_time))
            .wrap(from_fn(guard::guard))
            .service(health::live)
            .service(health::ready)
            .service(health::metrics)
            .service(authority::page)
            .service(authority::certificate)
            .service(authority::profile)
            .service(online::receipt)
            .configure(routes::configure)
            .service(assets::index)
            .service(assets::customer)
            .service(assets::simulators)
            .service(assets::asset)
            .default_service(web::route().to(input::unanswered))
    };
    serve(app, sockets, tls).map_err(|error| StartError::Part("the web server", error))
}
