//! Entering, changing and taking out lines.

use rust_decimal::Decimal;

use super::basket::Basket;
use super::entered::{Entry, add, own_line, replace};
use super::event::BasketEvent;
use super::rules::RegisterRules;
use super::serial;
use crate::barcode::{self, Measure};
use crate::catalogue::{Catalogue, Found, Item, SoldBy};
use crate::transaction::{EntryMethod, LineKind, PriceSource, Weighing};
use crate::{
    ItemId, LineNumber, Money, Quantity, ReasonCode, Refusal, RefusalCode, Rounding, Unit,
};

/// Most pieces of one line: a barcode scanned into the quantity field must not become one.
const PIECES_MAX: i64 = 9_999;

/// A scanned code: a new line, or one more onto a line of the same item.
pub(super) fn scan(
    rules: &RegisterRules,
    basket: &mut Basket,
    (code, chosen): (&str, Option<&ItemId>),
    onto: Option<LineNumber>,
) -> Result<BasketEvent, Refusal> {
    let catalogue = basket.in_force.catalogue.clone();
    let found = sold(rules, basket, &catalogue, (code, chosen))?;
    let price = price_of(basket, found.item);
    let (quantity, unit_price, shelf_amount, price_source) = scanned(rules, &found, price)?;
    if let Some(line) = onto {
        return add_onto(basket, line, found.item, quantity, shelf_amount, price_source);
    }
    let entry = Entry {
        code,
        kind: LineKind::Sale,
        entry: EntryMethod::Scanned,
        quantity,
        unit_price,
        shelf_amount,
        price_source,
        return_reason: None,
        weighing: None,
    };
    add(basket, found.item, entry)
}

/// What a code sells. A piece that says of itself that its time is over is not sold, whichever way
/// its code came in.
fn sold<'a>(
    rules: &RegisterRules,
    basket: &Basket,
    catalogue: &'a Catalogue,
    (code, chosen): (&str, Option<&ItemId>),
) -> Result<Found<'a>, Refusal> {
    let day = basket.day_in_force;
    let found = catalogue.find_chosen(code, chosen, &rules.layouts, day)?;
    match barcode::marks(code, rules.currency).expires {
        Some(expired) if expired < day => {
            let refusal = Refusal::new(RefusalCode::GoodsExpired);
            Err(refusal.with("item", &found.item.description).with("date", expired))
        }
        _ => Ok(found),
    }
}

fn scanned(
    rules: &RegisterRules,
    found: &Found<'_>,
    price: Option<Money>,
) -> Result<(Quantity, Money, Money, PriceSource), Refusal> {
    match &found.measure {
        Some(Measure::Price(minor)) => {
            let amount = Money::from_minor(*minor, rules.currency).map_err(bad_amount)?;
            let quantity = labelled(found.item, amount, price);
            Ok((quantity, price.unwrap_or(amount), amount, PriceSource::Label))
        }
        Some(Measure::Weight(weight)) => {
            let unit_price = price.ok_or_else(|| no_price(found.item))?;
            let amount = extended(unit_price, *weight)?;
            Ok((*weight, unit_price, amount, PriceSource::Catalogue))
        }
        None => {
            let unit_price = price.ok_or_else(|| no_price(found.item))?;
            if found.item.sold_by != SoldBy::Piece {
                return Err(weight_needed(found.item));
            }
            let quantity = Quantity::pieces(i64::from(found.pack)).map_err(bad_quantity)?;
            Ok((quantity, unit_price, extended(unit_price, quantity)?, PriceSource::Catalogue))
        }
    }
}

/// How much a labelled price stands for: one piece, or of what is weighed as much as costs that,
/// to the thousandth, because its stock is kept by weight.
fn labelled(item: &Item, amount: Money, price: Option<Money>) -> Quantity {
    let by_price = || {
        let share = amount.amount().checked_div(price?.amount())?;
        let rounded = Rounding::HalfUp.round(share.checked_mul(Decimal::ONE_THOUSAND)?);
        let thousandths = i64::try_from(rounded).ok().filter(|thousandths| *thousandths > 0)?;
        Quantity::from_thousandths(thousandths, item.unit).ok()
    };
    let piece = Quantity::one(Unit::Piece);
    if item.unit == Unit::Piece { piece } else { by_price().unwrap_or(piece) }
}

