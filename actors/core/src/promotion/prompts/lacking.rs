//! What a live promotion lacks to give more than it gives.

use std::collections::BTreeSet;

use super::UNITS_ASKED_MAX;
use crate::promotion::goods::GoodsLine;
use crate::promotion::index::matches;
use crate::promotion::rule::{
    Basis, Counts, Each, Group, Limits, Order, Promotion, Rule, Selector, Spend,
};
use crate::promotion::scene::{SceneUnit, matched, measure};
use crate::{ItemId, MoneyError};

/// Something that a promotion lacks.
#[derive(Clone, Debug)]
pub(super) enum Lack<'a> {
    /// So many units of one item.
    Units {
        /// The parts of the promotion that the item has to fit.
        parts: Vec<usize>,
        /// How many.
        count: u32,
        /// Where it has to be this one.
        item: Option<ItemId>,
    },
    /// Goods for some money.
    Amount(Missing<'a>),
}

/// An amount that is not reached.
#[derive(Clone, Debug)]
pub(super) struct Missing<'a> {
    /// What counts.
    pub(super) items: &'a Selector,
    /// How it is measured.
    pub(super) basis: Basis,
    /// What has to be reached.
    pub(super) from: i64,
    /// What counts towards it so far.
    pub(super) counted: Vec<(&'a GoodsLine, i64)>,
}

/// Everything that a promotion lacks one of.
pub(super) fn lacks<'a>(
    promotion: &'a Promotion,
    uses: u32,
    units: &[SceneUnit<'a>],
) -> Result<Vec<Lack<'a>>, MoneyError> {
    match &promotion.rule {
        Rule::Each(each) => of_each(each, &promotion.limits, uses, units),
        Rule::Group(group) => of_group(group, uses, units),
        Rule::Order(order) => of_order(order, units),
        Rule::Reward(_) | Rule::NoPromotion(_) => Ok(Vec::new()),
    }
}

fn count(items: impl Iterator) -> u32 {
    u32::try_from(items.count()).unwrap_or(u32::MAX)
}

fn asked(parts: Vec<usize>, count: u32) -> Option<Lack<'static>> {
    let is_asked = (1..=UNITS_ASKED_MAX).contains(&count);
    is_asked.then_some(Lack::Units { parts, count, item: None })
}

/// Units to the next tiers; where something has to be spent, the amount, or a unit for it.
fn of_each<'a>(
    each: &'a Each,
    limits: &Limits,
    uses: u32,
    units: &[SceneUnit<'a>],
) -> Result<Vec<Lack<'a>>, MoneyError> {
    let there = count(matched(units, &each.items).filter(|unit| !unit.line.is_fixed));
    let first = each.tiers.first().map_or(1, |tier| tier.from);
    let to_tiers = each.tiers.iter().filter(|tier| tier.from > there);
    let mut lacks: Vec<Lack> =
        to_tiers.filter_map(|tier| asked(vec![0], tier.from - there)).collect();
    let Some(spend) = &each.spend else {
        // Of goods that nobody has taken yet there is nothing to say.
        lacks.retain(|_| there > 0);
        return Ok(lacks);
    };
    let own: Vec<&Selector> = vec![&each.items];
    let most = limits.per_basket.unwrap_or(u32::MAX).min(first.max(1));
    let reached = of_spend(spend, &own, most, uses, units)?;
    if reached.allows_more && there <= uses {
        lacks.extend(asked(vec![0], first.saturating_sub(there).max(1)));
    } else if !reached.allows_more {
        lacks.clear();
    }
    if there > uses && there >= first {
        lacks.extend(reached.missing.map(Lack::Amount));
    }
    Ok(lacks)
}

/// How far the money that a promotion asks for is spent.
struct Spent<'a> {
    allows_more: bool,
    missing: Option<Missing<'a>>,
}

