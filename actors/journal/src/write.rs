//! What may be written, and what comes of it.

use store_core::buyer::BuyerWish;
use store_core::fact::{Fact, RowPosition};
use store_core::{
    CommandId, DeviceId, Money, Now, OperatorId, RefusalCode, StreamId, TransactionId,
    WorkstationId,
};

use crate::{AccessChange, Digest, LinkCursor};

/// A promise: one row of the journal with what belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Append {
    /// The idempotency key: the same id is never written twice.
    pub id: CommandId,
    /// When it was decided.
    pub now: Now,
    /// What happened.
    pub fact: Fact,
    /// What becomes of the basket in progress, in the same commit.
    pub draft: DraftChange,
    /// What is to be printed because of it, queued in the same commit.
    pub print: Option<PrintJob>,
}

/// What a promise does to the basket in progress.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DraftChange {
    /// Nothing.
    Keep,
    /// The basket stands so now.
    Save(Draft),
    /// The basket is over.
    End {
        /// Which basket.
        transaction: TransactionId,
        /// The commands it had absorbed with their outcomes; opaque here.
        absorbed: String,
        /// What the buyer said about the invoice: kept beside the journal until it is erased.
        wish: BuyerWish,
    },
    /// The basket lies aside, with the promise that says so: `basket_suspended`.
    Suspend(Draft),
    /// The basket lay aside and goes on so; where it does not lie there any more, the promise is
    /// declined.
    Retrieve(Draft),
}

/// A basket that lies aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suspended {
    /// The basket as it stood, and the workstation that put it aside.
    pub draft: Draft,
    /// By whom.
    pub operator: OperatorId,
    /// When, in milliseconds since 1970.
    pub wall_ms: i64,
    /// The local offset then, in seconds.
    pub utc_offset_s: i32,
    /// How many lines count in it.
    pub lines: u32,
    /// What it comes to.
    pub total: Money,
}

/// A basket in progress: at most one per workstation, overwritten, never chained, never sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The basket.
    pub transaction: TransactionId,
    /// Where it is open.
    pub workstation: WorkstationId,
    /// Its version; a lower one than the stored is rejected.
    pub version: u64,
    /// The basket itself; opaque here.
    pub body: String,
}

/// What is left of a basket that is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// The row that ended it; none where that row is not in this journal.
    pub position: Option<RowPosition>,
    /// The commands it had absorbed; opaque here.
    pub absorbed: String,
}

/// How far a receipt has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PrintState {
    /// It waits.
    Queued,
    /// Bytes are on their way to the printer.
    Printing,
    /// The printer has it.
    Done,
    /// The hub stopped in the middle: a person has to look, it is never repeated silently.
    Unknown,
    /// It was unknown, and somebody saw the paper.
    CameOut,
    /// It was unknown, and somebody had a copy printed instead.
    Replaced,
}

impl PrintState {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Printing => "printing",
            Self::Done => "done",
            Self::Unknown => "unknown",
            Self::CameOut => "came_out",
            Self::Replaced => "replaced",
        }
    }

    /// Whether nothing is left to be done about it.
    #[must_use]
    pub const fn is_settled(self) -> bool {
        matches!(self, Self::Done | Self::CameOut | Self::Replaced)
    }

    /// The state with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        let all = [Self::Queued, Self::Printing, Self::Done, Self::Unknown];
        let settled = [Self::CameOut, Self::Replaced];
        all.into_iter().chain(settled).find(|state| state.code() == code)
    }
}

/// A receipt to be printed, or a copy of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrintJob {
    /// The sale.
    pub transaction: TransactionId,
    /// 0 for the receipt, 1, 2, 3 … for its copies.
    pub copy: u32,
    /// How far it has come.
    pub state: PrintState,
    /// What is printed; opaque here.
    pub document: String,
    /// At which register it was made; none for one that is no register's.
    pub workstation: Option<WorkstationId>,
    /// The printer that it was last given to.
    pub printer: Option<DeviceId>,
}

impl PrintJob {
    /// How it stands.
    #[must_use]
    pub fn standing(&self) -> PrintStanding {
        PrintStanding {
            transaction: self.transaction,
            copy: self.copy,
            state: self.state,
            workstation: self.workstation.clone(),
            printer: self.printer.clone(),
        }
    }
}

