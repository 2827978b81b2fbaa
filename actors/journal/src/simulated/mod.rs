//! A journal in memory that obeys the same rules and can have its power cut.
//!
//! What is synced and what is only written are kept apart: a group with a promise or a draft syncs
//! itself and everything before it, a group without is remembered until then. A power cut goes back
//! to the last sync and then does again as many of the unsynced groups, in order, as the disk is
//! said to have had.

mod beside;
mod chain;
mod reads;

use std::collections::BTreeMap;

use hq_wire::facts::v1::StreamCause;
use store_core::{CommandId, Now, StoreId, StreamId};

use crate::fold::{self, STREAM_STARTED};
use crate::{Head, Ledger, OpenError, Write, WriteError, Written};
use beside::Beside;
use chain::Chain;

/// How many of the unsynced groups the disk had when the power went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PowerCut {
    /// None of them.
    LosesUnsynced,
    /// The first so many, or all where there are fewer.
    KeepsFirst(usize),
}

/// A copy of a simulated journal.
#[derive(Clone, Debug)]
pub struct SimulatedBackup {
    chain: Chain,
    beside: Beside,
}

/// A journal in memory.
#[derive(Clone, Debug)]
pub struct SimulatedJournal {
    store: StoreId,
    software: String,
    chain: Chain,
    /// As it is now.
    beside: Beside,
    /// As it was at the last sync.
    beside_synced: Beside,
    /// The groups since then.
    unsynced: Vec<Vec<Write>>,
    is_disk_full: bool,
    is_reserve_used: bool,
    failing_groups: u32,
    failing_rows: u32,
    synchronous: i64,
}

type Outcome = Result<Written, WriteError>;

impl SimulatedJournal {
    /// A new journal whose first stream has this id.
    ///
    /// # Errors
    /// [`WriteError::Failed`] where the first row has no wire form.
    pub fn new(
        store: StoreId,
        software: &str,
        now: Now,
        stream: StreamId,
    ) -> Result<Self, WriteError> {
        let mut journal = Self {
            store,
            software: software.to_owned(),
            chain: Chain::default(),
            beside: Beside::default(),
            beside_synced: Beside::default(),
            unsynced: Vec::new(),
            is_disk_full: false,
            is_reserve_used: false,
            failing_groups: 0,
            failing_rows: 0,
            synchronous: 2,
        };
        journal.start(stream, first_row_id(stream), now, StreamCause::Created)?;
        Ok(journal)
    }

    fn start(
        &mut self,
        stream: StreamId,
        id: CommandId,
        now: Now,
        cause: StreamCause,
    ) -> Result<Written, WriteError> {
        self.chain.start(&self.store, &self.software, stream, id, now, cause)
    }

    /// The power goes: what was answered is there, of the rest as much as the disk had. What was
    /// being printed is `unknown` when the journal is opened again.
    pub fn power_cut(&mut self, cut: PowerCut) {
        let kept = match cut {
            PowerCut::LosesUnsynced => 0,
            PowerCut::KeepsFirst(kept) => kept,
        };
        self.beside = self.beside_synced.clone();
        for group in std::mem::take(&mut self.unsynced).into_iter().take(kept) {
            for write in &group {
                // It was carried out before; it is carried out again in the same state.
                let _ = self.beside.apply(write, &self.chain);
            }
        }
        self.beside.resume();
        self.beside_synced = self.beside.clone();
    }

    /// How many groups a power cut could take back at present.
    #[must_use]
    pub const fn groups_unsynced(&self) -> usize {
        self.unsynced.len()
    }

    /// Lets the commit of the next `count` groups fail.
    pub const fn fail_next_groups(&mut self, count: u32) {
        self.failing_groups = count;
    }

    /// Lets the next `count` rows fail, each by itself.
    pub const fn fail_next_rows(&mut self, count: u32) {
        self.failing_rows = count;
    }

    /// Fills the disk up to the room that is kept for closing the day, or makes room again.
    pub const fn set_disk_full(&mut self, is_full: bool) {
        self.is_disk_full = is_full;
    }

    /// Fills also the room that is kept for closing the day, so that nothing at all can be written,
    /// or makes it free again.
    pub const fn set_reserve_used(&mut self, is_used: bool) {
        self.is_reserve_used = is_used;
    }

    /// A copy of everything that is committed.
    #[must_use]
    pub fn backup(&self) -> SimulatedBackup {
        SimulatedBackup { chain: self.chain.clone(), beside: self.beside.clone() }
    }

    /// Goes back to a copy and on in a new stream that names where the copy stood. Sessions,
    /// claims and baskets in progress are dropped, as by the real [`crate::restore`].
    ///
    /// # Errors
    /// [`WriteError::Failed`] where the first row has no wire form.
    pub fn restore(
        &mut self,
        backup: &SimulatedBackup,
        now: Now,
        stream: StreamId,
    ) -> Result<(), WriteError> {
        self.chain = backup.chain.clone();
        self.beside = backup.beside.clone();
        self.beside.begin_again();
        self.beside_synced = self.beside.clone();
        self.unsynced.clear();
        self.start(stream, first_row_id(stream), now, StreamCause::Restored)?;
        Ok(())
    }

    /// Goes back to a copy as somebody would who copies the file by hand: the stream stays. Only
    /// for planting that fault in a test.
    pub fn restore_without_new_stream(&mut self, backup: &SimulatedBackup) {
        self.chain = backup.chain.clone();
        self.beside = backup.beside.clone();
        self.beside_synced = self.beside.clone();
        self.unsynced.clear();
    }