/// Units that the promotion takes itself do not count; until it takes any, the dearest that it
/// could take stand for them.
fn of_spend<'a>(
    spend: &'a Spend,
    own: &[&Selector],
    units_of_a_use: u32,
    uses: u32,
    units: &[SceneUnit<'a>],
) -> Result<Spent<'a>, MoneyError> {
    let is_own = |unit: &SceneUnit| {
        !unit.line.is_fixed && own.iter().any(|selector| matches(selector, unit.line))
    };
    let mut takeable: Vec<usize> =
        (0..units.len()).filter(|place| is_own(&units[*place])).collect();
    takeable.sort_by_key(|place| std::cmp::Reverse(units[*place].amount));
    let taken = units_of_a_use.saturating_mul(uses.max(1));
    takeable.truncate(usize::try_from(taken).unwrap_or(usize::MAX));
    let counts = |place: usize, unit: &SceneUnit| {
        matches(&spend.items, unit.line) && !takeable.contains(&place)
    };
    let counted = units.iter().enumerate().filter(|(place, unit)| counts(*place, unit));
    let counted: Vec<_> = counted.map(|(_, unit)| (unit.line, unit.amount)).collect();
    let measured = measure(counted.iter().copied(), spend.basis)?;
    let times = if spend.amount > 0 { measured / spend.amount } else { i64::MAX };
    let allows_more = times > if spend.is_repeatable { i64::from(uses) } else { 0 };
    let next = if spend.is_repeatable { times.saturating_add(1) } else { 1 };
    let from = spend.amount.saturating_mul(next);
    let is_missing = from > measured && (spend.is_repeatable || times == 0);
    let missing =
        is_missing.then_some(Missing { items: &spend.items, basis: spend.basis, from, counted });
    Ok(Spent { allows_more, missing })
}

/// The units of one more group, and what has to be spent for it.
fn of_group<'a>(
    group: &'a Group,
    uses: u32,
    units: &[SceneUnit<'a>],
) -> Result<Vec<Lack<'a>>, MoneyError> {
    let mut lacks = Vec::new();
    let mut is_complete = false;
    if group.same_item {
        let items: BTreeSet<&ItemId> = units.iter().map(|unit| &unit.line.item).collect();
        for item in items {
            let own: Vec<SceneUnit> =
                units.iter().filter(|unit| unit.line.item == *item).copied().collect();
            if let Some(Lack::Units { parts, count, .. }) = of_slots(group, &own, &mut is_complete)
            {
                lacks.push(Lack::Units { parts, count, item: Some(item.clone()) });
            }
        }
    } else {
        lacks.extend(of_slots(group, units, &mut is_complete));
    }
    if let Some(spend) = &group.spend {
        let own: Vec<&Selector> =
            group.slots.iter().filter(|slot| !slot.reusable).map(|slot| &slot.items).collect();
        let size = group.slots.iter().filter(|slot| !slot.reusable).map(|slot| slot.count).sum();
        let spent = of_spend(spend, &own, size, uses, units)?;
        if !spent.allows_more {
            lacks.clear();
            lacks.extend(spent.missing.filter(|_| is_complete).map(Lack::Amount));
        }
    }
    Ok(lacks)
}

/// The units that one more group lacks. Slots are filled with the units that fit the fewest other
/// slots first; where that is not the best way, the group is offered less often, never wrongly.
fn of_slots(group: &Group, units: &[SceneUnit], is_complete: &mut bool) -> Option<Lack<'static>> {
    let fitting = fitting(group, units);
    if fitting.is_empty() {
        return None;
    }
    // There are `full` groups at least and no `open` ones.
    let (mut full, mut open) = (0, count(fitting.iter()).saturating_add(1));
    while full + 1 < open {
        let middle = full.midpoint(open);
        let is_full = missing(group, &fitting, middle).is_empty();
        (full, open) = if is_full { (middle, open) } else { (full, middle) };
    }
    *is_complete |= full > 0;
    let missing = missing(group, &fitting, open);
    let total = missing.iter().fold(0_u32, |total, (_, count)| total.saturating_add(*count));
    // A group of which nothing is there lacks nothing: it is another errand.
    let size = group.slots.iter().fold(0_u32, |size, slot| size.saturating_add(slot.count));
    if total >= size {
        return None;
    }
    asked(missing.into_iter().map(|(slot, _)| slot).collect(), total)
}

