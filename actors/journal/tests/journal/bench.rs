//! What a test may do to a ledger, whichever it is.

use store_core::fact::RowPosition;
use store_core::{JournalSequence, StreamId};
use store_journal::{
    Append, Head, JournalRow, Ledger, LedgerReads, PowerCut, SimulatedBackup, SimulatedJournal,
    Write, WriteError, Written,
};
use uuid::Uuid;

use crate::trade::{moment, promise, store};

pub type Outcome = Result<Written, WriteError>;

pub const SOFTWARE: &str = "the journal's tests";

/// A ledger with a world around it that can be made to fail.
pub trait Bench: Sized {
    type Ledger: Ledger;
    type Backup;

    /// A new journal.
    fn new() -> Self;
    fn ledger(&mut self) -> &mut Self::Ledger;
    /// Closes the journal and opens it again.
    fn reopen(&mut self);
    /// The power goes, and the disk has the first so many of the groups that were not synced.
    fn power_cut(&mut self, kept: usize);
    /// Fills the disk up to the room that is kept for closing, or makes room again.
    fn set_disk_full(&mut self, is_full: bool);
    /// Lets the next commits fail.
    fn fail_commits(&mut self, count: u32);
    fn backup(&mut self) -> Self::Backup;
    fn restore(&mut self, backup: &Self::Backup);
    /// Everything that can be verified holds.
    fn verify(&mut self);

    fn write(&mut self, group: Vec<Write>) -> Vec<Outcome>;

    fn one(&mut self, write: Write) -> Outcome {
        self.write(vec![write]).pop().unwrap()
    }

    fn append(&mut self, append: &Append) -> Outcome {
        self.one(promise(append))
    }

    fn head(&mut self) -> Head {
        self.ledger().head().unwrap()
    }

    /// Every row of every stream, oldest first.
    fn rows(&mut self) -> Vec<JournalRow> {
        all_rows(self.ledger())
    }
}

pub fn all_rows(ledger: &impl LedgerReads) -> Vec<JournalRow> {
    let streams = ledger.streams().unwrap();
    let first = |stream| RowPosition { stream, sequence: JournalSequence(0) };
    let rows = streams.iter().map(|it| ledger.rows(first(it.head.stream), usize::MAX).unwrap());
    rows.flatten().collect()
}

/// The place of a new row.
pub fn placed(outcome: &Outcome) -> RowPosition {
    match outcome {
        Ok(Written::Committed { position, repeated: false, .. }) => *position,
        other => panic!("expected a new row: {other:?}"),
    }
}

/// The place of a row that was there already.
pub fn found(outcome: &Outcome) -> RowPosition {
    match outcome {
        Ok(Written::Committed { position, repeated: true, .. }) => *position,
        other => panic!("expected the row of an earlier write: {other:?}"),
    }
}

/// The same text as two ledgers would use, and the same kind of refusal.
pub fn is_rejected(outcome: &Outcome) -> bool {
    matches!(outcome, Err(WriteError::Rejected(_)))
}

/// Whether a group changes what is on disk: a repeat finds it there.
pub fn has_written(outcomes: &[Outcome]) -> bool {
    outcomes
        .iter()
        .any(|it| matches!(it, Ok(Written::Done | Written::Committed { repeated: false, .. })))
}

pub struct InMemory {
    journal: SimulatedJournal,
    streams: u128,
}

impl InMemory {
    /// A new journal whose first stream is this one.
    pub fn with_stream(stream: StreamId) -> Self {
        let journal = SimulatedJournal::new(store(), SOFTWARE, moment(0), stream).unwrap();
        Self { journal, streams: 0 }
    }

    /// Goes back to a copy and on in this stream.
    pub fn restore_as(&mut self, backup: &SimulatedBackup, stream: StreamId) {
        self.journal.restore(backup, moment(0), stream).unwrap();
    }
}

impl Bench for InMemory {
    type Ledger = SimulatedJournal;
    type Backup = SimulatedBackup;

    fn new() -> Self {
        Self::with_stream(StreamId::new(Uuid::from_u128(0x57_0000)))
    }

    fn ledger(&mut self) -> &mut SimulatedJournal {
        &mut self.journal
    }

    fn reopen(&mut self) {
        self.journal.close().unwrap();
        self.journal.power_cut(PowerCut::LosesUnsynced);
    }

    fn power_cut(&mut self, kept: usize) {
        self.journal.power_cut(PowerCut::KeepsFirst(kept));
    }

    fn set_disk_full(&mut self, is_full: bool) {
        self.journal.set_disk_full(is_full);
    }

    fn fail_commits(&mut self, count: u32) {
        self.journal.fail_next_groups(count);
    }

    fn backup(&mut self) -> SimulatedBackup {
        self.journal.backup()
    }

    fn restore(&mut self, backup: &SimulatedBackup) {
        self.streams += 1;
        self.restore_as(backup, StreamId::new(Uuid::from_u128(0x57_0000 + self.streams)));
    }

    fn verify(&mut self) {
        self.journal.verify().unwrap();
    }

    fn write(&mut self, group: Vec<Write>) -> Vec<Outcome> {
        self.journal.write_group(group)
    }
}
