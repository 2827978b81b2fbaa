use serde_json::{Value, json};

use super::*;
use crate::Currency;
use crate::catalogue::import;

const HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// What is wrong with a part, as a person reads it.
fn faults(part: Part, value: &Value) -> Vec<String> {
    let read = Bundle::default().read_value(part, value, Currency::TWD);
    let faults = read.err().unwrap_or_default();
    assert!(faults.iter().all(|fault| fault.part == part));
    faults.iter().map(|fault| format!("{} {}", fault.place, fault.code)).collect()
}

fn person(id: &str, role: &str) -> Value {
    json!({ "id": id, "name": "Chen", "role": role, "pin_hash": HASH })
}

#[test]
fn people_are_read_or_everything_wrong_with_them_is_named() {
    let good = json!({ "people": [person("m1", "manager"), person("c1", "cashier")] });
    assert_eq!(faults(Part::People, &good), Vec::<String>::new());
    let bad = json!({ "people": [
        person("m1", "boss"),
        { "id": "", "name": " ", "role": "cashier", "pin_hash": "123456", "pin": "123456" },
        person("m1", "cashier"),
        7,
        { "name": "x".repeat(65) },
    ] });
    assert_eq!(
        faults(Part::People, &bad),
        [
            "people[1].role unknown_word",
            "people[2].pin unknown_key",
            "people[2].id bad_id",
            "people[2].name empty_text",
            "people[2].pin_hash bad_pin_hash",
            "people[4] not_a_table",
            "people[5].id missing_key",
            "people[5].role missing_key",
            "people[5].pin_hash missing_key",
            "people[5].name text_too_long",
            "people[3].id duplicate",
            "people no_manager",
        ]
    );
    assert_eq!(faults(Part::People, &json!({ "people": [] })), ["people no_manager"]);
    assert_eq!(faults(Part::People, &json!({})), ["people missing_key"]);
    assert_eq!(faults(Part::People, &json!([])), ["as a whole not_a_table"]);
}

#[test]
fn a_hash_that_a_small_machine_could_not_check_is_refused() {
    for (from, to) in [
        ("m=19456", "m=65537"),
        ("m=19456", "m=7"),
        ("t=2", "t=11"),
        ("p=1", "p=5"),
        ("argon2id", "argon2i"),
        ("v=19", "v=16"),
        ("m=19456,", ""),
        ("$c29tZXNhbHRzb21lc2FsdA", "$c29t"),
        ("c29t", "c2 t"),
    ] {
        let mut person = person("m1", "manager");
        person["pin_hash"] = HASH.replace(from, to).into();
        let people = json!({ "people": [person] });
        assert_eq!(faults(Part::People, &people), ["people[1].pin_hash bad_pin_hash"], "{to}");
    }
}

#[test]
fn reasons_need_one_for_giving_up() {
    let good = json!({ "price": [], "return": ["refund"], "abandon": ["mistake"] });
    assert_eq!(faults(Part::Reasons, &good), Vec::<String>::new());
    let bad = json!({ "price": ["a", "b", "a"], "return": "refund", "abandon": [] });
    assert_eq!(
        faults(Part::Reasons, &bad),
        ["price[3] duplicate", "return not_a_list", "abandon no_reason"]
    );
    let many: Vec<String> = (0..51).map(|n| n.to_string()).collect();
    let bad = json!({ "price": many, "return": [], "abandon": ["mistake"] });
    assert_eq!(faults(Part::Reasons, &bad), ["price too_many"]);
}

