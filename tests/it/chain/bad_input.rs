//! Messages that nobody of ours would send, from a client that knows a store's secret: counted,
//! kept aside with the reason, shown; and the streams go on.

use std::collections::BTreeMap;

use hq_wire::link::v1::{FactsBatch, PAYLOAD_MAX, Place, TEXT_MAX, Topic, compressed};
use hq_wire::row::v1::{Fields, NO_DIGEST, Row, digest, hex};
use serde_json::value::RawValue;
use store_core::JournalSequence;
use store_core::fact::RowPosition;
use store_journal::{LedgerReads as _, Reader};
use uuid::Uuid;

use super::Chain;
use super::headquarters::CHAIN;
use super::mosquitto::{Stranger, are_installed};
use super::sales::{Sales, until_acknowledged};
use super::shop::Shop;
use super::until::until;

fn place(store: &str) -> Place {
    Place { chain: CHAIN.to_owned(), store: store.to_owned() }
}

/// Rows of a stream that holds, whatever their bodies are: kind, version, body.
fn rows(stream: Uuid, facts: &[(&str, u32, &str)]) -> Vec<Row> {
    let mut previous = NO_DIGEST;
    let row = |(index, (kind, body_version, body)): (usize, &(&str, u32, &str))| {
        let (id, boot) = (Uuid::now_v7(), Uuid::now_v7());
        let fields = Fields {
            stream: stream.as_bytes(),
            sequence: index as u64 + 1,
            id: id.as_bytes(),
            kind,
            body_version: *body_version,
            transaction: None,
            wall_ms: 1_790_000_000_000,
            utc_offset_s: 0,
            monotonic_ms: 0,
            boot: boot.as_bytes(),
            clock_trusted: true,
            body,
        };
        previous = digest(&previous, &fields);
        Row {
            stream: stream.to_string(),
            sequence: fields.sequence,
            id: id.to_string(),
            kind: (*kind).to_owned(),
            body_version: *body_version,
            transaction: None,
            wall_ms: fields.wall_ms,
            utc_offset_s: 0,
            monotonic_ms: 0,
            boot: boot.to_string(),
            clock_trusted: true,
            body: RawValue::from_string((*body).to_owned()).unwrap(),
            digest: hex(&previous),
        }
    };
    facts.iter().enumerate().map(row).collect()
}

fn batch(store: &str, stream: Uuid, rows: Vec<Row>) -> FactsBatch {
    FactsBatch::new(&place(store), &stream.to_string(), None, rows)
}

/// The body of a sale of a store.
fn sale_of(shop: &Shop) -> String {
    let reader = Reader::open(&shop.directory).unwrap();
    let stream = reader.head().unwrap().stream;
    let start = RowPosition { stream, sequence: JournalSequence(0) };
    let rows = reader.rows(start, 10_000).unwrap();
    rows.into_iter().find(|row| row.kind == "sale_completed").unwrap().body
}

/// What a stranger sends: what is about it, the topic, the payload, the code it is kept under.
type Sent = (&'static str, Topic, Vec<u8>, &'static str);

/// Whether a store may not even write there: only headquarters' own name can bring that.
fn is_out_of_reach(topic: &Topic) -> bool {
    [Topic::Facts("x".to_owned()), Topic::State("spaceship".to_owned())].contains(topic)
}

fn messages(stream: Uuid) -> Vec<Sent> {
    let facts = || Topic::Facts(stream.to_string());
    let state = |thing: &str| Topic::State(thing.to_owned());
    let one = || rows(stream, &[("coffee_brewed", 1, "{}")]);
    let mut newer = batch("s1", stream, one());
    newer.kind = "storehub.facts.v9".to_owned();
    let mut gap = one();
    gap.extend(one());
    let packed = |batch: &FactsBatch| batch.write().unwrap();
    vec![
        ("noise", facts(), b"\x00\xffnoise".to_vec(), "not_compressed"),
        ("nothing", facts(), Vec::new(), "not_compressed"),
        ("gzip of noise", facts(), compressed(b"noise"), "malformed"),
        ("gzip that grows", facts(), compressed(&vec![b' '; TEXT_MAX + 1]), "oversized"),
        ("too long", facts(), vec![b'x'; PAYLOAD_MAX + 1], "oversized"),
        ("newer", facts(), packed(&newer), "unknown_type"),
        ("of another store", facts(), packed(&batch("s2", stream, one())), "malformed"),
        ("without rows", facts(), packed(&batch("s1", stream, Vec::new())), "malformed"),
        ("not in sequence", facts(), packed(&batch("s1", stream, gap)), "malformed"),
        (
            "no stream",
            Topic::Facts("x".to_owned()),
            packed(&batch("s1", stream, one())),
            "malformed",
        ),
        ("no birth", Topic::Status, b"{}".to_vec(), "malformed"),
        ("no state", state("stock"), b"[1]".to_vec(), "malformed"),
        ("a strange thing", state("spaceship"), br#"{"at_ms":1}"#.to_vec(), "unknown_type"),
        ("no reply", Topic::Reply("verify".to_owned()), b"yes".to_vec(), "malformed"),
        ("no query", Topic::Query("stock".to_owned()), b"?".to_vec(), "malformed"),
    ]
}

fn send(stranger: &Stranger, topic: String, payload: &[u8], what: &str) {
    let sent = stranger.publish(&topic, payload, false);
    assert!(sent.status.success(), "{what}: {sent:?}");
}

fn refuse(stranger: &Stranger, topic: &str, payload: &[u8], what: &str) {
    let refused = stranger.publish(topic, payload, false);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("uthori"), "{what}: {refused:?}");
}

