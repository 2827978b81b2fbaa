//! Which rows go up, when, and what an acknowledgement means.
//!
//! # How it is driven
//!
//! [`Pump::step`] takes what happened and answers with what is to be done. Whoever drives it, the
//! thread on rumqttc or the simulation, carries every [`Effect`] out **in order** and tells the
//! pump what came of it by an [`Input`]:
//!
//! | effect | is answered by |
//! |---|---|
//! | [`Effect::Connect`] | [`Input::Subscribed`] or [`Input::Disconnected`] |
//! | [`Effect::Load`] | [`Input::Loaded`] |
//! | [`Effect::ReadRows`] | [`Input::Read`], without rows where they could not be read |
//! | [`Effect::Publish`] | [`Input::Confirmed`] when the broker has it, or never |
//! | [`Effect::Compare`] | [`Input::Compared`], or never |
//! | [`Effect::Diverge`] | [`Input::Written`] with the new stream, or [`Input::DivergeFailed`] |
//! | the others | nothing |
//!
//! It begins with [`Input::Started`]. [`Input::Written`] follows every commit, or some of them;
//! [`Input::Tick`] comes every [`TICK_MS`]. Answers may be late, and between an effect and its
//! answer anything else may happen: an answer that does not fit any more changes nothing. Time is
//! any reading in milliseconds that only runs forward.
//!
//! # What it promises
//!
//! * A row is done when headquarters says so. That the broker has a message frees its place in the
//!   window ([`WINDOW`]) and nothing else.
//! * The newest acknowledgement counts, not the largest: a headquarters that was restored from a
//!   backup is filled again.
//! * Where rows are outstanding and nothing comes of it, it goes back to the last acknowledged row
//!   and sends again, at first one batch at a time.
//! * A stream that headquarters has further or otherwise than this journal, or has frozen, is not
//!   sent any more. If rows are still added to it, the journal has to go on in a new stream; what
//!   headquarters may lack of the old one goes up as a branch.
//!
//! # What it relies on
//!
//! Headquarters acknowledges the stream of every birth, also with nothing (`through: 0`), and every
//! stream that it knows. It knows a stream also by the first row of the next one, which names its
//! parent: then it acknowledges the parent and the branch that the parent would have
//! (`branch_id(parent, digest)`), with nothing where it has nothing. So a headquarters that was
//! restored from long ago is told everything, whatever the broker kept.

mod batch;
mod lane;
mod machine;
#[cfg(test)]
mod tests;

use hq_wire::row::v1::Row;
use uuid::Uuid;

use crate::{Cursor, Digest, Pending, StreamHead};

pub use machine::Pump;

/// Most messages that the broker has not confirmed: enough to fill a link with a second's delay.
pub const WINDOW: usize = 64;
/// Most rows of a message: a compressed batch of them is a few packets.
pub const BATCH_ROWS: usize = 64;
/// Most bytes of a message's text, unless one row alone is longer.
pub const BATCH_TEXT: usize = 200_000;
/// Most rows that are read at once.
pub const READ_ROWS: usize = 256;
/// Most rows beyond the last acknowledged one: a full window of full messages.
pub const AHEAD_ROWS: u64 = (WINDOW * BATCH_ROWS) as u64;
/// How often [`Input::Tick`] comes.
pub const TICK_MS: u64 = 100;

/// How long the pump waits for what. The defaults are what stores run with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pacing {
    /// Before the second attempt to connect; each further wait is twice as long.
    pub retry_first_ms: u64,
    /// At most between two attempts to connect.
    pub retry_max_ms: u64,
    /// A connection that lived as long was a good one: the next wait is a short one again.
    pub steady_ms: u64,
    /// For the acknowledgement that headquarters publishes at a birth, before anything is sent.
    pub hearing_ms: u64,
    /// For progress while rows are outstanding, before they are sent again.
    pub stall_ms: u64,
    /// The same once headquarters has said that it lacks them.
    pub gap_ms: u64,
    /// At most for progress, however often nothing came of sending again.
    pub stall_max_ms: u64,
    /// Between two reports of what waits, and between two savings of one cursor.
    pub report_ms: u64,
    /// Before something that failed at the journal is tried again.
    pub journal_retry_ms: u64,
}

impl Default for Pacing {
    fn default() -> Self {
        Self {
            retry_first_ms: 200,
            retry_max_ms: 30_000,
            steady_ms: 10_000,
            hearing_ms: 2_000,
            stall_ms: 5_000,
            gap_ms: 500,
            stall_max_ms: 60_000,
            report_ms: 1_000,
            journal_retry_ms: 1_000,
        }
    }
}

