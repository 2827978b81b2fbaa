//! Brings messages to a broker as fast as somebody else takes them in.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use hq::broker::HQ_USER;
use hq_wire::link::v1::{Ack, PAYLOAD_MAX};
use rumqttc::v5::mqttbytes::QoS;
use rumqttc::v5::mqttbytes::v5::{Filter, Packet, Publish};
use rumqttc::v5::{AsyncClient, Event, EventLoop, MqttOptions};
use tokio::runtime::Runtime;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use super::headquarters::CHAIN;
use super::rows::Message;

/// Requests of a client that may wait.
const REQUESTS_MAX: usize = 1024;
/// As many messages as headquarters takes before it acknowledges the first of them.
const RECEIVE_MAX: u16 = 256;

/// How many rows were taken in.
#[derive(Debug, Default)]
pub struct Taken {
    rows: AtomicU64,
    more: Notify,
}

impl Taken {
    /// So many in all.
    pub fn set(&self, rows: u64) {
        self.rows.store(rows, Ordering::Release);
        self.more.notify_one();
    }

    /// So many more.
    pub fn add(&self, rows: u64) {
        self.rows.fetch_add(rows, Ordering::AcqRel);
        self.more.notify_one();
    }

    /// Waits until so many are.
    async fn at_least(&self, rows: u64) {
        while self.rows.load(Ordering::Acquire) < rows {
            self.more.notified().await;
        }
    }
}

/// How to reach a broker as headquarters does.
pub fn options(name: &str, broker: SocketAddr, secret: &str) -> MqttOptions {
    let id = format!("{HQ_USER}-{name}");
    let mut options = MqttOptions::new(id, broker.ip().to_string(), broker.port());
    options.set_credentials(HQ_USER, secret);
    options.set_receive_maximum(Some(RECEIVE_MAX));
    options.set_max_packet_size(Some(u32::try_from(PAYLOAD_MAX + 4096).unwrap()));
    let mut network = rumqttc::NetworkOptions::new();
    network.set_tcp_nodelay(true);
    options.set_network_options(network);
    options
}

/// Somebody who hears what comes over a connection, until this is dropped.
pub struct Listening {
    client: AsyncClient,
    task: JoinHandle<()>,
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Connects, subscribes, and hands over what comes. Returns when it is subscribed.
pub fn listen(
    runtime: &Runtime,
    options: MqttOptions,
    filter: &str,
    mut hear: impl FnMut(&AsyncClient, Publish) + Send + 'static,
) -> Listening {
    let (client, mut events) = AsyncClient::new(options, REQUESTS_MAX);
    let filter = Filter::new(filter.to_owned(), QoS::AtLeastOnce);
    let own = client.clone();
    runtime.block_on(async {
        own.subscribe_many([filter]).await.unwrap();
        while !matches!(next(&mut events).await, Packet::SubAck(_)) {}
    });
    let own = client.clone();
    let task = runtime.spawn(async move {
        loop {
            if let Packet::Publish(message) = next(&mut events).await {
                hear(&own, message);
            }
        }
    });
    Listening { client, task }
}

async fn next(events: &mut EventLoop) -> Packet {
    loop {
        if let Event::Incoming(packet) = events.poll().await.expect("the broker is there") {
            return packet;
        }
    }
}

/// One who brings messages.
pub struct Courier {
    runtime: Arc<Runtime>,
    listening: Listening,
    taken: Arc<Taken>,
    sent_rows: u64,
}

impl Courier {
    /// To headquarters, which says by its acknowledgements what it has taken in.
    pub fn to_headquarters(runtime: &Arc<Runtime>, options: MqttOptions) -> Self {
        let taken = Arc::new(Taken::default());
        let (told, mut through) = (taken.clone(), HashMap::new());
        let listening = listen(runtime, options, &format!("v1/{CHAIN}/+/ack/+"), move |_, ack| {
            let ack: Ack = serde_json::from_slice(&ack.payload).unwrap();
            assert!(!ack.frozen, "{ack:?}");
            through.insert(ack.stream, ack.through);
            told.set(through.values().sum());
        });
        Self { runtime: runtime.clone(), listening, taken, sent_rows: 0 }
    }

    /// To one who counts what it takes in. Listens to nothing that anybody says.
    pub fn to(runtime: &Arc<Runtime>, options: MqttOptions, taken: Arc<Taken>) -> Self {
        let nothing = format!("v1/{CHAIN}/+/ack/+");
        let listening = listen(runtime, options, &nothing, |_, _| {});
        Self { runtime: runtime.clone(), listening, taken, sent_rows: 0 }
    }

    /// Sends messages of so many rows each until the time is over, never more than `window` of
    /// them ahead of what was taken in, and waits until all of them are. Answers how many, and how
    /// long that took.
    pub fn deliver<'m>(
        &mut self,
        messages: impl Iterator<Item = &'m Message>,
        rows: u64,
        window: u64,
        length: Duration,
    ) -> (usize, Duration) {
        let Self { runtime, listening, taken, sent_rows } = self;
        let client = &listening.client;
        let begun = Instant::now();
        let mut sent = 0;
        runtime.block_on(async {
            for message in messages.take_while(|_| begun.elapsed() < length) {
                *sent_rows += rows;
                taken.at_least(sent_rows.saturating_sub(window * rows)).await;
                let (topic, payload) = (message.topic.as_str(), message.payload.clone());
                client.publish(topic, QoS::AtLeastOnce, false, payload).await.unwrap();
                sent += 1;
            }
            taken.at_least(*sent_rows).await;
        });
        (sent, begun.elapsed())
    }
}
