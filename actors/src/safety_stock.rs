use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use actix::prelude::*;
use serde::Serialize;
use store_core::safety_stock::{
    AlertChange, SafetyStockEffect, SafetyStockInput, SafetyStockMachine,
};
use store_core::{ItemId, Machine, Quantity};
use tokio::sync::broadcast;

use crate::clock::Clock;
use crate::messages::{StatusQuery, StockLevelsChanged};
use crate::status::ActorStatus;

/// An alert that went up or down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AlertEntry {
    /// Which item.
    pub item: ItemId,
    /// What was there when it changed.
    pub on_hand: Quantity,
    /// Whether it is up.
    pub is_raised: bool,
    /// When it changed, in milliseconds since 1970 UTC.
    pub since_ms: i64,
}

/// The alerts that are up, as screens read them, and the changes as they come.
#[derive(Clone, Debug)]
pub struct AlertBoard {
    raised: Arc<Mutex<BTreeMap<ItemId, AlertEntry>>>,
    changes: broadcast::Sender<AlertEntry>,
}

/// Most alert changes that a slow screen may be behind before it reads the board again.
const CHANGES_MAX: usize = 256;

impl AlertBoard {
    /// A board with the alerts that are up.
    #[must_use]
    pub fn new(raised: impl IntoIterator<Item = AlertEntry>) -> Self {
        let raised = raised.into_iter().map(|entry| (entry.item.clone(), entry)).collect();
        let (changes, _) = broadcast::channel(CHANGES_MAX);
        Self { raised: Arc::new(Mutex::new(raised)), changes }
    }

    /// The alerts that are up, by item.
    #[must_use]
    pub fn raised(&self) -> Vec<AlertEntry> {
        let raised = self.raised.lock().unwrap_or_else(PoisonError::into_inner);
        raised.values().cloned().collect()
    }

    /// Every change from now on.
    #[must_use]
    pub fn changes(&self) -> broadcast::Receiver<AlertEntry> {
        self.changes.subscribe()
    }

    fn put(&self, entry: AlertEntry) {
        let mut raised = self.raised.lock().unwrap_or_else(PoisonError::into_inner);
        if entry.is_raised {
            raised.insert(entry.item.clone(), entry.clone());
        } else {
            raised.remove(&entry.item);
        }
        drop(raised);
        // Nobody may be looking.
        let _ = self.changes.send(entry);
    }
}

/// What the safety stock may talk to.
pub struct SafetyStockPorts {
    /// Where the alerts are shown.
    pub board: AlertBoard,
    /// The present moment.
    pub clock: Arc<dyn Clock>,
}

/// The shell of the alerts.
pub struct SafetyStockActor {
    machine: SafetyStockMachine,
    ports: SafetyStockPorts,
    inputs: u64,
}

impl SafetyStockActor {
    /// With levels and alerts as the journal's tables hold them.
    #[must_use]
    pub const fn new(machine: SafetyStockMachine, ports: SafetyStockPorts) -> Self {
        Self { machine, ports, inputs: 0 }
    }

    fn input(&mut self, input: SafetyStockInput) {
        self.inputs += 1;
        let now = self.ports.clock.now(None);
        let mut effects = Vec::new();
        self.machine.step(now, input, &mut effects);
        for SafetyStockEffect::Alert { item, on_hand, change } in effects {
            self.ports.board.put(AlertEntry {
                item,
                on_hand,
                is_raised: change == AlertChange::Raise,
                since_ms: now.wall.as_millisecond(),
            });
        }
    }
}

impl Actor for SafetyStockActor {
    type Context = Context<Self>;
}

impl Handler<StockLevelsChanged> for SafetyStockActor {
    type Result = ();

    fn handle(&mut self, message: StockLevelsChanged, _: &mut Self::Context) {
        message.0.into_iter().for_each(|news| self.input(news));
    }
}

impl Handler<StatusQuery> for SafetyStockActor {
    type Result = MessageResult<StatusQuery>;

    fn handle(&mut self, _: StatusQuery, _: &mut Self::Context) -> Self::Result {
        MessageResult(ActorStatus {
            actor: "safety stock".to_owned(),
            inputs: self.inputs,
            announcements_lost: 0,
            state: serde_json::json!({
                "levels": self.machine.levels.len(),
                "raised": self.machine.raised.len(),
            }),
        })
    }
}
