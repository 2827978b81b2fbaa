//! Packs: what their own row leaves out is so many times what their item has.

use super::SoldBy;
use super::codes::Codes;
use super::import_error::ImportReason;
use super::item::{Item, PackOf, Prices};
use crate::{Money, Unit};

/// Gives packs the prices and costs that their rows leave out.
///
/// # Errors
/// The position of a pack of what is no piece of the catalogue, or that costs too much.
pub(super) fn resolve(items: &mut [Item], codes: &Codes) -> Result<(), (usize, ImportReason)> {
    let packs: Vec<usize> = (0..items.len())
        .filter(|position| items.get(*position).is_some_and(|item| item.pack_of().is_some()))
        .collect();
    for position in packs {
        let fault = |reason| (position, reason);
        let Some(pack) = items.get(position).and_then(Item::pack_of).cloned() else { continue };
        let base = codes.by_id(items, pack.item.as_str());
        let base = base.and_then(|base| items.get(usize::try_from(base).ok()?));
        let is_piece = |item: &&Item| {
            item.unit == Unit::Piece && item.sold_by == SoldBy::Piece && item.pack_of().is_none()
        };
        let base = base.filter(is_piece).cloned();
        let base = base.ok_or_else(|| fault(ImportReason::UnknownPack(pack.item.to_string())))?;
        if let Some(item) = items.get_mut(position) {
            fill(item, &base, &pack).map_err(fault)?;
        }
    }
    Ok(())
}

fn fill(item: &mut Item, base: &Item, pack: &PackOf) -> Result<(), ImportReason> {
    let times = |minor: i64| {
        let minor = minor.checked_mul(i64::from(pack.pieces));
        let money = minor.and_then(|minor| Money::from_minor(minor, item.currency).ok());
        money.ok_or(ImportReason::BadAmount(crate::MoneyError::TooLarge))
    };
    let prices = match (&item.prices, &base.prices) {
        (Prices::None, Prices::Always(minor)) => Some(Prices::Always(times(*minor)?.minor())),
        (Prices::None, Prices::Dated(dated)) => {
            let dated = dated.iter().map(|(from, minor)| Ok((*from, times(*minor)?.minor())));
            Some(Prices::Dated(dated.collect::<Result<_, ImportReason>>()?))
        }
        _ => None,
    };
    let all = |amount: Option<Money>| amount.map(|amount| times(amount.minor())).transpose();
    let (cost, floor_price) = (all(base.cost())?, all(base.floor_price())?);
    if let Some(prices) = prices {
        item.prices = prices;
    }
    if let Some(details) = &mut item.details {
        details.cost = details.cost.or(cost);
        details.floor_price = details.floor_price.or(floor_price);
    }
    Ok(())
}
