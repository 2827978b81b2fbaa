//! Who may speak at headquarters' broker, tried with a client that is none of ours.

use std::io::Read as _;
use std::net::TcpStream;

use super::mosquitto::{self, Client, STREAM, birth};
use super::running::{Hq, add_store, command, wait_for};
use crate::support;

const REFUSED: &str = "Bad User Name or Password";

/// Has a command carried out beside a headquarters that runs.
fn carry_out(hq: &Hq, words: &[&str]) {
    let mut command = command(hq.directory(), words);
    let ran = command.env("HQ_BROKER__ADDRESS", "127.0.0.1:8883").output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
}

#[test]
fn a_store_is_let_in_by_its_own_secret_and_certificate_and_nobody_else_is() {
    if !mosquitto::is_there() {
        return;
    }
    let hq = Hq::start();
    let own = Client::of(&hq, "S-1");
    let publish = |client: &Client| client.publish("v1/chain/S-1/state/link", "{}", false);
    assert_eq!(publish(&own), "", "its own secret and certificate");

    let secret = Client::of(&hq, "S-2").user.unwrap().1;
    let user = Some(("S-1".to_owned(), secret));
    assert!(publish(&Client { user, ..own.clone() }).contains(REFUSED), "another's secret");
    let user = Some(("nobody".to_owned(), "x".repeat(64)));
    assert!(publish(&Client { user, ..own.clone() }).contains(REFUSED), "an unknown store");
    assert!(publish(&Client { user: None, ..own.clone() }).contains(REFUSED), "anonymous");
    let user = Some(("hq".to_owned(), own.user.clone().unwrap().1));
    assert!(publish(&Client { user, ..own.clone() }).contains(REFUSED), "as headquarters");
    let id = format!("S-2-{STREAM}");
    let said = publish(&Client { id, ..own.clone() });
    assert!(said.contains("Client Identifier not valid"), "another's session: {said}");

    assert_ne!(publish(&Client { shown: None, ..own.clone() }), "", "without a certificate");
    let elsewhere = support::temp_dir("other-hq");
    let file = add_store(elsewhere.path(), "S-1", "north");
    let file = toml::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let shown = Some(mosquitto::shown(elsewhere.path(), &file));
    assert_ne!(publish(&Client { shown, ..own.clone() }), "", "another authority's certificate");
    assert_eq!(publish(&own), "", "and none of that locked the store out");
}

#[test]
fn callers_that_say_nothing_keep_nobody_out() {
    if !mosquitto::is_there() {
        return;
    }
    let hq = Hq::start();
    let own = Client::of(&hq, "S-1");
    // They come first, so that whoever serves one after another is with them.
    let silent = [(); 8].map(|()| TcpStream::connect(hq.broker()).unwrap());
    assert_eq!(own.publish("v1/chain/S-1/state/link", "{}", false), "");
    // Nobody waits for ever either: they are hung up on without a word.
    for mut silent in silent {
        let mut said = Vec::new();
        assert!(silent.read_to_end(&mut said).is_ok_and(|bytes| bytes == 0), "{said:?}");
    }
}

#[test]
fn a_store_can_neither_write_nor_read_what_is_anothers() {
    if !mosquitto::is_there() {
        return;
    }
    let hq = Hq::start();
    let own = Client::of(&hq, "S-1");
    for topic in [&*mosquitto::facts(), "state/link", "status", "reply/verify", "query/stock"] {
        let refused = own.publish(&format!("v1/chain/S-2/{topic}"), "x", true);
        assert!(refused.contains("Not authorized"), "{topic}: {refused}");
        assert_eq!(own.publish(&format!("v1/chain/S-1/{topic}"), "x", false), "", "{topic}");
    }
    for topic in [
        "ack/x",
        "policy",
        "command/verify",
        // What the protocol does not have, each of which would be kept for ever.
        "facts/x",
        "state/spaceship",
        "reply/dance",
        "query/weather",
    ] {
        let refused = own.publish(&format!("v1/chain/S-1/{topic}"), "x", true);
        assert!(refused.contains("Not authorized"), "{topic}: {refused}");
    }
    for filter in ["v1/chain/S-2/ack/+", "v1/chain/+/ack/+", "#", "$share/a/v1/chain/S-1/ack/+"] {
        let refused = own.try_subscribing(filter);
        assert!(refused.contains("denied"), "{filter}: {refused}");
    }
    assert_eq!(own.try_subscribing("v1/chain/S-1/policy/#"), "");
}

