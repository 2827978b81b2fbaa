use std::collections::BTreeMap;

use store_core::fact::{CommittedFact, Fact};
use store_core::inventory::{InventoryEffect, InventoryInput, InventoryMachine, stock_changes};
use store_core::safety_stock::{SafetyStockInput, SafetyStockLevel, SafetyStockMachine};
use store_core::{ItemId, Machine, Quantity};

/// Where the stock of single items is looked up.
pub trait StockSource {
    /// Why it could not be.
    type Error;

    /// Stock on hand of an item.
    fn on_hand(&self, item: &ItemId) -> Result<Option<Quantity>, Self::Error>;

    /// The levels of an item, and whether its alert is up.
    fn level(&self, item: &ItemId) -> Result<Option<(SafetyStockLevel, bool)>, Self::Error>;
}

/// What a row changes about the stock.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct StockUpdate {
    /// The new stock on hand.
    pub on_hand: BTreeMap<ItemId, Quantity>,
    /// The levels that were set.
    pub levels: Vec<SafetyStockLevel>,
    /// The alerts that went up.
    pub raised: Vec<ItemId>,
    /// The alerts that went down.
    pub cleared: Vec<ItemId>,
}

/// Steps the machines themselves over one row, with only the items loaded that it touches.
pub fn stock_after<S: StockSource>(
    source: &S,
    row: &CommittedFact,
) -> Result<StockUpdate, S::Error> {
    let mut inventory = InventoryMachine::default();
    let mut safety = SafetyStockMachine::default();
    let mut effects = Vec::new();
    let mut update = StockUpdate::default();
    if let Fact::SafetyStockSet(levels) = &row.fact {
        for level in levels {
            load(source, &level.item, &mut inventory, &mut safety)?;
        }
        let before = safety.raised.clone();
        safety.step(row.now, SafetyStockInput::LevelsSet(levels.clone()), &mut Vec::new());
        update.levels =
            levels.iter().filter_map(|it| safety.levels.get(&it.item)).cloned().collect();
        update.raised = safety.raised.difference(&before).cloned().collect();
        update.cleared = before.difference(&safety.raised).cloned().collect();
        return Ok(update);
    }
    let changes = stock_changes(&row.fact);
    if changes.is_empty() {
        return Ok(update);
    }
    for (item, _) in &changes {
        load(source, item, &mut inventory, &mut safety)?;
    }
    let before = safety.raised.clone();
    inventory.step(row.now, InventoryInput::Committed(row.clone()), &mut effects);
    for InventoryEffect::LevelChanged { item, on_hand, .. } in effects {
        safety.step(row.now, SafetyStockInput::LevelChanged { item, on_hand }, &mut Vec::new());
    }
    update.on_hand = inventory.on_hand;
    update.raised = safety.raised.difference(&before).cloned().collect();
    update.cleared = before.difference(&safety.raised).cloned().collect();
    Ok(update)
}

fn load<S: StockSource>(
    source: &S,
    item: &ItemId,
    inventory: &mut InventoryMachine,
    safety: &mut SafetyStockMachine,
) -> Result<(), S::Error> {
    if let Some(on_hand) = source.on_hand(item)? {
        inventory.on_hand.insert(item.clone(), on_hand);
        safety.on_hand.insert(item.clone(), on_hand);
    }
    if let Some((level, is_raised)) = source.level(item)? {
        safety.levels.insert(item.clone(), level);
        if is_raised {
            safety.raised.insert(item.clone());
        }
    }
    Ok(())
}
