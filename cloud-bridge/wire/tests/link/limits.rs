//! What is no message of ours is told apart by a stable code, and costs little.

use hq_wire::link::v1::{
    Ack, Branch, CodecError, FactsBatch, PAYLOAD_MAX, ROWS_MAX, TEXT_MAX, compressed, read_json,
    text_of,
};
use hq_wire::row::v1::Row;
use serde_json::{Value, json};

use crate::golden::{all, place};

const STREAM: &str = "0193af10-0000-7000-8000-000000000001";

fn golden_batch() -> Value {
    let files = all();
    let golden = files.iter().find(|golden| golden.path.ends_with("facts.json")).expect("a batch");
    serde_json::from_str(&golden.text).expect("JSON")
}

fn read(batch: &Value) -> Result<FactsBatch, CodecError> {
    FactsBatch::read(&place(), STREAM, &compressed(batch.to_string().as_bytes()))
}

fn code(batch: &Value) -> &'static str {
    read(batch).expect_err("this is refused").code()
}

#[test]
fn the_golden_batch_is_read() {
    assert_eq!(read(&golden_batch()).expect("a batch").data.rows.len(), 26);
}

#[test]
fn a_gzip_bomb_is_oversized_and_is_not_unpacked() {
    let bomb = compressed(&vec![b' '; 64 * TEXT_MAX]);
    assert!(bomb.len() > PAYLOAD_MAX, "this one is caught by its own size: {}", bomb.len());
    assert_eq!(text_of(&bomb).expect_err("a bomb").code(), "oversized");
    let small_bomb = compressed(&vec![b' '; 8 * TEXT_MAX]);
    assert!(small_bomb.len() <= PAYLOAD_MAX, "{} bytes", small_bomb.len());
    assert_eq!(text_of(&small_bomb).expect_err("a bomb").code(), "oversized");
    let refused = FactsBatch::read(&place(), STREAM, &small_bomb).expect_err("a bomb");
    assert_eq!(refused.code(), "oversized");
}

#[test]
fn the_longest_text_is_read_and_one_byte_more_is_oversized() {
    let longest = compressed(&vec![b' '; TEXT_MAX]);
    assert_eq!(text_of(&longest).expect("as long as may be").len(), TEXT_MAX);
    let longer = compressed(&vec![b' '; TEXT_MAX + 1]);
    assert_eq!(text_of(&longer).expect_err("too long").code(), "oversized");
}

