//! The walls between the crates: a new edge is the change that is reviewed here first.

use std::collections::BTreeSet;

use cargo_metadata::{DependencyKind, MetadataCommand, Package};

use crate::support;
use crate::tidy::{code_only, tracked_files};

/// Each package of the workspace and which of ours it may name. The tests may name everything.
const OURS: &[(&str, &[&str])] = &[
    ("store-core", &[]),
    ("service-kit", &["store-core"]),
    ("hq-wire", &[]),
    ("devices", &["store-core"]),
    ("store-journal", &["store-core", "hq-wire"]),
    ("store-actors", &["store-core", "store-journal", "devices"]),
    ("cloud-bridge", &["store-core", "hq-wire"]),
    ("hq", &["hq-wire", "service-kit", "store-core"]),
    (
        "hub",
        &[
            "store-core",
            "store-journal",
            "store-actors",
            "devices",
            "hq-wire",
            "service-kit",
            "cloud-bridge",
            "hq",
        ],
    ),
];
const TESTS: &str = "store-tests";

/// Crates with one home each: what only some of ours may name.
const HOMES: &[(&[&str], &[&str])] = &[
    (&["actix", "actix-rt"], &["store-actors", "hub"]),
    (&["actix-web", "actix-ws", "actix-web-lab", "actix-session"], &["service-kit", "hub", "hq"]),
    (&["rusqlite", "libsqlite3-sys", "refinery"], &["store-journal", "hq"]),
    (&["postgres", "tokio-postgres", "mqtt5"], &["hq"]),
    (&["tokio-serial", "gpiocdev", "rppal", "evdev", "escpos"], &["devices"]),
    (&["rumqttc"], &["cloud-bridge", "hq"]),
    (&["tokio"], &["store-actors", "devices", "cloud-bridge", "hq", "service-kit", "hub"]),
    // Linear programming is the oracle of the promotion engine's tests, never the engine.
    (&["good_lp", "microlp"], &[]),
];

/// All that the pure core may know of the world: formats and numbers, nothing that can act.
const CORE_MAY_NAME: &[&str] = &[
    "barcoders",
    "csv",
    "jiff",
    "pinyin",
    "qrcode",
    "rust_decimal",
    "serde",
    "serde_json",
    "thiserror",
    "unicode-normalization",
    "unicode-width",
    "uuid",
];
const CORE_TESTS_MAY_NAME: &[&str] = &["insta", "jsonschema", "proptest", "ring"];

/// One line of a manifest: `from` depends on `to`.
#[derive(Clone, Debug)]
struct Edge {
    from: String,
    to: String,
    is_for_tests: bool,
}

fn edge(from: &str, to: &str) -> Edge {
    Edge { from: from.to_owned(), to: to.to_owned(), is_for_tests: false }
}

fn packages() -> Vec<Package> {
    let manifest = support::root().join("Cargo.toml");
    let metadata = MetadataCommand::new().manifest_path(manifest).no_deps().exec();
    metadata.expect("reading the workspace's manifests").packages
}

fn edges(packages: &[Package]) -> Vec<Edge> {
    let of = |package: &Package| {
        let from = package.name.to_string();
        package.dependencies.clone().into_iter().map(move |dependency| Edge {
            from: from.clone(),
            to: dependency.name,
            is_for_tests: dependency.kind == DependencyKind::Development,
        })
    };
    packages.iter().flat_map(of).collect()
}

/// What is wrong with an edge, if anything.
fn breach(edge: &Edge) -> Option<String> {
    let Edge { from, to, is_for_tests } = edge;
    if from == TESTS {
        return None;
    }
    let Some((_, allowed)) = OURS.iter().find(|(name, _)| name == from) else {
        return Some(format!("{from} is not in the table of packages"));
    };
    let is_ours = to == TESTS || OURS.iter().any(|(name, _)| name == to);
    if is_ours {
        let is_allowed = allowed.contains(&to.as_str());
        return (!is_allowed).then(|| format!("{from} may not depend on {to}"));
    }
    if from == "store-core" {
        let is_allowed = CORE_MAY_NAME.contains(&to.as_str())
            || (*is_for_tests && CORE_TESTS_MAY_NAME.contains(&to.as_str()));
        return (!is_allowed).then(|| format!("the pure core may not depend on {to}"));
    }
    let home = HOMES.iter().find(|(crates, _)| crates.contains(&to.as_str()));
    let (_, owners) = home?;
    (!owners.contains(&from.as_str())).then(|| format!("{from} may not name {to}: {owners:?} do"))
}

