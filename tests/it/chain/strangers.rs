//! Who may do what at the broker, tried with clients that are none of ours, over TLS, with all that
//! a real store was given.

use std::process::Output;

use uuid::Uuid;

use super::Chain;
use super::headquarters::Headquarters;
use super::mosquitto::{Stranger, are_installed};
use super::sales::{Sales, until_acknowledged};
use super::shop::Shop;
use super::until::until;

/// What a client says when it is not let in.
fn assert_turned_away(what: &str, output: &Output) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "{what}: it was let in: {output:?}");
    let words = ["not authori", "Bad user", "bad user", "Client Identifier", "TLS error", "tls"];
    let lost = ["connection was lost", "Error"];
    let is_said = words.iter().chain(&lost).any(|word| said.contains(word));
    assert!(is_said, "{what}: {said}");
}

#[test]
fn only_stores_with_their_secret_and_a_certificate_of_the_chain_connect() {
    if !are_installed() {
        return;
    }
    let mut chain = Chain::start("doors", &[]);
    let (one, two) = (chain.closed("s1"), chain.closed("s2"));
    let mut other = Headquarters::new(chain.directory.path(), "other", &[]);
    other.start();
    let link = other.enrol("s9");
    let foreign = Shop::new(chain.directory.path(), "s9", link, &chain.trade);
    let broker = chain.hq.broker();
    let store = Stranger::with_file_of(&one, broker);
    let second = Stranger::with_file_of(&two, broker);
    let elsewhere = Stranger::with_file_of(&foreign, broker);
    let topic = "v1/kette/s1/status";
    let tried = |stranger: &Stranger| stranger.publish(topic, b"{}", false);
    let is_let_in = tried(&store);
    assert!(is_let_in.status.success(), "{is_let_in:?}");

    let as_is = || store.clone();
    let refused = [
        ("nobody", Stranger { user: None, secret: None, ..as_is() }),
        ("no secret", Stranger { secret: None, ..as_is() }),
        ("a wrong secret", Stranger { secret: Some("0".repeat(64)), ..as_is() }),
        ("an empty secret", Stranger { secret: Some(String::new()), ..as_is() }),
        ("another store's secret", Stranger { secret: second.secret.clone(), ..as_is() }),
        ("a secret of another chain", Stranger { secret: elsewhere.secret.clone(), ..as_is() }),
        ("a store that is none", Stranger { user: Some("s3".to_owned()), ..as_is() }),
        ("headquarters' name", Stranger { user: Some("hq".to_owned()), ..as_is() }),
        ("another store's client", Stranger { client: second.client.clone(), ..as_is() }),
        ("any client", Stranger { client: Uuid::now_v7().to_string(), ..as_is() }),
        ("no certificate", Stranger { shown: None, ..as_is() }),
        ("a foreign certificate", Stranger { shown: elsewhere.shown.clone(), ..as_is() }),
        ("a broker of another authority", Stranger { authority: elsewhere.authority, ..as_is() }),
        ("another chain's broker", Stranger { broker: other.broker(), ..as_is() }),
    ];
    for (what, stranger) in &refused {
        assert_turned_away(what, &tried(stranger));
    }
    assert!(tried(&store).status.success(), "who belongs here still does");
}

/// What a store may not listen to.
const OVERHEARD: [&str; 21] = [
    "#",
    "+/#",
    "v1/#",
    "v1/+/+/#",
    "v1/kette/#",
    "v1/kette/+/ack/+",
    "v1/kette/+/policy",
    "v1/kette/s2/#",
    "v1/kette/s2/ack/+",
    "v1/kette/s2/policy",
    "v1/kette/s2/policy/+/+",
    "v1/kette/s2/command/+",
    "v1/kette/s2/answer/+",
    "v1/kette/s2/facts/+",
    "v1/kette/s1/#",
    "v1/kette/s1/facts/+",
    "v1/kette/s1/+/+",
    "$share/ingest/v1/kette/+/facts/+",
    "$share/x/v1/kette/s2/ack/+",
    "$share/x/v1/kette/s1/ack/+",
    "$SYS/#",
];

