//! A connection that comes back: a new client and a new event loop each time, because rumqttc loses
//! what it held when a session is gone, and all state is in the database anyway.

use std::time::Duration;

use hq_wire::link::v1::PAYLOAD_MAX;
use rumqttc::v5::mqttbytes::QoS;
use rumqttc::v5::mqttbytes::v5::{Filter, Packet, Publish, SubscribeReasonCode};
use rumqttc::v5::{AsyncClient, ConnectionError, Event, EventLoop};
use uuid::Uuid;

use crate::broker::{BrokerAddress, HQ_USER};
use crate::metrics::Metrics;

/// How long until a broker that says nothing counts as gone.
const KEEP_ALIVE: Duration = Duration::from_secs(5);
/// How long a broker may take to answer a connection, in seconds.
const CONNECT_TIMEOUT_S: u64 = 5;
/// The first wait before another attempt, and the longest.
const BACKOFF_MIN: Duration = Duration::from_millis(200);
const BACKOFF_MAX: Duration = Duration::from_secs(5);
/// Messages that the broker may send before the first of them is acknowledged.
pub(super) const RECEIVE_MAX: u16 = 256;
/// Requests that wait for the event loop: as many acknowledgements as there are messages, and what
/// is published.
const REQUESTS_MAX: usize = 2 * RECEIVE_MAX as usize;
/// Messages of ours that the broker has not acknowledged.
const OUTGOING_MAX: u16 = 100;
/// Largest packet that is taken: whatever is larger is none of ours.
const PACKET_BYTES_MAX: u32 = PAYLOAD_MAX as u32 + 4 * 1024;

/// What hears of a connection.
pub(super) trait Listener: Send {
    /// The subscriptions hold: from now on something may be published.
    fn connected(&mut self, client: &AsyncClient);
    /// A message came, maybe before [`Listener::connected`]: what is retained comes first.
    fn message(&mut self, client: &AsyncClient, message: Publish);
    /// The client is of no use any more.
    fn disconnected(&mut self);
}

/// What a connection is for.
pub(super) struct Connection {
    /// Names it, within the process.
    pub name: String,
    /// What it listens to.
    pub filters: Vec<String>,
    /// Whether the listener acknowledges messages itself.
    pub manual_acks: bool,
}

/// Connects, and again whenever the connection ends, until this future is dropped.
pub(super) async fn keep(
    address: BrokerAddress,
    connection: Connection,
    metrics: Metrics,
    mut listener: impl Listener,
) {
    let mut backoff = BACKOFF_MIN;
    loop {
        metrics.disconnected(&connection.name);
        let Ended { was_connected, reason } =
            once(&address, &connection, &metrics, &mut listener).await;
        listener.disconnected();
        metrics.disconnected(&connection.name);
        tracing::warn!(connection = %connection.name, %reason, "the broker is out of reach");
        backoff = if was_connected { BACKOFF_MIN } else { (backoff * 2).min(BACKOFF_MAX) };
        tokio::time::sleep(with_jitter(backoff)).await;
    }
}

/// How a connection ended.
struct Ended {
    was_connected: bool,
    reason: String,
}

/// Between half of a wait and the whole, so that many do not come back at once.
fn with_jitter(wait: Duration) -> Duration {
    let mut byte = [0; 1];
    // Without randomness everybody waits as long.
    let _ = getrandom::fill(&mut byte);
    wait / 2 + (wait / 2) * u32::from(byte[0]) / 256
}

async fn once(
    address: &BrokerAddress,
    connection: &Connection,
    metrics: &Metrics,
    listener: &mut impl Listener,
) -> Ended {
    let mut options =
        address.options(&format!("{HQ_USER}-{}-{}", connection.name, Uuid::now_v7().simple()));
    options
        .set_clean_start(true)
        .set_session_expiry_interval(Some(0))
        .set_receive_maximum(Some(RECEIVE_MAX))
        .set_max_packet_size(Some(PACKET_BYTES_MAX))
        .set_connection_timeout(CONNECT_TIMEOUT_S)
        .set_keep_alive(KEEP_ALIVE)
        .set_outgoing_inflight_upper_limit(OUTGOING_MAX)
        .set_manual_acks(connection.manual_acks);
    let (client, mut events) = AsyncClient::new(options, REQUESTS_MAX);
    let mut was_connected = false;
    let ended = |was_connected, reason: &str| Ended { was_connected, reason: reason.to_owned() };
    loop {
        match next(&mut events).await {
            Ok(Packet::ConnAck(_)) => {
                let filters = connection.filters.iter();
                let filters = filters.map(|filter| Filter::new(filter.clone(), QoS::AtLeastOnce));
                if client.try_subscribe_many(filters).is_err() {
                    return ended(false, "there is no room to subscribe");
                }
            }
            Ok(Packet::SubAck(answer)) => {
                let is_granted =
                    |code: &SubscribeReasonCode| matches!(code, SubscribeReasonCode::Success(_));
                if !answer.return_codes.iter().all(is_granted) {
                    let reason = "the broker does not let headquarters listen: its user must \
                                  read and write the whole chain";
                    return ended(false, reason);
                }
                was_connected = true;
                metrics.connected(&connection.name);
                listener.connected(&client);
            }
            Ok(Packet::Publish(message)) => listener.message(&client, message),
            Ok(_) => {}
            Err(error) => return ended(was_connected, &error.to_string()),
        }
    }
}

/// The next packet that came.
async fn next(events: &mut EventLoop) -> Result<Packet, ConnectionError> {
    loop {
        if let Event::Incoming(packet) = events.poll().await? {
            return Ok(packet);
        }
    }
}

/// The topic of a message; what is no text is no topic of ours.
pub(super) fn topic_of(message: &Publish) -> String {
    String::from_utf8_lossy(&message.topic).into_owned()
}
