//! The gallery of promotions: every kind that peers have, priced by the program as it stands.
//!
//! `NN-name.toml` are the promotions, `NN-name.json` is the basket, `NN-name.expected.toml` what it
//! comes to, worked out by hand, with a sentence that says why.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use serde::Deserialize;
use serde_json::Value;

use super::hub;
use crate::support;

/// As many kinds as peers have.
const KINDS: usize = 31;

/// What a basket of the gallery comes to.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    #[serde(default)]
    why: String,
    total: String,
    #[serde(default)]
    promotions: BTreeMap<String, String>,
    /// By place in the basket, from 1; only where who carries a reduction is the point.
    #[serde(default)]
    lines: BTreeMap<String, String>,
    #[serde(default)]
    points_earned: u64,
    #[serde(default)]
    points_spent: u64,
    #[serde(default)]
    coupons_earned: Vec<String>,
}

fn gallery() -> PathBuf {
    support::root().join("tests/data/promotions/gallery")
}

/// The names of the gallery's pictures, from `01-…` to `31-…`.
fn names() -> BTreeSet<String> {
    let files = fs::read_dir(gallery()).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    names.map(|name| name.split('.').next().unwrap().to_owned()).collect()
}

fn text(value: &Value) -> String {
    value["amount"].as_str().unwrap().to_owned()
}

fn priced(name: &str, catalogue: &str) -> Value {
    let file = |kind: &str| gallery().join(format!("{name}.{kind}")).display().to_string();
    let (promotions, basket) = (file("toml"), file("json"));
    let arguments = ["price", "--catalogue", catalogue, "--promotions", &promotions];
    let said = hub(arguments.into_iter().chain(["--basket", &basket, "--json"]));
    serde_json::from_str(&said.results()).unwrap()
}

#[test]
fn every_picture_of_the_gallery_comes_to_what_was_worked_out_by_hand() {
    let names = names();
    assert_eq!(names.len(), KINDS, "{names:?}");
    let directory = tempfile::tempdir().unwrap();
    let catalogue = directory.path().join("catalogue.csv");
    fs::write(&catalogue, "item,description,barcodes,unit,price\n").unwrap();
    for name in &names {
        let file = gallery().join(format!("{name}.expected.toml"));
        let expected: Expected = toml::from_str(&fs::read_to_string(file).unwrap()).unwrap();
        assert!(!expected.why.trim().is_empty(), "{name} does not say why");
        let answer = priced(name, &catalogue.display().to_string());
        let used = answer["promotions"].as_array().unwrap().iter();
        let used =
            used.map(|one| (one["promotion"].as_str().unwrap().to_owned(), text(&one["amount"])));
        let lines =
            answer["lines"].as_array().unwrap().iter().filter(|_| !expected.lines.is_empty());
        let found = Expected {
            why: expected.why.clone(),
            total: text(&answer["total"]),
            promotions: used.filter(|(_, amount)| amount != "0").collect(),
            lines: lines.map(|line| (line["line"].to_string(), text(&line["net"]))).collect(),
            points_earned: answer["points_earned"].as_u64().unwrap(),
            points_spent: answer["points_spent"].as_u64().unwrap(),
            coupons_earned: serde_json::from_value(answer["coupons_earned"].clone()).unwrap(),
        };
        assert_eq!(found, expected, "{name}");
        assert_eq!(answer["optimal"], true, "{name}");
        assert_eq!(answer["refused"], serde_json::json!([]), "{name}");
    }
}
