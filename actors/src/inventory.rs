use std::sync::Arc;

use actix::prelude::*;
use store_core::Machine;
use store_core::fact::{CommittedFact, Fact, RowPosition};
use store_core::inventory::{InventoryEffect, InventoryInput, InventoryMachine};

use crate::messages::{FactCommitted, FactsAfterQuery, StatusQuery, StockLevelsChanged};
use crate::status::ActorStatus;

/// What the inventory may talk to.
pub struct InventoryPorts {
    /// Knows the facts that an announcement skipped.
    pub facts: Recipient<FactsAfterQuery>,
    /// Is told of every level that changed.
    pub levels: Recipient<StockLevelsChanged>,
}

/// The shell of the stock on hand. It follows the journal row by row: an announcement that skips
/// rows makes it read them first, so a lost one delays it and never makes it wrong.
pub struct InventoryActor {
    machine: InventoryMachine,
    ports: InventoryPorts,
    is_reading: bool,
    /// The row that was announced last.
    announced: Option<RowPosition>,
    /// What the safety stock has not been told yet.
    untold: StockLevelsChanged,
    inputs: u64,
    announcements_lost: u64,
}

impl InventoryActor {
    /// With the stock as the journal's tables hold it.
    #[must_use]
    pub fn new(machine: InventoryMachine, ports: InventoryPorts) -> Self {
        Self {
            machine,
            ports,
            is_reading: false,
            announced: None,
            untold: StockLevelsChanged::default(),
            inputs: 0,
            announcements_lost: 0,
        }
    }

    /// Whether a row is folded in. One of another stream is not: a journal that went on in a new
    /// stream begins to count again.
    fn has(&self, row: RowPosition) -> bool {
        let is_behind =
            |last: RowPosition| last.stream == row.stream && row.sequence <= last.sequence;
        self.machine.applied.is_some_and(is_behind)
    }

    fn is_next(&self, row: RowPosition) -> bool {
        let is_before =
            |last: RowPosition| last.stream == row.stream && row.sequence == last.sequence.next();
        self.machine.applied.is_some_and(is_before)
    }

    fn apply(&mut self, row: CommittedFact) {
        self.inputs += 1;
        if let Fact::SafetyStockSet(levels) = &row.fact {
            self.untold.levels_set.extend(levels.iter().cloned());
        }
        let now = row.now;
        let mut effects = Vec::new();
        self.machine.step(now, InventoryInput::Committed(row), &mut effects);
        for InventoryEffect::LevelChanged { item, on_hand, .. } in effects {
            self.untold.on_hand.insert(item, on_hand);
        }
        self.tell();
    }

    fn tell(&mut self) {
        if self.untold.levels_set.is_empty() && self.untold.on_hand.is_empty() {
            return;
        }
        let news = std::mem::take(&mut self.untold);
        match self.ports.levels.try_send(news) {
            Ok(()) | Err(SendError::Closed(_)) => {}
            Err(SendError::Full(news)) => {
                self.announcements_lost += 1;
                self.untold = news;
            }
        }
    }

    fn read_missing(&mut self, ctx: &mut Context<Self>) {
        self.is_reading = true;
        let query = FactsAfterQuery(self.machine.applied);
        let facts = self.ports.facts.send(query).into_actor(self);
        ctx.spawn(facts.map(|facts, actor, ctx| {
            actor.is_reading = false;
            match facts {
                Ok(Ok(facts)) => {
                    let is_end = facts.is_empty();
                    facts.into_iter().for_each(|row| actor.apply(row));
                    // What was announced meanwhile may be further on than what was read.
                    let is_behind = actor.announced.is_some_and(|row| !actor.has(row));
                    if is_behind && !is_end {
                        actor.read_missing(ctx);
                    }
                }
                // The next announcement tries again.
                Ok(Err(code)) => tracing::warn!(code = code.as_str(), "reading missed facts"),
                Err(error) => tracing::warn!(%error, "reading missed facts"),
            }
        }));
    }
}

impl Actor for InventoryActor {
    type Context = Context<Self>;
}

impl Handler<FactCommitted> for InventoryActor {
    type Result = ();

    fn handle(&mut self, FactCommitted(row): FactCommitted, ctx: &mut Self::Context) {
        self.announced = Some(row.position);
        if self.is_reading || self.has(row.position) {
            return;
        }
        if self.is_next(row.position) {
            self.apply(Arc::unwrap_or_clone(row));
        } else {
            self.read_missing(ctx);
        }
    }
}

impl Handler<StatusQuery> for InventoryActor {
    type Result = MessageResult<StatusQuery>;

    fn handle(&mut self, _: StatusQuery, _: &mut Self::Context) -> Self::Result {
        let negative = self.machine.on_hand.values().filter(|level| level.is_negative()).count();
        MessageResult(ActorStatus {
            actor: "inventory".to_owned(),
            inputs: self.inputs,
            announcements_lost: self.announcements_lost,
            state: serde_json::json!({
                "items": self.machine.on_hand.len(),
                "negative": negative,
                "applied": self.machine.applied,
                "announced": self.announced,
            }),
        })
    }
}
