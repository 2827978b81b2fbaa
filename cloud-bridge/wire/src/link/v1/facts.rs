use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{CodecError, Place, ROWS_MAX, compressed, text_of};
use crate::row::v1::Row;

/// The type of a batch, as CloudEvents has it.
const TYPE: &str = "storehub.facts.v1";

/// Rows of one stream in order, with the attribute names of CloudEvents 1.0.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FactsBatch {
    /// `1.0`.
    pub specversion: String,
    /// Names the batch: `{stream}/{first}-{last}`.
    pub id: String,
    /// `/v1/{chain}/{store}`.
    pub source: String,
    /// `storehub.facts.v1`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The stream on the wire, as in the topic.
    pub subject: String,
    /// `application/json`.
    pub datacontenttype: String,
    /// The rows.
    pub data: FactsBody,
}

/// What a batch carries.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FactsBody {
    /// That the stream on the wire is a branch, and of what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branch: Option<Branch>,
    /// The rows, in sequence and without a gap, exactly as they are stored.
    pub rows: Vec<Row>,
}

/// Where a branch leaves its stream: after the last row that both ends are known to have had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Branch {
    /// The stream that its rows have in the journal.
    pub stream: String,
    /// The last row before it; 0 where it begins with the first.
    pub after: u64,
    /// That row's digest in hexadecimal; 64 zeros before the first row.
    pub digest: String,
}

/// How far headquarters has a stream or a branch: everything up to and including a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ack {
    /// The stream on the wire.
    pub stream: String,
    /// The last row of the longest beginning without a gap; 0 where there is none.
    pub through: u64,
    /// That row's digest in hexadecimal; 64 zeros where there is none.
    pub digest: String,
    /// That headquarters takes no more of this stream, because two stores write it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub frozen: bool,
}

/// The name of a branch on the wire: what a store has of a stream that ended in a fork, by the last
/// row it has. Two copies of one journal have different last rows, or the same rows.
#[must_use]
pub fn branch_id(stream: Uuid, last_digest: &[u8; 32]) -> Uuid {
    Uuid::new_v5(&stream, last_digest)
}

impl FactsBatch {
    /// Puts rows together.
    #[must_use]
    pub fn new(place: &Place, stream: &str, branch: Option<Branch>, rows: Vec<Row>) -> Self {
        let first = rows.first().map_or(0, |row| row.sequence);
        let last = rows.last().map_or(0, |row| row.sequence);
        Self {
            specversion: "1.0".to_owned(),
            id: format!("{stream}/{first}-{last}"),
            source: format!("/{}", place.prefix()),
            kind: TYPE.to_owned(),
            subject: stream.to_owned(),
            datacontenttype: "application/json".to_owned(),
            data: FactsBody { branch, rows },
        }
    }

    /// As it goes over the wire.
    ///
    /// # Errors
    /// Never for values of this type; the serialiser's signature has an error.
    pub fn write(&self) -> Result<Vec<u8>, CodecError> {
        let text =
            serde_json::to_vec(self).map_err(|error| CodecError::Malformed(error.to_string()))?;
        Ok(compressed(&text))
    }

    /// Reads a message of `facts/{stream}` of a store.
    ///
    /// # Errors
    /// Where it is too large, not of this form, of another type, speaks of another store or stream
    /// than its topic, or its rows are none, too many, of different streams or not in sequence.
    pub fn read(place: &Place, stream: &str, payload: &[u8]) -> Result<Self, CodecError> {
        let malformed = |reason: &str| CodecError::Malformed(reason.to_owned());
        let unknown = |kind: &str| CodecError::UnknownType(kind.chars().take(64).collect());
        let text = text_of(payload)?;
        let batch = match serde_json::from_slice::<Self>(&text) {
            Ok(batch) if batch.kind == TYPE => batch,
            Ok(batch) => return Err(unknown(&batch.kind)),
            // What is of another type need not have the form of this one.
            Err(error) => {
                return Err(match serde_json::from_slice::<Head>(&text) {
                    Ok(head) if head.kind != TYPE => unknown(&head.kind),
                    _ => CodecError::Malformed(error.to_string()),
                });
            }
        };
        if batch.source != format!("/{}", place.prefix()) || batch.subject != stream {
            return Err(malformed("it names another store or stream than its topic"));
        }
        let rows = &batch.data.rows;
        if rows.is_empty() || rows.len() > ROWS_MAX {
            return Err(malformed("it has no rows, or too many"));
        }
        let of = batch.data.branch.as_ref().map_or(stream, |branch| branch.stream.as_str());
        let is_in_order = rows.iter().all(|row| row.stream == of && row.sequence > 0)
            && rows.windows(2).all(
                |pair| matches!(pair, [a, b] if a.sequence.checked_add(1) == Some(b.sequence)),
            );
        if !is_in_order {
            return Err(malformed("its rows are of different streams or not in sequence"));
        }
        Ok(batch)
    }
}

#[derive(Deserialize)]
struct Head {
    #[serde(rename = "type")]
    kind: String,
}