    /// Whether the chain holds from the first row to the last.
    ///
    /// # Errors
    /// The first row that does not.
    pub fn verify(&self) -> Result<(), crate::BadRow> {
        self.chain.verify()
    }

    fn commit(&mut self, group: &[Write]) -> Result<Vec<Outcome>, WriteError> {
        let is_synced = group.iter().any(Write::needs_sync);
        self.synchronous = if is_synced { 2 } else { 1 };
        let before = (self.failing_groups > 0).then(|| (self.chain.clone(), self.beside.clone()));
        let (outcomes, done) = self.carry_out(group);
        // A write that is refused all by itself leaves nothing to commit.
        let commits = group.len() > 1 || outcomes.iter().any(Result::is_ok);
        if let (Some((chain, beside)), true) = (before, commits) {
            self.failing_groups -= 1;
            (self.chain, self.beside) = (chain, beside);
            return Err(WriteError::Failed("the commit was made to fail".to_owned()));
        }
        let is_repeat =
            |outcome: &Outcome| matches!(outcome, Ok(Written::Committed { repeated: true, .. }));
        let has_written = outcomes.iter().any(|it| it.is_ok() && !is_repeat(it));
        // A commit that changes nothing syncs nothing.
        if has_written {
            self.unsynced.push(done);
        }
        if is_synced && has_written {
            self.sync();
        }
        Ok(outcomes)
    }

    /// Carries the writes of a group out, one after the other; a failed one leaves the others
    /// alone.
    fn carry_out(&mut self, group: &[Write]) -> (Vec<Outcome>, Vec<Write>) {
        let mut first: BTreeMap<CommandId, usize> = BTreeMap::new();
        let mut outcomes: Vec<Outcome> = Vec::with_capacity(group.len());
        let mut done = Vec::new();
        for (index, write) in group.iter().enumerate() {
            let earlier = match write {
                Write::Append(append) => {
                    let at = *first.entry(append.id).or_insert(index);
                    outcomes.get(at).and_then(|outcome| outcome.clone().err())
                }
                _ => None,
            };
            let outcome = match earlier {
                Some(error) => Err(error),
                None => self.write(write),
            };
            // What stood there already is not done a second time.
            let is_done =
                matches!(outcome, Ok(Written::Done | Written::Committed { repeated: false, .. }));
            if is_done {
                done.push(write.clone());
            }
            outcomes.push(outcome);
        }
        (outcomes, done)
    }

    /// Does again, on what was synced, what was done since: cheaper than a copy of all of it.
    fn sync(&mut self) {
        for write in std::mem::take(&mut self.unsynced).into_iter().flatten() {
            // It was carried out before; it is carried out again in the same state.
            let _ = match &write {
                Write::Append(append) => {
                    let position = self.chain.row_of(append.id).map(|row| row.position);
                    self.beside_synced.follow(append, position).map(|()| Written::Done)
                }
                other => self.beside_synced.apply(other, &self.chain),
            };
        }
    }

    fn write(&mut self, write: &Write) -> Outcome {
        if self.is_reserve_used {
            return Err(WriteError::DiskFull);
        }
        match write {
            Write::Append(append) => self.append(append),
            Write::Diverge { id, now, stream } => {
                match self.chain.repeated(*id, STREAM_STARTED, None)? {
                    Some(written) => Ok(written),
                    None => self.start(*stream, *id, *now, StreamCause::Diverged),
                }
            }
            other => self.beside.apply(other, &self.chain),
        }
    }

    fn append(&mut self, append: &crate::Append) -> Outcome {
        let fact = &append.fact;
        if let Some(written) = self.chain.repeated(append.id, fact.kind(), fact.transaction())? {
            return Ok(written);
        }
        if self.is_disk_full && !fold::is_closing(fact) {
            return Err(WriteError::DiskFull);
        }
        if self.failing_rows > 0 {
            self.failing_rows -= 1;
            return Err(WriteError::Failed("the row was made to fail".to_owned()));
        }
        let beside = &self.beside;
        let written = self.chain.append(append, |chain| beside.check_change(append, chain))?;
        self.beside.follow(append, self.chain.head().map(|head| head.position()))?;
        Ok(written)
    }
}

/// The id of a stream's first row, made of the stream's own.
fn first_row_id(stream: StreamId) -> CommandId {
    CommandId::new(uuid::Uuid::new_v5(&stream.uuid(), b"stream_started"))
}

impl Ledger for SimulatedJournal {
    fn write_group(&mut self, group: Vec<Write>) -> Vec<Outcome> {
        match self.commit(&group) {
            Ok(outcomes) => outcomes,
            Err(error) if group.len() == 1 => vec![Err(error)],
            Err(_) => group
                .iter()
                .map(|write| {
                    let mut outcomes = self.commit(std::slice::from_ref(write))?;
                    outcomes.pop().unwrap_or(Ok(Written::Done))
                })
                .collect(),
        }
    }

    fn synchronous(&self) -> Option<i64> {
        Some(self.synchronous)
    }

    fn close(&mut self) -> Result<(), OpenError> {
        self.sync();
        Ok(())
    }
}

impl SimulatedJournal {
    fn last(&self) -> Result<Head, crate::ReadError> {
        self.chain.head().ok_or_else(|| crate::ReadError::Malformed {
            what: "the last row",
            reason: "the journal has no rows".to_owned(),
        })
    }
}
