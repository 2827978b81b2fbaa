use serde::{Deserialize, Serialize};

use super::Quantity;

/// Stock came, went or was counted otherwise than by a sale: `stock_moved`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockMoved {
    /// Which item.
    pub item: String,
    /// What moved it.
    pub kind: MovementKind,
    /// By how much; for a count, how much is there.
    pub quantity: Quantity,
    /// Why, as a code.
    pub reason: String,
    /// By whom, by id.
    pub operator: String,
}

/// What moved the stock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MovementKind {
    /// A delivery came in.
    Received,
    /// Goods were written off.
    WrittenOff,
    /// A correction by hand.
    Adjusted,
    /// The shelf was counted.
    Counted,
}

/// The levels at which somebody is told: `safety_stock_set`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SafetyStockSet {
    /// The items that were set; others keep theirs.
    pub levels: Vec<SafetyStockLevel>,
}

/// The levels of one item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SafetyStockLevel {
    /// Which item.
    pub item: String,
    /// Alert at this or below.
    pub safety_stock: Quantity,
    /// Clear at this or above.
    pub clear_at: Quantity,
}
