//! What headquarters asks of stores, and what stores ask of it.

use serde_json::{Value, json};

use super::mosquitto::{self, Client, birth};
use super::running::{Hq, wait_for};

#[test]
fn a_command_waits_for_its_store_is_repeated_at_each_birth_and_answered_once() {
    if !mosquitto::is_there() {
        return;
    }
    let mut hq = Hq::start();
    let mut administrator = hq.administrator();
    let asked = administrator
        .post("/api/v1/commands", &json!({ "store": "S-1", "name": "verify", "body": { "a": 1 } }));
    assert_eq!(asked.status, 202, "{}", asked.text());
    let id = asked.json()["id"].as_str().unwrap().to_owned();
    // Neither a restart nor two births make it another command.
    hq.restart();
    let (store, mut listening) = mosquitto::born(&hq, "S-1", "v1/chain/S-1/command/+");
    for _ in 0..2 {
        assert_eq!(store.publish("v1/chain/S-1/status", &birth(), true), "");
        let (topic, payload) = listening.next_of("command");
        assert_eq!(topic, "v1/chain/S-1/command/verify");
        let command: Value = serde_json::from_str(&payload).unwrap();
        assert_eq!((&command["id"], &command["body"]), (&json!(id), &json!({ "a": 1 })));
    }
    let path = format!("/api/v1/commands/{id}");
    let mut administrator = hq.browser_of("a1");
    assert_eq!(administrator.get(&path).json()["reply"], Value::Null);
    // Another store cannot answer it; the store itself can, and its first answer counts.
    let reply = |holds: bool| json!({ "id": id, "body": { "holds": holds } }).to_string();
    let other = Client::of(&hq, "S-2");
    assert_eq!(other.publish("v1/chain/S-2/reply/verify", &reply(false), false), "");
    assert_eq!(store.publish("v1/chain/S-1/reply/verify", &reply(true), false), "");
    let answered = wait_for(&mut administrator, &path, |it| !it["reply"].is_null());
    assert_eq!(answered["reply"]["body"], json!({ "holds": true }));
    assert_eq!(store.publish("v1/chain/S-1/reply/verify", &reply(false), false), "");
    let later = administrator.get(&path).json();
    assert_eq!(later["reply"], answered["reply"]);
}

#[test]
fn a_store_asks_and_is_answered_or_told_why_not() {
    if !mosquitto::is_there() {
        return;
    }
    let hq = Hq::start();
    let (store, mut listening) = mosquitto::born(&hq, "S-1", "v1/chain/S-1/answer/+");
    for (name, body, refused, answer) in [
        ("stock", json!({ "item": "A" }), Value::Null, json!({ "stores": [] })),
        ("stock", json!({}), json!("malformed"), Value::Null),
        ("receipt", json!({ "transaction": "x" }), json!("not_found"), Value::Null),
    ] {
        let query = json!({ "id": "q1", "body": body }).to_string();
        assert_eq!(store.publish(&format!("v1/chain/S-1/query/{name}"), &query, false), "");
        let (topic, payload) = listening.next_of("answer");
        assert_eq!(topic, format!("v1/chain/S-1/answer/{name}"));
        let reply: Value = serde_json::from_str(&payload).unwrap();
        assert_eq!(
            (&reply["id"], &reply["refused"], &reply["body"]),
            (&json!("q1"), &refused, &answer)
        );
    }
}
