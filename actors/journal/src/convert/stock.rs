use hq_wire::facts::v1;
use store_core::inventory::{MovementKind, StockMovement};
use store_core::safety_stock::SafetyStockLevel;

use super::ConvertError;
use super::value::{id, quantity, quantity_to_wire};

pub fn movement_to_wire(movement: &StockMovement) -> v1::StockMoved {
    v1::StockMoved {
        item: movement.item.to_string(),
        kind: match movement.kind {
            MovementKind::Received => v1::MovementKind::Received,
            MovementKind::WrittenOff => v1::MovementKind::WrittenOff,
            MovementKind::Adjusted => v1::MovementKind::Adjusted,
            MovementKind::Counted => v1::MovementKind::Counted,
        },
        quantity: quantity_to_wire(movement.quantity),
        reason: movement.reason.to_string(),
        operator: movement.operator.to_string(),
    }
}

pub fn movement_from_wire(wire: &v1::StockMoved) -> Result<StockMovement, ConvertError> {
    Ok(StockMovement {
        item: id("item", &wire.item)?,
        kind: match wire.kind {
            v1::MovementKind::Received => MovementKind::Received,
            v1::MovementKind::WrittenOff => MovementKind::WrittenOff,
            v1::MovementKind::Adjusted => MovementKind::Adjusted,
            v1::MovementKind::Counted => MovementKind::Counted,
        },
        quantity: quantity("quantity", &wire.quantity)?,
        reason: id("reason", &wire.reason)?,
        operator: id("operator", &wire.operator)?,
    })
}

pub fn level_to_wire(level: &SafetyStockLevel) -> v1::SafetyStockLevel {
    v1::SafetyStockLevel {
        item: level.item.to_string(),
        safety_stock: quantity_to_wire(level.safety_stock),
        clear_at: quantity_to_wire(level.clear_at),
    }
}

pub fn level_from_wire(wire: &v1::SafetyStockLevel) -> Result<SafetyStockLevel, ConvertError> {
    Ok(SafetyStockLevel {
        item: id("item", &wire.item)?,
        safety_stock: quantity("safety_stock", &wire.safety_stock)?,
        clear_at: quantity("clear_at", &wire.clear_at)?,
    })
}
