//! Every golden file is read and written again to the same bytes.

use std::path::{Path, PathBuf};

use hq_wire::facts::v1::Fact;
use hq_wire::link::v1::{
    Ack, AlertState, Command, FactsBatch, LinkState, Place, PolicyOffer, PolicyState, Query,
    RegisterState, Reply, State, Status, StockState, TradeState, branch_id, read_json, text_of,
};
use hq_wire::row::v1::{Fields, NO_DIGEST, Row, digest, digest_from_hex};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

/// One golden file.
pub struct Golden {
    pub path: PathBuf,
    /// The message as `asyncapi.yaml` calls it.
    pub message: String,
    pub text: String,
}

pub fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The store that the files speak of.
pub fn place() -> Place {
    Place { chain: "formosa".to_owned(), store: "367".to_owned() }
}

/// All files, named `{message}.json` or `{message}.{variant}.json`.
pub fn all() -> Vec<Golden> {
    let folder = package().join("golden/link/v1");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("the golden files are there")
        .map(|entry| entry.expect("a readable entry").path())
        .map(|path| {
            let name = path.file_name().and_then(|name| name.to_str()).expect("a file name");
            let message = name.split('.').next().expect("a message").to_owned();
            let text = std::fs::read_to_string(&path).expect("a readable file");
            Golden { path, message, text }
        })
        .collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

fn again<T: DeserializeOwned + Serialize>(text: &str) -> String {
    let value: T = read_json(text.as_bytes()).unwrap_or_else(|error| panic!("{error}: {text}"));
    serde_json::to_string(&value).expect("JSON")
}

fn batch(text: &str) -> FactsBatch {
    let subject = serde_json::from_str::<serde_json::Value>(text).expect("JSON")["subject"].clone();
    let payload = hq_wire::link::v1::compressed(text.as_bytes());
    FactsBatch::read(&place(), subject.as_str().expect("a stream"), &payload).expect("a batch")
}

fn read_and_written(golden: &Golden) -> String {
    let text = golden.text.as_str();
    match golden.message.as_str() {
        "facts" => {
            let packed = batch(text).write().expect("a payload");
            String::from_utf8(text_of(&packed).expect("gzip")).expect("UTF-8")
        }
        "ack" => again::<Ack>(text),
        "status" => again::<Status>(text),
        "state_link" => again::<State<LinkState>>(text),
        "state_policy" => again::<State<PolicyState>>(text),
        "state_registers" => again::<State<RegisterState>>(text),
        "state_stock" => again::<State<StockState>>(text),
        "state_alerts" => again::<State<AlertState>>(text),
        "state_trade" => again::<State<TradeState>>(text),
        "policy" => again::<PolicyOffer>(text),
        name if name.starts_with("command_") => again::<Command>(text),
        name if name.starts_with("query_") => again::<Query>(text),
        name if name.starts_with("reply_") || name.starts_with("answer_") => again::<Reply>(text),
        name => panic!("nobody reads {name}"),
    }
}

#[test]
fn every_golden_message_is_written_back_to_the_same_bytes() {
    let files = all();
    assert!(files.len() > 20, "only {} were found: this test looks nowhere", files.len());
    for golden in files {
        assert_eq!(read_and_written(&golden), golden.text, "{:?}", golden.path);
    }
}

#[test]
fn a_golden_birth_and_a_golden_will_say_whether_the_store_is_there() {
    for golden in all().iter().filter(|golden| golden.message == "status") {
        let status: Status = serde_json::from_str(&golden.text).expect("a status");
        let is_birth = matches!(status, Status::Birth { .. });
        assert_eq!(status.is_online(), is_birth, "{:?}", golden.path);
        assert_eq!(status.boot(), "0193af30-0000-7000-8000-0000000000c1");
    }
}

#[test]
fn the_golden_batch_has_every_kind_of_fact_and_its_chain_holds() {
    let files = all();
    let text = |name: &str| {
        let found = files.iter().find(|golden| golden.path.ends_with(name));
        found.map(|golden| golden.text.clone()).expect(name)
    };
    let main = batch(&text("facts.json"));
    let branch = batch(&text("facts.branch.json"));
    let kinds: Vec<&str> = main.data.rows.iter().map(|row| row.kind.as_str()).collect();
    for kind in Fact::KINDS {
        assert!(kinds.contains(&kind), "{kind} is in no row");
    }
    assert_chained(&NO_DIGEST, &main.data.rows);
    let leaves = branch.data.branch.as_ref().expect("a branch");
    assert_eq!(leaves.digest, main.data.rows[4].digest);
    let from = digest_from_hex(&leaves.digest).expect("a digest");
    assert_chained(&from, &branch.data.rows);
    // The branch is named by the last row that its store has.
    let last = branch.data.rows.last().and_then(|row| digest_from_hex(&row.digest));
    let stream = Uuid::parse_str(&leaves.stream).expect("a stream");
    assert_eq!(branch.subject, branch_id(stream, &last.expect("a digest")).to_string());
}

fn assert_chained(before: &[u8; 32], rows: &[Row]) {
    let bytes = |text: &str| Uuid::parse_str(text).expect("a UUID").into_bytes();
    let mut previous = *before;
    for row in rows {
        let transaction = row.transaction.as_deref().map(bytes);
        previous = digest(
            &previous,
            &Fields {
                stream: &bytes(&row.stream),
                sequence: row.sequence,
                id: &bytes(&row.id),
                kind: &row.kind,
                body_version: row.body_version,
                transaction: transaction.as_ref(),
                wall_ms: row.wall_ms,
                utc_offset_s: row.utc_offset_s,
                monotonic_ms: row.monotonic_ms,
                boot: &bytes(&row.boot),
                clock_trusted: row.clock_trusted,
                body: row.body.get(),
            },
        );
        assert_eq!(hq_wire::row::v1::hex(&previous), row.digest, "row {}", row.sequence);
    }
}

#[test]
fn a_field_of_a_newer_writer_is_passed_over() {
    let ack = r#"{"stream":"s","through":1,"digest":"d","since":"the moon"}"#;
    assert_eq!(again::<Ack>(ack), r#"{"stream":"s","through":1,"digest":"d"}"#);
    let state = r#"{"at_ms":1,"items":2,"negative":0,"moons":1}"#;
    assert_eq!(again::<State<StockState>>(state), r#"{"at_ms":1,"items":2,"negative":0}"#);
}
