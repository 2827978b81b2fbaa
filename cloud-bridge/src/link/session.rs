use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use hq_wire::link::v1::{PAYLOAD_MAX, Place, Topic};
use rumqttc::v5::mqttbytes::QoS;
use rumqttc::v5::mqttbytes::v5::{
    DisconnectReasonCode, Filter, LastWill, Packet, PubAckReason, PublishProperties,
    SubscribeReasonCode,
};
use rumqttc::v5::{AsyncClient, ConnectionError, Event, EventLoop, MqttOptions, StateError};
use rumqttc::{NetworkOptions, Outgoing, TlsConfiguration, Transport};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::Account;

/// What rumqttc sends as a sign of life, and what it takes for a dead connection when two of them
/// pass without an answer; the shortest that it allows.
const KEEP_ALIVE: Duration = Duration::from_secs(5);
/// Most requests that wait for the event loop: the pump's window, and room for all the rest.
const REQUESTS_MAX: usize = 256;
/// Most messages under way as far as rumqttc is concerned: more than the window and
/// [`REQUESTS_MAX`] together, so that it never has to use a packet's number again too early.
const INFLIGHT_MAX: u16 = 1024;
/// What an MQTT packet needs besides its payload: topic, properties, header.
const PACKET_HEAD: usize = 4096;
/// For a broker that does not answer.
const CONNECT_TIMEOUT_S: u64 = 5;

/// What comes of a connection.
#[derive(Debug)]
pub enum News {
    /// The broker took the subscription: the connection is good.
    Subscribed,
    /// It has a message that was sent with this token.
    Confirmed(u64),
    /// A message.
    Message(Topic, Vec<u8>),
    /// It is over.
    Ended(String),
    /// Another client has taken the name of this one.
    TakenOver,
}

/// How a connection is made.
pub struct Opening<'a> {
    pub account: &'a Account,
    /// The client's name at the broker.
    pub client: String,
    /// What the broker says in the store's name when the connection breaks.
    pub will: Vec<u8>,
}

/// One connection, from its first attempt to its end.
pub struct Session {
    place: Place,
    client: AsyncClient,
    events: mpsc::Receiver<Result<Event, ConnectionError>>,
    poller: JoinHandle<()>,
    /// Tokens of messages that rumqttc has not numbered yet, in the order in which it will.
    unnumbered: VecDeque<Option<u64>>,
    /// Tokens by packet number.
    numbered: HashMap<u16, u64>,
}

impl Session {
    /// Begins to connect. Must be called within the runtime.
    pub fn open(opening: Opening<'_>) -> Self {
        let Opening { account, client, will } = opening;
        let mut options = MqttOptions::new(client, account.host.clone(), account.port);
        options.set_credentials(account.place.store.clone(), account.secret.clone());
        options.set_keep_alive(KEEP_ALIVE).set_clean_start(true);
        options.set_connection_timeout(CONNECT_TIMEOUT_S);
        options.set_outgoing_inflight_upper_limit(INFLIGHT_MAX);
        let packet_max = u32::try_from(PAYLOAD_MAX + PACKET_HEAD).unwrap_or(u32::MAX);
        options.set_max_packet_size(Some(packet_max));
        let status = account.place.topic(&Topic::Status);
        options.set_last_will(LastWill::new(status, will, QoS::AtLeastOnce, true, None));
        if let Some(tls) = &account.tls {
            options
                .set_transport(Transport::tls_with_config(TlsConfiguration::Rustls(tls.clone())));
        }
        let (client, mut event_loop) = AsyncClient::new(options, REQUESTS_MAX);
        let mut network = NetworkOptions::new();
        network.set_tcp_nodelay(true);
        network.set_connection_timeout(CONNECT_TIMEOUT_S);
        event_loop.options.set_network_options(network);
        let (sender, events) = mpsc::channel(REQUESTS_MAX);
        // A task of its own: what it is in the middle of may not be dropped.
        let poller = tokio::spawn(async move { poll(&mut event_loop, &sender).await });
        Self {
            place: account.place.clone(),
            client,
            events,
            poller,
            unnumbered: VecDeque::new(),
            numbered: HashMap::new(),
        }
    }

    /// Sends a message, QoS 1. Says whether there was room for it.
    pub fn publish(&mut self, message: Message) -> bool {
        let topic = self.place.topic(&message.topic);
        let sent = match message.expires_s {
            None => self.client.try_publish(
                topic,
                QoS::AtLeastOnce,
                message.is_retained,
                message.payload,
            ),
            Some(seconds) => {
                let properties = PublishProperties {
                    message_expiry_interval: Some(seconds),
                    ..PublishProperties::default()
                };
                self.client.try_publish_with_properties(
                    topic,
                    QoS::AtLeastOnce,
                    message.is_retained,
                    message.payload,
                    properties,
                )
            }
        };
        if sent.is_ok() {
            self.unnumbered.push_back(message.token);
        }
        sent.is_ok()
    }

