//! The broker as stores and headquarters reach it: real connections to the real one.

use std::sync::Arc;
use std::time::Duration;

use hq_wire::link::v1::LinkFile;
use jiff::Timestamp;
use rumqttc::v5::mqttbytes::QoS;
use rumqttc::v5::mqttbytes::v5::{LastWill, Packet, PubAckReason};
use rumqttc::v5::{AsyncClient, ConnectionError, Event, EventLoop};
use service_kit::certificates::{Authority, Issued, Names};
use tokio::runtime::Handle;
use tokio::time::timeout;
use uuid::Uuid;

use super::front::OF_ONE_CERTIFICATE_MAX;
use super::{BrokerAddress, BrokerOptions, BrokerUrl, Encryption, HQ_USER, OwnBroker, Served};
use crate::database::Database;
use crate::enrolment::{self, Admitted, Enrolment};
use crate::store::{HqStore, StoreAt};

/// How long anything is waited for: far longer than it takes.
const PATIENCE: Duration = Duration::from_secs(60);
const GONE: &str = r#"{"online":false,"boot":"b"}"#;
const STREAM: &str = "0199aa00-0000-7000-8000-000000000000";

/// A broker, and the database that says who is let in, as another process has it.
struct World {
    broker: OwnBroker,
    database: HqStore,
    /// How those who connect encrypt it, where the broker speaks TLS.
    encryption: Option<Encryption>,
    _directory: tempfile::TempDir,
}

impl World {
    async fn start() -> Self {
        Self::start_with(None).await
    }

    async fn start_with(tls: Option<Served>) -> Self {
        let database = HqStore::open(&StoreAt::Memory).unwrap();
        let directory = tempfile::tempdir().unwrap();
        let options = BrokerOptions {
            address: "127.0.0.1:0".parse().unwrap(),
            tls,
            directory: directory.path().join("broker"),
            chain: "c".to_owned(),
            secret: "ours".to_owned(),
            admission: Arc::new(Admitted::of(Database::of(&database).unwrap())),
        };
        let broker = OwnBroker::start(&Handle::current(), options).await.unwrap();
        Self { broker, database, encryption: None, _directory: directory }
    }

    fn enrolment() -> Enrolment<'static> {
        Enrolment {
            broker: String::new(),
            chain: "c".to_owned(),
            policy_key: String::new(),
            authority: None,
        }
    }

    fn add(&mut self, store: &str) -> LinkFile {
        Self::enrolment().add(&mut self.database, store, None, None, |_| Ok(())).unwrap()
    }

    fn rotate(&mut self, store: &str) -> LinkFile {
        Self::enrolment().rotate(&mut self.database, store, |_| Ok(())).unwrap()
    }

    async fn connect(&self, file: &LinkFile, will: Option<&str>) -> Result<Client, Refused> {
        let id = format!("{}-{}", file.store, Uuid::now_v7());
        let will = will.map(|topic| LastWill::new(topic, GONE, QoS::AtLeastOnce, true, None));
        self.connect_as(&file.store, &file.secret, &id, will).await
    }

    async fn connect_as(
        &self,
        user: &str,
        secret: &str,
        id: &str,
        will: Option<LastWill>,
    ) -> Result<Client, Refused> {
        let address = match &self.encryption {
            None => self.broker.own_address,
            Some(_) => self.broker.address,
        };
        let (user, secret) = (user.to_owned(), secret.to_owned());
        let (host, port) = (address.ip().to_string(), address.port());
        let encryption = self.encryption.clone();
        let url = BrokerUrl { tls: encryption.is_some(), host, port, user, secret };
        let mut options = BrokerAddress { url, encryption }.options(id);
        options.set_keep_alive(Duration::from_secs(5));
        if let Some(will) = will {
            options.set_last_will(will);
        }
        let (client, events) = AsyncClient::new(options, 16);
        let mut client = Client { client, events };
        match client.next().await {
            Ok(Packet::ConnAck(_)) => Ok(client),
            other => Err(Refused(format!("{other:?}"))),
        }
    }

    /// Headquarters' own, listening.
    async fn witness(&self, filter: &str) -> Client {
        let id = format!("hq-{}", Uuid::now_v7());
        let mut witness = self.connect_as(HQ_USER, "ours", &id, None).await.unwrap();
        witness.client.subscribe(filter, QoS::AtLeastOnce).await.unwrap();
        while !matches!(witness.next().await.unwrap(), Packet::SubAck(_)) {}
        witness
    }
}

/// What the broker said to one whom it did not let in.
#[derive(Debug)]
struct Refused(String);

struct Client {
    client: AsyncClient,
    events: EventLoop,
}

impl Client {
    async fn next(&mut self) -> Result<Packet, ConnectionError> {
        timeout(PATIENCE, async {
            loop {
                if let Event::Incoming(packet) = self.events.poll().await? {
                    return Ok(packet);
                }
            }
        })
        .await
        .expect("something comes, or the connection ends")
    }

    /// Publishes, and answers what the broker says of it.
    async fn publish(&mut self, topic: &str, is_retained: bool) -> PubAckReason {
        self.client.publish(topic, QoS::AtLeastOnce, is_retained, "{}").await.unwrap();
        loop {
            if let Packet::PubAck(answer) = self.next().await.unwrap() {
                return answer.reason;
            }
        }
    }

    /// The next message: its topic, its text, and whether it had been kept.
    async fn heard(&mut self) -> (String, String, bool) {
        loop {
            if let Packet::Publish(it) = self.next().await.unwrap() {
                let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
                return (text(&it.topic), text(&it.payload), it.retain);
            }
        }
    }

