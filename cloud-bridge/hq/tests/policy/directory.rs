//! What is wrong with a directory, by file, line and code.

use std::collections::BTreeMap;

use hq::policy::{Known, read_directory};
use store_core::Currency;
use store_core::policy::{Bundle, Part};

use crate::{GOOD, directory};

const TWD: Option<Currency> = Some(Currency::TWD);

/// The faults of a directory that is good but for some files.
fn faults(changed: &[(&str, &str)]) -> Vec<String> {
    let mut files: BTreeMap<&str, &str> = GOOD.iter().copied().collect();
    files.extend(changed.iter().copied());
    let files: Vec<(&str, &str)> = files.into_iter().collect();
    let dir = directory(&files);
    let read = read_directory(dir.path(), TWD, &Known::default());
    let faults = read.err().unwrap_or_default();
    faults.iter().map(|fault| format!("{}:{} {}", fault.file, fault.line, fault.code)).collect()
}

#[test]
fn a_directory_that_holds_becomes_parts_that_a_store_can_read() {
    let dir = directory(GOOD);
    let draft = read_directory(dir.path(), TWD, &Known::default()).unwrap();
    assert_eq!(draft.parts.keys().copied().collect::<Vec<_>>(), Part::ALL);
    let bundle = Bundle::read(&draft.parts, Currency::TWD).unwrap();
    assert_eq!(bundle.people.as_ref().unwrap().0.len(), 2);
    let levels = &bundle.safety_stock.as_ref().unwrap().0;
    assert_eq!(levels[1].safety_stock.thousandths(), 500);
    for content in draft.parts.values() {
        let text = String::from_utf8_lossy(content);
        assert!(!text.contains("502846") && !text.contains("\"pin\""), "a PIN in clear: {text}");
    }
}

/// A file, what stands in it, and what is wrong with that.
const CASES: &[(&str, &str, &[&str])] = &[
    (
        "catalogue.csv",
        "item,description,unit,price\nm,MILK,piece,65\n\nb,,kilogram,500\nb,BEEF,box,x\n",
        &["catalogue.csv:4 empty_field", "catalogue.csv:5 unknown_unit"],
    ),
    ("catalogue.csv", "", &["catalogue.csv:1 empty_file"]),
    ("catalogue.csv", "item,price\n", &["catalogue.csv:1 missing_column"]),
    (
        "people.toml",
        "[[people]]\nid = \"m1\"\nname = \"Wu\"\nrole = \"boss\"\npin = \"123456\"\n\n\
         [[people]]\nid = \"m1\"\nnick = \"x\"\nrole = \"cashier\"\npin = \"502846\"\n\
         pin_hash = \"x\"\n",
        &[
            "people.toml:5 weak_pin",
            "people.toml:11 pin_twice",
            "people.toml:4 unknown_word",
            "people.toml:9 unknown_key",
            "people.toml:7 missing_key",
            "people.toml:12 bad_pin_hash",
            "people.toml:8 duplicate",
            "people.toml:1 no_manager",
        ],
    ),
    ("people.toml", "people = 3\n", &["people.toml:1 not_a_list"]),
    ("people.toml", "a = 1\n\nb = [\n", &["people.toml:4 not_toml"]),
    ("people.toml", "\nid = 1\nid = 2\n", &["people.toml:3 not_toml"]),
    (
        "reasons.toml",
        "price = [\n  \"a\",\n  \"a\",\n]\n\nabandon = []\nretrun = []\n",
        &[
            "reasons.toml:7 unknown_key",
            "reasons.toml:3 duplicate",
            "reasons.toml:1 missing_key",
            "reasons.toml:6 no_reason",
        ],
    ),
    (
        "favourites.toml",
        "[[groups]]\nlabel = \"A\"\n\n[[groups.tiles]]\nitem = \"m\"\nlabel = \"M\"\n\n\
         [[groups.tiles]]\nitem = \"zz\"\nlabel = \"Z\"\n",
        &["favourites.toml:9 unknown_item"],
    ),
    (
        "safety_stock.csv",
        "item,safety_stock,clear_at\nzz,5,8\nm,x,8\n\nm,5,5,5\n",
        &["safety_stock.csv:2 unknown_item", "safety_stock.csv:5 field_count"],
    ),
    (
        "safety_stock.csv",
        "safety_stock,item,clear_at\n5,m,8\n\n5,b,5\n5.5,m,\n",
        &[
            "safety_stock.csv:4 bad_clear_at",
            "safety_stock.csv:5 bad_quantity",
            "safety_stock.csv:5 duplicate",
        ],
    ),
    ("safety_stock.csv", "item,level\n", &["safety_stock.csv:1 unknown_column"]),
    ("safety_stock.csv", "", &["safety_stock.csv:1 empty_file"]),
    (
        "settings.toml",
        "[http]\nport = 80\n\n[tax]\ndefault = { percent = 101, method = \"inclusive\" }\n\
         [[tenders]]\nid = \"card\"\n",
        &["settings.toml:1 unknown_key", "settings.toml:6 no_cash", "settings.toml:5 bad_number"],
    ),
    (
        "promotions.toml",
        "[[promotions]]\nid = \"a\"\nname = { zh = \"a\", en = \"a\" }\n\n\
         [promotions.each]\nitems.items = [\n  \"m\",\n  \"zz\",\n]\naward.price = 1.5\n",
        &["promotions.toml:10 bad_amount"],
    ),
    (
        "promotions.toml",
        "[[promotions]]\nid = \"a\"\nname = { zh = \"a\", en = \"a\" }\n\n\
         [promotions.each]\nitems.items = [\n  \"m\",\n  \"zz\",\n]\naward.price = 15\n",
        &["promotions.toml:8 unknown_item"],
    ),
    ("favorites.toml", "", &["favorites.toml:1 unknown_file"]),
];

