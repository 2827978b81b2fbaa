//! Every way in which a file can be wrong, where it is, and whether the schema finds it too.

use serde_json::{Value, json};

use super::{everything, file, named, promotion};
use crate::Currency;
use crate::policy::promotions::{SCHEMA, read};

/// Who sees it (the schema as well: how a file is built; or the reader alone: what contradicts
/// itself), the fault of the only promotion of a file, and what it says besides id and name.
const FAULTS: &str = include_str!("faults.txt");

fn faults(value: &Value) -> Vec<String> {
    let faults = read(value, Currency::TWD).err().unwrap_or_default();
    faults.iter().map(|fault| format!("{} {}", fault.place, fault.code)).collect()
}

fn validator() -> jsonschema::Validator {
    jsonschema::validator_for(&serde_json::from_str(SCHEMA).unwrap()).unwrap()
}

#[test]
fn a_promotion_is_well_built_and_does_not_contradict_itself() {
    let schema = validator();
    for line in FAULTS.lines() {
        let mut columns = line.splitn(2, '{');
        let (said, rest) = (columns.next().unwrap(), columns.next().unwrap());
        let (by, fault) = said.trim().split_once("  ").unwrap();
        let more = serde_json::from_str(&format!("{{{rest}")).unwrap();
        let value = file(&[named("a", more)]);
        assert_eq!(faults(&value), [format!("promotions[1]{}", fault.trim())], "{line}");
        assert_eq!(schema.is_valid(&value), by == "reader", "{line}");
    }
}

#[test]
fn a_file_has_known_keys_only_and_nothing_absurd() {
    let schema = validator();
    for (value, expected) in [
        (json!([]), "as a whole not_a_table"),
        (json!({ "policy": "cheapest" }), "policy unknown_word"),
        (json!({ "points": { "per_amount": 0, "points": 1 } }), "points.per_amount bad_amount"),
        (json!({ "points": { "per_amount": 1, "points": 0 } }), "points.points bad_number"),
        (json!({ "points": { "per_amount": 1 } }), "points.points missing_key"),
        (json!({ "points": { "per_amount": 1, "points": 1, "x": 1 } }), "points.x unknown_key"),
        (json!({ "promotion": [] }), "promotion unknown_key"),
        (json!({ "promotions": {} }), "promotions not_a_list"),
        (json!({ "promotions": [7] }), "promotions[1] not_a_table"),
        (json!({ "promotions": vec![0; 20_001] }), "promotions too_many"),
    ] {
        assert_eq!(faults(&value), [expected]);
        assert!(!schema.is_valid(&value), "{expected}");
    }
}

#[test]
fn a_promotion_is_of_one_kind_and_named() {
    let schema = validator();
    for (value, expected) in [
        (
            json!({ "name": { "zh": "促", "en": "P" }, "each": { "items": {}, "award": "free" } }),
            vec!["promotions[1].id missing_key"],
        ),
        (
            json!({ "id": "a", "name": { "zh": "促" }, "each": { "items": {}, "award": "free" } }),
            vec!["promotions[1].name.en missing_key"],
        ),
        (
            json!({ "id": " a", "name": "P", "each": { "items": {}, "award": "free" } }),
            vec!["promotions[1].id bad_id", "promotions[1].name not_a_table"],
        ),
        (
            json!({ "id": "a", "name": { "zh": "促", "en": "x".repeat(61) } }),
            vec!["promotions[1].name.en text_too_long", "promotions[1] none_of"],
        ),
        (
            promotion(
                "a",
                "each",
                json!({ "items": {}, "award": "free" }),
                json!({ "order": { "award": { "percent_off": 5 } } }),
            ),
            vec!["promotions[1].order more_than_one"],
        ),
        (
            promotion("a", "each", json!({ "items": {}, "award": "free" }), json!({ "whn": {} })),
            vec!["promotions[1].whn unknown_key"],
        ),
    ] {
        assert_eq!(faults(&file(std::slice::from_ref(&value))), expected);
        assert!(!schema.is_valid(&file(&[value])), "{expected:?}");
    }
}

