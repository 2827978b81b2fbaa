//! The broker of this process: `mqtt5`, which keeps what it retains in memory.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use hq_wire::link::v1::PAYLOAD_MAX;
use mqtt5::broker::config::AuthConfig;
use mqtt5::broker::{BrokerConfig, BrokerShutdownHandle, MqttBroker, StorageConfig};
use service_kit::certificates::Issued;
use service_kit::files;
use service_kit::http::server::ListenError;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use super::front::{self, Front};
use super::gate::Gate;
use super::{Admission, Topics};

/// Most connections: a chain of a thousand stores, each with one, and headquarters' own.
const CLIENTS_MAX: usize = 2_000;
/// Those of them that are kept for headquarters' own, however many others there are.
const CLIENTS_OF_OURS: usize = 64;
/// Largest packet: a message and what stands around it.
const PACKET_BYTES_MAX: usize = PAYLOAD_MAX + 4 * 1024;
/// Most subscriptions of one connection; ours have five.
const SUBSCRIPTIONS_MAX: usize = 32;
/// Messages on their way to one connection that it has not acknowledged: what headquarters writes
/// down in one go.
const OUTBOUND_INFLIGHT: u16 = 256;
/// Most retained messages: what each store of the largest chain leaves, with room for the pieces of
/// what headquarters offers.
const RETAINED_MAX: usize = 128 * CLIENTS_MAX;
/// How long a stop waits until the broker has closed its connections.
const STOP_TIMEOUT: Duration = Duration::from_millis(800);

/// What the broker is started with.
pub struct BrokerOptions {
    /// Where it listens.
    pub address: SocketAddr,
    /// How it speaks TLS, where it does.
    pub tls: Option<Served>,
    /// Where its files are.
    pub directory: PathBuf,
    /// The chain whose topics it carries.
    pub chain: String,
    /// What headquarters itself is known by.
    pub secret: String,
    /// Who else is let in.
    pub admission: Arc<dyn Admission>,
}

/// How the broker speaks TLS: with a certificate of its own, to those who show one of the same
/// authority.
pub struct Served {
    /// What it shows.
    pub shown: Issued,
    /// The authority of those who may connect, in PEM.
    pub authority: String,
}