/// Where a store may not write.
fn foreign_topics(stream: Uuid) -> Vec<String> {
    vec![
        format!("v1/kette/s2/facts/{stream}"),
        "v1/kette/s2/status".to_owned(),
        "v1/kette/s2/state/link".to_owned(),
        "v1/kette/s2/reply/verify".to_owned(),
        "v1/kette/s2/query/stock".to_owned(),
        format!("v1/kette/s2/ack/{stream}"),
        format!("v1/kette/s1/ack/{stream}"),
        "v1/kette/s1/policy".to_owned(),
        format!("v1/kette/s1/policy/{stream}/0"),
        "v1/kette/s1/command/verify".to_owned(),
        "v1/kette/s1/answer/stock".to_owned(),
        "v1/kette/s1/anything".to_owned(),
        "v1/kette/s1".to_owned(),
        "v1/kette/S1/status".to_owned(),
        "v1/other/s1/status".to_owned(),
        "/v1/kette/s2/status".to_owned(),
        "$SYS/broker/uptime".to_owned(),
        "anything".to_owned(),
    ]
}

#[test]
fn a_store_writes_and_hears_nothing_that_is_not_its_own() {
    if !are_installed() {
        return;
    }
    let mut chain = Chain::start("topics", &[]);
    let (one, two) = (chain.closed("s1"), chain.closed("s2"));
    let store = Stranger::with_file_of(&one, chain.hq.broker());
    let headquarters = store.as_headquarters(&chain.hq);
    let mut witness = headquarters.listen(&["v1/kette/#"]);
    let stream = Uuid::now_v7();
    for topic in &foreign_topics(stream) {
        for is_retained in [false, true] {
            let stranger = Stranger { client: format!("s1-{}", Uuid::now_v7()), ..store.clone() };
            let output = stranger.publish(topic, b"forged", is_retained);
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(
                said.contains("uthori") || !output.status.success(),
                "{topic} was taken: {output:?}"
            );
        }
    }
    // A last will is a message too.
    let will_of = Stranger { client: format!("s1-{}", Uuid::now_v7()), ..store.clone() };
    let gone = format!(r#"{{"online":false,"boot":"{}"}}"#, Uuid::now_v7());
    let own = "v1/kette/s1/ack/+";
    drop(will_of.listen_with_will(own, "v1/kette/s1/status", &gone).expect("its own will"));
    assert_eq!(witness.next(), ("v1/kette/s1/status".to_owned(), gone.clone().into_bytes()));
    let of_other = "v1/kette/s2/status";
    drop(will_of.listen_with_will(own, of_other, &gone));
    let last = store.publish("v1/kette/s1/state/link", b"last", false);
    assert!(last.status.success(), "{last:?}");
    assert_eq!(witness.next(), ("v1/kette/s1/state/link".to_owned(), b"last".to_vec()));

    for filter in OVERHEARD {
        let output = store.subscribe_only(filter);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains("denied") || !output.status.success(), "{filter}: {output:?}");
    }
    assert_eq!(store.subscribe_only(own).stderr, b"", "its own");
    // All at once with one that is its own: only that is heard.
    let filters: Vec<&str> = OVERHEARD.into_iter().chain([own]).collect();
    let mut eavesdropper = store.listen(&filters);
    for (topic, is_retained) in [
        ("v1/kette/s2/ack/x", false),
        ("v1/kette/s2/policy", true),
        ("v1/kette/s1/facts/x", false),
        ("v1/kette/s1/ack/x", false),
    ] {
        assert!(headquarters.publish(topic, b"{}", is_retained).status.success(), "{topic}");
    }
    assert_eq!(eavesdropper.next().0, "v1/kette/s1/ack/x");
    drop((eavesdropper, two));
}

#[test]
fn a_hub_speaks_to_no_broker_but_its_own_headquarters() {
    let mut chain = Chain::start("wrong-broker", &[]);
    let mut shop = chain.closed("s1");
    let mut other = Headquarters::new(chain.directory.path(), "other", &[]);
    other.start();
    // Somebody on the way leads the store to another broker.
    chain.hq.line("s1").lead_to(other.broker());
    shop.start();
    until(
        "the store says why it does not speak to it",
        || shop.log().contains("not linked to headquarters"),
        || shop.log(),
    );
    let log = shop.log();
    assert!(log.to_lowercase().contains("certificate"), "{log}");
    shop.sell(10);
    assert!(chain.hq.line("s1").connections() > 1, "it was tried more than once");
    let view = other.get("/api/v1/chain");
    assert_eq!((&view["aside_count"], &view["stores"]), (&0.into(), &serde_json::json!([])));
    assert_eq!(other.get("/api/v1/streams"), serde_json::json!([]));
    chain.hq.line("s1").lead_to(chain.hq.broker());
    until_acknowledged(&shop);
    Sales::of(&[&shop]).are_at(&chain.hq);
}
