//! The least that takes messages in durably: a subscriber that writes their rows into one table.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use hq::broker::{Admission, BrokerOptions, Later, OwnBroker};
use hq_wire::link::v1::{FactsBatch, text_of};
use rumqttc::v5::AsyncClient;
use rumqttc::v5::mqttbytes::v5::Publish;
use rusqlite::{Connection, params};
use tokio::runtime::Runtime;

use super::courier::{Listening, Taken, listen, options};
use super::headquarters::CHAIN;

/// What the subscriber shows its broker, for nobody else to guess meanwhile.
pub const SECRET: &str = "bare";
/// Messages of one commit.
const GROUP: usize = 100;
/// How long a group waits for its last messages: only the last of a slice ever does.
const GROUP_WAIT: Duration = Duration::from_millis(5);

/// Nobody connects but this process.
struct Nobody;

impl Admission for Nobody {
    fn secret_hash<'a>(&'a self, _store: &'a str) -> Later<'a, Option<String>> {
        Box::pin(std::future::ready(None))
    }

    fn secret_hashes(&self) -> Later<'_, Option<BTreeMap<String, String>>> {
        Box::pin(std::future::ready(Some(BTreeMap::new())))
    }
}

/// A broker of the kind that headquarters has, with the subscriber, in a directory.
pub struct Bare {
    /// Where the broker listens.
    pub broker: SocketAddr,
    /// What was written.
    pub taken: Arc<Taken>,
    _listening: Listening,
    _running: OwnBroker,
}

impl Bare {
    /// Starts both.
    pub fn start(runtime: &Runtime, directory: &Path) -> Self {
        let options_of_broker = BrokerOptions {
            address: "127.0.0.1:0".parse().unwrap(),
            tls: None,
            directory: directory.join("broker"),
            chain: CHAIN.to_owned(),
            secret: SECRET.to_owned(),
            admission: Arc::new(Nobody),
        };
        let starting = OwnBroker::start(runtime.handle(), options_of_broker);
        let running = runtime.block_on(starting).unwrap();
        let taken = Arc::new(Taken::default());
        let (given, waiting) = channel();
        let (connection, told) = (open(&directory.join("bare.db")), taken.clone());
        std::thread::spawn(move || run(&connection, &waiting, &told));
        let mut subscriber = options("bare", running.address, SECRET);
        subscriber.set_manual_acks(true);
        let facts = format!("v1/{CHAIN}/+/facts/+");
        let listening = listen(runtime, subscriber, &facts, move |client, message| {
            given.send((client.clone(), message)).unwrap();
        });
        Self { broker: running.address, taken, _listening: listening, _running: running }
    }
}

fn open(path: &Path) -> Connection {
    let connection = Connection::open(path).unwrap();
    connection.pragma_update(None, "journal_mode", "WAL").unwrap();
    connection.pragma_update(None, "synchronous", "FULL").unwrap();
    connection
        .execute_batch(
            "CREATE TABLE rows (store TEXT, stream TEXT, sequence INTEGER, id TEXT, kind TEXT,
                 body_version INTEGER, transaction_id TEXT, wall_ms INTEGER, utc_offset_s INTEGER,
                 monotonic_ms INTEGER, boot TEXT, clock_trusted INTEGER, body TEXT, digest TEXT,
                 PRIMARY KEY (stream, sequence))",
        )
        .unwrap();
    connection
}

type Given = (AsyncClient, Publish);

fn run(connection: &Connection, waiting: &Receiver<Given>, taken: &Taken) {
    while let Ok(first) = waiting.recv() {
        let mut group = vec![first];
        while group.len() < GROUP
            && let Ok(more) = waiting.recv_timeout(GROUP_WAIT)
        {
            group.push(more);
        }
        connection.execute_batch("BEGIN IMMEDIATE").unwrap();
        let rows = group.iter().map(|(_, message)| write(connection, message)).sum();
        connection.execute_batch("COMMIT").unwrap();
        for (client, message) in &group {
            client.try_ack(message).unwrap();
        }
        taken.add(rows);
    }
}

fn write(connection: &Connection, message: &Publish) -> u64 {
    let batch: FactsBatch = serde_json::from_slice(&text_of(&message.payload).unwrap()).unwrap();
    let insert = "INSERT INTO rows VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13,
         ?14)";
    let mut insert = connection.prepare_cached(insert).unwrap();
    for row in &batch.data.rows {
        let values = params![
            batch.source,
            row.stream,
            row.sequence as i64,
            row.id,
            row.kind,
            row.body_version,
            row.transaction,
            row.wall_ms,
            row.utc_offset_s,
            row.monotonic_ms as i64,
            row.boot,
            row.clock_trusted,
            row.body.get(),
            row.digest,
        ];
        insert.execute(values).unwrap();
    }
    batch.data.rows.len() as u64
}
