//! The port that stores reach: TLS ends here, and what is inside goes on to the broker.
//!
//! The broker's own TLS shakes hands with one caller after another, so a single one that says
//! nothing would keep everybody else out. Here each has a task of its own and little time.

use std::io;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use tokio::io::{AsyncWriteExt as _, copy, split};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::own::Served;
use crate::counts::{Counted, Counts};

/// How long a caller has to show its certificate.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(5);
/// Most callers of one network that have not yet shown a certificate. Those that have are not
/// counted: a whole chain may come through one router.
const STRANGERS_PER_NETWORK_MAX: usize = 64;
/// Most connections with one certificate, so that one store cannot take the places of all, even
/// before it says who it is. The gate lets four of a store stay; headquarters in another process
/// has one for each of its workers, of which there are at most 64.
pub(super) const OF_ONE_CERTIFICATE_MAX: usize = 72;
/// How long one direction goes on after the other has ended: the last words of a connection.
const LAST_WORDS: Duration = Duration::from_secs(5);
/// How long nobody is let in where the system has no more sockets.
const EXHAUSTED: Duration = Duration::from_millis(100);

/// How TLS is spoken: with a certificate of ours, to those who show one of the same authority.
///
/// # Errors
/// What does not parse, in words.
pub(super) fn acceptor(served: &Served) -> Result<TlsAcceptor, String> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(served.authority.as_bytes()) {
        let certificate = certificate.map_err(|error| format!("the authority: {error}"))?;
        roots.add(certificate).map_err(|error| format!("the authority: {error}"))?;
    }
    // Without an authority there is no verifier: this never lets everybody in.
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone())
        .build()
        .map_err(|error| format!("the authority: {error}"))?;
    let bad = |error: &dyn std::fmt::Display| format!("the certificate: {error}");
    let chain: Result<Vec<_>, _> =
        CertificateDer::pem_slice_iter(served.shown.certificate.as_bytes()).collect();
    let key = PrivateKeyDer::from_pem_slice(served.shown.key.as_bytes());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| bad(&error))?
        .with_client_cert_verifier(verifier)
        .with_single_cert(chain.map_err(|error| bad(&error))?, key.map_err(|error| bad(&error))?)
        .map_err(|error| bad(&error))?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// What stands between the port and the broker.
pub(super) struct Front {
    /// How TLS is spoken.
    pub acceptor: TlsAcceptor,
    /// Where the broker listens in clear.
    pub broker: SocketAddr,
    /// Most connections at a time.
    pub connections_max: usize,
}

impl Front {
    /// Lets callers in until it is dropped, and with it every connection.
    pub async fn run(self, listener: TcpListener) {
        let places = Arc::new(Semaphore::new(self.connections_max));
        let strangers = Counts::at_most(STRANGERS_PER_NETWORK_MAX, usize::MAX);
        let known = Counts::at_most(OF_ONE_CERTIFICATE_MAX, usize::MAX);
        let mut connections = JoinSet::new();
        loop {
            let (caller, address) = match listener.accept().await {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(%error, "a connection to the broker was not taken");
                    sleep(EXHAUSTED).await;
                    continue;
                }
            };
            while connections.try_join_next().is_some() {}
            let place = places.clone().try_acquire_owned();
            let stranger = strangers.admit(network(address.ip()));
            let (Ok(place), Some(stranger)) = (place, stranger) else {
                tracing::warn!(%address, "too many connections to the broker");
                continue;
            };
            let (acceptor, broker, known) = (self.acceptor.clone(), self.broker, known.clone());
            connections.spawn(async move {
                let caller = match shake_hands(acceptor, caller, stranger).await {
                    Ok(caller) => caller,
                    Err(error) => {
                        return tracing::info!(%address, %error, "no TLS with the broker");
                    }
                };
                match known.admit(certificate_of(&caller)) {
                    Some(guest) => carry(caller, broker, (place, guest)).await,
                    None => tracing::warn!(%address, "too many connections of one certificate"),
                }
            });
        }
    }
}

async fn shake_hands(
    acceptor: TlsAcceptor,
    caller: TcpStream,
    _stranger: Counted<IpAddr>,
) -> io::Result<TlsStream<TcpStream>> {
    // A message is whole when it is written: its last part must not wait.
    caller.set_nodelay(true)?;
    timeout(HANDSHAKE_TIMEOUT, acceptor.accept(caller))
        .await
        .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

/// What a caller has shown. The handshake lets nobody in who showed nothing.
fn certificate_of(caller: &TlsStream<TcpStream>) -> Vec<u8> {
    let shown = caller.get_ref().1.peer_certificates().and_then(<[_]>::first);
    shown.map(|certificate| certificate.to_vec()).unwrap_or_default()
}

/// Carries what both say until one has ended. MQTT knows no half of a connection, and a caller
/// that vanished never ends its own: the other direction has just time for its last words.
async fn carry(
    caller: TlsStream<TcpStream>,
    broker: SocketAddr,
    _place: (OwnedSemaphorePermit, Counted<Vec<u8>>),
) {
    let broker = match TcpStream::connect(broker).await {
        Ok(broker) => broker,
        Err(error) => return tracing::warn!(%error, "the broker takes no connection"),
    };
    if let Err(error) = broker.set_nodelay(true) {
        tracing::debug!(%error, "small packets may wait");
    }
    let (mut from_caller, mut to_caller) = split(caller);
    let (mut from_broker, mut to_broker) = broker.into_split();
    // How a direction ended is of no use to the other one: it ends too.
    let up = async {
        let _ = copy(&mut from_caller, &mut to_broker).await;
        let _ = to_broker.shutdown().await;
    };
    let down = async {
        let _ = copy(&mut from_broker, &mut to_caller).await;
        let _ = to_caller.shutdown().await;
    };
    tokio::pin!(up, down);
    let _ = tokio::select! {
        () = &mut up => timeout(LAST_WORDS, down).await,
        () = &mut down => timeout(LAST_WORDS, up).await,
    };
}

/// What one caller has of addresses: one of the old kind, 2^64 of the new one.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & (!0 << 64)).into(),
        old => old,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_of_the_new_kind_is_one_caller() {
        let address = |text: &str| text.parse::<IpAddr>().unwrap();
        assert_eq!(network(address("2001:db8::1")), network(address("2001:db8::ffff")));
        assert_ne!(network(address("2001:db8::1")), network(address("2001:db8:0:1::1")));
        assert_ne!(network(address("2001:db8::1")), network(address("192.0.2.1")));
    }

    #[test]
    fn an_old_address_in_a_new_one_is_the_old_one() {
        let address = |text: &str| text.parse::<IpAddr>().unwrap();
        assert_eq!(network(address("::ffff:192.0.2.1")), address("192.0.2.1"));
        assert_ne!(network(address("::ffff:192.0.2.1")), network(address("::ffff:192.0.2.2")));
    }
}
