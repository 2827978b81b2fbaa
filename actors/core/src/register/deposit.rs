//! The deposit on goods: a line of its own that goes with theirs.

use std::sync::Arc;

use super::basket::Basket;
use super::entered::{Entry, line_of};
use super::lines::{bad_quantity, extended, no_price, price_of};
use crate::catalogue::Item;
use crate::transaction::{EntryMethod, LineItem, PriceSource};
use crate::{LineNumber, Money, Quantity, Refusal, Unit};

/// The line of the deposit on what a line sells or takes back, where its item has one.
pub(super) fn line(
    basket: &Basket,
    item: &Item,
    of: &LineItem,
) -> Result<Option<LineItem>, Refusal> {
    let catalogue = &basket.in_force.catalogue;
    let Some(deposit) = item.deposit_item().and_then(|id| catalogue.item(id)) else {
        return Ok(None);
    };
    let unit_price = price_of(basket, deposit).ok_or_else(|| no_price(deposit))?;
    let (quantity, shelf_amount) = amount(of, unit_price)?;
    let code: Arc<str> = Arc::from(deposit.main_code());
    let entry = Entry {
        code: &code,
        kind: of.kind,
        entry: EntryMethod::Keyed,
        quantity,
        unit_price,
        shelf_amount,
        price_source: PriceSource::Catalogue,
        return_reason: of.return_reason.clone(),
        weighing: None,
    };
    let line = line_of(LineNumber(of.line.0.saturating_add(1)), deposit, entry);
    Ok(Some(LineItem { deposit_of: Some(of.line), ..line }))
}

/// Brings the deposit on a line up to date: as many as there are of the goods, and taken out with
/// them.
pub(super) fn follow(basket: &mut Basket, of: LineNumber) -> Result<(), Refusal> {
    let Some(goods) = basket.transaction.line(of).cloned() else { return Ok(()) };
    let lines = basket.transaction.lines.iter_mut();
    for deposit in lines.filter(|line| line.deposit_of == Some(of)) {
        (deposit.quantity, deposit.shelf_amount) = amount(&goods, deposit.unit_price)?;
        deposit.voided.clone_from(&goods.voided);
    }
    Ok(())
}

/// How many deposits, and what they come to.
fn amount(goods: &LineItem, unit_price: Money) -> Result<(Quantity, Money), Refusal> {
    let pieces = Quantity::from_thousandths(goods.quantity.thousandths(), Unit::Piece)
        .map_err(bad_quantity)?;
    Ok((pieces, extended(unit_price, pieces)?))
}