/// How a print job stands, without what it prints: a printer that is off for a day leaves many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrintStanding {
    /// The sale, or the name of another paper.
    pub transaction: TransactionId,
    /// 0 for the receipt, 1, 2, 3 … for its copies.
    pub copy: u32,
    /// How far it has come.
    pub state: PrintState,
    /// At which register it was made; none for one that is no register's.
    pub workstation: Option<WorkstationId>,
    /// The printer that it was last given to.
    pub printer: Option<DeviceId>,
}

/// A change of the print jobs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PrintChange {
    /// A job more, or the same again, which changes nothing.
    Queue(PrintJob),
    /// A job has come further.
    State {
        /// The sale.
        transaction: TransactionId,
        /// Which copy.
        copy: u32,
        /// How far.
        state: PrintState,
        /// The printer that it is given to, where it is given to one.
        printer: Option<DeviceId>,
    },
}

/// Anything that is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Write {
    /// A promise.
    Append(Box<Append>),
    /// A basket in progress.
    SaveDraft(Draft),
    /// Something about a receipt, at a wall time in milliseconds.
    Print {
        /// What changes.
        change: PrintChange,
        /// When, in milliseconds since 1970.
        at_ms: i64,
    },
    /// Something about people, browsers and settings.
    Access(AccessChange),
    /// What the buyer of a sale said about the invoice is erased.
    EraseBuyer(TransactionId),
    /// How far headquarters has come.
    Cursor(LinkCursor),
    /// The journal was found to be rolled back or copied: it goes on in a new stream.
    Diverge {
        /// The idempotency key of the row that says so.
        id: CommandId,
        /// When it was found.
        now: Now,
        /// The id of the new stream.
        stream: StreamId,
    },
    /// What nobody asks for any more goes: ended baskets, finished print jobs, expired sessions.
    Prune {
        /// Older than this, in milliseconds since 1970.
        before_ms: i64,
    },
}

impl Write {
    /// Whether a power cut may not take it back once it is answered.
    ///
    /// Promises, and baskets in progress: a register takes the next scan when the draft of the one
    /// before is answered, so a cut costs one scan only if that draft is synced by then. A group
    /// without either is committed with `synchronous=NORMAL`: a power cut may take it back, never
    /// tear it. So a finished receipt is asked for at most once too often, and headquarters gets a
    /// row twice.
    #[must_use]
    pub const fn needs_sync(&self) -> bool {
        self.is_promise() || matches!(self, Self::SaveDraft(_))
    }

    /// Whether somebody is told something because of it, so that it has to outlive a power cut.
    #[must_use]
    pub const fn is_promise(&self) -> bool {
        match self {
            Self::Append(_) | Self::Diverge { .. } | Self::EraseBuyer(_) => true,
            Self::Access(change) => !matches!(change, AccessChange::TouchSession { .. }),
            // That a job begins must be known for certain before the first byte leaves.
            Self::Print { change, .. } => !matches!(
                change,
                PrintChange::State { state: PrintState::Done | PrintState::Unknown, .. }
            ),
            Self::SaveDraft(_) | Self::Cursor(_) | Self::Prune { .. } => false,
        }
    }
}

/// What came of a write. It is on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// The row stands in the journal.
    Committed {
        /// Where.
        position: RowPosition,
        /// Its digest.
        digest: Digest,
        /// Whether it stood there already, by an earlier write with the same id.
        repeated: bool,
    },
    /// Done; there is no row.
    Done,
}

/// Why a write did not happen. Nothing of it is in the file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// There is no room, or only the room that is kept for closing the day.
    #[error("the disk is full")]
    DiskFull,
    /// It contradicts what is written: a gap in the numbers, a sale that does not add up.
    #[error("the write contradicts the journal: {0}")]
    Rejected(String),
    /// Another write was first: what this one was to change is not so any more.
    #[error("somebody else was first: {}", .0.as_str())]
    Declined(RefusalCode),
    /// The file could not be written.
    #[error("the journal could not be written: {0}")]
    Failed(String),
}
