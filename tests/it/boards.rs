//! The Grafana board and the alert rules speak of figures that there are.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use crate::support;

/// Where the figures are listed: name and meaning, in that order.
const LISTS: [&str; 2] = ["hub/src/metrics.rs", "cloud-bridge/hq/src/metrics/mod.rs"];
/// Words of the query language that stand where a figure could.
const WORDS: [&str; 11] = [
    "and",
    "or",
    "unless",
    "on",
    "ignoring",
    "by",
    "without",
    "bool",
    "offset",
    "group_left",
    "group_right",
];
/// What a histogram adds to its name.
const SUFFIXES: [&str; 3] = ["_bucket", "_sum", "_count"];

fn read(path: &str) -> String {
    fs::read_to_string(support::root().join(path)).unwrap()
}

/// The names in the lists of the programs, and the type of each.
fn figures() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for path in LISTS {
        let source = read(path);
        let start = source.find("pub const METRICS").expect("a list of figures");
        let list = &source[start..];
        let list = &list[..list.find("\n];").expect("the list's end")];
        // A name is the first text behind a bracket, on its line or on the next.
        for entry in list.split('(').skip(1) {
            let name = entry.trim_start().strip_prefix('"').and_then(|text| text.split_once('"'));
            names.extend(name.map(|(name, _)| name.to_owned()));
        }
    }
    names
}

/// The figures that a query names.
fn named(query: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut rest = query;
    // Labels, ranges and the labels that something is summed or joined by are no figures.
    let mut plain = String::new();
    while let Some(at) = rest.find(['{', '[', '"']) {
        plain.push_str(&rest[..at]);
        let end = match &rest[at..=at] {
            "{" => '}',
            "[" => ']',
            _ => '"',
        };
        rest = &rest[at + 1..];
        rest = &rest[rest.find(end).expect("an end") + 1..];
        plain.push(' ');
    }
    plain.push_str(rest);
    for list in ["by (", "on (", "without (", "ignoring ("] {
        while let Some(at) = plain.find(list) {
            let end = at + plain[at..].find(')').expect("an end");
            plain.replace_range(at..=end, " ");
        }
    }
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':';
    let mut at = 0;
    while let Some(from) = plain[at..].find(is_part).map(|from| at + from) {
        let to = plain[from..].find(|c| !is_part(c)).map_or(plain.len(), |to| from + to);
        let word = &plain[from..to];
        let is_function = plain[to..].trim_start().starts_with('(');
        if !is_function && !WORDS.contains(&word) && !word.starts_with(|c: char| c.is_numeric()) {
            names.insert(word.to_owned());
        }
        at = to;
    }
    names
}

fn is_there(figures: &BTreeSet<String>, name: &str) -> bool {
    let of_histogram = |suffix: &&str| name.strip_suffix(*suffix);
    figures.contains(name)
        || SUFFIXES.iter().find_map(of_histogram).is_some_and(|base| figures.contains(base))
}

/// Every text under this key, however deep.
fn texts_of<'a>(value: &'a Value, key: &str, found: &mut Vec<&'a str>) {
    match value {
        Value::Object(fields) => {
            found.extend(fields.get(key).and_then(Value::as_str));
            fields.values().for_each(|field| texts_of(field, key, found));
        }
        Value::Array(items) => items.iter().for_each(|item| texts_of(item, key, found)),
        _ => {}
    }
}

#[test]
fn the_names_in_a_query_are_found_and_nothing_else() {
    let query = r#"histogram_quantile(0.99, sum by (le) (rate(a_bucket{code="b_total"}[5m])))
        > 1 and on (store) c == 1 or 60 * min(d:e) unless f"#;
    let names: Vec<String> = named(query).into_iter().collect();
    assert_eq!(names, ["a_bucket", "c", "d:e", "f"]);
}

#[test]
fn the_board_and_the_alerts_name_only_figures_that_there_are() {
    let figures = figures();
    assert!(figures.len() > 25, "only {figures:?} were found: this test looks nowhere");
    let board: Value =
        serde_json::from_str(&read("firmware-config/grafana/store-hub.json")).unwrap();
    let rules: Value =
        serde_saphyr::from_str(&read("firmware-config/grafana/alerts.yaml")).unwrap();
    let mut queries = Vec::new();
    texts_of(&board, "expr", &mut queries);
    texts_of(&rules, "expr", &mut queries);
    assert!(queries.len() > 40, "only {} queries were found", queries.len());
    let mut used = BTreeSet::new();
    for query in queries {
        let names = named(query);
        assert!(!names.is_empty(), "{query} asks for nothing");
        for name in &names {
            assert!(is_there(&figures, name), "{name}, in {query}, is no figure of ours");
        }
        used.extend(names);
    }
    let unseen: Vec<&String> =
        figures.iter().filter(|name| !used.iter().any(|one| one.starts_with(*name))).collect();
    // What nobody looks at need not be measured; these few are for whoever looks closer.
    assert!(unseen.len() <= 4, "{unseen:?} are on no board");
}

#[test]
fn every_panel_has_a_place_of_its_own_and_every_alert_says_what_to_do() {
    let board: Value =
        serde_json::from_str(&read("firmware-config/grafana/store-hub.json")).unwrap();
    let mut taken = BTreeSet::new();
    for panel in board["panels"].as_array().unwrap() {
        let place = &panel["gridPos"];
        let number = |name: &str| place[name].as_u64().unwrap();
        assert!(number("x") + number("w") <= 24, "{} hangs over", panel["title"]);
        for y in number("y")..number("y") + number("h") {
            for x in number("x")..number("x") + number("w") {
                assert!(taken.insert((x, y)), "{} lies on another", panel["title"]);
            }
        }
    }
    let rules: Value =
        serde_saphyr::from_str(&read("firmware-config/grafana/alerts.yaml")).unwrap();
    let mut alerts = BTreeSet::new();
    for rule in rules["groups"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|group| group["rules"].as_array().unwrap())
    {
        assert!(alerts.insert(rule["alert"].as_str().unwrap()), "{} twice", rule["alert"]);
        for said in ["summary", "description"] {
            assert!(rule["annotations"][said].as_str().is_some_and(|text| text.len() > 20));
        }
        assert!(["warning", "critical"].contains(&rule["labels"]["severity"].as_str().unwrap()));
    }
    assert!(alerts.len() > 10);
}
