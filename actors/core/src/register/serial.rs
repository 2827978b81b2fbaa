//! Goods that bear a number each: which one is sold.

use std::sync::Arc;

use serde::Serialize;

use super::basket::Basket;
use super::entered::{line_mut, own_line, replace};
use super::event::BasketEvent;
use crate::barcode::{self, CODE_CHARS_MAX};
use crate::catalogue::Item;
use crate::transaction::LineItem;
use crate::{LineNumber, Quantity, Refusal, RefusalCode, Unit};

/// Whose number is asked for, as a screen shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SerialView {
    /// The line.
    pub line: LineNumber,
    /// Its name.
    pub description: Arc<str>,
}

/// The first line whose number nobody has named yet.
pub(super) fn needed(basket: &Basket) -> Option<SerialView> {
    let mut live = basket.transaction.live_lines();
    let line = live.find(|line| line.serial.is_none() && has_one(basket, line))?;
    Some(SerialView { line: line.line, description: line.description.clone() })
}

/// Refuses payment before every number is named.
pub(super) fn check(basket: &Basket) -> Result<(), Refusal> {
    let Some(SerialView { line, description }) = needed(basket) else { return Ok(()) };
    let refusal = Refusal::new(RefusalCode::SerialNeeded).with("line", line);
    Err(refusal.with("item", description))
}

/// Refuses more than one piece of such goods on one line.
pub(super) fn one_piece(item: &Item, quantity: Quantity) -> Result<(), Refusal> {
    let one = Quantity::one(Unit::Piece);
    if !item.has_serial() || quantity == one || quantity == one.negated() {
        return Ok(());
    }
    Err(Refusal::new(RefusalCode::OneByOne).with("item", &item.description))
}

/// Refuses another quantity on a line of such goods.
pub(super) fn one_by_one(basket: &Basket, line: &LineItem) -> Result<(), Refusal> {
    if has_one(basket, line) {
        return Err(Refusal::new(RefusalCode::OneByOne).with("item", &line.description));
    }
    Ok(())
}

/// Names the number of the piece on a line.
pub(super) fn name(
    basket: &mut Basket,
    line: LineNumber,
    serial: &str,
) -> Result<BasketEvent, Refusal> {
    let (before, after) = named(basket, line, serial)?;
    replace(basket, before, after)?;
    Ok(BasketEvent::SerialNamed { line })
}

/// The code of the goods on a line that was just added said which piece it is. Goods that bear no
/// number of the store's concern are sold all the same.
pub(super) fn read_with_goods(
    basket: &mut Basket,
    line: LineNumber,
    serial: &str,
) -> Result<(), Refusal> {
    if !has_one(basket, own_line(basket, line)?) {
        return Ok(());
    }
    let (_, after) = named(basket, line, serial)?;
    // With the line itself it is taken back.
    if let Some(own) = line_mut(basket, line) {
        *own = after;
    }
    Ok(())
}

/// A line before and after the number of its piece is named.
fn named(basket: &Basket, line: LineNumber, serial: &str) -> Result<(LineItem, LineItem), Refusal> {
    let before = own_line(basket, line)?.clone();
    // The number is what a code of the goods says of the piece, where it says it.
    let rules = &basket.in_force.rules;
    let marked = barcode::marks(serial, rules.currency).serial;
    let serial = marked.as_deref().unwrap_or_else(|| barcode::kept(serial));
    // A box bears the barcode of its goods beside the number of its piece.
    let of_goods = basket.in_force.catalogue.find(serial, &rules.layouts);
    let is_goods = marked.is_none() && of_goods.is_ok_and(|found| found.item.id == before.item);
    let is_number = !is_goods
        && (1..=CODE_CHARS_MAX).contains(&serial.chars().count())
        && !serial.chars().any(char::is_control);
    if !is_number || !has_one(basket, &before) {
        return Err(Refusal::new(RefusalCode::BadSerial).with("item", &before.description));
    }
    let is_same = |other: &LineItem| {
        other.line != line && other.item == before.item && other.serial.as_deref() == Some(serial)
    };
    if basket.transaction.live_lines().any(is_same) {
        return Err(Refusal::new(RefusalCode::SerialTwice).with("serial", serial));
    }
    let after = LineItem { serial: Some(Arc::from(serial)), ..before.clone() };
    Ok((before, after))
}

fn has_one(basket: &Basket, line: &LineItem) -> bool {
    basket.in_force.catalogue.item(&line.item).is_some_and(Item::has_serial)
}
