//! What was under way when a process died, by what it left on the disk.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;
use store_core::TransactionId;
use store_journal::{Draft, LedgerReads as _, PrintState, Reader};

use super::wal;

/// What a store held before it was started.
#[derive(Default)]
pub struct Before {
    baskets: BTreeSet<(TransactionId, u64)>,
    sold: BTreeSet<String>,
}

/// What a kill interrupted.
#[derive(Debug, Default)]
pub struct UnderWay {
    sale_open: bool,
    /// A receipt was being printed.
    pub print: bool,
    /// A basket was paid in full, and its completion had been asked for or was about to be.
    commit_asked: bool,
    /// A sale was in the file, and nobody had been told of it yet.
    commit_untold: bool,
    /// The log ends in the middle of a transaction.
    commit_torn: bool,
}

impl Before {
    pub fn read(store: &Path) -> Self {
        let Ok(reader) = Reader::open(store) else {
            return Self::default();
        };
        let baskets = reader.drafts().unwrap();
        let baskets = baskets.iter().map(|draft| (draft.transaction, draft.version)).collect();
        Self { baskets, sold: sold(&reader) }
    }
}

/// The ids of all sales, as `--answered` writes them.
pub fn sold(reader: &Reader) -> BTreeSet<String> {
    reader.completed().unwrap().iter().map(ToString::to_string).collect()
}

impl UnderWay {
    /// The phases that must all be met.
    pub const PHASES: [&str; 3] = ["sale open", "commit", "print"];

    /// Looks at what is left. Everything that was answered must be there.
    pub fn read(
        store: &Path,
        before: &Before,
        answered: &BTreeSet<String>,
        registers: usize,
    ) -> Self {
        // Before anybody opens the journal.
        let commit_torn = wal::is_torn(&store.join("journal.db-wal"));
        let reader = Reader::open(store).unwrap();
        let sold = sold(&reader);
        let lost: Vec<_> = answered.difference(&sold).collect();
        assert_eq!(lost, [] as [&String; 0], "answered, and not in the journal");
        // An answer is noted before its register goes on.
        let untold = sold.difference(answered).filter(|id| !before.sold.contains(*id)).count();
        assert!(untold <= registers, "{untold} sales were not noted");
        let is_new = |draft: &&Draft| !before.baskets.contains(&(draft.transaction, draft.version));
        let drafts = reader.drafts().unwrap();
        let new: Vec<&Draft> = drafts.iter().filter(is_new).collect();
        let printing = reader.print_jobs_open().unwrap();
        Self {
            sale_open: !new.is_empty(),
            // What an earlier run was printing became unknown at the start of this one.
            print: printing.iter().any(|job| job.state == PrintState::Printing),
            commit_asked: new.iter().any(|draft| is_paid(draft)),
            commit_untold: untold > 0,
            commit_torn,
        }
    }

    pub fn phases(&self) -> Vec<&'static str> {
        let is_commit = self.commit_asked || self.commit_untold || self.commit_torn;
        let met = [self.sale_open, is_commit, self.print];
        let phases = Self::PHASES.into_iter().zip(met);
        phases.filter(|(_, is_met)| *is_met).map(|(phase, _)| phase).collect()
    }

    /// How far the commits were.
    pub fn details(&self) -> Vec<&'static str> {
        let details = [
            ("commit: asked for", self.commit_asked),
            ("commit: in the file and not told", self.commit_untold),
            ("commit: half written", self.commit_torn),
        ];
        details.into_iter().filter(|(_, is_met)| *is_met).map(|(detail, _)| detail).collect()
    }
}

/// Whether nothing is left to be done with a basket but to complete it.
fn is_paid(draft: &Draft) -> bool {
    let body: Value = serde_json::from_str(&draft.body).unwrap();
    let transaction = &body["transaction"];
    let due = transaction["totals"]["due"]["amount"].as_str().unwrap();
    let is_nothing = due.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    is_nothing && !transaction["tenders"].as_array().unwrap().is_empty()
}
