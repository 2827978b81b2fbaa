//! Telling somebody before the shelf is empty (安全庫存).

mod machine;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::{ItemId, Quantity, Unit};

pub use machine::{SafetyStockEffect, SafetyStockInput, SafetyStockMachine};

/// The levels of one item at which somebody is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SafetyStockLevel {
    /// Which item.
    pub item: ItemId,
    /// Alert when stock on hand falls to this or below.
    pub safety_stock: Quantity,
    /// Clear when stock on hand rises to this or above; not below `safety_stock`, so that a level
    /// that swings around the mark does not ring the bell each time.
    pub clear_at: Quantity,
}

/// Whether an alert is up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum AlertState {
    /// There is enough.
    #[default]
    Clear,
    /// There is too little.
    Raised,
}

/// What a change of level means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlertChange {
    /// It fell to the safety stock.
    Raise,
    /// It rose to where the alert goes away.
    Clear,
}

/// Decides by the level of stock, with hysteresis: raised at or below `safety_stock`, cleared at or
/// above `clear_at`, unchanged in between. A count in another unit than the level's decides
/// nothing.
#[must_use]
pub fn decide(
    state: AlertState,
    level: &SafetyStockLevel,
    on_hand: Quantity,
) -> Option<AlertChange> {
    if on_hand.unit() != level.safety_stock.unit() {
        return None;
    }
    let clear_at = level.clear_at.thousandths().max(level.safety_stock.thousandths() + 1);
    match state {
        AlertState::Clear if on_hand.thousandths() <= level.safety_stock.thousandths() => {
            Some(AlertChange::Raise)
        }
        AlertState::Raised if on_hand.thousandths() >= clear_at => Some(AlertChange::Clear),
        _ => None,
    }
}

/// A level whose alert clears one unit above the safety stock.
#[must_use]
pub fn level_with_default_clearing(item: ItemId, safety_stock: Quantity) -> SafetyStockLevel {
    let step = match safety_stock.unit() {
        Unit::Piece => 1000,
        Unit::Kilogram | Unit::Litre | Unit::Gallon => 1,
    };
    let clear_at =
        Quantity::from_thousandths(safety_stock.thousandths() + step, safety_stock.unit())
            .unwrap_or(safety_stock);
    SafetyStockLevel { item, safety_stock, clear_at }
}
