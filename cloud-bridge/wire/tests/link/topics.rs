//! A topic is read and written, and what is not one of ours is refused.

use hq_wire::link::v1::{Place, Topic, is_level};
use proptest::prelude::*;

fn level() -> impl Strategy<Value = String> {
    "[!-~]{1,64}".prop_map(|text| text.replace(['/', '+', '#', '$'], "_"))
}

fn topic() -> impl Strategy<Value = Topic> {
    prop_oneof![
        level().prop_map(Topic::Facts),
        level().prop_map(Topic::State),
        Just(Topic::Status),
        level().prop_map(Topic::Ack),
        Just(Topic::Policy),
        (level(), any::<u32>()).prop_map(|(id, piece)| Topic::PolicyPiece { id, piece }),
        level().prop_map(Topic::Command),
        level().prop_map(Topic::Reply),
        level().prop_map(Topic::Query),
        level().prop_map(Topic::Answer),
    ]
}

proptest! {
    #[test]
    fn a_topic_is_read_as_it_was_written(chain in level(), store in level(), topic in topic()) {
        let place = Place { chain, store };
        let text = place.topic(&topic);
        prop_assert!(text.starts_with(&place.prefix()));
        prop_assert_eq!(Topic::read(&text), Ok((place, topic)));
    }

    #[test]
    fn what_is_read_is_written_as_it_was(text in "v1(/[a-z0-9]{0,3}){0,6}") {
        if let Ok((place, topic)) = Topic::read(&text) {
            prop_assert_eq!(place.topic(&topic), text);
        }
    }

    #[test]
    fn no_text_makes_the_reader_stumble(text in any::<String>()) {
        let _ = Topic::read(&text);
        let _ = Topic::read(&format!("v1/chain/store/{text}"));
    }
}

#[test]
fn what_is_no_topic_of_ours_is_refused() {
    for text in [
        "",
        "/",
        "v1",
        "v1/chain",
        "v1/chain/store",
        "v1/chain/store/",
        "v1//store/status",
        "/v1/chain/store/status",
        "v1/chain/store/status/",
        "v1/chain/store/status/more",
        "v2/chain/store/status",
        "V1/chain/store/status",
        "$SYS/broker/load",
        "v1/chain/store/$share",
        "v1/chain/store/facts",
        "v1/chain/store/facts/",
        "v1/chain/store/facts/a/b",
        "v1/chain/store/facts/#",
        "v1/chain/+/facts/a",
        "v1/chain/sto re/status",
        "v1/chain/store/moon/a",
        "v1/chain/store/policy/id",
        "v1/chain/store/policy/id/x",
        "v1/chain/store/policy/id/-1",
        "v1/chain/store/policy/id/4294967296",
        "v1/chain/門市/status",
        "v1/chain/store/state/\u{0}",
    ] {
        assert!(Topic::read(text).is_err(), "{text:?} was read");
    }
}

#[test]
fn a_piece_has_one_name_only() {
    // Two texts for one piece would be two retained messages for it.
    for text in ["+7", "07", "007"] {
        let topic = format!("v1/chain/store/policy/id/{text}");
        assert!(Topic::read(&topic).is_err(), "{text}");
    }
    assert!(Topic::read("v1/chain/store/policy/id/0").is_ok());
}

#[test]
fn a_level_has_at_most_64_bytes() {
    assert!(is_level(&"x".repeat(64)));
    assert!(!is_level(&"x".repeat(65)));
    let long = format!("v1/chain/store/facts/{}", "x".repeat(65));
    let error = Topic::read(&long).expect_err("too long");
    assert!(error.to_string().contains("not a topic"), "{error}");
}