#[test]
fn departments_are_keys_with_labels_and_limits() {
    let label = json!({ "zh": "熟食", "en": "Deli" });
    let good = json!({ "departments": [
        { "id": "熟食", "label": label, "tax_class": "food", "amount_min": "5", "amount_max": 500 },
        { "id": "蔬果", "label": label },
    ] });
    assert_eq!(faults(Part::Settings, &good), Vec::<String>::new());
    let read = super::PolicySettings::read(&good).unwrap().departments.unwrap();
    assert_eq!((&*read[0].tax_class, read[0].amount_max), ("food", Some(500.into())));
    assert_eq!((&*read[1].tax_class, read[1].amount_max), ("", None));
    let bad = json!({ "departments": [
        { "id": "長".repeat(17), "label": label },
        { "id": "a", "label": { "zh": "熟食" }, "amount_min": "x" },
        { "id": "b", "label": label, "price": 1 },
        { "id": "b", "label": label },
    ] });
    assert_eq!(
        faults(Part::Settings, &bad),
        [
            "departments[1].id text_too_long",
            "departments[2].label.en missing_key",
            "departments[2].amount_min bad_number",
            "departments[3].price unknown_key",
            "departments[4].id duplicate",
        ]
    );
}

#[test]
fn settings_are_a_list_of_what_may_be_set() {
    let good = json!({
        "store": { "name": "門市", "address": ["台北市"], "receipt_footer": ["謝謝光臨"] },
        "tenders": [{ "id": "cash", "gives_change": true, "opens_drawer": true }],
        "tax": {
            "default": { "percent": "5", "method": "inclusive" },
            "classes": { "none": { "percent": 0, "method": "exclusive" } },
        },
        "sessions": { "workstation_idle_minutes": 720, "roaming_idle_minutes": 15 },
        "till": { "policy": "per_operator", "is_blind": true, "denominations": [50, "1000"] },
        "devices": [
            { "id": "front", "kind": "receipt_printer", "port": "tcp:p:9100", "registers": [64] },
        ],
    });
    assert_eq!(faults(Part::Settings, &good), Vec::<String>::new());
    assert_eq!(faults(Part::Settings, &json!({})), Vec::<String>::new());
    let bad = json!({
        "http": { "port": 80 },
        "store": { "id": "2", "name": "a\nb", "address": [""] },
        "tenders": [
            { "id": "cash", "gives_change": false },
            { "id": "cash", "opens_drawer": "yes" },
        ],
        "tax": { "classes": { "high": { "percent": "100.5", "method": "added" } } },
        "sessions": { "workstation_idle_minutes": 0, "roaming_idle_minutes": 10_081 },
        "till": { "policy": "own", "is_blind": 1, "denominations": [0, 5], "float": 1 },
        "devices": [{ "id": "front", "kind": "receipt_printer", "port": "" }],
    });
    assert_eq!(
        faults(Part::Settings, &bad),
        [
            "http unknown_key",
            "store.id unknown_key",
            "store.name bad_character",
            "store.address[1] empty_text",
            "tenders[2].opens_drawer not_a_flag",
            "tenders[2].id duplicate",
            "tenders no_cash",
            "tax.default missing_key",
            "tax.classes.high.percent bad_number",
            "tax.classes.high.method unknown_word",
            "sessions.workstation_idle_minutes bad_number",
            "sessions.roaming_idle_minutes bad_number",
            "till.float unknown_key",
            "till.policy unknown_word",
            "till.is_blind not_a_flag",
            "till.denominations bad_number",
            "devices bad_devices",
        ]
    );
}