#[test]
fn a_store_that_loses_its_credentials_is_cut_off_where_it_is() {
    if !mosquitto::is_there() {
        return;
    }
    let hq = Hq::start();
    let born = |store: &str| mosquitto::born(&hq, store, &format!("v1/chain/{store}/policy"));
    let ((_, mut rotated), (_, mut removed)) = (born("S-1"), born("S-2"));
    let run = |words: &[&str]| carry_out(&hq, words);
    let out = hq.directory().join("S-1.toml");
    run(&["store", "rotate", "S-1", "--out", out.to_str().unwrap()]);
    rotated.ends();
    run(&["store", "remove", "S-2"]);
    removed.ends();
    let again = Client::of(&hq, "S-1");
    assert_eq!(again.publish("v1/chain/S-1/state/link", "{}", false), "", "the new secret");
}

#[test]
fn a_birth_is_answered_by_how_far_headquarters_has_the_stream() {
    if !mosquitto::is_there() {
        return;
    }
    let hq = Hq::start();
    // What is retained is there whenever somebody comes; a second birth says it again.
    let (own, mut listening) = mosquitto::born(&hq, "S-1", "v1/chain/S-1/policy");
    assert_eq!(own.publish("v1/chain/S-1/status", &birth(), true), "");
    let (topic, payload) = listening.next_of("ack");
    assert_eq!(topic, format!("v1/chain/S-1/ack/{STREAM}"));
    let ack: serde_json::Value = serde_json::from_str(&payload).unwrap();
    assert_eq!((&ack["through"], &ack["stream"]), (&0.into(), &STREAM.into()));
    let mut browser = hq.administrator();
    wait_for(&mut browser, "/api/v1/chain", |chain| chain["stores"][0]["online"] == true);
}

#[test]
fn what_cannot_be_read_is_kept_aside_and_shown() {
    if !mosquitto::is_there() {
        return;
    }
    let hq = Hq::start();
    let own = Client::of(&hq, "S-1");
    assert_eq!(own.publish(&format!("v1/chain/S-1/facts/{STREAM}"), "no gzip", false), "");
    assert_eq!(own.publish("v1/chain/S-1/status", "{}", false), "");
    let mut browser = hq.administrator();
    let aside = wait_for(&mut browser, "/api/v1/aside", |aside| {
        aside.as_array().is_some_and(|all| all.len() == 2)
    });
    let codes: std::collections::BTreeSet<&str> =
        aside.as_array().unwrap().iter().filter_map(|one| one["code"].as_str()).collect();
    assert_eq!(codes, ["malformed", "not_compressed"].into());
}

#[test]
fn a_store_that_is_removed_or_has_another_secret_is_not_let_in_by_the_old_one() {
    if !mosquitto::is_there() {
        return;
    }
    let hq = Hq::start();
    let (first, second) = (Client::of(&hq, "S-1"), Client::of(&hq, "S-2"));
    assert_eq!(first.publish("v1/chain/S-1/state/link", "{}", false), "");
    let run = |words: &[&str]| carry_out(&hq, words);
    let out = hq.directory().join("S-1.toml");
    run(&["store", "rotate", "S-1", "--out", out.to_str().unwrap()]);
    run(&["store", "remove", "S-2"]);
    for (client, store) in [(&first, "S-1"), (&second, "S-2")] {
        let said = client.publish(&format!("v1/chain/{store}/state/link"), "{}", false);
        assert!(said.contains(REFUSED), "{store}: {said}");
    }
    let again = Client::of(&hq, "S-1");
    assert_eq!(again.publish("v1/chain/S-1/state/link", "{}", false), "", "the new secret");
}
