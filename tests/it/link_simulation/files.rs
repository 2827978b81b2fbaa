//! What people do to the files of a journal.

use std::collections::BTreeSet;

use store_core::{CommandId, StreamId};
use store_journal::{Append, DraftChange, SimulatedJournal};
use uuid::Uuid;

use super::events::Event;
use super::faults::Fault;
use super::history::RowKey;
use super::hub::Hub;
use super::outbox::JournalOutbox;
use super::trade::{self, STORES};
use super::world::World;

/// Most hubs: two stores, and one that was started from the file of another.
const HUBS_MAX: usize = 3;

impl World {
    pub fn open_hub(&mut self, store: usize) {
        let now = trade::clock(self.queue.now_ms);
        let stream = StreamId::new(self.random.uuid());
        let journal = SimulatedJournal::new(trade::store_id(store), "simulation", now, stream);
        self.add_hub(store, journal.expect("a new journal"));
        self.record_last(self.hubs.len() - 1);
    }

    fn add_hub(&mut self, store: usize, journal: SimulatedJournal) {
        let outbox = JournalOutbox {
            journal,
            random: crate::random::Random::new(self.random.next()),
            now: trade::clock(self.queue.now_ms),
        };
        self.hubs.push(Hub::new(store, outbox));
        let hub = self.hubs.len() - 1;
        let first = self.random.between(1, 500);
        self.queue.after(first, Event::PowerBack(hub));
        self.queue.after(first + 100, Event::Trade(hub));
    }

    /// A second hub of the same store starts from a copy of the file.
    pub fn copy_file(&mut self, hub: usize) {
        if self.hubs.len() < HUBS_MAX {
            self.counts.injected(Fault::TwoOfOneFile);
            let journal = self.hubs[hub].outbox.journal.clone();
            self.add_hub(self.hubs[hub].store, journal);
        }
    }

    /// An older file takes the place of the present one: by a restore, which begins a new stream,
    /// or by hand, which does not.
    pub fn put_back(&mut self, hub: usize, fault: Fault) {
        let Some(backup) = self.hubs[hub].backup.clone() else { return };
        self.counts.injected(fault);
        self.go_down(hub);
        let before = self.hubs[hub].outbox.all_rows();
        let now = trade::clock(self.queue.now_ms);
        let stream = StreamId::new(self.random.uuid());
        let journal = &mut self.hubs[hub].outbox.journal;
        if fault == Fault::Restore {
            journal.restore(&backup, now, stream).expect("a restored journal");
            self.record_last(hub);
        } else {
            journal.restore_without_new_stream(&backup);
        }
        let here: BTreeSet<CommandId> =
            self.hubs[hub].outbox.all_rows().iter().map(|row| row.id).collect();
        let lost: Vec<_> = before.into_iter().filter(|row| !here.contains(&row.id)).collect();
        if !lost.is_empty() {
            self.took_effect(fault);
        }
        let at_hq = self.folded();
        let store = self.hubs[hub].store;
        for row in &lost {
            if at_hq.contains(&(store, row.id)) {
                self.history.orphans.insert((store, row.id));
            }
        }
        let facts = lost.iter().filter_map(|row| {
            let committed = row.committed().expect("a fact")?;
            let (id, now, fact) = (row.id, committed.now, committed.fact);
            Some(Append { id, now, fact, draft: DraftChange::Keep, print: None })
        });
        self.hubs[hub].lost = facts.collect();
        let pause = self.random.between(100, 2_000);
        self.queue.after(pause, Event::PowerBack(hub));
    }

    /// What headquarters has folded.
    fn folded(&mut self) -> BTreeSet<RowKey> {
        let rows = self.hq.database.rows().into_iter().filter(|row| row.fold.is_some());
        rows.map(|row| {
            let store = STORES.iter().position(|store| *store == row.store).expect("a store");
            (store, CommandId::new(Uuid::from_bytes(row.id)))
        })
        .collect()
    }

    /// Headquarters goes back to its backup. What only it had since then is lost.
    pub fn restore_hq(&mut self) {
        let before = self.folded().len();
        self.kill_hq();
        if self.hq.database.restore() {
            let here = self.folded();
            if here.len() < before {
                self.took_effect(Fault::HqRestored);
            }
            self.history.orphans.retain(|row| here.contains(row));
            self.hq.through.clear();
            self.hq.highest.clear();
        }
    }
}