#[test]
fn favourites_and_levels_speak_of_items_that_are_sold() {
    let csv = "item,description,department,category,unit,price\n\
        m,MILK,Cold,Milk,piece,65\nb,BEEF,Cold,,kilogram,500\n";
    let catalogue = import(csv.as_bytes(), Currency::TWD).unwrap();
    let mut bundle = Bundle::default();
    let tile = |item: &str| json!({ "item": item, "label": "L" });
    let groups = json!({ "groups": [
        { "label": "A", "tiles": [tile("m"), tile("x")] },
        { "label": "B", "tiles": [tile("y")] },
    ], "categories": [
        { "label": "Cold", "department": "Cold" },
        { "label": "Milk", "department": "Cold", "category": "Milk" },
        { "label": "Tea", "department": "Cold", "category": "Tea" },
        { "label": "Tools", "department": "Tools" },
    ] });
    bundle.read_value(Part::Favourites, &groups, Currency::TWD).unwrap();
    let level = |item: &str, unit: &str, at: &str| {
        let mut level = json!({ "item": item, "unit": unit });
        level["safety_stock"] = at.into();
        level
    };
    let levels = json!({ "levels": [
        level("m", "piece", "5"),
        level("b", "piece", "5"),
        level("z", "litre", "0.5"),
    ] });
    bundle.read_value(Part::SafetyStock, &levels, Currency::TWD).unwrap();
    let found: Vec<String> = check_items(&bundle, &catalogue)
        .iter()
        .map(|fault| format!("{} {} {}", fault.part.name(), fault.place, fault.code))
        .collect();
    assert_eq!(
        found,
        [
            "favourites.json groups[1].tiles[2].item unknown_item",
            "favourites.json groups[2].tiles[1].item unknown_item",
            "favourites.json categories[3] unknown_category",
            "favourites.json categories[4] unknown_category",
            "safety_stock.json levels[2].unit bad_unit",
            "safety_stock.json levels[3].item unknown_item",
        ]
    );
    let again = json!({ "groups": [
        { "label": "A", "tiles": [tile("m"), tile("m"), { "item": "b" }] },
        { "label": "A", "tiles": [] },
    ], "categories": [
        { "label": "C", "department": "D", "category": "" },
        { "label": "C" },
    ] });
    assert_eq!(
        faults(Part::Favourites, &again),
        [
            "groups[1].tiles[3].label missing_key",
            "groups[1].tiles[2].item duplicate",
            "groups[2].label duplicate",
            "categories[1].category empty_text",
            "categories[2].department missing_key",
            "categories[2].label duplicate",
        ]
    );
}

#[test]
fn levels_are_quantities_and_clear_above_their_mark() {
    let level = |at: Value, clear_at: Value| {
        let mut level = json!({ "item": "m", "unit": "piece" });
        (level["safety_stock"], level["clear_at"]) = (at, clear_at);
        level
    };
    for (at, clear_at, fault) in [
        (json!("5"), json!("6"), None),
        (json!("5"), json!("5"), Some("clear_at bad_clear_at")),
        (json!("-1"), json!("6"), Some("safety_stock bad_quantity")),
        (json!("0.5"), json!("6"), Some("safety_stock bad_quantity")),
        (json!(5), json!("6"), Some("safety_stock bad_quantity")),
        (json!("5"), json!("many"), Some("clear_at bad_quantity")),
    ] {
        let found = faults(Part::SafetyStock, &json!({ "levels": [level(at, clear_at)] }));
        let expected: Vec<String> =
            fault.into_iter().map(|fault| format!("levels[1].{fault}")).collect();
        assert_eq!(found, expected);
    }
}

#[test]
fn of_a_catalogue_every_row_that_cannot_be_read_is_named() {
    let csv = "item,description,unit,price\nm,MILK,piece,65\nm2,,piece,1\n\nm3,X,box,1\n\
               m4,X,piece,1,9\nm5,X,piece,x\n";
    let parts = [(Part::Catalogue, csv.as_bytes().to_vec())].into();
    let faults = Bundle::read(&parts, Currency::TWD).unwrap_err();
    let found: Vec<String> =
        faults.iter().map(|fault| format!("{} {}", fault.place, fault.code)).collect();
    assert_eq!(
        found,
        ["line 3 empty_field", "line 5 unknown_unit", "line 6 field_count", "line 7 bad_amount"]
    );
    let many = format!("item,description,unit,price\n{}", "a,b,c,d\n".repeat(500));
    let parts = [(Part::Catalogue, many.into_bytes())].into();
    assert_eq!(Bundle::read(&parts, Currency::TWD).unwrap_err().len(), FAULTS_MAX);
}

#[test]
fn parts_that_are_not_json_or_too_large_are_refused() {
    for (content, code) in [(&b"{"[..], "not_json"), (&[b' '; (1 << 20) + 1], "too_large")] {
        let parts = [(Part::Reasons, content.to_vec())].into();
        let faults = Bundle::read(&parts, Currency::TWD).unwrap_err();
        assert_eq!(faults.iter().map(|fault| fault.code).collect::<Vec<_>>(), [code]);
    }
}