fn add_onto(
    basket: &mut Basket,
    line: LineNumber,
    item: &Item,
    quantity: Quantity,
    amount: Money,
    source: PriceSource,
) -> Result<BasketEvent, Refusal> {
    let before = own_line(basket, line)?.clone();
    let fits =
        before.item == item.id && before.kind == LineKind::Sale && before.price_source == source;
    if !fits {
        return Err(Refusal::new(RefusalCode::NoSuchLine).with("line", line));
    }
    serial::one_by_one(basket, &before)?;
    let mut after = before.clone();
    after.quantity = within_limits(before.quantity.add(quantity).map_err(bad_quantity)?)?;
    after.shelf_amount = match source {
        PriceSource::Catalogue => extended(before.unit_price, after.quantity)?,
        PriceSource::Label | PriceSource::Keyed => {
            before.shelf_amount.add(amount).map_err(bad_amount)?
        }
    };
    replace(basket, before, after)?;
    Ok(BasketEvent::LineChanged { line })
}

/// A typed or picked code.
pub(super) fn key(
    rules: &RegisterRules,
    basket: &mut Basket,
    (code, chosen): (&str, Option<&ItemId>),
    quantity: Option<Quantity>,
    amount: Option<Money>,
) -> Result<BasketEvent, Refusal> {
    let catalogue = basket.in_force.catalogue.clone();
    let found = sold(rules, basket, &catalogue, (code, chosen))?;
    let item = found.item;
    let quantity = match quantity {
        Some(quantity) => quantity,
        None if item.sold_by == SoldBy::Piece || amount.is_some() => {
            Quantity::pieces(i64::from(found.pack)).map_err(bad_quantity)?
        }
        None => return Err(weight_needed(item)),
    };
    let quantity = within_limits(quantity)?;
    let price = price_of(basket, item);
    // An item by weight may be entered by the piece when its amount is keyed: a pre-packed piece.
    let unit_fits =
        quantity.unit() == item.unit || (amount.is_some() && quantity.unit() == Unit::Piece);
    if !unit_fits {
        return Err(Refusal::new(RefusalCode::BadQuantity).with("unit", item.unit.code()));
    }
    let (shelf_amount, price_source) = match amount {
        Some(amount) => (positive(amount, rules)?, PriceSource::Keyed),
        None => {
            let price = price.ok_or_else(|| no_price(item))?;
            (extended(price, quantity)?, PriceSource::Catalogue)
        }
    };
    if quantity.is_zero() && !shelf_amount.is_zero() {
        return Err(RefusalCode::BadQuantity.into());
    }
    let entry = Entry {
        code,
        kind: LineKind::Sale,
        entry: EntryMethod::Keyed,
        quantity,
        unit_price: price.unwrap_or(shelf_amount),
        shelf_amount,
        price_source,
        return_reason: None,
        weighing: None,
    };
    add(basket, item, entry)
}

/// A code and a weight: typed, or by a reading of a scale that says so, where it is remembered.
pub(super) fn weigh(
    rules: &RegisterRules,
    basket: &mut Basket,
    code: &str,
    (weight, claimed): (Quantity, Option<Option<&Weighing>>),
) -> Result<BasketEvent, Refusal> {
    let catalogue = basket.in_force.catalogue.clone();
    let item = sold(rules, basket, &catalogue, (code, None))?.item;
    let weight = within_limits(weight)?;
    if item.sold_by == SoldBy::Piece || weight.unit() != item.unit || weight.is_zero() {
        return Err(Refusal::new(RefusalCode::BadQuantity).with("unit", item.unit.code()));
    }
    let weighing = claimed.map(|said| weighing(said, item, weight)).transpose()?;
    // A weight that somebody typed is no scale's, whatever scale they read.
    let entry = if weighing.is_some() { EntryMethod::Weighed } else { EntryMethod::Keyed };
    let unit_price = price_of(basket, item).ok_or_else(|| no_price(item))?;
    let entry = Entry {
        code,
        kind: LineKind::Sale,
        entry,
        quantity: weight,
        unit_price,
        shelf_amount: extended(unit_price, weight)?,
        price_source: PriceSource::Catalogue,
        return_reason: None,
        weighing,
    };
    add(basket, item, entry)
}

/// What a scale said, where it said just this: less the item's tare it is what is sold.
fn weighing(
    said: Option<&Weighing>,
    item: &Item,
    weight: Quantity,
) -> Result<Box<Weighing>, Refusal> {
    let stale = || Refusal::new(RefusalCode::ScaleReadingStale);
    let said = said.cloned().ok_or_else(stale)?;
    let tare = item.tare();
    let net = match tare {
        Some(tare) => said.gross.add(tare.negated()).map_err(|_| stale())?,
        None => said.gross,
    };
    if net != weight {
        return Err(stale());
    }
    Ok(Box::new(Weighing { tare, ..said }))
}

