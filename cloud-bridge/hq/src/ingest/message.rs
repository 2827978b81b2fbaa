use hq_wire::link::v1::{Ack, Place, Status, Topic};
use hq_wire::row::v1::{Fields, digest};
use uuid::Uuid;

use super::fold::{FactRead, Unreadable};

/// What a row's body says, or why it cannot be read.
pub(crate) type Read = Result<FactRead, Unreadable>;

/// What came over the link.
#[derive(Clone, Debug)]
pub enum Message {
    /// Rows of a stream or a branch.
    Facts {
        /// From which store.
        place: Place,
        /// The rows.
        batch: Batch,
    },
    /// A birth or a last will.
    Status {
        /// Of which store.
        place: Place,
        /// Which.
        status: Status,
    },
    /// The last known of a thing.
    State {
        /// Of which store.
        place: Place,
        /// Which thing: one of [`super::THINGS`].
        thing: String,
        /// What was said, as it was said: JSON with `at_ms`.
        payload: String,
    },
    /// The broker is out of reach: of no store is it known that it is there.
    Unreachable,
    /// What cannot be taken, with the reason.
    Aside(Aside),
}

impl Message {
    /// The store that it is of, where it is of one.
    #[must_use]
    pub fn store(&self) -> Option<&str> {
        match self {
            Self::Facts { place, .. } | Self::Status { place, .. } | Self::State { place, .. } => {
                Some(&place.store)
            }
            Self::Unreachable => None,
            Self::Aside(aside) => aside.store.as_deref(),
        }
    }

    /// What of it is kept where all of it cannot be: its first row's body, or what was said.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Facts { batch, .. } => batch.rows.first().map_or("", |row| &row.body),
            Self::State { payload, .. } => payload,
            Self::Status { .. } | Self::Unreachable | Self::Aside(_) => "",
        }
    }

    /// The topic under which it came.
    #[must_use]
    pub fn topic(&self) -> String {
        match self {
            Self::Facts { place, batch } => place.topic(&Topic::Facts(batch.stream.to_string())),
            Self::Status { place, .. } => place.topic(&Topic::Status),
            Self::State { place, thing, .. } => place.topic(&Topic::State(thing.clone())),
            Self::Unreachable => String::new(),
            Self::Aside(aside) => aside.topic.clone(),
        }
    }
}

/// A message, or a fact, that was put aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aside {
    /// Its topic, or where the fact stands; cut to 256 bytes.
    pub topic: String,
    /// The store that the topic names.
    pub store: Option<String>,
    /// A stable code, one of [`crate::view::AsideView::code`].
    pub code: &'static str,
    /// A sentence.
    pub reason: String,
    /// How many bytes it had.
    pub size: u64,
    /// The first of them.
    pub payload: Vec<u8>,
}

/// Rows that came together: at least one, in sequence without a gap.
#[derive(Clone, Debug)]
pub struct Batch {
    /// The stream on the wire.
    pub stream: Uuid,
    /// Of what it is a branch.
    pub branch: Option<BranchBase>,
    /// The rows.
    pub rows: Vec<Record>,
    /// What each of them does: read where many messages are read at once, not where one after the
    /// other is written.
    pub(crate) effects: Vec<Read>,
}

/// Where a branch leaves its stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BranchBase {
    /// The stream that its rows have in the journal.
    pub stream: Uuid,
    /// The last row before it.
    pub after: u64,
    /// That row's digest.
    pub digest: [u8; 32],
}

/// A row of a journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its number.
    pub sequence: u64,
    /// The append's id.
    pub id: [u8; 16],
    /// The body's kind.
    pub kind: String,
    /// The body's version.
    pub body_version: u32,
    /// The transaction it speaks of.
    pub transaction: Option<[u8; 16]>,
    /// Wall time, in milliseconds since 1970.
    pub wall_ms: i64,
    /// The local offset, in seconds.
    pub utc_offset_s: i32,
    /// The monotonic reading, in milliseconds.
    pub monotonic_ms: u64,
    /// The boot.
    pub boot: [u8; 16],
    /// Whether the clock was trusted.
    pub clock_trusted: bool,
    /// The body, exactly as stored.
    pub body: Box<str>,
    /// The digest that it claims.
    pub digest: [u8; 32],
    /// When headquarters had it, in milliseconds since 1970; 0 before it is taken in.
    pub received_ms: i64,
}

impl Record {
    /// Whether its digest is that of its fields after a row with the digest `previous`.
    #[must_use]
    pub fn holds(&self, stream: &Uuid, previous: &[u8; 32]) -> bool {
        let fields = Fields {
            stream: stream.as_bytes(),
            sequence: self.sequence,
            id: &self.id,
            kind: &self.kind,
            body_version: self.body_version,
            transaction: self.transaction.as_ref(),
            wall_ms: self.wall_ms,
            utc_offset_s: self.utc_offset_s,
            monotonic_ms: self.monotonic_ms,
            boot: &self.boot,
            clock_trusted: self.clock_trusted,
            body: &self.body,
        };
        digest(previous, &fields) == self.digest
    }
}

/// What came of taking messages in. It is durable.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ingested {
    /// When its transaction had its turn, over all workers: of two that speak of one store, what
    /// the one with the higher turn says is the newer.
    pub turn: u64,
    /// What is to be acknowledged: the store, and how far its stream is. One for each stream that
    /// a message spoke of, however little came of it, and all of a store that was born.
    pub acks: Vec<(String, Ack)>,
    /// The stores that were born.
    pub born: Vec<String>,
    /// Facts that were folded.
    pub folded_rows: u64,
    /// Completed sales among them.
    pub folded_sales: u64,
    /// What was put aside.
    pub put_aside: u64,
    /// Whether anything that is shown changed.
    pub changed: bool,
}
