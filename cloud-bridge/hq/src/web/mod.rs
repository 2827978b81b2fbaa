//! Headquarters' web: its API, its live stream, its page.

mod assets;
mod chain;
mod commands;
mod docs;
mod gate;
mod health;
mod live;
mod openapi;
mod part;
mod problem;
mod promotions;
mod routes;
mod sales;
mod seats;
mod session;
mod stores;
mod users;

use std::sync::Arc;

use actix_web::middleware::{Compress, from_fn};
use actix_web::{App, HttpRequest, HttpResponse, ResponseError as _, web};
use service_kit::certificates::Certificates;
use service_kit::http::server::{Server, Sockets, serve};
use service_kit::http::{connections, input};
use tokio::sync::watch;

use crate::asking::Asking;
use crate::database::Database;
use crate::link::Publisher;
use crate::live::Live;
use crate::metrics::Metrics;
use crate::people::{People, Session};
use crate::settings::Settings;
use crate::store::{HqStore, StoreError};
use crate::wiring::StartError;

pub use chain::live_views;
pub use gate::{COOKIE, LetsIn};
pub use health::Readiness;
pub use problem::{CODES, Problem};
pub use routes::{ROUTES, RouteEntry};
pub use seats::Seats;

/// Longest body, in bytes: a person with a thousand stores.
const BODY_BYTES_MAX: usize = 128 * 1024;

/// Headquarters as its routes see it: everything by name, built once by the wiring.
pub struct Hq {
    /// What it was started with.
    pub settings: Arc<Settings>,
    /// Who may see and do what.
    pub people: People,
    /// What stores sent.
    pub database: Database,
    /// The live views.
    pub live: Live,
    /// Who follows a live view.
    pub seats: Seats,
    /// What stores are asked.
    pub asking: Asking,
    /// Publishes to stores.
    pub publisher: Publisher,
    /// The authority and the certificate in use, where HTTPS is served.
    pub certificates: Option<Arc<Certificates>>,
    /// The figures.
    pub metrics: Metrics,
    /// Whether headquarters was ready a moment ago.
    pub readiness: Readiness,
    /// Turns true when headquarters closes.
    pub stopping: watch::Receiver<bool>,
}

impl Hq {
    /// Asks the database for a route.
    ///
    /// # Errors
    /// The problem that the route answers.
    async fn ask<T: Send + 'static>(
        &self,
        request: &HttpRequest,
        question: impl FnOnce(&mut HqStore) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Problem> {
        let asked = self.database.ask(question).await;
        asked.map_err(|error| Problem::asking(request, &error))
    }

    /// Lets only those through who may see a store that there is.
    ///
    /// # Errors
    /// `no_such_store`, which does not tell the two apart.
    async fn let_see(
        &self,
        request: &HttpRequest,
        session: &Session,
        store: &str,
    ) -> Result<(), Problem> {
        let (reach, id) = (session.reach.clone(), store.to_owned());
        let sees = self.ask(request, move |store| {
            let stores = store.stores()?;
            let found = stores.iter().find(|one| one.store == id);
            Ok(found.is_some_and(|one| reach.sees(&one.store, &one.region)))
        });
        if sees.await? { Ok(()) } else { Err(Problem::plain(request, "no_such_store")) }
    }
}

/// Serves.
///
/// # Errors
/// Where there are no threads, or the certificate cannot be served.
pub fn start(hq: web::Data<Hq>, sockets: Sockets) -> Result<Server, StartError> {
    let certificates = hq.certificates.clone();
    let tls = certificates.map(|certificates| certificates.server_config()).transpose()?;
    let app = move || {
        App::new()
            .app_data(hq.clone())
            .configure(|config| input::configure::<Problem>(config, BODY_BYTES_MAX, BODY_BYTES_MAX))
            .wrap(Compress::default())
            .wrap(from_fn(connections::in_time))
            .wrap(from_fn(gate::guard))
            .configure(routes::configure)
            .default_service(web::route().to(unanswered))
    };
    serve(app, sockets, tls).map_err(|error| StartError::Part("the web server", error))
}

/// What is answered where no route does.
async fn unanswered(request: HttpRequest) -> HttpResponse {
    Problem::unanswered(&request, &routes::methods_of(request.path())).error_response()
}
