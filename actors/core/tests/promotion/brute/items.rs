//! Stage 1: what a promotion of items makes of the units that it takes.

use std::collections::BTreeMap;

use store_core::ItemId;
use store_core::promotion::rule::{CarriedBy, Each, Favour, Group, GroupAward, Rule, UnitAward};

use super::arithmetic::{Set, half_up, has, places, share};
use super::basket::{Basket, Live};

/// One way in which a promotion lowers the units that it takes.
#[derive(Clone, Debug)]
pub struct Plan {
    /// By unit.
    pub reductions: Vec<i64>,
    pub uses: i64,
}

/// Every way in which a promotion may lower the units that it takes in each of its slots; none
/// where it may not take them.
pub fn plans(basket: &Basket, live: &Live, taken: &[Set]) -> Vec<Plan> {
    let plans = match &live.promotion.rule {
        Rule::Each(each) => plans_of_each(basket, live, each, taken[0]),
        Rule::Group(group) => plan_of_groups(basket, live, group, taken).into_iter().collect(),
        Rule::Order(_) | Rule::Reward(_) | Rule::NoPromotion(_) => Vec::new(),
    };
    plans.into_iter().filter(|plan| plan.uses <= live.uses_left).collect()
}

fn plans_of_each(basket: &Basket, live: &Live, each: &Each, taken: Set) -> Vec<Plan> {
    let uses = i64::from(taken.count_ones());
    let reached = each.tiers.iter().filter(|tier| i64::from(tier.from) <= uses);
    let plan = |award: UnitAward| {
        let mut reductions = vec![0; basket.units.len()];
        for unit in places(taken) {
            reductions[unit] = basket.reduction(unit, basket.units[unit].price, award);
        }
        cut(&mut reductions, live.cap);
        Plan { reductions, uses }
    };
    let lowers_all = |plan: &Plan| places(taken).all(|unit| plan.reductions[unit] > 0);
    reached.map(|tier| plan(tier.award)).filter(lowers_all).collect()
}

/// Cuts reductions, dearest first, where their sum reaches a cap.
pub fn cut(reductions: &mut [i64], cap: i64) {
    let mut left = cap;
    for reduction in reductions {
        *reduction = left.min(*reduction);
        left -= *reduction;
    }
}

fn plan_of_groups(basket: &Basket, live: &Live, group: &Group, taken: &[Set]) -> Option<Plan> {
    let own = taken.iter().fold(0, |all, slot| all | slot);
    let mut reductions = vec![0; basket.units.len()];
    let mut uses = 0;
    let mut groups = Vec::new();
    for scope in scopes(basket, group, own) {
        let count = group_count(live, group, taken, scope)?;
        let here = form(group, taken, scope, count);
        let before = award(basket, group, taken, &here, &mut reductions);
        let is_lowered = if takes_the_cheapest_of_all(group) {
            before.iter().sum::<i64>() > 0
        } else {
            before.iter().all(|reduction| *reduction > 0)
        };
        if !is_lowered {
            return None;
        }
        uses += count;
        groups.extend(here);
    }
    cut(&mut reductions, live.cap);
    let kept = groups.iter().map(|one| places(*one).map(|unit| reductions[unit]).sum());
    let kept: Vec<i64> = kept.collect();
    let keeps = if favours_the_retailer(group) {
        kept.iter().sum::<i64>() > 0
    } else {
        kept.iter().all(|reduction| *reduction > 0)
    };
    keeps.then_some(Plan { reductions, uses })
}

fn favours_the_retailer(group: &Group) -> bool {
    group.favour == Favour::Retailer
}

fn takes_the_cheapest_of_all(group: &Group) -> bool {
    favours_the_retailer(group) && matches!(group.award, GroupAward::Cheapest { .. })
}

/// What the rule of whole groups holds for: all units, or with `same_item` those of each item
/// of which some are taken.
fn scopes(basket: &Basket, group: &Group, own: Set) -> Vec<Set> {
    if !group.same_item {
        return vec![basket.everything()];
    }
    let mut of_items: BTreeMap<&ItemId, Set> = BTreeMap::new();
    for (place, unit) in basket.units.iter().enumerate() {
        *of_items.entry(&unit.item).or_default() |= 1 << place;
    }
    of_items.into_values().filter(|units| units & own != 0).collect()
}

