//! Reading never fails: what cannot be read is put aside, with a reason, and the next one is read.

use std::str::FromStr;

use hq_wire::link::v1::{Branch, CodecError, FactsBatch, Place, State, Status, Topic, read_json};
use hq_wire::row::v1::{Row, digest_from_hex};
use uuid::Uuid;

use super::{Aside, Batch, BranchBase, Message, Record, fold};

/// The things whose state is kept. A store can fill no more than these.
pub const THINGS: [&str; 8] =
    ["alerts", "devices", "link", "policy", "registers", "shift", "stock", "trade"];

/// Bytes of a message that are kept with it when it is put aside.
const PAYLOAD_KEPT: usize = 64 * 1024;
/// Bytes of a topic that are kept.
const TOPIC_KEPT: usize = 256;

/// Reads what came under a topic, for headquarters of a chain.
#[must_use]
pub fn read(chain: &str, topic: &str, payload: &[u8]) -> Message {
    let aside = |store: Option<&str>, code: &'static str, reason: String| {
        Message::Aside(Aside::new(topic, store, code, reason, payload))
    };
    let Ok((place, about)) = Topic::read(topic) else {
        return aside(None, "unknown_type", "its topic is none of ours".to_owned());
    };
    let store = Some(place.store.as_str());
    if place.chain != chain {
        let reason = format!("it is of the chain {:?}, and this is {chain:?}", place.chain);
        return aside(None, "foreign", reason);
    }
    let read = match about {
        Topic::Facts(stream) => facts(&place, &stream, payload),
        Topic::Status => status(&place, payload),
        Topic::State(thing) if THINGS.contains(&thing.as_str()) => state(&place, thing, payload),
        _ => Err(("unknown_type", "stores send nothing that is kept under this topic".to_owned())),
    };
    read.unwrap_or_else(|(code, reason)| aside(store, code, reason))
}

type Refused = (&'static str, String);

fn refused(error: CodecError) -> Refused {
    (error.code(), error.to_string())
}

fn malformed(what: &str) -> Refused {
    ("malformed", format!("{what} is not of the form that it has in a row"))
}

fn facts(place: &Place, stream: &str, payload: &[u8]) -> Result<Message, Refused> {
    let batch = FactsBatch::read(place, stream, payload).map_err(refused)?;
    let stream = Uuid::from_str(stream).map_err(|_| malformed("the stream"))?;
    let branch = batch.data.branch.as_ref().map(branch_base).transpose()?;
    let rows: Vec<Record> = batch.data.rows.iter().map(record).collect::<Result<_, _>>()?;
    let read = |row: &Record| fold::read(&place.store, &row.kind, row.body_version, &row.body);
    let effects = rows.iter().map(read).collect();
    let batch = Batch { stream, branch, rows, effects };
    Ok(Message::Facts { place: place.clone(), batch })
}

fn branch_base(branch: &Branch) -> Result<BranchBase, Refused> {
    Ok(BranchBase {
        stream: Uuid::from_str(&branch.stream).map_err(|_| malformed("the branch"))?,
        after: within(branch.after)?,
        digest: digest_from_hex(&branch.digest).ok_or_else(|| malformed("the branch's digest"))?,
    })
}

/// A number that the database can hold, and one more.
fn within(sequence: u64) -> Result<u64, Refused> {
    let is_within = i64::try_from(sequence).is_ok_and(|it| it < i64::MAX);
    is_within.then_some(sequence).ok_or_else(|| malformed("the sequence"))
}

fn record(row: &Row) -> Result<Record, Refused> {
    let uuid = |text: &str, what: &str| {
        Uuid::from_str(text).map(Uuid::into_bytes).map_err(|_| malformed(what))
    };
    if row.kind.len() > 64 || row.kind.contains('\0') {
        return Err(malformed("the kind"));
    }
    Ok(Record {
        sequence: within(row.sequence)?,
        id: uuid(&row.id, "the id")?,
        kind: row.kind.clone(),
        body_version: row.body_version,
        transaction: row
            .transaction
            .as_deref()
            .map(|text| uuid(text, "the transaction"))
            .transpose()?,
        wall_ms: row.wall_ms,
        utc_offset_s: row.utc_offset_s,
        monotonic_ms: row.monotonic_ms,
        boot: uuid(&row.boot, "the boot")?,
        clock_trusted: row.clock_trusted,
        body: row.body.get().into(),
        digest: digest_from_hex(&row.digest).ok_or_else(|| malformed("the digest"))?,
        received_ms: 0,
    })
}

fn status(place: &Place, payload: &[u8]) -> Result<Message, Refused> {
    let status: Status = read_json(payload).map_err(refused)?;
    if let Status::Birth { stream, .. } = &status {
        Uuid::from_str(stream).map_err(|_| malformed("the stream"))?;
    }
    Ok(Message::Status { place: place.clone(), status })
}

fn state(place: &Place, thing: String, payload: &[u8]) -> Result<Message, Refused> {
    let _: State<serde_json::Map<String, serde_json::Value>> =
        read_json(payload).map_err(refused)?;
    let payload = String::from_utf8_lossy(payload).into_owned();
    Ok(Message::State { place: place.clone(), thing, payload })
}

impl Aside {
    /// Puts something aside.
    #[must_use]
    pub fn new(
        topic: &str,
        store: Option<&str>,
        code: &'static str,
        reason: String,
        payload: &[u8],
    ) -> Self {
        let mut end = topic.len().min(TOPIC_KEPT);
        while !topic.is_char_boundary(end) {
            end -= 1;
        }
        Self {
            topic: topic.get(..end).unwrap_or_default().to_owned(),
            store: store.map(str::to_owned),
            code,
            reason,
            size: payload.len() as u64,
            payload: payload.get(..payload.len().min(PAYLOAD_KEPT)).unwrap_or_default().to_vec(),
        }
    }
}