fn breaches(edges: &[Edge]) -> Vec<String> {
    edges.iter().filter_map(breach).collect()
}

#[test]
fn no_crate_reaches_over_a_wall() {
    let packages = packages();
    assert_eq!(breaches(&edges(&packages)), Vec::<String>::new());
}

#[test]
fn every_package_of_the_workspace_is_in_the_table_and_the_other_way_round() {
    let built: BTreeSet<_> = packages().iter().map(|package| package.name.to_string()).collect();
    let named = OURS.iter().map(|(name, _)| (*name).to_owned()).chain([TESTS.to_owned()]);
    assert_eq!(built, named.collect());
}

#[test]
fn an_edge_over_each_wall_is_noticed() {
    let names: Vec<&str> = OURS.iter().map(|(name, _)| *name).collect();
    for &(from, allowed) in OURS {
        for &to in &names {
            let found = breaches(&[edge(from, to)]).len();
            assert_eq!(found, usize::from(!allowed.contains(&to)), "{from} -> {to}");
        }
        assert_eq!(breaches(&[edge(from, TESTS)]).len(), 1, "{from} -> {TESTS}");
        for (crates, owners) in HOMES {
            for to in *crates {
                let found = breaches(&[edge(from, to)]).len();
                assert_eq!(found, usize::from(!owners.contains(&from)), "{from} -> {to}");
            }
        }
    }
    assert_eq!(breaches(&[edge("a-new-one", "serde")]).len(), 1);
    assert_eq!(breaches(&[edge("store-core", "getrandom")]).len(), 1);
    assert_eq!(breaches(&[edge("store-core", "proptest")]).len(), 1);
    let for_tests = Edge { is_for_tests: true, ..edge("store-core", "proptest") };
    assert_eq!(breaches(&[for_tests]).len(), 0);
    assert_eq!(breaches(&[edge(TESTS, "hub"), edge(TESTS, "good_lp")]).len(), 0);
}

/// What is wrong with the way the hub names headquarters: only the demonstration may.
fn demo_breaches(hub: &Package) -> Vec<String> {
    let mut breaches = Vec::new();
    for dependency in hub.dependencies.iter().filter(|dependency| dependency.name == "hq") {
        if !dependency.optional && dependency.kind == DependencyKind::Normal {
            breaches.push("hub depends on hq outside the feature `demo`".to_owned());
        }
    }
    for (feature, enabled) in &hub.features {
        // The feature that cargo makes of an optional dependency's own name is one too many.
        let names_hq = enabled.iter().any(|item| item == "dep:hq" || item.starts_with("hq/"));
        if names_hq && feature != "demo" {
            breaches.push(format!("the feature `{feature}` of hub brings hq"));
        }
    }
    breaches
}

#[test]
fn headquarters_is_in_the_hub_for_the_demonstration_only() {
    let packages = packages();
    let hub = packages.iter().find(|package| package.name == "hub").expect("there is a hub");
    assert_eq!(demo_breaches(hub), Vec::<String>::new());

    let planted = serde_json::to_value(hub).map(|mut hub| {
        hub["features"]["extras"] = serde_json::json!(["dep:hq"]);
        let mut edge = hub["dependencies"][0].clone();
        edge["name"] = "hq".into();
        edge["optional"] = false.into();
        hub["dependencies"].as_array_mut().unwrap().push(edge);
        serde_json::from_value::<Package>(hub).unwrap()
    });
    assert_eq!(demo_breaches(&planted.unwrap()).len(), 2);
}

fn names_headquarters(code: &str) -> bool {
    code.match_indices("hq").any(|(at, _)| {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let starts_a_path = !code[..at].chars().next_back().is_some_and(is_word);
        let rest = &code[at + 2..];
        starts_a_path
            && (rest.starts_with("::") || (code[..at].ends_with("use ") && !rest.starts_with('_')))
    })
}

#[test]
fn only_the_demonstration_names_headquarters_in_the_hubs_source() {
    for (text, expected) in [
        ("use hq::ingest;", true),
        ("use hq;", true),
        ("let x = hq::run();", true),
        ("use hq_wire::facts;", false),
        ("let hq = 1; // hq::run", false),
    ] {
        assert_eq!(names_headquarters(&code_only(text)), expected, "{text}");
    }
    for file in tracked_files() {
        let is_demonstration =
            file.path == "hub/src/demo.rs" || file.path.starts_with("hub/src/demo/");
        if file.path.starts_with("hub/src/") && !is_demonstration {
            assert!(!names_headquarters(&code_only(&file.text)), "{} names hq", file.path);
        }
    }
}