/// How many are kept aside, by code, and that each has its reason.
fn kept_aside(chain: &Chain) -> BTreeMap<String, usize> {
    let mut by_code = BTreeMap::new();
    for aside in chain.hq.get("/api/v1/aside").as_array().unwrap() {
        assert!(aside["reason"].as_str().is_some_and(|reason| reason.len() > 10), "{aside}");
        *by_code.entry(aside["code"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    by_code
}

#[test]
fn what_cannot_be_read_is_kept_aside_and_shown_and_no_stream_stops() {
    if !are_installed() {
        return;
    }
    let mut chain = Chain::start("bad-input", &[]);
    let (mut one, mut two) = (chain.open("s1"), chain.open("s2"));
    two.sell(1);
    let selling = one.keep_selling();
    let store = Stranger::with_file_of(&one, chain.hq.broker());
    let headquarters = store.as_headquarters(&chain.hq);
    let mut expected: BTreeMap<String, usize> = BTreeMap::new();
    let mut expect = |code: &str| *expected.entry(code.to_owned()).or_default() += 1;
    for (what, topic, payload, code) in messages(Uuid::now_v7()) {
        let full = place("s1").topic(&topic);
        let is_refused = is_out_of_reach(&topic);
        if is_refused {
            refuse(&store, &full, &payload, what);
        }
        send(if is_refused { &headquarters } else { &store }, full, &payload, what);
        expect(code);
    }
    // More than the broker takes ends the connection that brought it; what the client says of
    // that is its own affair.
    let facts = place("s1").topic(&Topic::Facts(Uuid::now_v7().to_string()));
    let _ = store.publish(&facts, &vec![b'x'; 4 * PAYLOAD_MAX], false);
    // A stream in which every fact is odd, and which holds.
    let (stream, foreign) = (Uuid::now_v7(), sale_of(&two));
    let odd: [(&str, u32, &str); 5] = [
        ("stream_started", 1, r#"{"cause":"whim"}"#),
        ("sale_completed", 9, r#"{"from":"the future"}"#),
        ("sale_completed", 1, &foreign),
        ("coffee_brewed", 1, "{}"),
        ("stock_moved", 1, "[]"),
    ];
    let payload = batch("s1", stream, rows(stream, &odd)).write().unwrap();
    send(&store, place("s1").topic(&Topic::Facts(stream.to_string())), &payload, "odd facts");
    ["unreadable_fact", "unknown_version", "foreign", "unreadable_fact", "unreadable_fact"]
        .into_iter()
        .for_each(&mut expect);
    // A store that nobody enrolled; only headquarters' own name can bring that.
    let ghost = batch("ghost", stream, rows(stream, &odd[3..4])).write().unwrap();
    let topic = place("ghost").topic(&Topic::Facts(stream.to_string()));
    send(&headquarters, topic, &ghost, "a ghost");
    expect("unknown_store");

    let total: usize = expected.values().sum();
    until(
        "all is kept aside",
        || kept_aside(&chain).values().sum::<usize>() >= total,
        || format!("{:?}, not {expected:?}", kept_aside(&chain)),
    );
    assert_eq!(kept_aside(&chain), expected);
    assert_eq!(chain.hq.get("/api/v1/chain")["aside_count"], total);
    let figures = chain.hq.text("/metrics");
    for (code, count) in &expected {
        let line = format!("hq_aside_total{{code=\"{code}\"}} {count}\n");
        assert!(figures.contains(&line), "{line}");
    }
    // The odd stream went on to its end, and so did the store's own.
    let streams = chain.hq.get("/api/v1/streams");
    let odd = streams.as_array().unwrap().iter().find(|it| it["stream"] == stream.to_string());
    assert_eq!(odd.unwrap()["through"], 5, "{odd:?}");
    selling.goes_on(5);
    one.stop_selling(selling);
    until_acknowledged(&one);
    Sales::of(&[&one, &two]).are_at(&chain.hq);
    assert_eq!(chain.hq.ready().0, 200);
}
