//! `asyncapi.yaml` says what is sent: every golden message has the form it gives, and every
//! channel is a topic.

use std::collections::{BTreeMap, BTreeSet};

use hq_wire::link::v1::{Place, Topic};
use serde_json::{Value, json};

use crate::description::Description;
use crate::golden::{all, package};

fn description() -> Description {
    Description::read(package())
}

#[test]
fn every_golden_message_has_the_form_that_is_described() {
    let description = description();
    let mut seen = BTreeSet::new();
    for golden in all() {
        let payload: Value = serde_json::from_str(&golden.text).expect("JSON");
        let faults = description.faults(&golden.message, &payload);
        assert!(faults.is_empty(), "{:?}: {faults:#?}", golden.path);
        seen.insert(golden.message);
    }
    let mut described = description.messages();
    assert!(described.remove("policy_piece"), "raw bytes have no golden text");
    assert_eq!(seen, described, "every message that is described has a golden file");
}

#[test]
fn a_message_of_another_form_is_found_out() {
    let description = description();
    for golden in all() {
        let payload: Value = serde_json::from_str(&golden.text).expect("JSON");
        let fields = payload.as_object().expect("an object");
        let mut more = fields.clone();
        more.insert("moon".to_owned(), json!(1));
        assert!(!description.faults(&golden.message, &json!(more)).is_empty(), "{:?}", golden.path);
        for field in fields.keys() {
            let mut wrong = fields.clone();
            wrong.insert(field.clone(), json!([[{ "moon": 1 }]]));
            let faults = description.faults(&golden.message, &json!(wrong));
            assert!(!faults.is_empty(), "{:?}: {field} may be anything", golden.path);
        }
    }
}

#[test]
fn the_body_of_a_row_is_described_by_its_kind() {
    let description = description();
    let files = all();
    let golden = files.iter().find(|golden| golden.path.ends_with("facts.json")).expect("a batch");
    let batch: Value = serde_json::from_str(&golden.text).expect("JSON");
    let rows = batch["data"]["rows"].as_array().expect("rows").len();
    for at in 0..rows {
        let mut wrong = batch.clone();
        wrong["data"]["rows"][at]["body"]["moon"] = json!(1);
        let kind = &batch["data"]["rows"][at]["kind"];
        assert!(!description.faults("facts", &wrong).is_empty(), "{kind} may have anything in it");
    }
}

/// Bodies that the golden batch does not have: its rows are chained, and stay as they were.
#[test]
fn every_golden_body_has_the_form_that_is_described() {
    let description = description();
    let files = all();
    let golden = files.iter().find(|golden| golden.path.ends_with("facts.json")).expect("a batch");
    let mut batch: Value = serde_json::from_str(&golden.text).expect("JSON");
    for entry in std::fs::read_dir(package().join("golden/facts/v1")).expect("golden files") {
        let path = entry.expect("a readable entry").path();
        let name = path.file_name().and_then(|name| name.to_str()).expect("a file name");
        let text = std::fs::read_to_string(&path).expect("a readable file");
        let row = &mut batch["data"]["rows"][0];
        row["kind"] = json!(name.split('.').next());
        row["body"] = serde_json::from_str(&text).expect("JSON");
        let faults = description.faults("facts", &batch);
        assert!(faults.is_empty(), "{path:?}: {faults:#?}");
    }
}

#[test]
fn every_channel_is_a_topic_and_every_topic_has_a_channel() {
    let description = description();
    let examples = BTreeMap::from([
        ("{chain}", "formosa"),
        ("{store}", "367"),
        ("{stream}", "0193af10-0000-7000-8000-000000000001"),
        ("{id}", "0193af40-0000-7000-8000-000000000001"),
        ("{piece}", "7"),
    ]);
    let mut carried = BTreeSet::new();
    let mut kinds = BTreeSet::new();
    for (channel, (address, messages)) in description.channels() {
        for message in &messages {
            let mut topic = address.clone();
            for (parameter, example) in &examples {
                topic = topic.replace(parameter, example);
            }
            // `command_verify` is what `command/verify` carries.
            topic = topic.replace("{name}", message.trim_start_matches(&format!("{channel}_")));
            let (place, read) = Topic::read(&topic).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(place, Place { chain: "formosa".to_owned(), store: "367".to_owned() });
            assert_eq!(place.topic(&read), topic);
            assert_eq!(description.message_of(&read).as_ref(), Some(message), "{topic}");
            kinds.insert(read.to_string().split('/').next().map(str::to_owned));
        }
        carried.extend(messages);
    }
    assert_eq!(carried, description.messages(), "every message has a channel");
    assert_eq!(kinds.len(), 9, "facts, state, status, ack, policy, command, reply, query, answer");
}

#[test]
fn what_names_a_thing_for_a_parameter_is_listed_with_it() {
    let document = description();
    for (channel, (address, messages)) in document.channels() {
        if !address.ends_with("{name}") {
            continue;
        }
        let listed =
            document.document()["channels"][&channel]["parameters"]["name"]["enum"].clone();
        let listed: BTreeSet<String> = serde_json::from_value(listed).expect("names");
        let named: BTreeSet<String> =
            messages.iter().map(|one| one.replacen(&format!("{channel}_"), "", 1)).collect();
        assert_eq!(listed, named, "{channel}");
    }
}