/// How many groups the taken units of a scope make, if they make whole ones.
fn group_count(live: &Live, group: &Group, taken: &[Set], scope: Set) -> Option<i64> {
    let size = |set: Set| i64::from((set & scope).count_ones());
    let mut count = None;
    for (slot, taken) in group.slots.iter().zip(taken) {
        if slot.reusable {
            continue;
        }
        let (units, each) = (size(*taken), i64::from(slot.count));
        if units % each != 0 || count.is_some_and(|count| count != units / each) {
            return None;
        }
        count = Some(units / each);
    }
    let count = count.filter(|count| *count >= 1)?;
    let own = taken.iter().fold(0, |all, slot| all | slot);
    let has_enough = group.slots.iter().zip(&live.slots).all(|(slot, fitting)| {
        !slot.reusable || size(fitting & !own) >= count * i64::from(slot.count)
    });
    has_enough.then_some(count)
}

/// The units of each group: the first ones of each slot make the first, and so on.
fn form(group: &Group, taken: &[Set], scope: Set, count: i64) -> Vec<Set> {
    let mut groups = vec![0; usize::try_from(count).unwrap()];
    for (slot, taken) in group.slots.iter().zip(taken) {
        let each = usize::try_from(slot.count).unwrap();
        for (nth, unit) in places(taken & scope).enumerate() {
            groups[nth / each] |= 1 << unit;
        }
    }
    groups
}

/// Sets the reductions of some groups' units and answers how much each group is lowered.
fn award(
    basket: &Basket,
    group: &Group,
    taken: &[Set],
    groups: &[Set],
    reductions: &mut [i64],
) -> Vec<i64> {
    let price = |unit: usize| basket.units[unit].price;
    let everywhere = groups.iter().fold(0, |all, one| all | one);
    let of_all: Vec<usize> = match group.award {
        GroupAward::Cheapest { count, .. } if takes_the_cheapest_of_all(group) => {
            last(everywhere, groups.len() * usize::try_from(count).unwrap())
        }
        _ => Vec::new(),
    };
    let mut lowered = Vec::new();
    for &one in groups {
        let prices: Vec<i64> = places(one).map(price).collect();
        let sum: i64 = prices.iter().sum();
        let by_unit = |awarded: &dyn Fn(usize) -> Option<UnitAward>| -> Vec<i64> {
            let reduction =
                |unit| awarded(unit).map_or(0, |award| basket.reduction(unit, price(unit), award));
            places(one).map(reduction).collect()
        };
        let mut given = match group.award {
            GroupAward::BySlot => by_unit(&|unit| {
                let slot = taken.iter().position(|units| has(*units, unit)).unwrap();
                group.slots[slot].award
            }),
            GroupAward::PercentOff(points) => {
                prices.iter().map(|p| half_up(p * i64::from(points.0), 10_000)).collect()
            }
            GroupAward::Price(price) => share((sum - price).max(0), &prices),
            GroupAward::AmountOff(amount) => share(sum.min(amount), &prices),
            GroupAward::Cheapest { award, .. } if takes_the_cheapest_of_all(group) => {
                by_unit(&|unit| of_all.contains(&unit).then_some(award))
            }
            GroupAward::Cheapest { count, award } => {
                let awarded = last(one, usize::try_from(count).unwrap());
                by_unit(&|unit| awarded.contains(&unit).then_some(award))
            }
            GroupAward::Dearest { count, award } => {
                let first = places(one).take(usize::try_from(count).unwrap());
                let awarded: Vec<usize> = first.collect();
                by_unit(&|unit| awarded.contains(&unit).then_some(award))
            }
        };
        if group.carried_by == CarriedBy::All {
            given = share(given.iter().sum(), &prices);
        }
        lowered.push(given.iter().sum());
        for (unit, reduction) in places(one).zip(given) {
            reductions[unit] = reduction;
        }
    }
    lowered
}

/// The last so many units of a set.
fn last(set: Set, count: usize) -> Vec<usize> {
    let units: Vec<usize> = places(set).collect();
    units[units.len().saturating_sub(count)..].to_vec()
}

/// Whether *favour the retailer* forbids what a promotion took: a unit that fits a slot and that
/// nothing takes is dearer than one taken in it.
pub fn leaves_a_dearer_one(basket: &Basket, live: &Live, taken: &[Set], free: Set) -> bool {
    let Rule::Group(group) = &live.promotion.rule else {
        return false;
    };
    let price = |unit: usize| basket.units[unit].price;
    let is_dearer = |(fitting, taken): (&Set, &Set)| {
        let cheapest = places(*taken).map(price).min();
        let left = places(free & fitting).filter(|&unit| !basket.units[unit].is_fixed);
        cheapest.is_some_and(|cheapest| left.map(price).any(|left| left > cheapest))
    };
    favours_the_retailer(group) && live.slots.iter().zip(taken).any(is_dearer)
}
