//! What ever happened, whoever remembers it.

use std::collections::{BTreeMap, BTreeSet};

use cloud_bridge::Digest;
use hq_wire::facts::v1::{self, StreamCause};
use store_core::{CommandId, StreamId};
use store_journal::JournalRow;

use super::checks::{Check, Violation};
use super::trade::STORES;

/// A row by its store and its id.
pub type RowKey = (usize, CommandId);

/// A stream that goes on from another: where, into which, from which, and why.
pub type Fork = (String, String, String, String);

#[derive(Default)]
pub struct History {
    /// Every row that ever stood in a journal.
    pub rows: BTreeMap<RowKey, JournalRow>,
    /// The digests that rows under a number ever had.
    pub positions: BTreeMap<(StreamId, u64), BTreeSet<Digest>>,
    /// Rows that were written, with those that were written twice.
    pub written: u64,
    /// The digests of all rows that headquarters ever acknowledged up to.
    pub acknowledged: BTreeSet<Digest>,
    /// Rows that are in no file any more, and that headquarters had.
    pub orphans: BTreeSet<RowKey>,
    pub violation: Option<Violation>,
}

impl History {
    /// A row was written; true where another one was written under its number before.
    pub fn on_row(&mut self, store: usize, row: &JournalRow) -> bool {
        let at = (row.position.stream, row.position.sequence.0);
        let digests = self.positions.entry(at).or_default();
        digests.insert(row.digest);
        let is_second = digests.len() > 1;
        self.written += 1;
        self.rows.entry((store, row.id)).or_insert_with(|| row.clone());
        is_second
    }

    pub fn violate(&mut self, check: Check, detail: String) {
        self.violation.get_or_insert(Violation { check, detail });
    }
}

/// The fork that a row tells of.
pub fn fork_of(store: usize, row: &JournalRow) -> Option<Fork> {
    let fact = v1::Fact::read(&row.kind, &row.body).expect("a fact");
    let v1::Fact::StreamStarted(started) = fact else { return None };
    let cause = match started.cause {
        StreamCause::Created => return None,
        StreamCause::Restored => "restored",
        StreamCause::Diverged => "diverged",
    };
    let parent = started.parent?;
    let into = row.position.stream.to_string();
    Some((STORES[store].to_owned(), into, parent.stream, cause.to_owned()))
}
