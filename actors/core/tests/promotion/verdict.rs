//! What two engines have to agree on.

use std::collections::BTreeMap;

use store_core::promotion::outcome::Outcome;
use store_core::promotion::rule::{Promotion, Rule};
use store_core::promotion::set::PromotionSet;
use store_core::{LineNumber, PromotionId};

use crate::brute::{Basket, Best, best};
use crate::generate::Case;

/// A choice, in the order in which choices are compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub total: i64,
    pub limited_uses: i64,
    pub points_earned: i64,
    pub used: Vec<PromotionId>,
    /// Who took each unit, by line and place within it.
    pub takers: BTreeMap<(LineNumber, usize), Option<PromotionId>>,
    pub points_spent: i64,
}

/// What the brute force says.
pub fn of_brute_force(case: &Case) -> Verdict {
    let basket = Basket::new(&case.set, &case.goods, &case.context);
    of_best(&basket, &best(&basket))
}

pub fn of_best(basket: &Basket, best: &Best) -> Verdict {
    let id = |place: usize| basket.live[place].promotion.id.clone();
    let taker = |place: usize| best.takers[place].map(|(live, _)| id(live));
    let unit = |place: usize| (basket.units[place].number, basket.units[place].place);
    Verdict {
        total: best.total,
        limited_uses: best.limited_uses,
        points_earned: best.points,
        used: crate::brute::arithmetic::places(best.used).map(id).collect(),
        takers: (0..basket.units.len()).map(|place| (unit(place), taker(place))).collect(),
        points_spent: best.cost_points,
    }
}

/// What the engine says.
pub fn of_outcome(case: &Case, outcome: &Outcome) -> Verdict {
    let promotion = |id: &PromotionId| case.set.find(id).unwrap().1;
    let lowers = |id: &PromotionId| !matches!(promotion(id).rule, Rule::Reward(_));
    let used: Vec<_> =
        outcome.applied.iter().filter(|applied| lowers(&applied.promotion)).collect();
    let limited = used.iter().filter(|applied| is_limited(promotion(&applied.promotion)));
    let mut takers = BTreeMap::new();
    let mut places: BTreeMap<usize, usize> = BTreeMap::new();
    for unit in &outcome.units {
        let place = places.entry(unit.line).or_default();
        let taker = unit.taken_by.map(|(index, _)| id_at(&case.set, index.0));
        takers.insert((case.goods.lines[unit.line].line, *place), taker);
        *place += 1;
    }
    Verdict {
        total: outcome.total,
        limited_uses: limited.map(|applied| i64::from(applied.uses)).sum(),
        points_earned: i64::try_from(outcome.points_earned).unwrap(),
        used: used.iter().map(|applied| applied.promotion.clone()).collect(),
        takers,
        points_spent: i64::try_from(outcome.points_spent).unwrap(),
    }
}

fn id_at(set: &PromotionSet, index: u32) -> PromotionId {
    set.promotions()[usize::try_from(index).unwrap()].id.clone()
}

fn is_limited(promotion: &Promotion) -> bool {
    let limits = &promotion.limits;
    promotion.coupon.is_some()
        || promotion.cost_points > 0
        || limits.per_member.is_some()
        || limits.per_day.is_some()
        || limits.total.is_some()
        || limits.budget.is_some()
}
