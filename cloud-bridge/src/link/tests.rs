mod driver;

use hq_wire::link::v1::{Command, LinkFile, Reply};
use serde_json::json;

use super::Account;
use super::commands::{Commands, Received, Step};
use super::states::States;

fn account(broker: &str) -> Result<Account, String> {
    let file = LinkFile {
        broker: broker.to_owned(),
        chain: "demo".to_owned(),
        store: "s1".to_owned(),
        secret: String::new(),
        policy_key: String::new(),
        ca: None,
        certificate: None,
        key: None,
    };
    Account::new(&file).map_err(|error| error.to_string())
}

#[test]
fn plain_text_stays_on_this_machine() {
    for broker in ["mqtt://127.0.0.1:1883", "mqtt://localhost:1", "mqtt://[::1]:1883/"] {
        assert_eq!(account(broker).map(|account| account.tls.is_none()), Ok(true), "{broker}");
    }
    for broker in ["mqtt://10.0.0.1:1883", "mqtt://hq.example:1883", "mqtt://127.0.0.1.x:1"] {
        let refused = account(broker).unwrap_err();
        assert!(refused.contains("in clear"), "{refused}");
    }
    for broker in ["", "127.0.0.1:1883", "mqtt://127.0.0.1", "http://x:1", "mqtt://u@localhost:0"] {
        let refused = account(broker).unwrap_err();
        assert!(refused.contains("mqtts://host:port"), "{refused}");
    }
    let refused = account("mqtts://hq.example:8883").unwrap_err();
    assert!(refused.contains("`ca` does not hold"), "{refused}");
}

fn command(id: &str, expires_ms: i64) -> Command {
    Command { id: id.to_owned(), expires_ms, body: json!({ "n": 1 }) }
}

fn answered(step: Step) -> Reply {
    match step {
        Step::Answer(reply) => reply,
        Step::CarryOut(_) | Step::Wait => panic!("it is answered"),
    }
}

#[test]
fn a_command_is_carried_out_once_however_often_it_comes() {
    let mut commands = Commands::default();
    commands.add("echo", |body| Ok(body.clone()));
    let mut received = Received::new(commands);
    let Step::CarryOut(work) = received.on_command("echo", command("a", 10), 5) else {
        panic!("it is carried out");
    };
    assert!(matches!(received.on_command("echo", command("a", 10), 5), Step::Wait));
    let reply = work();
    received.on_done(&reply);
    assert_eq!(reply.body, json!({ "n": 1 }));
    // Also after it has expired: the answer may have been lost.
    assert_eq!(answered(received.on_command("echo", command("a", 10), 50)), reply);

    let refused = answered(received.on_command("echo", command("b", 10), 11)).refused;
    assert_eq!(refused.as_deref(), Some("expired"));
    let refused = answered(received.on_command("dance", command("c", 10), 5)).refused;
    assert_eq!(refused.as_deref(), Some("unknown_command"));
}

#[test]
fn a_state_is_said_when_it_changes_once_a_second_and_again_at_a_birth() {
    let mut states = States::default();
    states.set("stock", json!({ "items": 1 }));
    let said = states.take_due(0, 77);
    let text: serde_json::Value = serde_json::from_slice(&said[0].1).unwrap();
    assert_eq!((said[0].0, text), ("stock", json!({ "at_ms": 77, "items": 1 })));
    states.set("stock", json!({ "items": 1 }));
    assert_eq!(states.take_due(5_000, 78).len(), 0, "nothing is new");
    states.set("stock", json!({ "items": 2 }));
    assert_eq!(states.take_due(5_000, 78).len(), 1);
    states.set("stock", json!({ "items": 3 }));
    assert_eq!(states.take_due(5_999, 79).len(), 0, "too soon");
    assert_eq!(states.take_due(6_000, 80).len(), 1);
    states.forget();
    assert_eq!(states.take_due(6_000, 80).len(), 1);
}