    /// Waits until the broker ends it.
    async fn ends(&mut self) {
        while self.next().await.is_ok_and(|packet| !matches!(packet, Packet::Disconnect(_))) {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_loses_its_secret_is_cut_off_and_said_to_be_gone() {
    let mut world = World::start().await;
    let (removed, rotated, other) = (world.add("s1"), world.add("s2"), world.add("s3"));
    let mut witness = world.witness("v1/c/+/status").await;
    let mut first = world.connect(&removed, Some("v1/c/s1/status")).await.unwrap();
    let mut second = world.connect(&rotated, Some("v1/c/s2/status")).await.unwrap();
    let mut third = world.connect(&other, Some("v1/c/s3/status")).await.unwrap();

    assert!(enrolment::remove(world.database.sql(), "s1").unwrap());
    first.ends().await;
    assert_eq!(witness.heard().await, ("v1/c/s1/status".to_owned(), GONE.to_owned(), false));
    let anew = world.rotate("s2");
    second.ends().await;
    assert_eq!(witness.heard().await, ("v1/c/s2/status".to_owned(), GONE.to_owned(), false));

    for old in [&removed, &rotated] {
        let refused = world.connect(old, None).await.err().expect("the old secret").0;
        assert!(refused.contains("BadUserNamePassword"), "{refused}");
    }
    let mut again = world.connect(&anew, None).await.unwrap();
    assert_eq!(again.publish("v1/c/s2/state/link", true).await, PubAckReason::Success);
    assert_eq!(third.publish("v1/c/s3/state/link", true).await, PubAckReason::Success);
    world.broker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_one_store_the_newest_four_connections_stay() {
    let mut world = World::start().await;
    let (file, other) = (world.add("s1"), world.add("s2"));
    let mut third = world.connect(&other, None).await.unwrap();
    let mut all = Vec::new();
    for _ in 0..6 {
        all.push(world.connect(&file, None).await.unwrap());
    }
    let mut newest = all.split_off(2);
    for old in &mut all {
        old.ends().await;
    }
    let link = "v1/c/s1/state/link";
    for one in &mut newest {
        assert_eq!(one.publish(link, true).await, PubAckReason::Success);
    }
    assert_eq!(third.publish("v1/c/s2/state/link", true).await, PubAckReason::Success);
    // Those that went make room.
    drop(newest.remove(0));
    let mut more = world.connect(&file, None).await.unwrap();
    for one in newest.iter_mut().chain([&mut more]) {
        assert_eq!(one.publish(link, true).await, PubAckReason::Success);
    }
    world.broker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_leaves_behind_what_is_last_known_of_it_and_nothing_else() {
    let mut world = World::start().await;
    let file = world.add("s1");
    let mut store = world.connect(&file, None).await.unwrap();
    let facts = format!("facts/{STREAM}");
    for may in [&facts, "reply/verify", "query/stock", "status", "state/link"] {
        let said = store.publish(&format!("v1/c/s1/{may}"), true).await;
        assert!(
            matches!(said, PubAckReason::Success | PubAckReason::NoMatchingSubscribers),
            "{may}: {said:?}"
        );
    }
    let hq = &mut world.witness("v1/c/+/ack/+").await;
    assert_eq!(hq.publish("v1/c/s1/state/spaceship", true).await, PubAckReason::Success);
    let mut witness = world.witness("v1/c/#").await;
    let mut kept = Vec::new();
    while kept.len() < 3 {
        kept.push(witness.heard().await.0);
    }
    kept.sort_unstable();
    assert_eq!(kept, ["v1/c/s1/state/link", "v1/c/s1/state/spaceship", "v1/c/s1/status"]);
    // It passes all the same, and is the next that is heard: nothing else was kept.
    store.publish(&format!("v1/c/s1/{facts}"), true).await;
    assert_eq!(witness.heard().await, (format!("v1/c/s1/{facts}"), "{}".to_owned(), false));
    world.broker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_will_that_says_anything_but_that_its_store_is_gone_is_not_let_in() {
    let mut world = World::start().await;
    let file = world.add("s1");
    assert!(world.connect(&file, Some("v1/c/s1/status")).await.is_ok());
    for topic in ["v1/c/s1/state/link", "v1/c/s2/status"] {
        let refused = world.connect(&file, Some(topic)).await.err().expect("a foreign will").0;
        assert!(refused.contains("NotAuthorized"), "{topic}: {refused}");
    }
    world.broker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_certificate_does_not_take_the_places_of_all() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let directory = tempfile::tempdir().unwrap();
    let (path, now) = (directory.path().join("authority.pem"), Timestamp::now());
    let authority = Authority::open(&path, "test", std::iter::empty(), now, true).unwrap();
    let ca = authority.pem();
    let shown = Issued::server(&authority, &Names::of_machine(&[]), now).unwrap();
    let mut world = World::start_with(Some(Served { shown, authority: ca.clone() })).await;
    let show = |name: &str| {
        let Issued { certificate, key } = Issued::client(&authority, name, now).unwrap();
        let shown = Some((certificate.as_bytes(), key.as_bytes()));
        Some(Encryption::new(ca.as_bytes(), shown).unwrap())
    };
    world.encryption = show("s1");
    // Of one store only so many stay: whoever takes more has the secrets of several.
    let files = (0..=OF_ONE_CERTIFICATE_MAX / 4).map(|number| world.add(&format!("t{number}")));
    let mut files: Vec<LinkFile> = files.collect();
    let last = files.pop().unwrap();
    let mut connected = Vec::new();
    for file in &files {
        for _ in 0..4 {
            connected.push(world.connect(file, None).await.unwrap());
        }
    }
    assert!(world.connect(&last, None).await.is_err(), "one more");
    world.encryption = show("s2");
    assert!(world.connect(&last, None).await.is_ok(), "by another certificate");
    drop(connected);
    world.broker.stop().await;
}
