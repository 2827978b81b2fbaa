//! The broker of this process: `mqtt5`, with its storage in the data directory.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use hq_wire::link::v1::PAYLOAD_MAX;
use mqtt5::broker::config::{AuthConfig, StorageBackend, TlsConfig};
use mqtt5::broker::{BrokerConfig, BrokerShutdownHandle, MqttBroker, StorageConfig};
use service_kit::certificates::Issued;
use service_kit::files;
use service_kit::http::server::ListenError;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use super::access::Gate;
use super::{Admission, Topics};

/// Most connections: a chain of a thousand stores, each with one, and headquarters' own.
const CLIENTS_MAX: usize = 2_000;
/// Largest packet: a message and what stands around it.
const PACKET_BYTES_MAX: usize = PAYLOAD_MAX + 4 * 1024;
/// Most subscriptions of one connection; ours have five.
const SUBSCRIPTIONS_MAX: usize = 32;
/// Messages on their way to one connection that it has not acknowledged: what headquarters writes
/// down in one go.
const OUTBOUND_INFLIGHT: u16 = 256;
/// How long a stop waits until the broker has closed its connections.
const STOP_TIMEOUT: Duration = Duration::from_millis(800);

/// What the broker is started with.
pub struct BrokerOptions {
    /// Where it listens.
    pub address: SocketAddr,
    /// How it speaks TLS, where it does.
    pub tls: Option<Served>,
    /// Where it keeps what is retained.
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
    /// Where it listens.
    pub address: SocketAddr,
    shutdown: BrokerShutdownHandle,
    running: JoinHandle<()>,
}

impl OwnBroker {
    /// Starts the broker on a runtime.
    ///
    /// # Errors
    /// [`BrokerError`].
    pub async fn start(runtime: &Handle, options: BrokerOptions) -> Result<Self, BrokerError> {
        check_port(options.address)?;
        let is_encrypted = options.tls.is_some();
        let config = config(&options)?;
        let BrokerOptions { chain, secret, admission, .. } = options;
        let gate = Gate { topics: Topics::of(chain), secret, admission };
        let failed = |error: &dyn std::fmt::Display| BrokerError::Starting(error.to_string());
        // What it listens with belongs to the runtime that it is made on.
        let made = runtime.spawn(MqttBroker::with_config(config)).await;
        let broker = made.map_err(|error| failed(&error))?.map_err(|error| failed(&error))?;
        let mut broker = broker.with_auth_provider(Arc::new(gate));
        let address = if is_encrypted { broker.tls_local_addr() } else { broker.local_addr() };
        let address = address.ok_or_else(|| failed(&"it does not listen"))?;
        let shutdown = broker.shutdown_handle();
        let mut ready = broker.ready_receiver();
        let running = runtime.spawn(async move {
            if let Err(error) = broker.run().await {
                tracing::error!(%error, "the broker ended");
            }
        });
        let is_ready = ready.wait_for(|ready| *ready).await.is_ok();
        let broker = Self { address, shutdown, running };
        if is_ready { Ok(broker) } else { Err(failed(&"it ended at once")) }
    }

    /// Closes every connection.
    pub async fn stop(self) {
        self.shutdown.shutdown();
        if tokio::time::timeout(STOP_TIMEOUT, self.running).await.is_err() {
            tracing::warn!("the broker did not close all its connections in time");
        }
    }
}

/// Finds out whether the port is free: the broker itself does not say what is wrong with it.
fn check_port(address: SocketAddr) -> Result<(), ListenError> {
    let bound = TcpListener::bind(address);
    bound.map(drop).map_err(|error| ListenError { address, key: "broker.port", error })
}

fn config(options: &BrokerOptions) -> Result<BrokerConfig, BrokerError> {
    let directory = &options.directory;
    let write = |name: &str, content: &str| -> Result<PathBuf, BrokerError> {
        let path = directory.join(name);
        let written = files::replace_file(&path, content.as_bytes());
        written.map(|()| path.clone()).map_err(|error| BrokerError::Writing(path, error))
    };
    files::make_private(directory)
        .map_err(|error| BrokerError::Writing(directory.clone(), error))?;
    let storage = StorageConfig::new()
        .with_backend(StorageBackend::File)
        .with_base_dir(directory.join("kept"));
    // Ours replaces this one as soon as it is made; until then an empty list lets nobody in.
    let mut auth = AuthConfig::new().with_acl_file(write("nobody.acl", "")?);
    auth.allow_anonymous = false;
    let mut config = BrokerConfig::new()
        .with_bind_addresses(Vec::new())
        .with_max_clients(CLIENTS_MAX)
        .with_max_packet_size(PACKET_BYTES_MAX)
        .with_maximum_qos(1)
        .with_max_subscriptions_per_client(SUBSCRIPTIONS_MAX)
        .with_max_retained_message_size(PAYLOAD_MAX)
        .with_max_outbound_inflight(OUTBOUND_INFLIGHT)
        .with_sys_topics_enabled(false)
        .with_storage(storage)
        .with_auth(auth);
    match &options.tls {
        None => config = config.with_bind_address(options.address),
        Some(Served { shown, authority }) => {
            let certificate = write("certificate.pem", &shown.certificate)?;
            let key = write("key.pem", &shown.key)?;
            let tls = TlsConfig::new(certificate, key)
                .with_ca_file(write("authority.pem", authority)?)
                .with_require_client_cert(true)
                .with_bind_address(options.address);
            config = config.with_tls(tls);
        }
    }
    Ok(config)
}
