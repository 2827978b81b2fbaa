use std::sync::Arc;

use actix::prelude::*;
use store_core::inventory::{FollowerEffect, FollowerInput, InventoryFollower, InventoryMachine};
use store_core::safety_stock::SafetyStockInput;
use store_core::{Machine, RefusalCode};

use crate::clock::Clock;
use crate::messages::{FactCommitted, FactsAfterQuery, StatusQuery, StockLevelsChanged};
use crate::status::ActorStatus;

/// What the inventory may talk to.
pub struct InventoryPorts {
    /// Knows the facts that an announcement skipped.
    pub facts: Recipient<FactsAfterQuery>,
    /// Is told of every level that changed.
    pub levels: Recipient<StockLevelsChanged>,
    /// The present moment.
    pub clock: Arc<dyn Clock>,
}

/// The shell of the stock on hand.
pub struct InventoryActor {
    machine: InventoryFollower,
    ports: InventoryPorts,
    inputs: u64,
    announcements_lost: u64,
}

impl InventoryActor {
    /// With the stock as the journal's tables hold it.
    #[must_use]
    pub const fn new(stock: InventoryMachine, ports: InventoryPorts) -> Self {
        let machine = InventoryFollower::new(stock);
        Self { machine, ports, inputs: 0, announcements_lost: 0 }
    }

    fn input(&mut self, input: FollowerInput, ctx: &mut Context<Self>) {
        self.inputs += 1;
        let now = self.ports.clock.now(None);
        let mut effects = Vec::new();
        self.machine.step(now, input, &mut effects);
        for effect in effects {
            match effect {
                FollowerEffect::ReadAfter(position) => {
                    let query = FactsAfterQuery(position);
                    let facts = self.ports.facts.send(query).into_actor(self);
                    ctx.spawn(facts.map(|facts, actor, ctx| {
                        let facts = facts.unwrap_or(Err(RefusalCode::Stopping));
                        actor.input(FollowerInput::Read(facts), ctx);
                    }));
                }
                FollowerEffect::Tell(news) => self.tell(news, ctx),
            }
        }
    }

    fn tell(&mut self, news: Vec<SafetyStockInput>, ctx: &mut Context<Self>) {
        match self.ports.levels.try_send(StockLevelsChanged(news)) {
            Ok(()) | Err(SendError::Closed(_)) => {}
            Err(SendError::Full(StockLevelsChanged(news))) => {
                self.announcements_lost += 1;
                self.input(FollowerInput::NotTold(news), ctx);
            }
        }
    }
}

impl Actor for InventoryActor {
    type Context = Context<Self>;
}

impl Handler<FactCommitted> for InventoryActor {
    type Result = ();

    fn handle(&mut self, FactCommitted(row): FactCommitted, ctx: &mut Self::Context) {
        self.input(FollowerInput::Announced(row), ctx);
    }
}

impl Handler<StatusQuery> for InventoryActor {
    type Result = MessageResult<StatusQuery>;

    fn handle(&mut self, _: StatusQuery, _: &mut Self::Context) -> Self::Result {
        let stock = self.machine.stock();
        let negative = stock.on_hand.values().filter(|level| level.is_negative()).count();
        MessageResult(ActorStatus {
            actor: "inventory".to_owned(),
            inputs: self.inputs,
            announcements_lost: self.announcements_lost,
            state: serde_json::json!({
                "items": stock.on_hand.len(),
                "negative": negative,
                "applied": stock.applied,
                "is_reading": self.machine.is_reading(),
            }),
        })
    }
}
