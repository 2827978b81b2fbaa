//! Every kind of promotion as a worked example, priced on the command line as its page says.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::hub;
use crate::support;

fn gallery() -> PathBuf {
    support::root().join("tests/data/promotions/gallery")
}

/// A file of TOML as JSON has it.
fn toml(path: &Path) -> Value {
    let text = fs::read_to_string(path).unwrap();
    let table: toml::Table = text.parse().unwrap_or_else(|error| panic!("{path:?}: {error}"));
    serde_json::to_value(dates_as_texts(toml::Value::Table(table))).unwrap()
}

fn dates_as_texts(value: toml::Value) -> toml::Value {
    match value {
        toml::Value::Datetime(moment) => toml::Value::String(moment.to_string()),
        toml::Value::Array(list) => list.into_iter().map(dates_as_texts).collect(),
        toml::Value::Table(table) => {
            let entries = table.into_iter().map(|(key, value)| (key, dates_as_texts(value)));
            toml::Value::Table(entries.collect())
        }
        other => other,
    }
}

fn schema(name: &str) -> jsonschema::Validator {
    let text = fs::read_to_string(support::root().join("docs").join(name)).unwrap();
    jsonschema::validator_for(&serde_json::from_str(&text).unwrap()).unwrap()
}

#[test]
fn every_example_is_well_built_and_comes_to_what_it_says() {
    let scratch = support::temp_dir("gallery");
    let catalogue = scratch.path().join("c.csv");
    fs::write(&catalogue, "item,description,unit,price\n").unwrap();
    let (promotions_schema, basket_schema) =
        (schema("promotions.schema.json"), schema("basket.schema.json"));
    let mut found = 0;
    for entry in fs::read_dir(gallery()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        found += 1;
        let (promotions, expected) =
            (path.with_extension("toml"), path.with_extension("expected.toml"));
        assert!(promotions_schema.is_valid(&toml(&promotions)), "{promotions:?}");
        let basket: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        assert!(basket_schema.is_valid(&basket), "{path:?}");
        let arguments = ["price", "--json", "--catalogue"].map(std::ffi::OsString::from);
        let files = [
            catalogue.as_os_str(),
            "--promotions".as_ref(),
            promotions.as_os_str(),
            "--basket".as_ref(),
            path.as_os_str(),
        ];
        let said = hub(arguments.into_iter().chain(files.map(Into::into)));
        let answer: Value = serde_json::from_str(&said.results()).unwrap();
        let expected = toml(&expected);
        assert_eq!(answer["total"]["amount"], expected["total"], "{path:?}");
        assert_eq!(answer["optimal"], true, "{path:?}");
        let used = answer["promotions"].as_array().unwrap().iter();
        let used: BTreeMap<&str, &Value> = used
            .map(|used| (used["promotion"].as_str().unwrap(), &used["amount"]["amount"]))
            .collect();
        let said = expected.get("promotions").and_then(Value::as_object);
        for (promotion, amount) in said.into_iter().flatten() {
            let nothing = Value::from("0");
            let used = used.get(promotion.as_str()).copied().unwrap_or(&nothing);
            assert_eq!(used, amount, "{path:?}: {promotion}");
        }
    }
    assert!(found >= 31, "{found} examples");
}
