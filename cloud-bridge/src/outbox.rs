use hq_wire::link::v1::Waiting;
use hq_wire::row::v1::Row;
use uuid::Uuid;

/// The digest of a row.
pub type Digest = [u8; 32];

/// The last row of a stream of the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamHead {
    /// The stream.
    pub stream: Uuid,
    /// Its last row.
    pub sequence: u64,
    /// That row's digest.
    pub digest: Digest,
}

/// How far headquarters has a stream on the wire: a stream of the journal, or a branch of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The stream on the wire.
    pub wire: Uuid,
    /// The last row that headquarters acknowledged; 0 before the first.
    pub through: u64,
    /// That row's digest; zeros before the first.
    pub digest: Digest,
}

/// Rows of a stream of the journal that headquarters has not acknowledged: those after a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pending {
    /// The stream of the journal.
    pub stream: Uuid,
    /// The last row that is acknowledged.
    pub after: u64,
}

/// Why a journal could not answer or be written, in a sentence for the operator.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct OutboxError(pub String);

/// What the link needs of a journal. Whatever it shows may be sent: it shows a row only when the
/// row is on the disk for good.
///
/// # Errors
/// Every method says why the journal could not be read or written.
#[allow(clippy::missing_errors_doc)]
pub trait Outbox: Send {
    /// Every stream with its last row, oldest first; rows are added to the last one.
    fn streams(&self) -> Result<Vec<StreamHead>, OutboxError>;
    /// The rows of a stream after a number, in order, at most `limit`.
    fn rows(&self, stream: Uuid, after: u64, limit: usize) -> Result<Vec<Row>, OutboxError>;
    /// The digest of a row; none where the journal has no such row.
    fn row_digest(&self, stream: Uuid, sequence: u64) -> Result<Option<Digest>, OutboxError>;
    /// How far headquarters has a stream on the wire, as it was saved last.
    fn cursor(&self, wire: Uuid) -> Result<Option<Cursor>, OutboxError>;
    /// Saves how far headquarters has one. It need not outlive a power cut, but must not outlive
    /// what is saved after it.
    fn save_cursor(&mut self, cursor: Cursor) -> Result<(), OutboxError>;
    /// Begins a new stream after the last row there is, for good before it returns.
    fn diverge(&mut self) -> Result<(), OutboxError>;
    /// What waits, over all of these.
    fn waiting(&self, pending: &[Pending]) -> Result<Waiting, OutboxError>;
}
