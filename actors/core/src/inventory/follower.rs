use std::sync::Arc;

use super::{InventoryEffect, InventoryInput, InventoryMachine};
use crate::fact::{CommittedFact, Fact, RowPosition};
use crate::safety_stock::SafetyStockInput;
use crate::{JournalSequence, Machine, Now, RefusalCode};

/// What the follower of the journal is told.
#[derive(Clone, Debug)]
pub enum FollowerInput {
    /// A row is durable. Announcements may be lost, doubled and out of order.
    Announced(Arc<CommittedFact>),
    /// The rows that were asked for, in order, as many as were read at once.
    Read(Result<Vec<CommittedFact>, RefusalCode>),
    /// The safety stock could not take this news now.
    NotTold(Vec<SafetyStockInput>),
}

/// What the follower wants done.
#[derive(Clone, Debug)]
pub enum FollowerEffect {
    /// Read the rows after this one, those of later streams included.
    ReadAfter(RowPosition),
    /// Tell the safety stock, in this order.
    Tell(Vec<SafetyStockInput>),
}

/// Keeps the stock on hand up with the journal. An announcement is a hint: one that skips rows
/// makes it read them first, so a lost one delays it and never makes it wrong.
#[derive(Clone, Debug)]
pub struct InventoryFollower {
    stock: InventoryMachine,
    is_reading: bool,
    /// Something was announced since the rows under way were asked for.
    has_heard: bool,
    /// What the safety stock has not been told yet, in order: an alert depends on the way that
    /// the stock took, so no step of it may be left out.
    untold: Vec<SafetyStockInput>,
}

impl InventoryFollower {
    /// Goes on from the stock as of a row.
    #[must_use]
    pub const fn new(stock: InventoryMachine) -> Self {
        Self { stock, is_reading: false, has_heard: false, untold: Vec::new() }
    }

    /// The stock as of the last row that was folded in.
    #[must_use]
    pub const fn stock(&self) -> &InventoryMachine {
        &self.stock
    }

    /// Whether rows are being read that no announcement told of in time.
    #[must_use]
    pub const fn is_reading(&self) -> bool {
        self.is_reading
    }

    fn on_announced(&mut self, row: Arc<CommittedFact>, effects: &mut Vec<FollowerEffect>) {
        if self.is_reading {
            self.has_heard = true;
            return;
        }
        let start = RowPosition { sequence: JournalSequence(0), ..row.position };
        let applied = self.stock.applied.unwrap_or(start);
        if row.position.stream != applied.stream {
            return self.read_after(applied, effects);
        }
        if row.position.sequence <= applied.sequence {
            return;
        }
        if row.position.sequence == applied.sequence.next() {
            self.apply(Arc::unwrap_or_clone(row));
            self.tell(effects);
        } else {
            self.read_after(applied, effects);
        }
    }

    fn read_after(&mut self, applied: RowPosition, effects: &mut Vec<FollowerEffect>) {
        self.is_reading = true;
        self.has_heard = false;
        effects.push(FollowerEffect::ReadAfter(applied));
    }

    /// Reads on until nothing more comes. After an error the next announcement tries again.
    fn on_read(
        &mut self,
        rows: Result<Vec<CommittedFact>, RefusalCode>,
        effects: &mut Vec<FollowerEffect>,
    ) {
        if !std::mem::take(&mut self.is_reading) {
            return;
        }
        let Ok(rows) = rows else { return };
        let may_be_more = !rows.is_empty() || self.has_heard;
        rows.into_iter().for_each(|row| self.apply(row));
        self.tell(effects);
        if let (true, Some(applied)) = (may_be_more, self.stock.applied) {
            self.read_after(applied, effects);
        }
    }

    fn apply(&mut self, row: CommittedFact) {
        if let Fact::SafetyStockSet(levels) = &row.fact {
            self.untold.push(SafetyStockInput::LevelsSet(levels.clone()));
        }
        let mut changed = Vec::new();
        self.stock.step(row.now, InventoryInput::Committed(row), &mut changed);
        self.untold.extend(changed.into_iter().map(
            |InventoryEffect::LevelChanged { item, on_hand, .. }| SafetyStockInput::LevelChanged {
                item,
                on_hand,
            },
        ));
    }

    fn tell(&mut self, effects: &mut Vec<FollowerEffect>) {
        if !self.untold.is_empty() {
            effects.push(FollowerEffect::Tell(std::mem::take(&mut self.untold)));
        }
    }
}

impl Machine for InventoryFollower {
    type Input = FollowerInput;
    type Effect = FollowerEffect;

    fn step(&mut self, _now: Now, input: FollowerInput, effects: &mut Vec<FollowerEffect>) {
        match input {
            FollowerInput::Announced(row) => self.on_announced(row, effects),
            FollowerInput::Read(rows) => self.on_read(rows, effects),
            FollowerInput::NotTold(mut news) => {
                news.append(&mut self.untold);
                self.untold = news;
            }
        }
    }
}
