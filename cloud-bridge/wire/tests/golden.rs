//! Every golden file is read and written again to the same bytes, and every kind has one.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by panicking"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use hq_wire::facts::v1::{BodyError, Fact};
use hq_wire::row;

fn golden(folder: &str) -> Vec<(PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden").join(folder);
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("the golden files are there")
        .map(|entry| entry.expect("a readable entry").path())
        .map(|path| (path.clone(), std::fs::read_to_string(path).expect("a readable file")))
        .collect();
    files.sort();
    files
}

fn kind_of(path: &Path) -> String {
    let name = path.file_name().and_then(|name| name.to_str()).expect("a file name");
    name.split('.').next().expect("a kind").to_owned()
}

#[test]
fn every_golden_body_is_written_back_to_the_same_bytes() {
    let mut kinds = BTreeSet::new();
    for (path, text) in golden("facts/v1") {
        let kind = kind_of(&path);
        let fact = Fact::read(&kind, &text).unwrap_or_else(|error| panic!("{path:?}: {error:?}"));
        assert_eq!(fact.kind(), kind);
        assert_eq!(fact.write().expect("a body"), text, "{path:?}");
        kinds.insert(kind);
    }
    let all: BTreeSet<String> = Fact::KINDS.iter().map(|kind| (*kind).to_owned()).collect();
    assert_eq!(kinds, all, "every kind has a golden file");
}

#[test]
fn a_golden_row_is_written_back_to_the_same_bytes() {
    for (path, text) in golden("row/v1") {
        let row: row::v1::Row = serde_json::from_str(&text).expect("a row");
        assert_eq!(serde_json::to_string(&row).expect("a row"), text, "{path:?}");
    }
}

#[test]
fn a_field_of_a_newer_writer_is_passed_over() {
    let body = r#"{"workstation":"1","operator":"c1","badge":"7"}"#;
    let fact = Fact::read("operator_signed_on", body).expect("readable");
    assert_eq!(fact.write().expect("a body"), r#"{"workstation":"1","operator":"c1"}"#);
}

#[test]
fn an_unknown_kind_and_a_malformed_body_are_errors() {
    assert!(matches!(Fact::read("moon_landed", "{}"), Err(BodyError::UnknownKind(_))));
    assert!(matches!(Fact::read("tender_voided", "{}"), Err(BodyError::Malformed(_))));
}

/// Computed by another program (Python's hashlib) from the description of the digest alone.
#[test]
fn the_digest_is_the_one_another_program_computes() {
    let fields = row::v1::Fields {
        stream: &[1; 16],
        sequence: 2,
        id: &[3; 16],
        kind: "operator_signed_on",
        body_version: 1,
        transaction: None,
        wall_ms: 1_795_579_200_123,
        utc_offset_s: -18_000,
        monotonic_ms: 77,
        boot: &[4; 16],
        clock_trusted: true,
        body: r#"{"workstation":"1","operator":"c1"}"#,
    };
    let digest = row::v1::digest(&row::v1::NO_DIGEST, &fields);
    assert_eq!(
        row::v1::hex(&digest),
        "8d38c1e78da89b6df4859a9fae87ffc6e5660004760c4f80e3cb93dd7f835f3c"
    );
    let with_transaction = row::v1::Fields { transaction: Some(&[5; 16]), ..fields };
    let digest = row::v1::digest(&digest, &with_transaction);
    assert_eq!(
        row::v1::hex(&digest),
        "916a67c37327476e98ef6e941e807abedf7382c766d44c381de767439fb140d0"
    );
    assert_eq!(
        row::v1::digest_from_hex(
            "916a67c37327476e98ef6e941e807abedf7382c766d44c381de767439fb140d0"
        ),
        Some(digest)
    );
    for text in ["12", &"g".repeat(64), &"ü".repeat(32), &"+1".repeat(32)] {
        assert_eq!(row::v1::digest_from_hex(text), None, "{text}");
    }
}
