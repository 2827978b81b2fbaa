use std::collections::BTreeMap;

use super::{StockChange, stock_changes};
use crate::fact::{CommittedFact, RowPosition};
use crate::{ItemId, Machine, Now, Quantity};

/// What the inventory is told.
#[derive(Clone, Debug)]
pub enum InventoryInput {
    /// A row of the journal, in order.
    Committed(CommittedFact),
}

/// What the inventory wants done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InventoryEffect {
    /// The level of an item is another.
    LevelChanged {
        /// Which item.
        item: ItemId,
        /// What is there now.
        on_hand: Quantity,
        /// Whether that is below nothing, which is allowed and wants a look.
        is_negative: bool,
    },
}

/// Stock on hand of one store: a fold over the journal's rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InventoryMachine {
    /// Stock on hand of every item that ever moved.
    pub on_hand: BTreeMap<ItemId, Quantity>,
    /// The last row that was folded in.
    pub applied: Option<RowPosition>,
}

impl InventoryMachine {
    /// Changes one level: what a row does, item by item. Headquarters, which has a row's text and
    /// not the fact, changes levels by this too, so that there is one rule.
    pub fn change(
        &mut self,
        item: &ItemId,
        change: &StockChange,
        effects: &mut Vec<InventoryEffect>,
    ) {
        let on_hand = change.level_after(self.on_hand.get(item).copied());
        self.on_hand.insert(item.clone(), on_hand);
        effects.push(InventoryEffect::LevelChanged {
            item: item.clone(),
            on_hand,
            is_negative: on_hand.is_negative(),
        });
    }
}

impl Machine for InventoryMachine {
    type Input = InventoryInput;
    type Effect = InventoryEffect;

    fn step(&mut self, _now: Now, input: InventoryInput, effects: &mut Vec<InventoryEffect>) {
        let InventoryInput::Committed(row) = input;
        let is_repeat = self.applied.is_some_and(|last| {
            last.stream == row.position.stream && row.position.sequence <= last.sequence
        });
        if is_repeat {
            return;
        }
        for (item, change) in stock_changes(&row.fact) {
            self.change(&item, &change, effects);
        }
        self.applied = Some(row.position);
    }
}
