//! The schema in the docs against the reader.

use std::collections::BTreeSet;

use serde_json::Value;

use super::everything;
use crate::policy::promotions::{
    KEYS, POINTS_KEYS, SCHEMA, awards, conditions, entry, rules, selector,
};

fn schema() -> Value {
    serde_json::from_str(SCHEMA).unwrap()
}

#[test]
fn the_schema_is_one_and_finds_nothing_wrong_with_what_can_be_said() {
    assert!(jsonschema::meta::is_valid(&schema()));
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(&everything()).map(|error| error.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new());
}

#[test]
fn the_schema_knows_the_keys_that_the_reader_knows() {
    let schema = schema();
    let of = |name: &str| format!("/$defs/{name}");
    let places = [
        (String::new(), joined(&[KEYS])),
        ("/properties/points".to_owned(), joined(&[POINTS_KEYS])),
        (of("promotion"), joined(&[entry::KEYS, rules::KINDS])),
        (of("promotion/properties/name"), joined(&[entry::NAME_KEYS])),
        (of("promotion/properties/no_promotion"), joined(&[rules::NO_PROMOTION_KEYS])),
        (of("each"), joined(&[rules::EACH_KEYS])),
        (of("each/properties/tiers/items"), joined(&[rules::TIER_KEYS])),
        (of("group"), joined(&[rules::GROUP_KEYS])),
        (of("group/properties/slots/items"), joined(&[rules::SLOT_KEYS])),
        (of("order"), joined(&[rules::ORDER_KEYS])),
        (of("order/properties/tiers/items"), joined(&[rules::TIER_KEYS])),
        (of("reward"), joined(&[rules::REWARD_KEYS])),
        (of("spend"), joined(&[rules::SPEND_KEYS])),
        (of("selector"), joined(&[selector::KEYS])),
        (of("selector/properties/except"), joined(&[selector::EXCEPT_KEYS])),
        (of("unit_award/anyOf/1"), joined(&[awards::UNIT_KEYS])),
        (of("group_award"), joined(&[awards::GROUP_KEYS, &[awards::PICKED_KEY]])),
        (of("order_award"), joined(&[awards::ORDER_KEYS])),
        (of("reward_award"), joined(&[awards::REWARD_KEYS])),
        (of("when"), joined(&[conditions::WHEN_KEYS])),
        (of("place"), joined(&[conditions::PLACE_KEYS])),
        (of("who/anyOf/1"), joined(&[conditions::WHO_KEYS])),
        (of("coupon"), joined(&[conditions::COUPON_KEYS])),
        (of("limits"), joined(&[conditions::LIMITS_KEYS])),
        (of("limits/properties/shares/additionalProperties"), joined(&[conditions::SHARE_KEYS])),
        (of("combine/anyOf/1"), joined(&[conditions::COMBINE_KEYS])),
    ];
    let mut described = BTreeSet::new();
    closed(&schema, String::new(), &mut described);
    let known: BTreeSet<String> = places.iter().map(|(place, _)| place.clone()).collect();
    assert_eq!(described, known);
    for (place, keys) in places {
        let properties = schema.pointer(&format!("{place}/properties")).unwrap();
        let described: BTreeSet<&str> =
            properties.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(described, keys.into_iter().collect(), "{place}");
    }
}

/// The places of all descriptions that say which keys there may be.
fn closed(value: &Value, place: String, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(table) => {
            if table.get("additionalProperties") == Some(&Value::Bool(false)) {
                found.insert(place.clone());
            }
            for (key, value) in table {
                closed(value, format!("{place}/{key}"), found);
            }
        }
        Value::Array(list) => {
            for (index, value) in list.iter().enumerate() {
                closed(value, format!("{place}/{index}"), found);
            }
        }
        _ => {}
    }
}

/// Lists of keys as one.
fn joined(lists: &[&[&'static str]]) -> Vec<&'static str> {
    lists.concat()
}