#[test]
fn a_payload_over_the_limit_is_oversized_whatever_it_is() {
    let ack = format!(r#"{{"stream":"{}","through":1,"digest":"d"}}"#, "s".repeat(PAYLOAD_MAX));
    assert_eq!(read_json::<Ack>(ack.as_bytes()).expect_err("too large").code(), "oversized");
    let raw = vec![0; PAYLOAD_MAX + 1];
    assert_eq!(text_of(&raw).expect_err("too large").code(), "oversized");
}

#[test]
fn what_is_not_gzip_or_breaks_off_is_not_compressed() {
    for payload in [b"".as_slice(), b"{}", b"\x1f\x8b", &[0; 100]] {
        assert_eq!(text_of(payload).expect_err("no gzip").code(), "not_compressed");
    }
    let whole = compressed(golden_batch().to_string().as_bytes());
    for cut in [1, 9, 20, whole.len() / 2, whole.len() - 1] {
        let refused = text_of(&whole[..cut]).expect_err("half a gzip");
        assert_eq!(refused.code(), "not_compressed", "{cut} bytes");
    }
}

#[test]
fn a_flipped_byte_anywhere_in_a_batch_is_noticed_or_changes_nothing() {
    let batch = golden_batch();
    let whole = compressed(batch.to_string().as_bytes());
    let text = text_of(&whole).expect("gzip");
    for at in 0..whole.len() {
        let mut flipped = whole.clone();
        flipped[at] ^= 0x55;
        if let Ok(unpacked) = text_of(&flipped) {
            assert_eq!(unpacked, text, "byte {at}: another text under the same checksum");
        }
    }
}

#[test]
fn another_type_is_unknown_and_its_name_is_cut() {
    let mut batch = golden_batch();
    batch["type"] = json!("storehub.facts.v2");
    assert_eq!(code(&batch), "unknown_type");
    batch["type"] = json!("x".repeat(10_000));
    let error = read(&batch).expect_err("unknown");
    assert!(error.to_string().len() < 200, "{error}");
    // What a later version carries need not have the form of this one.
    assert_eq!(code(&json!({ "type": "storehub.facts.v2", "data": 7 })), "unknown_type");
}

#[test]
fn rows_out_of_sequence_are_malformed() {
    let rows = golden_batch()["data"]["rows"].as_array().expect("rows").clone();
    let with = |rows: Vec<Value>| {
        let mut batch = golden_batch();
        batch["data"]["rows"] = json!(rows);
        batch
    };
    let gap: Vec<Value> = [0, 2].map(|at: usize| rows[at].clone()).to_vec();
    let doubled: Vec<Value> = [0, 0].map(|at: usize| rows[at].clone()).to_vec();
    let backwards: Vec<Value> = [1, 0].map(|at: usize| rows[at].clone()).to_vec();
    let mut nought = rows[0].clone();
    nought["sequence"] = json!(0);
    let mut of_another = rows[0].clone();
    of_another["stream"] = json!("0193af10-0000-7000-8000-000000000002");
    let mut last = rows[0].clone();
    last["sequence"] = json!(u64::MAX);
    for wrong in [gap, doubled, backwards, vec![nought], vec![of_another], vec![]] {
        assert_eq!(code(&with(wrong.clone())), "malformed", "{wrong:?}");
    }
    assert_eq!(code(&with(vec![last.clone(), nought_after(&last)])), "malformed");
    assert!(read(&with(vec![last])).is_ok(), "the last number there is");
}

/// The row that would follow the last number there is, if numbers began again.
fn nought_after(row: &Value) -> Value {
    let mut next = row.clone();
    next["sequence"] = json!(0);
    next
}

#[test]
fn a_batch_has_at_most_so_many_rows() {
    let row: Row =
        serde_json::from_value(golden_batch()["data"]["rows"][0].clone()).expect("a row");
    let rows = |count: usize| -> Vec<Row> {
        (1..=count as u64).map(|sequence| Row { sequence, ..row.clone() }).collect()
    };
    let read = |count| {
        let payload = FactsBatch::new(&place(), STREAM, None, rows(count)).write().expect("gzip");
        FactsBatch::read(&place(), STREAM, &payload)
    };
    assert!(read(ROWS_MAX).is_ok());
    assert_eq!(read(ROWS_MAX + 1).expect_err("too many").code(), "malformed");
}

#[test]
fn a_batch_that_speaks_of_another_store_or_stream_than_its_topic_is_malformed() {
    for (field, value) in [
        ("source", "/v1/formosa/401"),
        ("source", "/v1/other/367"),
        ("source", "v1/formosa/367"),
        ("subject", "0193af10-0000-7000-8000-000000000002"),
    ] {
        let mut batch = golden_batch();
        batch[field] = json!(value);
        assert_eq!(code(&batch), "malformed", "{field} {value}");
    }
}

#[test]
fn rows_of_a_branch_are_those_of_the_stream_that_it_leaves() {
    let mut batch = golden_batch();
    let leaves =
        |stream: &str| Branch { stream: stream.to_owned(), after: 0, digest: "0".repeat(64) };
    batch["data"]["branch"] = json!(leaves(STREAM));
    assert!(read(&batch).is_ok());
    batch["data"]["branch"] = json!(leaves("0193af10-0000-7000-8000-000000000002"));
    assert_eq!(code(&batch), "malformed");
}

#[test]
fn what_is_no_json_of_its_form_is_malformed() {
    for text in ["", "{", "[]", "null", "{}", r#"{"stream":1}"#, "\u{0}"] {
        assert_eq!(read_json::<Ack>(text.as_bytes()).expect_err(text).code(), "malformed");
    }
    assert_eq!(read_json::<Ack>(&[0xff, 0xfe]).expect_err("no UTF-8").code(), "malformed");
    let deep = "[".repeat(100_000);
    assert_eq!(read_json::<Value>(deep.as_bytes()).expect_err("too deep").code(), "malformed");
}
