//! The sockets and what answers at them.

use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::error::{JsonPayloadError, PathError, QueryPayloadError};
use actix_web::middleware::{Compress, from_fn};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, ResponseError as _, web};

use super::problem::Problem;
use super::{assets, guard, health, routes};
use crate::start_error::StartError;
use crate::store::Store;

/// Longest JSON body, in bytes: a thousand levels of safety stock.
const JSON_BYTES_MAX: usize = 256 * 1024;
/// Largest catalogue, in bytes: 300,000 items take 30 MB.
const CATALOGUE_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Threads that serve requests: what decides has its own.
const WORKERS: usize = 2;
/// How long a stop waits for requests that are under way.
const STOP_TIMEOUT_S: u64 = 3;
/// How long a quiet connection is kept: longer than a cashier takes between customers.
const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// How long a client may take to send its request's head.
const CLIENT_TIMEOUT: Duration = Duration::from_secs(10);

/// The running web.
pub struct Server {
    /// Where plain HTTP is served.
    pub plain: SocketAddr,
    /// Where HTTPS is served.
    pub tls: Option<SocketAddr>,
    handle: ServerHandle,
}

impl Server {
    /// Where browsers reach it, this machine first.
    #[must_use]
    pub fn urls(&self) -> Vec<String> {
        let mut urls = vec![url("http", self.plain)];
        urls.extend(self.tls.map(|address| url("https", address)));
        urls
    }

    /// Takes nothing new and waits for what is under way.
    pub async fn stop(self) {
        self.handle.stop(true).await;
    }
}

/// The address as a browser on this machine writes it.
fn url(scheme: &str, address: SocketAddr) -> String {
    let port = address.port();
    match address.ip() {
        ip if ip.is_unspecified() => format!("{scheme}://127.0.0.1:{port}"),
        IpAddr::V4(ip) => format!("{scheme}://{ip}:{port}"),
        IpAddr::V6(ip) => format!("{scheme}://[{ip}]:{port}"),
    }
}

fn listen(address: SocketAddr) -> Result<TcpListener, StartError> {
    TcpListener::bind(address).map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => StartError::PortTaken(address),
        _ => StartError::Listen(address, error),
    })
}

/// Listens and serves.
///
/// # Errors
/// Where a port is taken or cannot be listened at.
pub fn start(store: web::Data<Store>) -> Result<Server, StartError> {
    let http = store.settings.http.clone();
    let plain = listen(SocketAddr::new(http.listen, http.port))?;
    let unknown = |error| StartError::Part("the web server", error);
    let plain_address = plain.local_addr().map_err(unknown)?;
    let app = {
        let store = store.clone();
        move || {
            App::new()
                .app_data(store.clone())
                .app_data(json_config())
                .app_data(web::PathConfig::default().error_handler(path_error))
                .app_data(web::QueryConfig::default().error_handler(query_error))
                .app_data(web::PayloadConfig::new(CATALOGUE_BYTES_MAX))
                .wrap(Compress::default())
                .wrap(from_fn(guard::guard))
                .service(health::live)
                .service(health::ready)
                .service(health::metrics)
                .configure(routes::configure)
                .service(assets::index)
                .service(assets::asset)
                .default_service(web::route().to(nothing_here))
        }
    };
    let server = HttpServer::new(app)
        .workers(WORKERS)
        // An answer or a view is whole when it is written: its last part must not wait until the
        // part before it is acknowledged.
        .tcp_nodelay(true)
        .keep_alive(KEEP_ALIVE)
        .client_request_timeout(CLIENT_TIMEOUT)
        .shutdown_timeout(STOP_TIMEOUT_S)
        .disable_signals()
        .listen(plain)
        .map_err(unknown)?;
    let server = server.run();
    let handle = server.handle();
    actix_web::rt::spawn(async move {
        if let Err(error) = server.await {
            tracing::error!(%error, "the web server");
        }
    });
    Ok(Server { plain: plain_address, tls: None, handle })
}

async fn nothing_here(request: HttpRequest) -> HttpResponse {
    Problem::not_found(&request).error_response()
}

fn json_config() -> web::JsonConfig {
    web::JsonConfig::default().limit(JSON_BYTES_MAX).error_handler(|error, request| {
        let problem = match &error {
            JsonPayloadError::Overflow { .. } | JsonPayloadError::OverflowKnownLength { .. } => {
                Problem::plain(request, "too_large")
            }
            error => Problem::malformed(request, &error.to_string()),
        };
        problem.into()
    })
}

fn path_error(error: PathError, request: &HttpRequest) -> actix_web::Error {
    Problem::malformed(request, &error.to_string()).into()
}

fn query_error(error: QueryPayloadError, request: &HttpRequest) -> actix_web::Error {
    Problem::malformed(request, &error.to_string()).into()
}