/// An acknowledgement as it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AckSeen {
    /// The stream on the wire.
    pub wire: Uuid,
    /// Its last row at headquarters.
    pub through: u64,
    /// That row's digest there.
    pub digest: Digest,
    /// Whether headquarters takes no more of it.
    pub frozen: bool,
}

/// Where a branch leaves its stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Base {
    /// The stream that its rows have in the journal.
    pub stream: Uuid,
    /// The last row before it; 0 where it begins with the first.
    pub after: u64,
    /// That row's digest.
    pub digest: Digest,
}

/// Rows for the wire.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// Names the message in [`Input::Confirmed`].
    pub token: u64,
    /// The stream on the wire.
    pub wire: Uuid,
    /// That it is a branch, and of what.
    pub base: Option<Base>,
    /// The rows, in sequence.
    pub rows: Vec<Row>,
}

/// Why a stream is not sent any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Divergence {
    /// Headquarters has a row that this journal lacks: the journal is an older state of itself.
    RowMissing,
    /// Headquarters has another row of that number: somebody else writes this stream too.
    RowDiffers,
    /// Headquarters has frozen it.
    Frozen,
}

impl Divergence {
    /// A stable code: `row_missing`, `row_differs`, `frozen`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::RowMissing => "row_missing",
            Self::RowDiffers => "row_differs",
            Self::Frozen => "frozen",
        }
    }
}

/// What happened.
#[derive(Clone, Debug)]
pub enum Input {
    /// The beginning: the streams of the journal, oldest first.
    Started(Vec<StreamHead>),
    /// Rows were written: the streams as they are now.
    Written(Vec<StreamHead>),
    /// What was saved of a stream.
    Loaded {
        /// The stream of the journal.
        stream: Uuid,
        /// Its cursor; none where none was saved, or where the journal has no such row or another
        /// one of that number.
        cursor: Option<Cursor>,
        /// The cursor of its branch, where one was asked for and saved.
        branch: Option<Cursor>,
    },
    /// The broker took the subscription.
    Subscribed,
    /// There is no connection, or not any more.
    Disconnected {
        /// Evenly distributed over 0 to 999, so that not all stores come back in one moment.
        jitter: u16,
    },
    /// Rows were read.
    Read {
        /// For which stream on the wire.
        wire: Uuid,
        /// After which number.
        after: u64,
        /// They themselves.
        rows: Vec<Row>,
    },
    /// The broker has a message.
    Confirmed(u64),
    /// Headquarters acknowledged.
    Acknowledged(AckSeen),
    /// What the journal has where an acknowledgement says something.
    Compared {
        /// As in [`Effect::Compare`].
        turn: u64,
        /// The acknowledgement.
        ack: AckSeen,
        /// The digest of that row here; none where there is no such row.
        here: Option<Digest>,
    },
    /// The new stream could not be begun.
    DivergeFailed,
    /// Time went by.
    Tick,
    /// The end: what is not saved is saved.
    Stopping,
}

/// What is to be done.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Drop the connection there is, if any, and make a new one. Nothing that comes of the old one
    /// may reach the pump any more.
    Connect {
        /// When.
        after_ms: u64,
    },
    /// Say that the store is there.
    PublishBirth(StreamHead),
    /// Look up what was saved of a stream.
    Load {
        /// The stream of the journal.
        stream: Uuid,
        /// The branch that it would have by now.
        branch: Option<Uuid>,
    },
    /// Read rows.
    ReadRows {
        /// For which stream on the wire.
        wire: Uuid,
        /// Of which stream of the journal.
        stream: Uuid,
        /// After which number.
        after: u64,
        /// At most.
        limit: usize,
    },
    /// Send rows.
    Publish(Outgoing),
    /// Look up the row that an acknowledgement speaks of.
    Compare {
        /// Tells a late answer from the present one.
        turn: u64,
        /// In which stream of the journal.
        stream: Uuid,
        /// The acknowledgement.
        ack: AckSeen,
    },
    /// Save how far headquarters is.
    SaveCursor(Cursor),
    /// Begin a new stream of the journal, and tell whoever works in the store.
    Diverge {
        /// The stream that ends.
        stream: Uuid,
        /// Why.
        reason: Divergence,
    },
    /// Say what waits, here and, with a connection, to headquarters.
    Report(Vec<Pending>),
}

/// How the pump stands, for those who look into it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Whether rows can go up.
    pub is_connected: bool,
    /// Messages that the broker has not confirmed.
    pub unconfirmed: usize,
    /// Connections that were lost or could not be made.
    pub disconnections: u64,
    /// Rows that were sent again because nothing came of the first time.
    pub goings_back: u64,
    /// Streams of the journal that are not sent any more.
    pub streams_stopped: usize,
}
