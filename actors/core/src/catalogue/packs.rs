//! Items that name other items. Packs: what their own row leaves out is so many times what their
//! item has. Deposits: what is added with their goods.

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

/// Checks that every deposit is sold by the piece, as its goods are, and has none itself: one scan
/// adds two lines and no more.
///
/// # Errors
/// The position of an item whose deposit is none.
pub(super) fn check_deposits(items: &[Item], codes: &Codes) -> Result<(), (usize, ImportReason)> {
    for (position, item) in items.iter().enumerate() {
        let Some(id) = item.deposit_item() else { continue };
        let deposit = codes.by_id(items, id.as_str());
        let deposit = deposit.and_then(|deposit| items.get(usize::try_from(deposit).ok()?));
        let is_deposit = |deposit: &Item| {
            deposit.sold_by == SoldBy::Piece
                && deposit.unit == Unit::Piece
                && deposit.deposit_item().is_none()
                && !deposit.has_serial()
        };
        if item.unit != Unit::Piece || !deposit.is_some_and(is_deposit) {
            return Err((position, ImportReason::UnknownDeposit(id.to_string())));
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