#[test]
fn every_fault_is_named_with_its_file_and_line() {
    assert_eq!(faults(&[]), Vec::<String>::new());
    for (file, content, expected) in CASES {
        assert_eq!(&faults(&[(file, content)]), expected, "{file}: {content}");
    }
}

#[test]
fn faults_of_several_files_are_named_at_once_and_notes_are_left_alone() {
    let found = faults(&[
        ("catalogue.csv", "item,description,unit,price\nm,MILK,piece,x\n"),
        ("reasons.toml", "price = 1\n"),
        ("settings.toml", "[sessions]\n"),
        ("README.md", "notes"),
        (".notes", "notes"),
    ]);
    let files: Vec<&str> = found.iter().filter_map(|fault| fault.split(':').next()).collect();
    for file in ["catalogue.csv", "reasons.toml", "settings.toml"] {
        assert!(files.contains(&file), "{found:?}");
    }
    // Nothing is said of the items of a catalogue that could not be read.
    assert!(!found.iter().any(|fault| fault.contains("unknown_item")), "{found:?}");
}

#[test]
fn bytes_that_are_no_text_are_named_with_their_line() {
    let dir = directory(&[]);
    std::fs::write(dir.path().join("reasons.toml"), b"# a\n# \xff\n").unwrap();
    let faults = read_directory(dir.path(), TWD, &Known::default()).unwrap_err();
    assert_eq!((faults[0].line, faults[0].code), (2, "not_utf8"));
    let nothing = read_directory(directory(&[]).path(), TWD, &Known::default()).unwrap_err();
    assert_eq!(nothing[0].code, "nothing_to_push");
    let nowhere = read_directory("nowhere".as_ref(), TWD, &Known::default()).unwrap_err();
    assert_eq!(nowhere[0].code, "unreadable");
}

#[test]
fn prices_need_a_currency_and_items_a_catalogue() {
    let dir = directory(GOOD);
    let faults = read_directory(dir.path(), None, &Known::default()).unwrap_err();
    assert_eq!(faults[0].code, "no_currency");
    let alone: Vec<_> = GOOD.iter().copied().filter(|(file, _)| *file != "catalogue.csv").collect();
    let dir = directory(&alone);
    let faults = read_directory(dir.path(), TWD, &Known::default()).unwrap_err();
    let codes: Vec<_> = faults.iter().map(|fault| (fault.file.as_str(), fault.code)).collect();
    assert_eq!(codes, [("safety_stock.csv", "no_catalogue"), ("favourites.toml", "no_catalogue")]);
}