/// How many units the first group lacks.
pub(in crate::promotion) fn missing_of_first(group: &Group, units: &[SceneUnit]) -> u32 {
    let lacks = |units: &[SceneUnit]| {
        let missing = missing(group, &fitting(group, units), 1);
        missing.iter().fold(0_u32, |total, (_, count)| total.saturating_add(*count))
    };
    if !group.same_item {
        return lacks(units);
    }
    let items: BTreeSet<&ItemId> = units.iter().map(|unit| &unit.line.item).collect();
    let of_item = |item: &ItemId| -> Vec<SceneUnit> {
        units.iter().filter(|unit| unit.line.item == *item).copied().collect()
    };
    items.into_iter().map(|item| lacks(&of_item(item))).min().unwrap_or(0)
}

/// For each unit that fits any slot those that it fits, the choosiest first.
fn fitting(group: &Group, units: &[SceneUnit]) -> Vec<Vec<usize>> {
    let fits = |slot: usize, unit: &SceneUnit| {
        let slot = &group.slots[slot];
        (slot.reusable || !unit.line.is_fixed) && matches(&slot.items, unit.line)
    };
    let mut fitting: Vec<Vec<usize>> = units
        .iter()
        .map(|unit| (0..group.slots.len()).filter(|slot| fits(*slot, unit)).collect())
        .collect();
    fitting.retain(|slots| !slots.is_empty());
    fitting.sort_by_key(Vec::len);
    fitting
}

/// For each slot that is not full, how many units it lacks for so many groups. `fitting` has for
/// each unit the slots that it fits.
fn missing(group: &Group, fitting: &[Vec<usize>], groups: u32) -> Vec<(usize, u32)> {
    let mut open: Vec<u32> =
        group.slots.iter().map(|slot| slot.count.saturating_mul(groups)).collect();
    for slots in fitting {
        let is_taken = |slot: &&usize| !group.slots[**slot].reusable && open[**slot] > 0;
        // The slot that is furthest from full takes it; else it only has to be there.
        let taker = slots.iter().filter(is_taken).max_by_key(|slot| open[**slot]);
        match taker {
            Some(slot) => open[*slot] -= 1,
            None => {
                for slot in slots.iter().filter(|slot| group.slots[**slot].reusable) {
                    open[*slot] = open[*slot].saturating_sub(1);
                }
            }
        }
    }
    open.into_iter().enumerate().filter(|(_, count)| *count > 0).collect()
}

/// The way to the next tier, or to the next time.
fn of_order<'a>(order: &'a Order, units: &[SceneUnit<'a>]) -> Result<Vec<Lack<'a>>, MoneyError> {
    let covered = matched(units, &order.items);
    let covered = covered.filter(|unit| !(order.undiscounted_only && unit.is_lowered));
    let counted: Vec<(&GoodsLine, i64)> = covered.map(|unit| (unit.line, unit.amount)).collect();
    if counted.is_empty() {
        return Ok(Vec::new());
    }
    let measured = match order.counts {
        Counts::Amount => measure(counted.iter().copied(), order.basis)?,
        Counts::Quantity => i64::try_from(counted.len()).unwrap_or(i64::MAX),
    };
    let next = order.tiers.iter().map(|tier| tier.from).find(|from| *from > measured);
    let next = match order.tiers.as_slice() {
        [tier] if order.is_repeatable && tier.from > 0 => {
            Some((measured / tier.from).saturating_add(1).saturating_mul(tier.from))
        }
        _ => next,
    };
    let Some(from) = next else {
        return Ok(Vec::new());
    };
    let lack = match order.counts {
        Counts::Quantity => asked(vec![0], u32::try_from(from - measured).unwrap_or(u32::MAX)),
        Counts::Amount => {
            Some(Lack::Amount(Missing { items: &order.items, basis: order.basis, from, counted }))
        }
    };
    Ok(lack.into_iter().collect())
}
