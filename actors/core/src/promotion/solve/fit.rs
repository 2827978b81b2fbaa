//! What units an offer finds in a basket, and whether a table can tell what it gives for them.

use super::problem::{Problem, fits, is_reusable};
use super::settle::Taken;
use crate::promotion::rule::{CarriedBy, Group, GroupAward, Rule};
use crate::promotion::select::Offer;

/// Whether it can be told unit by unit what a reduction is worth, wherever it falls.
pub(super) fn is_evenly_weighed(
    problem: &Problem,
    taker: u16,
    units: &[Taken],
    weights: &[i128],
) -> bool {
    let Rule::Group(group) = &problem.offer(taker).promotion.rule else { return true };
    let is_shared = group.carried_by == CarriedBy::All
        && !matches!(group.award, GroupAward::Price(_) | GroupAward::AmountOff(_));
    let mut weights = units.iter().map(|(unit, _)| weights[*unit as usize]);
    let first = weights.next();
    !is_shared || weights.all(|weight| Some(weight) == first)
}

/// The units that each offer may take, with the slot.
pub(super) fn units_by_taker(problem: &Problem) -> Vec<Vec<Taken>> {
    let mut units = vec![Vec::new(); problem.offers.len()];
    for unit in 0..problem.units.len() {
        let Ok(number) = u32::try_from(unit) else { continue };
        for (taker, slot) in problem.options(unit) {
            units[usize::from(*taker)].push((number, *slot));
        }
    }
    units
}

/// How many units a slot finds that only have to be there; none where the promotion itself might
/// take some of them.
pub(super) fn reusable_of(
    problem: &Problem,
    offer: &Offer,
    number: u16,
    item: Option<&str>,
    own: &[(u32, u16)],
) -> Option<u32> {
    debug_assert!(is_reusable(offer, number), "asked of slots that take nothing");
    let is_there = |unit: usize| {
        fits(offer, usize::from(number), problem.units[unit].line)
            && item.is_none_or(|item| problem.line(unit).item.as_str() == item)
    };
    if own.iter().any(|(unit, _)| is_there(*unit as usize)) {
        return None;
    }
    u32::try_from((0..problem.units.len()).filter(|unit| is_there(*unit)).count()).ok()
}

/// Whether neither a ceiling nor the group's own price can cut what a group gets.
pub(super) fn is_capless(
    problem: &Problem,
    offer: &Offer,
    group: &Group,
    most: u32,
    units: &[(u32, u16)],
) -> bool {
    let price = |unit: u32| problem.units[unit as usize].price;
    if let GroupAward::AmountOff(off) = group.award {
        let mut least = 0_i128;
        for (number, slot) in (0_u16..).zip(&group.slots).filter(|(_, slot)| !slot.reusable) {
            let fit = units.iter().filter(|(_, by)| *by == number).map(|(unit, _)| price(*unit));
            least += i128::from(fit.min().unwrap_or(0)) * i128::from(slot.count);
        }
        let all = i128::from(off) * i128::from(most);
        return off > 0 && least >= i128::from(off) && all <= i128::from(offer.left.money);
    }
    if offer.left.money == i64::MAX {
        return true;
    }
    let mut units: Vec<u32> = units.iter().map(|(unit, _)| *unit).collect();
    units.dedup();
    let all: i128 = units.into_iter().map(|unit| i128::from(price(unit))).sum();
    all <= i128::from(offer.left.money)
}
