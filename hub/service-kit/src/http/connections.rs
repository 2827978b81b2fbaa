//! How many connections one address may hold, and how long a body may take.
//!
//! One telephone that opens connections and says nothing must not keep the registers out. An
//! encrypted connection is counted only once its key is agreed on: before that it has two seconds
//! and shares the workers of HTTPS with nobody but HTTPS, so that somebody who keeps opening such
//! connections can keep browsers out of HTTPS, but not out of plain HTTP.

use std::any::Any;
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use actix_tls::accept::rustls_0_23::TlsStream;
use actix_web::body::MessageBody;
use actix_web::dev::{Extensions, Payload, ServiceRequest, ServiceResponse};
use actix_web::error::PayloadError;
use actix_web::middleware::Next;
use actix_web::rt::net::TcpStream;
use actix_web::{Error, HttpMessage as _};
use futures_util::{StreamExt as _, stream};
use rustix::net::{Shutdown, shutdown};
use tokio::time::{Instant, timeout_at};

use super::address::network_of;

/// Most connections of one address: a browser opens six, and eight of them may stand behind one
/// address.
const PER_ADDRESS_MAX: usize = 64;
/// How long the next piece of a body may take, and how long the whole of it: a catalogue of 64 MiB
/// over a weak Wi-Fi.
const PIECE_TIMEOUT: Duration = Duration::from_secs(10);
const BODY_TIMEOUT: Duration = Duration::from_secs(300);

/// The open connections, by address.
#[derive(Clone, Debug, Default)]
pub struct Connections(Arc<Mutex<BTreeMap<IpAddr, usize>>>);

/// One open connection; it is counted until this is dropped.
struct Open {
    connections: Connections,
    address: IpAddr,
}

impl Connections {
    /// Counts a connection that was just accepted, or ends it where its address has too many.
    pub fn admit(&self, connection: &dyn Any, extensions: &mut Extensions) {
        let tls = connection.downcast_ref::<TlsStream<TcpStream>>();
        let plain = connection.downcast_ref::<TcpStream>();
        let Some(socket) = tls.map(|tls| tls.get_ref().0).or(plain) else { return };
        let Ok(peer) = socket.peer_addr() else { return };
        let address = peer.ip().to_canonical();
        // What runs on this machine could stop it in simpler ways.
        if address.is_loopback() {
            return;
        }
        match self.open(network_of(address)) {
            Some(open) => {
                extensions.insert(open);
            }
            // Whoever has that many knows what happens.
            None => drop(shutdown(socket, Shutdown::Both)),
        }
    }

    fn open(&self, address: IpAddr) -> Option<Open> {
        let mut counts = self.counts();
        let count = counts.entry(address).or_default();
        if *count >= PER_ADDRESS_MAX {
            return None;
        }
        *count += 1;
        Some(Open { connections: self.clone(), address })
    }

    fn counts(&self) -> std::sync::MutexGuard<'_, BTreeMap<IpAddr, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let mut counts = self.connections.counts();
        if let Some(count) = counts.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.address);
            }
        }
    }
}

/// Gives up on a body that comes drop by drop.
///
/// # Errors
/// What the route answers.
pub async fn in_time(
    mut request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    if !matches!(request.parts_mut().1, Payload::None) {
        let payload = request.take_payload();
        let until = Instant::now() + BODY_TIMEOUT;
        let pieces = stream::unfold(Some(payload), move |payload| async move {
            let mut payload = payload?;
            let until = until.min(Instant::now() + PIECE_TIMEOUT);
            match timeout_at(until, payload.next()).await {
                Ok(piece) => Some((piece?, Some(payload))),
                Err(_) => {
                    let late = std::io::Error::from(std::io::ErrorKind::TimedOut);
                    Some((Err(PayloadError::Io(late)), None))
                }
            }
        });
        request.set_payload(Payload::Stream { payload: Box::pin(pieces) });
    }
    next.call(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_so_many_connections_and_another_is_not_kept_out() {
        let connections = Connections::default();
        let (one, other) = ("192.168.1.7".parse().unwrap(), "192.168.1.8".parse().unwrap());
        let mut open: Vec<Open> =
            (0..PER_ADDRESS_MAX).map(|_| connections.open(one).expect("there is room")).collect();
        assert!(connections.open(one).is_none());
        assert!(connections.open(other).is_some());
        open.pop();
        assert!(connections.open(one).is_some(), "one has gone");
        open.clear();
        assert!(connections.counts().is_empty());
    }
}
