//! The sockets, and how they are served.

use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::time::Duration;

use actix_web::body::MessageBody;
use actix_web::dev::{
    Server as Running, ServerHandle, ServiceFactory, ServiceRequest, ServiceResponse,
};
use actix_web::{App, Error, HttpServer};
use futures_util::future::join_all;
use rustls::ServerConfig;

use super::connections::Connections;

/// Threads that serve requests of plain HTTP, and as many of HTTPS: what decides has its own.
const WORKERS: usize = 2;
/// How long a stop waits for requests that are under way.
const STOP_TIMEOUT_S: u64 = 3;
/// How long a quiet connection is kept: longer than a cashier takes between
/// customers.
const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// How long a client may take to send its request's head.
const CLIENT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a client may take to agree on a key. A weak Wi-Fi takes a fraction of it.
const TLS_TIMEOUT: Duration = Duration::from_secs(2);
/// Most connections of one worker. With every worker full there are still hundreds of files to be
/// opened under the usual limit of 1,024: the journal does not notice.
const WORKER_CONNECTIONS_MAX: usize = 160;

/// The running web.
pub struct Server {
    /// Where plain HTTP is served.
    pub plain: SocketAddr,
    /// Where HTTPS is served.
    pub tls: Option<SocketAddr>,
    handles: Vec<ServerHandle>,
}

impl Server {
    /// Where a browser on this machine reaches it, plain HTTP first.
    #[must_use]
    pub fn urls(&self) -> Vec<String> {
        let here = |scheme, address: SocketAddr| url(scheme, address.ip(), address.port());
        let mut urls = vec![here("http", self.plain)];
        urls.extend(self.tls.map(|address| here("https", address)));
        urls
    }

    /// Where browsers reach plain HTTP, under each of these addresses that it listens at.
    #[must_use]
    pub fn plain_urls(&self, addresses: &[IpAddr]) -> Vec<String> {
        urls("http", self.plain, addresses)
    }

    /// Where browsers reach HTTPS, under each of these addresses that it listens at.
    #[must_use]
    pub fn tls_urls(&self, addresses: &[IpAddr]) -> Vec<String> {
        self.tls.map_or_else(Vec::new, |listening| urls("https", listening, addresses))
    }

    /// Takes nothing new and waits for what is under way.
    pub async fn stop(self) {
        join_all(self.handles.iter().map(|handle| handle.stop(true))).await;
    }
}

/// The URLs of a socket: this machine's own, then those of the addresses that it listens at.
fn urls(scheme: &str, listening: SocketAddr, addresses: &[IpAddr]) -> Vec<String> {
    if !listening.ip().is_unspecified() {
        return vec![url(scheme, listening.ip(), listening.port())];
    }
    let reached = addresses.iter().filter(|address| address.is_ipv4() || listening.is_ipv6());
    let lan = reached.map(|address| url(scheme, *address, listening.port()));
    [url(scheme, listening.ip(), listening.port())].into_iter().chain(lan).collect()
}

/// The address as a browser writes it; one that is every address, as this machine's own.
fn url(scheme: &str, address: IpAddr, port: u16) -> String {
    match address {
        ip if ip.is_unspecified() => format!("{scheme}://127.0.0.1:{port}"),
        IpAddr::V4(ip) => format!("{scheme}://{ip}:{port}"),
        IpAddr::V6(ip) => format!("{scheme}://[{ip}]:{port}"),
    }
}

/// The sockets that the web is served at.
#[derive(Debug)]
pub struct Sockets {
    plain: (TcpListener, SocketAddr),
    tls: Option<(TcpListener, SocketAddr)>,
}

impl Sockets {
    /// Listens: plain HTTP at one address, HTTPS at another, each with what chooses another port.
    ///
    /// # Errors
    /// Where a port is taken or cannot be listened at, and which setting chooses another.
    pub fn listen(
        plain: (SocketAddr, &'static str),
        tls: Option<(SocketAddr, &'static str)>,
    ) -> Result<Self, ListenError> {
        let listen = |(address, key)| {
            let bound = TcpListener::bind(address)
                .and_then(|socket| socket.local_addr().map(|bound| (socket, bound)));
            bound.map_err(|error| ListenError { address, key, error })
        };
        Ok(Self { plain: listen(plain)?, tls: tls.map(listen).transpose()? })
    }

    /// The port of HTTPS.
    #[must_use]
    pub fn tls_port(&self) -> Option<u16> {
        self.tls.as_ref().map(|(_, address)| address.port())
    }
}

/// A port that cannot be listened at.
#[derive(Debug, thiserror::Error)]
#[error("listening at {address}")]
pub struct ListenError {
    /// Where.
    pub address: SocketAddr,
    /// What chooses another port.
    pub key: &'static str,
    /// What the system said.
    #[source]
    pub error: io::Error,
}

/// Serves an application at the sockets; without a configuration of TLS at the plain one alone.
///
/// # Errors
/// Where there are no threads.
pub fn serve<T, B>(
    app: impl Fn() -> App<T> + Clone + Send + 'static,
    sockets: Sockets,
    tls_config: Option<ServerConfig>,
) -> io::Result<Server>
where
    T: ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse<B>,
            Error = Error,
            InitError = (),
        > + 'static,
    B: MessageBody + 'static,
{
    let Sockets { plain: (plain_socket, plain), tls } = sockets;
    let connections = Connections::default();
    let served = || {
        let connections = connections.clone();
        HttpServer::new(app.clone())
            .workers(WORKERS)
            .max_connections(WORKER_CONNECTIONS_MAX)
            .on_connect(move |connection, extensions| connections.admit(connection, extensions))
            // An answer or a view is whole when it is written: its last part must not wait until
            // the part before it is acknowledged.
            .tcp_nodelay(true)
            .keep_alive(KEEP_ALIVE)
            .client_request_timeout(CLIENT_TIMEOUT)
            .tls_handshake_timeout(TLS_TIMEOUT)
            .shutdown_timeout(STOP_TIMEOUT_S)
            .disable_signals()
    };
    let mut handles = vec![run(served().listen(plain_socket)?.run())];
    let mut tls_address = None;
    if let (Some((socket, address)), Some(config)) = (tls, tls_config) {
        // It has workers of its own: connections that agree on no key keep nobody else out.
        handles.push(run(served().listen_rustls_0_23(socket, config)?.run()));
        tls_address = Some(address);
    }
    Ok(Server { plain, tls: tls_address, handles })
}

fn run(server: Running) -> ServerHandle {
    let handle = server.handle();
    actix_web::rt::spawn(async move {
        if let Err(error) = server.await {
            tracing::error!(%error, "the web server");
        }
    });
    handle
}
