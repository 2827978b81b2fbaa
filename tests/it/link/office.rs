//! Headquarters as far as the store's end needs it: its real tables, and a connection that reads.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use hq::broker::HQ_USER;
use hq::ingest;
use hq::store::{HqStore, StoreAt, StorePlace};
use hq_wire::link::v1::{Ack, Command, PAYLOAD_MAX, Place, Query, Reply, Status, Topic};
use rumqttc::v5::mqttbytes::QoS;
use rumqttc::v5::mqttbytes::v5::{Filter, Packet};
use rumqttc::v5::{AsyncClient, Event, MqttOptions};
use serde_json::{Value, json};

use super::{CHAIN, HQ_SECRET, STORE};

/// What does not come within this time does not come.
const STUCK_AFTER: Duration = Duration::from_secs(120);
/// Between two attempts to connect.
const RETRY: Duration = Duration::from_millis(20);

/// What is said of a stream instead of the truth.
type Lie = Box<dyn Fn(&str) -> Ack + Send>;

/// What headquarters has seen.
pub struct Seen {
    pub store: HqStore,
    client: Option<AsyncClient>,
    pub statuses: Vec<Status>,
    pub states: BTreeMap<String, Value>,
    pub replies: Vec<Reply>,
    pub queries: Vec<Query>,
    /// Messages with rows.
    pub batches: u64,
    /// Takes nothing in and acknowledges nothing.
    pub is_deaf: bool,
    /// What it answers to questions; nothing if none.
    pub answer: Option<Value>,
    /// Said at the next birth, and nothing else.
    pub lie: Option<Lie>,
}

pub struct Office {
    seen: Arc<(Mutex<Seen>, Condvar)>,
    runtime: Option<tokio::runtime::Runtime>,
}

fn place() -> Place {
    Place { chain: CHAIN.to_owned(), store: STORE.to_owned() }
}

impl Seen {
    /// A field of what the store says of its link.
    pub fn of_link(&self, field: &str) -> Value {
        self.states.get("link").map_or(Value::Null, |link| link[field].clone())
    }

    /// How far every stream is, by its name on the wire.
    pub fn through(&mut self) -> BTreeMap<String, u64> {
        let acks = self.store.acks_of(STORE).unwrap();
        acks.into_iter().map(|ack| (ack.stream, ack.through)).collect()
    }

    /// Whether some stream is complete with so many rows.
    pub fn has(&mut self, rows: u64) -> bool {
        self.through().values().any(|through| *through == rows)
    }

    pub fn say(&self, topic: &Topic, is_retained: bool, payload: Vec<u8>) {
        if let Some(client) = &self.client {
            let topic = place().topic(topic);
            client.try_publish(topic, QoS::AtLeastOnce, is_retained, payload).unwrap();
        }
    }

    fn acknowledge(&self, ack: &Ack) {
        self.say(&Topic::Ack(ack.stream.clone()), true, serde_json::to_vec(ack).unwrap());
    }

    fn hear(&mut self, topic: &str, payload: &[u8]) {
        let (_, kind) = Topic::read(topic).unwrap();
        match kind {
            // Neither is for the tables.
            Topic::Reply(_) => return self.replies.push(serde_json::from_slice(payload).unwrap()),
            Topic::Query(name) => {
                return self.on_query(&name, serde_json::from_slice(payload).unwrap());
            }
            Topic::State(thing) => {
                self.states.insert(thing, serde_json::from_slice(payload).unwrap());
            }
            Topic::Status => {
                let status: Status = serde_json::from_slice(payload).unwrap();
                self.statuses.push(status.clone());
                if let (Status::Birth { stream, .. }, true) = (&status, self.lie.is_some()) {
                    let lie = self.lie.take().map(|lie| lie(stream));
                    lie.iter().for_each(|ack| self.acknowledge(ack));
                    return;
                }
            }
            Topic::Facts(_) => self.batches += 1,
            _ => {}
        }
        if self.is_deaf {
            return;
        }
        let message = ingest::read(CHAIN, topic, payload);
        let ingested = self.store.ingest(&[message], 0).unwrap();
        assert_eq!(ingested.put_aside, 0, "{topic} was put aside");
        ingested.acks.iter().for_each(|(_, ack)| self.acknowledge(ack));
    }

