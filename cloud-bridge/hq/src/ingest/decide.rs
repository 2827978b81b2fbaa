//! What rows do to a stream: a function of the stream, of what is held of it, and of the rows.

use std::collections::BTreeMap;

use hq_wire::row::v1::NO_DIGEST;
use uuid::Uuid;

use super::{BranchBase, Record};

/// A stream, or a branch, as far as headquarters has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamState {
    /// The stream that its rows have in the journal.
    pub journal_stream: Uuid,
    /// The row that it begins after: 0 but for a branch.
    pub base: u64,
    /// That row's digest.
    pub base_digest: [u8; 32],
    /// The watermark: the last row without a gap whose chain holds.
    pub through: u64,
    /// That row's digest.
    pub digest: [u8; 32],
    /// The last row that is held.
    pub highest: u64,
    /// Why nothing more is taken of it.
    pub frozen: Option<Frozen>,
}

/// Why nothing more is taken of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frozen {
    /// Two rows have one number: two stores write it.
    Conflict,
    /// A row's digest is not that of its fields after the row before it.
    Broken,
}

impl Frozen {
    /// As it stands in the database and in views.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Conflict => "frozen",
            Self::Broken => "broken",
        }
    }

    /// The reason with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Conflict, Self::Broken].into_iter().find(|it| it.code() == code)
    }
}

/// What is to be done with rows, by their index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// To be kept: new.
    pub kept: Vec<usize>,
    /// To be folded now, in this order; all of them are kept too.
    pub folded: Vec<usize>,
    /// To be kept beside the row that is held under their number.
    pub conflicts: Vec<usize>,
}

/// Mistakes that the simulation plants, to see that its checks catch them. Nothing else makes one.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// The watermark is the last row that is held, gaps or not.
    pub watermark_is_the_highest: bool,
    /// Rows are folded as they come.
    pub folds_above_the_watermark: bool,
    /// A row under a number that is taken is a duplicate, whatever its digest.
    pub takes_another_digest: bool,
}

impl StreamState {
    /// A stream, or a branch, of which nothing is held yet.
    #[must_use]
    pub fn new(stream: Uuid, branch: Option<&BranchBase>) -> Self {
        let (journal_stream, base, base_digest) =
            branch.map_or((stream, 0, NO_DIGEST), |it| (it.stream, it.after, it.digest));
        Self {
            journal_stream,
            base,
            base_digest,
            through: base,
            digest: base_digest,
            highest: base,
            frozen: None,
        }
    }

    /// Two copies of a journal may send one branch, each from the row up to which it knows the
    /// stream to be here. A beginning that is not within what is held moves the branch to it: what
    /// lies between is acknowledged elsewhere, or comes from there on.
    pub fn begin_at(&mut self, branch: &BranchBase) {
        let is_within = (self.base..=self.through).contains(&branch.after);
        if branch.stream == self.journal_stream && !is_within && self.frozen.is_none() {
            self.base = branch.after;
            self.base_digest = branch.digest;
            self.through = branch.after;
            self.digest = branch.digest;
            self.highest = self.highest.max(branch.after);
        }
    }

    /// Takes rows in sequence. `held` are the digests of the rows that are held under their
    /// numbers.
    pub fn take(
        &mut self,
        rows: &[Record],
        held: &BTreeMap<u64, [u8; 32]>,
        faults: Faults,
    ) -> Taken {
        let mut taken = Taken::default();
        if self.frozen.is_some() {
            return taken;
        }
        for (index, row) in rows.iter().enumerate().filter(|(_, row)| row.sequence > self.base) {
            match held.get(&row.sequence) {
                Some(digest) if *digest == row.digest || faults.takes_another_digest => {}
                Some(_) => taken.conflicts.push(index),
                None => taken.kept.push(index),
            }
        }
        // What comes after a row that is another's belongs to that other, and comes by a branch.
        if let Some(first) = taken.conflicts.first().copied() {
            taken.kept.retain(|index| *index < first);
        }
        for index in taken.kept.iter().copied() {
            let Some(row) = rows.get(index) else { continue };
            self.highest = self.highest.max(row.sequence);
            let is_next = self.step(row);
            if is_next || faults.folds_above_the_watermark || faults.watermark_is_the_highest {
                taken.folded.push(index);
            }
            if faults.watermark_is_the_highest && self.highest == row.sequence {
                self.through = row.sequence;
                self.digest = row.digest;
            }
        }
        if !taken.conflicts.is_empty() {
            self.frozen = Some(Frozen::Conflict);
        }
        taken
    }

    /// Moves the watermark over a row that is held, if it is the next and holds. A next row that
    /// does not hold freezes the stream.
    pub fn step(&mut self, row: &Record) -> bool {
        if self.frozen.is_some() || row.sequence != self.through + 1 {
            return false;
        }
        if !row.holds(&self.journal_stream, &self.digest) {
            self.frozen = Some(Frozen::Broken);
            return false;
        }
        self.through = row.sequence;
        self.digest = row.digest;
        true
    }
}
