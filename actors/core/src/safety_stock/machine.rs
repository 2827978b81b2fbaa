use std::collections::{BTreeMap, BTreeSet};

use super::{AlertChange, AlertState, SafetyStockLevel, decide};
use crate::{ItemId, Machine, Now, Quantity};

/// What the safety stock is told.
#[derive(Clone, Debug)]
pub enum SafetyStockInput {
    /// Levels were set.
    LevelsSet(Vec<SafetyStockLevel>),
    /// The stock of an item is another.
    LevelChanged {
        /// Which item.
        item: ItemId,
        /// What is there now.
        on_hand: Quantity,
    },
}

/// What the safety stock wants done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SafetyStockEffect {
    /// An alert went up or down.
    Alert {
        /// Which item.
        item: ItemId,
        /// What is there now.
        on_hand: Quantity,
        /// Raised or cleared.
        change: AlertChange,
    },
}

/// The alerts of one store.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SafetyStockMachine {
    /// The levels that were set.
    pub levels: BTreeMap<ItemId, SafetyStockLevel>,
    /// The last known stock of the items that have a level.
    pub on_hand: BTreeMap<ItemId, Quantity>,
    /// The items whose alert is up.
    pub raised: BTreeSet<ItemId>,
}

impl SafetyStockMachine {
    fn look(&mut self, item: &ItemId, effects: &mut Vec<SafetyStockEffect>) {
        let (Some(level), Some(on_hand)) = (self.levels.get(item), self.on_hand.get(item)) else {
            return;
        };
        let state = if self.raised.contains(item) { AlertState::Raised } else { AlertState::Clear };
        let Some(change) = decide(state, level, *on_hand) else {
            return;
        };
        effects.push(SafetyStockEffect::Alert { item: item.clone(), on_hand: *on_hand, change });
        match change {
            AlertChange::Raise => self.raised.insert(item.clone()),
            AlertChange::Clear => self.raised.remove(item),
        };
    }
}

impl Machine for SafetyStockMachine {
    type Input = SafetyStockInput;
    type Effect = SafetyStockEffect;

    fn step(&mut self, _now: Now, input: SafetyStockInput, effects: &mut Vec<SafetyStockEffect>) {
        match input {
            SafetyStockInput::LevelsSet(levels) => {
                for level in levels {
                    let item = level.item.clone();
                    self.levels.insert(item.clone(), level);
                    self.look(&item, effects);
                }
            }
            SafetyStockInput::LevelChanged { item, on_hand } => {
                self.on_hand.insert(item.clone(), on_hand);
                self.look(&item, effects);
            }
        }
    }
}
