use std::fs;
use std::sync::Arc;

use store_core::Currency;
use store_core::policy::Bundle;
use store_core::policy::promotions;

use super::{Own, read};
use crate::policy::register_rules;
use crate::settings::{Flags, Settings, load};

const GOOD: &str = r#"
[[promotions]]
id = "milk"
name = { zh = "鮮乳特價", en = "Milk" }
each = { items = { items = ["m"] }, award = { price = 59 } }
when = { from = 2026-11-01 }

[[promotions]]
id = "north"
name = { zh = "北區", en = "North" }
order = { award = { percent_off = 5 } }
place = { regions = ["north"] }

[[promotions]]
id = "other-store"
name = { zh = "別店", en = "Another store" }
order = { award = { percent_off = 5 } }
place = { stores = ["2"] }
"#;

fn ids(settings: &Settings, bundle: &Bundle) -> Vec<String> {
    let rules =
        register_rules(settings, &settings.devices, &Own::open(settings).reading().set, bundle);
    let promotions = rules.pricing.promotions.promotions();
    promotions.iter().map(|promotion| promotion.id.to_string()).collect()
}

/// A store with a file of promotions and regions.
fn settings(dir: &tempfile::TempDir, regions: &str) -> Arc<Settings> {
    let config = dir.path().join("hub.toml");
    let file = dir.path().join("promotions.toml");
    let text = format!(
        "[promotions]\nfile = {:?}\nregions = {regions}\n[data]\ndir = {:?}\n",
        file.display().to_string(),
        dir.path().display().to_string()
    );
    fs::write(&config, text).unwrap();
    Arc::new(load(&Flags { config: Some(config), ..Flags::default() }).unwrap())
}

#[test]
fn a_store_has_the_promotions_of_its_file_that_are_for_it() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("promotions.toml"), GOOD).unwrap();
    assert_eq!(ids(&settings(&dir, "[]"), &Bundle::default()), ["milk"]);
    assert_eq!(ids(&settings(&dir, "[\"north\"]"), &Bundle::default()), ["milk", "north"]);
}

#[test]
fn promotions_of_headquarters_take_the_place_of_the_stores_own() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("promotions.toml"), GOOD).unwrap();
    let value = serde_json::json!({ "promotions": [{
        "id": "chain", "name": { "zh": "全店", "en": "Chain" },
        "order": { "from": 500, "award": { "amount_off": 50 } },
    }] });
    let decided = Some(Arc::new(promotions::read(&value, Currency::TWD).unwrap()));
    let bundle = Bundle { promotions: decided, ..Bundle::default() };
    assert_eq!(ids(&settings(&dir, "[]"), &bundle), ["chain"]);
}

#[test]
fn a_file_that_does_not_hold_leaves_in_force_what_did_also_over_a_start() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("promotions.toml");
    let settings = settings(&dir, "[]");
    assert_eq!(ids(&settings, &Bundle::default()), Vec::<String>::new(), "there is no file");
    fs::write(&file, GOOD).unwrap();
    assert_eq!(ids(&settings, &Bundle::default()), ["milk"]);
    for spoilt in ["price = [", "[[promotions]]\nid = 1\n", "\u{0}"] {
        fs::write(&file, spoilt).unwrap();
        assert_eq!(ids(&settings, &Bundle::default()), ["milk"], "{spoilt}");
    }
    fs::remove_file(&file).unwrap();
    assert_eq!(ids(&settings, &Bundle::default()), ["milk"]);
    fs::write(&file, "").unwrap();
    assert_eq!(ids(&settings, &Bundle::default()), Vec::<String>::new(), "an empty file holds");
}

#[test]
fn what_is_wrong_with_a_file_is_named_with_file_line_and_place() {
    let dir = tempfile::tempdir().unwrap();
    let said = |name: &str, text: &[u8]| {
        let file = dir.path().join(name);
        fs::write(&file, text).unwrap();
        let error = read(&file, Currency::TWD).unwrap_err().to_string();
        error.replace(&format!("{}/", dir.path().display()), "")
    };
    let toml = "[[promotions]]\nid = \"a\"\nname = { zh = \"a\", en = \"a\" }\ncap = 0\n\n\
                [promotions.each]\nitems.items = []\naward.price = 1.5\n";
    assert_eq!(
        said("p.toml", toml.as_bytes()),
        "p.toml, line 8, promotions[1].each.award.price: TWD has 0 decimals (bad_amount), \
         and 1 more"
    );
    assert_eq!(
        said("p.json", b"{\n \"promotions\": [{}, 7] }"),
        "p.json, promotions[1].id: the key is missing (missing_key), and 3 more"
    );
    assert_eq!(
        said("p.json", b"{\n  7\n}"),
        "p.json, line 2, as a whole: key must be a string at line 2 column 3 (not_json)"
    );
    let unreadable = read(&dir.path().join("none.toml"), Currency::TWD).unwrap_err();
    assert!(unreadable.to_string().starts_with("reading "), "{unreadable}");
    assert_eq!(
        said("p.toml", b"a = 1\nb = \xff\n"),
        "p.toml, line 2, as a whole: the text is not UTF-8 (not_utf8)"
    );
}
