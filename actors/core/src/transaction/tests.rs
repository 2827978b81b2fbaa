//! Lines for the tests of what is done with them.

use std::sync::Arc;

use super::*;
use crate::{ItemId, Money, Quantity, ReasonCode, Unit};

/// One piece of a tax class at this price, or one piece that comes back where that is negative.
pub fn line(tax_class: &str, net: Money) -> LineItem {
    let is_return = net.is_negative();
    let one = Quantity::one(Unit::Piece);
    LineItem {
        line: LineNumber(1),
        kind: if is_return { LineKind::Return } else { LineKind::Sale },
        item: ItemId::new("i").unwrap(),
        code: Arc::from("i"),
        entry: EntryMethod::Scanned,
        description: Arc::from("item"),
        department: Arc::from(""),
        category: Arc::from(""),
        tax_class: Arc::from(tax_class),
        quantity: if is_return { one.negated() } else { one },
        unit_price: if is_return { net.negated() } else { net },
        shelf_amount: net,
        price_source: PriceSource::Catalogue,
        recorded_modifiers: Vec::new(),
        modifiers: Vec::new(),
        net,
        return_reason: None,
        by_department: false,
        deposit_of: None,
        serial: None,
        weighing: None,
        voided: None,
    }
}

/// What a cashier takes off.
pub fn modifier(method: ModifierMethod, amount: Money) -> PriceModifier {
    let reason = ReasonCode::new("damaged").unwrap();
    PriceModifier { method, amount, reason, operator: None, promotion: None }
}
