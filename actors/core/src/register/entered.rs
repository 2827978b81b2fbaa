//! A line in the basket: put there, changed, taken out, and the same taken back.

use std::sync::Arc;

use super::basket::{Basket, Undo};
use super::event::BasketEvent;
use super::{deposit, serial};
use crate::barcode;
use crate::catalogue::Item;
use crate::transaction::{
    BASKET_LINES_MAX, Customer, EntryMethod, LineItem, LineKind, PriceSource, VoidedLine, Weighing,
};
use crate::{LineNumber, Money, OperatorId, Quantity, ReasonCode, Refusal, RefusalCode};

/// What is said about a line besides its item.
pub(super) struct Entry<'a> {
    pub code: &'a str,
    pub kind: LineKind,
    pub entry: EntryMethod,
    pub quantity: Quantity,
    pub unit_price: Money,
    pub shelf_amount: Money,
    pub price_source: PriceSource,
    pub return_reason: Option<ReasonCode>,
    pub weighing: Option<Box<Weighing>>,
}

/// A new line, and below it that of the item's deposit where it has one.
pub(super) fn add(
    basket: &mut Basket,
    item: &Item,
    entry: Entry<'_>,
) -> Result<BasketEvent, Refusal> {
    serial::one_piece(item, entry.quantity)?;
    let line = line_of(basket.next_line(), item, entry);
    let deposit = deposit::line(basket, item, &line)?;
    push(basket, line, deposit)
}

/// Puts a line into the basket, with one that belongs to it.
pub(super) fn push(
    basket: &mut Basket,
    entered: LineItem,
    linked: Option<LineItem>,
) -> Result<BasketEvent, Refusal> {
    let line = entered.line;
    let lines = &mut basket.transaction.lines;
    lines.push(entered);
    lines.extend(linked);
    if lines.len() > BASKET_LINES_MAX {
        return Err(Refusal::new(RefusalCode::BasketFull).with("lines", BASKET_LINES_MAX));
    }
    basket.push_undo(Undo::Added { line });
    Ok(BasketEvent::ItemAdded { line })
}

/// The line of an item as it was entered.
pub(super) fn line_of(line: LineNumber, item: &Item, entry: Entry<'_>) -> LineItem {
    LineItem {
        line,
        kind: entry.kind,
        item: item.id.clone(),
        code: Arc::from(barcode::kept(entry.code)),
        entry: entry.entry,
        description: item.description.clone(),
        department: item.department.clone(),
        category: item.category.clone(),
        tax_class: item.tax_class.clone(),
        quantity: entry.quantity,
        unit_price: entry.unit_price,
        shelf_amount: entry.shelf_amount,
        price_source: entry.price_source,
        recorded_modifiers: Vec::new(),
        modifiers: Vec::new(),
        net: entry.shelf_amount,
        return_reason: entry.return_reason,
        by_department: false,
        deposit_of: None,
        serial: None,
        weighing: entry.weighing,
        voided: None,
    }
}

/// A line taken out: it stays in the basket as voided.
pub(super) fn void(
    basket: &mut Basket,
    line: LineNumber,
    operator: &OperatorId,
) -> Result<BasketEvent, Refusal> {
    let before = own_line(basket, line)?.clone();
    let mut after = before.clone();
    after.voided = Some(voided(operator, "voided"));
    replace(basket, before, after)?;
    Ok(BasketEvent::LineVoided { line })
}

/// The last change taken back. A line that had been added stays as voided: what was once on the
/// screen is on record.
pub(super) fn undo(basket: &mut Basket, operator: &OperatorId) -> Result<BasketEvent, Refusal> {
    let Some(undo) = basket.undo.pop() else {
        return Err(RefusalCode::NothingToUndo.into());
    };
    match undo {
        Undo::Added { line } => {
            if let Some(added) = line_mut(basket, line) {
                added.voided = Some(voided(operator, "undone"));
            }
            deposit::follow(basket, line)?;
        }
        Undo::Changed { before } => {
            let line = before.line;
            if let Some(changed) = line_mut(basket, line) {
                *changed = *before;
            }
            deposit::follow(basket, line)?;
        }
        Undo::BasketModifier => {
            basket.recorded_modifiers.pop();
        }
        Undo::Customer { before } => {
            let tender = basket.customer.tender.take();
            basket.customer = Customer { tender, ..*before };
        }
        Undo::Buyer { ban, wish } => (basket.transaction.ban, basket.wish) = (ban, wish),
    }
    Ok(BasketEvent::Undone)
}

fn voided(operator: &OperatorId, reason: &'static str) -> VoidedLine {
    VoidedLine { operator: operator.clone(), reason: ReasonCode::from_static(reason) }
}

/// The line with this number, if it still counts.
pub(super) fn live_line(basket: &Basket, line: LineNumber) -> Result<&LineItem, Refusal> {
    basket
        .transaction
        .line(line)
        .filter(|entry| entry.voided.is_none())
        .ok_or_else(|| Refusal::new(RefusalCode::NoSuchLine).with("line", line))
}

/// The same, where the cashier changes it: that of a deposit follows the goods that it is for.
pub(super) fn own_line(basket: &Basket, line: LineNumber) -> Result<&LineItem, Refusal> {
    let found = live_line(basket, line)?;
    match found.deposit_of {
        Some(of) => Err(Refusal::new(RefusalCode::DepositFollows).with("line", of)),
        None => Ok(found),
    }
}

/// Puts another line in the place of one; its deposit follows.
pub(super) fn replace(
    basket: &mut Basket,
    before: LineItem,
    after: LineItem,
) -> Result<(), Refusal> {
    let number = before.line;
    if let Some(line) = line_mut(basket, number) {
        *line = after;
        basket.push_undo(Undo::Changed { before: Box::new(before) });
    }
    deposit::follow(basket, number)
}

pub(super) fn line_mut(basket: &mut Basket, line: LineNumber) -> Option<&mut LineItem> {
    basket.transaction.lines.iter_mut().find(|entry| entry.line == line)
}