    /// The next thing that concerns anybody but this connection.
    pub async fn next(&mut self) -> News {
        loop {
            let news = match self.events.recv().await {
                None => Some(News::Ended("the connection's task has ended".to_owned())),
                Some(Err(error)) => Some(ended(&error)),
                Some(Ok(event)) => self.on_event(event),
            };
            if let Some(news) = news {
                return news;
            }
        }
    }

    fn on_event(&mut self, event: Event) -> Option<News> {
        match event {
            Event::Outgoing(Outgoing::Publish(number)) => {
                let token = self.unnumbered.pop_front().flatten();
                self.numbered.extend(token.map(|token| (number, token)));
                None
            }
            Event::Incoming(Packet::PubAck(ack)) => {
                let is_taken = matches!(
                    ack.reason,
                    PubAckReason::Success | PubAckReason::NoMatchingSubscribers
                );
                if !is_taken {
                    tracing::warn!(reason = ?ack.reason, "the broker did not take a message");
                }
                self.numbered.remove(&ack.pkid).map(News::Confirmed)
            }
            Event::Incoming(Packet::ConnAck(_)) => {
                let filters = self.subscriptions();
                let asked = self.client.try_subscribe_many(filters);
                asked.is_err().then(|| News::Ended("the subscription could not be sent".to_owned()))
            }
            Event::Incoming(Packet::SubAck(ack)) => {
                let is_taken =
                    |code: &SubscribeReasonCode| matches!(code, SubscribeReasonCode::Success(_));
                if ack.return_codes.iter().all(is_taken) {
                    return Some(News::Subscribed);
                }
                let refused = format!("the broker refuses a subscription: {:?}", ack.return_codes);
                Some(News::Ended(refused))
            }
            Event::Incoming(Packet::Publish(message)) => {
                let topic = std::str::from_utf8(&message.topic).unwrap_or_default();
                match Topic::read(topic) {
                    Ok((place, topic)) if place == self.place => {
                        Some(News::Message(topic, message.payload.to_vec()))
                    }
                    _ => {
                        tracing::warn!(topic, "a message on a topic that is not this store's");
                        None
                    }
                }
            }
            Event::Incoming(_) | Event::Outgoing(_) => None,
        }
    }

    fn subscriptions(&self) -> Vec<Filter> {
        let filters = ["ack/+", "policy", "policy/+/+", "command/+", "answer/+"];
        let filter = |rest: &str| {
            let filter = format!("{}/{rest}", self.place.prefix());
            Filter::new(filter, QoS::AtLeastOnce)
        };
        filters.into_iter().map(filter).collect()
    }

    /// Says goodbye, and waits until that is sent.
    pub async fn close(mut self) {
        if self.client.try_disconnect().is_err() {
            return;
        }
        while let Some(Ok(event)) = self.events.recv().await {
            if matches!(event, Event::Outgoing(Outgoing::Disconnect)) {
                return;
            }
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.poller.abort();
    }
}

async fn poll(event_loop: &mut EventLoop, events: &mpsc::Sender<Result<Event, ConnectionError>>) {
    loop {
        let event = event_loop.poll().await;
        let is_over = event.is_err();
        if events.send(event).await.is_err() || is_over {
            return;
        }
    }
}

fn ended(error: &ConnectionError) -> News {
    match error {
        ConnectionError::MqttState(StateError::ServerDisconnect {
            reason_code: DisconnectReasonCode::SessionTakenOver,
            ..
        }) => News::TakenOver,
        error => News::Ended(error.to_string()),
    }
}

/// A message on its way up.
pub struct Message {
    pub topic: Topic,
    pub is_retained: bool,
    pub payload: Vec<u8>,
    /// Seconds after which nobody wants it any more.
    pub expires_s: Option<u32>,
    /// Comes back in [`News::Confirmed`].
    pub token: Option<u64>,
}

impl Message {
    /// One of which the last is kept.
    pub const fn retained(topic: Topic, payload: Vec<u8>) -> Self {
        Self { topic, is_retained: true, payload, expires_s: None, token: None }
    }

    /// One that passes.
    pub const fn passing(topic: Topic, payload: Vec<u8>) -> Self {
        Self { topic, is_retained: false, payload, expires_s: None, token: None }
    }
}