/// An item that comes back: a line with negative quantity and amounts.
pub(super) fn take_back(
    rules: &RegisterRules,
    basket: &mut Basket,
    code: &str,
    quantity: Quantity,
    amount: Option<Money>,
    reason: &ReasonCode,
) -> Result<BasketEvent, Refusal> {
    if !rules.reasons.returns.contains(reason) {
        return Err(Refusal::new(RefusalCode::UnknownReason).with("reason", reason));
    }
    let catalogue = basket.in_force.catalogue.clone();
    let item = catalogue.find_chosen(code, None, &rules.layouts, basket.day_in_force)?.item;
    let quantity = within_limits(quantity)?;
    let unit_fits =
        quantity.unit() == item.unit || (amount.is_some() && quantity.unit() == Unit::Piece);
    if quantity.is_zero() || !unit_fits {
        return Err(Refusal::new(RefusalCode::BadQuantity).with("unit", item.unit.code()));
    }
    let price = price_of(basket, item);
    let (paid_back, price_source) = match amount {
        Some(amount) => (positive(amount, rules)?, PriceSource::Keyed),
        None => {
            let price = price.ok_or_else(|| no_price(item))?;
            (extended(price, quantity)?, PriceSource::Catalogue)
        }
    };
    let entry = Entry {
        code,
        kind: LineKind::Return,
        entry: EntryMethod::Keyed,
        quantity: quantity.negated(),
        unit_price: price.unwrap_or(paid_back),
        shelf_amount: paid_back.negated(),
        price_source,
        return_reason: Some(reason.clone()),
        weighing: None,
    };
    add(basket, item, entry)
}

/// Another quantity on a line that follows the catalogue's price.
pub(super) fn set_quantity(
    basket: &mut Basket,
    line: LineNumber,
    quantity: Quantity,
) -> Result<BasketEvent, Refusal> {
    let before = own_line(basket, line)?.clone();
    let quantity = within_limits(quantity)?;
    serial::one_by_one(basket, &before)?;
    // What a key of a department sells costs so much a piece as was keyed.
    let has_unit_price = before.price_source == PriceSource::Catalogue || before.by_department;
    let fits = before.kind == LineKind::Sale
        && has_unit_price
        && quantity.unit() == before.quantity.unit()
        && !quantity.is_zero();
    if !fits {
        return Err(
            Refusal::new(RefusalCode::BadQuantity).with("unit", before.quantity.unit().code())
        );
    }
    let mut after = before.clone();
    after.quantity = quantity;
    // What is sold now no scale said.
    if after.weighing.take().is_some() {
        after.entry = EntryMethod::Keyed;
    }
    after.shelf_amount = extended(before.unit_price, quantity)?;
    replace(basket, before, after)?;
    Ok(BasketEvent::LineChanged { line })
}

pub(super) fn price_of(basket: &Basket, item: &Item) -> Option<Money> {
    item.price_on(basket.day_in_force)
}

/// What a quantity costs: unit price times quantity, rounded half up on the line.
pub(super) fn extended(unit_price: Money, quantity: Quantity) -> Result<Money, Refusal> {
    unit_price.times(quantity.amount(), Rounding::HalfUp).map_err(bad_amount)
}

pub(super) fn within_limits(quantity: Quantity) -> Result<Quantity, Refusal> {
    let is_too_many = quantity.unit() == Unit::Piece && quantity.thousandths() > PIECES_MAX * 1000;
    if quantity.is_negative() || is_too_many {
        return Err(Refusal::new(RefusalCode::BadQuantity).with("unit", quantity.unit().code()));
    }
    Ok(quantity)
}

fn positive(amount: Money, rules: &RegisterRules) -> Result<Money, Refusal> {
    if amount.is_negative() || amount.currency() != rules.currency {
        return Err(RefusalCode::BadAmount.into());
    }
    Ok(amount)
}

pub(super) fn no_price(item: &Item) -> Refusal {
    Refusal::new(RefusalCode::NoPrice).with("item", &item.description)
}

fn weight_needed(item: &Item) -> Refusal {
    let refusal = Refusal::new(RefusalCode::WeightNeeded).with("item", &item.description);
    match item.tare() {
        Some(tare) => refusal.with("tare", tare.amount()),
        None => refusal,
    }
}

pub(super) fn bad_amount(_: crate::MoneyError) -> Refusal {
    RefusalCode::BadAmount.into()
}

pub(super) fn bad_quantity(_: crate::QuantityError) -> Refusal {
    RefusalCode::BadQuantity.into()
}