/// Why there is no broker.
#[derive(Debug, thiserror::Error)]
pub enum BrokerError {
    /// The port cannot be listened at.
    #[error(transparent)]
    Listen(#[from] ListenError),
    /// A file cannot be written.
    #[error("writing the broker's file {}", .0.display())]
    Writing(PathBuf, #[source] io::Error),
    /// It does not start.
    #[error("starting the broker: {0}")]
    Starting(String),
}

/// The broker at work.
pub struct OwnBroker {
    /// Where stores reach it.
    pub address: SocketAddr,
    /// Where headquarters itself reaches it, in clear and on this machine alone. Any process here
    /// can connect to it without a certificate; it still needs a user's secret, and has no more
    /// than that user's topics. Who reads the secrets of this machine has headquarters anyway.
    pub own_address: SocketAddr,
    shutdown: BrokerShutdownHandle,
    running: JoinHandle<()>,
    watching: JoinHandle<()>,
    front: Option<JoinHandle<()>>,
}

impl OwnBroker {
    /// Starts the broker on a runtime.
    ///
    /// # Errors
    /// [`BrokerError`].
    pub async fn start(runtime: &Handle, options: BrokerOptions) -> Result<Self, BrokerError> {
        let failed = |error: &dyn std::fmt::Display| BrokerError::Starting(error.to_string());
        let listener = listen(options.address)?;
        let acceptor = options.tls.as_ref().map(front::acceptor).transpose();
        let acceptor = acceptor.map_err(|error| failed(&error))?;
        let (listener, inner) = match acceptor {
            None => {
                // The broker listens there itself, but would not say what is wrong with the port.
                drop(listener);
                (None, options.address)
            }
            Some(acceptor) => (Some((listener, acceptor)), (Ipv4Addr::LOCALHOST, 0).into()),
        };
        let config = config(&options, inner)?;
        let BrokerOptions { chain, secret, admission, .. } = options;
        let gate = Arc::new(Gate::new(Topics::of(chain), secret, admission));
        let config = config.with_event_handler(gate.clone());
        // What it listens with belongs to the runtime that it is made on.
        let made = runtime.spawn(MqttBroker::with_config(config)).await;
        let broker = made.map_err(|error| failed(&error))?.map_err(|error| failed(&error))?;
        gate.stand_before(&broker.router());
        let mut broker = broker.with_auth_provider(gate.clone());
        let own_address = broker.local_addr().ok_or_else(|| failed(&"it does not listen"))?;
        let shutdown = broker.shutdown_handle();
        let mut ready = broker.ready_receiver();
        let running = runtime.spawn(async move {
            if let Err(error) = broker.run().await {
                tracing::error!(%error, "the broker ended");
            }
        });
        let is_ready = ready.wait_for(|ready| *ready).await.is_ok();
        if !is_ready {
            return Err(failed(&"it ended at once"));
        }
        let watching = runtime.spawn(gate.watch());
        let (address, front) = (own_address, None);
        let mut broker = Self { address, own_address, shutdown, running, watching, front };
        if let Some((listener, acceptor)) = listener {
            broker.address = listener.local_addr().map_err(|error| failed(&error))?;
            let connections_max = CLIENTS_MAX - CLIENTS_OF_OURS;
            let front = Front { acceptor, broker: own_address, connections_max };
            broker.front = Some(runtime.spawn(async move {
                match tokio::net::TcpListener::from_std(listener) {
                    Ok(listener) => front.run(listener).await,
                    Err(error) => tracing::error!(%error, "nobody reaches the broker"),
                }
            }));
        }
        Ok(broker)
    }

    /// Closes every connection.
    pub async fn stop(self) {
        self.watching.abort();
        self.shutdown.shutdown();
        if tokio::time::timeout(STOP_TIMEOUT, self.running).await.is_err() {
            tracing::warn!("the broker did not close all its connections in time");
        }
        // Only now: the broker's last words went through it.
        if let Some(front) = self.front {
            front.abort();
            let _ = front.await;
        }
    }
}

fn listen(address: SocketAddr) -> Result<TcpListener, ListenError> {
    let bound = TcpListener::bind(address)
        .and_then(|listener| listener.set_nonblocking(true).map(|()| listener));
    bound.map_err(|error| ListenError { address, key: "broker.port", error })
}

fn config(options: &BrokerOptions, listen: SocketAddr) -> Result<BrokerConfig, BrokerError> {
    let directory = &options.directory;
    files::make_private(directory)
        .map_err(|error| BrokerError::Writing(directory.clone(), error))?;
    // Nothing need outlive the process: stores send again what headquarters did not acknowledge,
    // and their births and states when they come back; what headquarters retains, acknowledgements
    // and policy, it publishes again from its database at each birth.
    let storage = StorageConfig::new().with_persistence(false);
    // Ours replaces this one as soon as it is made; until then an empty list lets nobody in.
    let nobody = directory.join("nobody.acl");
    files::replace_file(&nobody, b"")
        .map_err(|error| BrokerError::Writing(nobody.clone(), error))?;
    let mut auth = AuthConfig::new().with_acl_file(nobody);
    auth.allow_anonymous = false;
    Ok(BrokerConfig::new()
        .with_bind_addresses(vec![listen])
        .with_max_clients(CLIENTS_MAX)
        // Both ends begin anew each time: nothing is kept for somebody who is gone.
        .with_session_expiry(Duration::ZERO)
        .with_max_packet_size(PACKET_BYTES_MAX)
        .with_maximum_qos(1)
        .with_max_subscriptions_per_client(SUBSCRIPTIONS_MAX)
        .with_max_retained_messages(RETAINED_MAX)
        .with_max_retained_message_size(PAYLOAD_MAX)
        .with_max_outbound_inflight(OUTBOUND_INFLIGHT)
        .with_sys_topics_enabled(false)
        .with_storage(storage)
        .with_auth(auth))
}