#[test]
fn ids_stand_once_and_all_that_is_wrong_is_named_up_to_a_hundred() {
    let good = promotion("a", "each", json!({ "items": {}, "award": "free" }), json!({}));
    let twice = file(&[good.clone(), good]);
    assert_eq!(faults(&twice), ["promotions[2].id duplicate"]);
    let bad = promotion("a", "each", json!({ "items": {}, "award": 5 }), json!({ "cap": 0 }));
    let found = faults(&file(&vec![bad; 80]));
    assert_eq!(found.len(), 100);
    assert_eq!(
        found[..2],
        ["promotions[1].each.award not_a_table", "promotions[1].cap bad_amount"]
    );
}

#[test]
fn a_code_is_one_coupon() {
    let with = |id: &str, key: &str, code: &str| {
        let rule = json!({ "items": {}, "award": "free" });
        promotion(id, "each", rule, json!({ "coupon": { key: code } }))
    };
    let unique = |id, code| with(id, "unique", code);
    let code = |id, text| with(id, "code", text);
    for (promotions, expected) in [
        (vec![code("a", "SAVE10"), unique("b", "SAVE")], Some("promotions[1].coupon.code")),
        (vec![unique("a", "SAVE"), code("b", "SAVE")], Some("promotions[2].coupon.code")),
        (vec![unique("a", "券"), unique("b", "券-9")], Some("promotions[2].coupon.unique")),
        (vec![unique("a", "SAVE-9"), unique("b", "SAVE")], Some("promotions[1].coupon.unique")),
        (vec![unique("a", "SAVE-"), code("b", "SAVE10"), unique("c", "SAVER")], None),
        (vec![unique("a", "SAVE"), unique("b", "SAVE"), code("c", "SAV")], None),
        (vec![code("a", "SAVE"), code("b", "SAVE"), code("c", "SAVE10")], None),
    ] {
        let expected = expected.map(|path| format!("{path} ambiguous_coupon"));
        assert_eq!(faults(&file(&promotions)), Vec::from_iter(expected), "{promotions:?}");
    }
    let both = file(&[unique("a", "S"), unique("b", "SA"), code("c", "SAVE")]);
    let said = read(&both, Currency::TWD).unwrap_err().pop().unwrap().reason;
    assert!(said.contains("\"SA\" of the promotion b: begin one of them differently"), "{said}");
}

#[test]
fn wherever_a_key_is_unknown_it_is_named() {
    let schema = validator();
    let mut places = Vec::new();
    tables(&everything(), &mut Vec::new(), &mut places);
    assert!(places.len() > 60, "{}", places.len());
    for path in places {
        let mut value = everything();
        let pointer: String = path.iter().map(|step| format!("/{step}")).collect();
        // Stores are keys of their own.
        let is_open = pointer.ends_with("/shares");
        let table = value.pointer_mut(&pointer).unwrap();
        table["surprise"] = json!(1);
        let found = read(&value, Currency::USD).unwrap_err();
        let code = if is_open { "not_a_table" } else { "unknown_key" };
        assert!(found.iter().any(|fault| fault.code == code), "{pointer}: {found:?}");
        assert!(!schema.is_valid(&value), "{pointer}");
    }
}

/// The places of all tables.
fn tables(value: &Value, path: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
    let steps: Vec<(String, &Value)> = match value {
        Value::Object(table) => {
            found.push(path.clone());
            table.iter().map(|(key, value)| (key.clone(), value)).collect()
        }
        Value::Array(list) => {
            list.iter().enumerate().map(|(index, value)| (index.to_string(), value)).collect()
        }
        _ => Vec::new(),
    };
    for (step, value) in steps {
        path.push(step);
        tables(value, path, found);
        path.pop();
    }
}
