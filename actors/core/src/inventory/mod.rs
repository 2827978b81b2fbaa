//! Stock on hand and what moves it.

mod follower;
mod machine;
#[cfg(test)]
mod tests;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::fact::Fact;
use crate::transaction::RetailTransaction;
use crate::{ItemId, OperatorId, Quantity, QuantityError, ReasonCode, Unit};

pub use follower::{FollowerEffect, FollowerInput, InventoryFollower};
pub use machine::{InventoryEffect, InventoryInput, InventoryMachine};

/// What moved the stock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MovementKind {
    /// A delivery came in.
    Received,
    /// Goods were written off.
    WrittenOff,
    /// A correction by hand.
    Adjusted,
    /// The shelf was counted: the quantity is what is there now.
    Counted,
}

impl MovementKind {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::WrittenOff => "written_off",
            Self::Adjusted => "adjusted",
            Self::Counted => "counted",
        }
    }

    /// The kind with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Received, Self::WrittenOff, Self::Adjusted, Self::Counted]
            .into_iter()
            .find(|kind| kind.code() == code)
    }
}

impl fmt::Display for MovementKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A movement of stock otherwise than by a sale (庫存異動).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockMovement {
    /// Which item.
    pub item: ItemId,
    /// What moved it.
    pub kind: MovementKind,
    /// By how much; for a count, how much is there. Received and written off are not negative.
    pub quantity: Quantity,
    /// Why.
    pub reason: ReasonCode,
    /// By whom.
    pub operator: OperatorId,
}

/// What one fact does to the stock of one item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StockChange {
    /// The level moves by this much.
    By(Quantity),
    /// The level becomes this.
    To(Quantity),
}

impl StockChange {
    /// What a line that counts of a completed sale does; nothing where it is only noted.
    #[must_use]
    pub const fn of_line(quantity: Quantity) -> Option<Self> {
        if quantity.is_zero() { None } else { Some(Self::By(quantity.negated())) }
    }

    /// What takes back what a line did; a level that was counted stays.
    #[must_use]
    pub const fn undone(&self) -> Self {
        match self {
            Self::By(change) => Self::By(change.negated()),
            Self::To(level) => Self::To(*level),
        }
    }

    /// What a movement otherwise than by a sale does.
    #[must_use]
    pub const fn of_movement(kind: MovementKind, quantity: Quantity) -> Self {
        match kind {
            MovementKind::Received | MovementKind::Adjusted => Self::By(quantity),
            MovementKind::WrittenOff => Self::By(quantity.negated()),
            MovementKind::Counted => Self::To(quantity),
        }
    }

    /// The level after the change. Stock may fall below nothing, and a sale is never refused for
    /// it: the sale is a fact, the number in the computer is the guess.
    ///
    /// Pieces of something that is weighed say nothing about its weight: they leave the level as
    /// it is. A weight of something that was counted in pieces begins a new level: the item's
    /// unit is another now. A level beyond the range of [`Quantity`] stays as it is.
    #[must_use]
    pub fn level_after(&self, on_hand: Option<Quantity>) -> Quantity {
        let (change, on_hand) = match (self, on_hand) {
            (Self::To(level), _) => return *level,
            (Self::By(change), None) => return *change,
            (Self::By(change), Some(on_hand)) => (*change, on_hand),
        };
        match on_hand.add(change) {
            Ok(level) => level,
            Err(QuantityError::UnitMismatch) if change.unit() != Unit::Piece => change,
            Err(_) => on_hand,
        }
    }
}

/// What a fact does to the stock, item by item in the order of entry. A completed sale moves
/// stock, and one that is undone moves it back; a basket that is still open, or was abandoned, does
/// not.
#[must_use]
pub fn stock_changes(fact: &Fact) -> Vec<(ItemId, StockChange)> {
    match fact {
        Fact::SaleCompleted(sale) => sale_changes(sale),
        Fact::SalePostVoided(void) => {
            let moved = sale_changes(&void.sale).into_iter();
            moved.map(|(item, change)| (item, change.undone())).collect()
        }
        Fact::StockMoved(movement) => {
            let change = StockChange::of_movement(movement.kind, movement.quantity);
            vec![(movement.item.clone(), change)]
        }
        _ => Vec::new(),
    }
}

fn sale_changes(sale: &RetailTransaction) -> Vec<(ItemId, StockChange)> {
    sale.live_lines()
        .filter(|line| !line.by_department)
        .filter_map(|line| Some((line.item.clone(), StockChange::of_line(line.quantity)?)))
        .collect()
}