    fn on_query(&mut self, name: &str, query: Query) {
        if let Some(body) = self.answer.clone() {
            let reply = Reply { id: query.id.clone(), refused: None, body };
            let answer = serde_json::to_vec(&reply).unwrap();
            self.say(&Topic::Answer(name.to_owned()), false, answer);
        }
        self.queries.push(query);
    }
}

impl Office {
    pub fn start(broker: SocketAddr) -> Self {
        let mut store = HqStore::open(&StoreAt::Memory).unwrap();
        let known = StorePlace { store: STORE.to_owned(), ..StorePlace::default() };
        store.add_store(&known).unwrap();
        let seen = Seen {
            store,
            client: None,
            statuses: Vec::new(),
            states: BTreeMap::new(),
            replies: Vec::new(),
            queries: Vec::new(),
            batches: 0,
            is_deaf: false,
            answer: None,
            lie: None,
        };
        let seen = Arc::new((Mutex::new(seen), Condvar::new()));
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        let runtime = builder.worker_threads(1).enable_all().build().unwrap();
        runtime.spawn(serve(broker, seen.clone()));
        Self { seen, runtime: Some(runtime) }
    }

    pub fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.0.lock().unwrap()
    }

    /// Waits until headquarters has seen that.
    pub fn wait<T>(&self, what: &str, mut look: impl FnMut(&mut Seen) -> Option<T>) -> T {
        let begun = Instant::now();
        let (seen, changed) = &*self.seen;
        let mut seen = seen.lock().unwrap();
        loop {
            if let Some(found) = look(&mut seen) {
                return found;
            }
            assert!(begun.elapsed() < STUCK_AFTER, "{what}: {:?}", seen.through());
            seen = changed.wait_timeout(seen, Duration::from_secs(1)).unwrap().0;
        }
    }

    /// The first status after so many that fits.
    pub fn wait_for_status(&self, after: usize, fits: impl Fn(&Status) -> bool) -> Status {
        self.wait("a status", |seen| seen.statuses.iter().skip(after).find(|it| fits(it)).cloned())
    }

    /// Sends a command and waits for so many answers to it.
    pub fn command(&self, name: &str, id: &str, answers: usize) -> Reply {
        let command = Command { id: id.to_owned(), expires_ms: i64::MAX, body: json!({}) };
        let text = serde_json::to_vec(&command).unwrap();
        self.seen().say(&Topic::Command(name.to_owned()), false, text);
        self.wait(name, |seen| {
            let mut replies = seen.replies.iter().filter(|reply| reply.id == id);
            replies.nth(answers - 1).cloned()
        })
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

async fn serve(broker: SocketAddr, seen: Arc<(Mutex<Seen>, Condvar)>) {
    let mut retry = tokio::time::interval(RETRY);
    loop {
        retry.tick().await;
        let mut options = MqttOptions::new("hq", broker.ip().to_string(), broker.port());
        options.set_credentials(HQ_USER, HQ_SECRET);
        options.set_max_packet_size(Some(u32::try_from(PAYLOAD_MAX * 2).unwrap()));
        let (client, mut event_loop) = AsyncClient::new(options, 4096);
        while let Ok(event) = event_loop.poll().await {
            match event {
                Event::Incoming(Packet::ConnAck(_)) => {
                    let all = ["facts/+", "state/+", "status", "reply/+", "query/+"];
                    let filter =
                        |rest: &str| Filter::new(format!("v1/{CHAIN}/+/{rest}"), QoS::AtLeastOnce);
                    client.try_subscribe_many(all.into_iter().map(filter)).unwrap();
                    seen.0.lock().unwrap().client = Some(client.clone());
                }
                Event::Incoming(Packet::Publish(message)) => {
                    let topic = String::from_utf8(message.topic.to_vec()).unwrap();
                    seen.0.lock().unwrap().hear(&topic, &message.payload);
                    seen.1.notify_all();
                }
                _ => {}
            }
        }
        seen.0.lock().unwrap().client = None;
    }
}
