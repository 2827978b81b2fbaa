//! Promotions of orders that cover different goods: each way of using them makes the goods worth
//! more or less, and with what a unit is worth the tables find the least of that way.

use super::Budget;
use super::orders::is_covered;
use super::problem::Problem;
use crate::MoneyError;
use crate::promotion::rule::{Combine, OrderAward, OrderTier, Rule};

/// Most ways that are told apart.
const WAYS_MAX: usize = 48;
/// Percentages one after another, at most: each makes the numbers longer.
const PERCENTS_MAX: usize = 3;
const PERCENT: i128 = 10_000;

/// A way of using promotions of orders, and what units are worth by it.
#[derive(Clone, Debug)]
pub(super) struct Way {
    /// What a minor unit of each bin comes to, in parts.
    pub(super) bins: Vec<i128>,
    /// How many parts a minor unit has.
    pub(super) unit: i128,
    /// What amounts take off, in parts, and by which promotion.
    offs: Vec<(u16, i128)>,
    /// How many percentages are rounded.
    pub(super) roundings: i128,
}

impl Way {
    /// What amounts take off, in parts.
    pub(super) fn off(&self) -> i128 {
        self.offs.iter().map(|(_, off)| off).sum()
    }
}

/// The ways of a basket, the one of using none first; none where they are too many, or where what
/// is covered depends on what is lowered.
pub(super) fn ways(
    problem: &Problem,
    taxed: &[i128],
    unit: i128,
    budget: &mut Budget,
) -> Result<Option<Vec<Way>>, MoneyError> {
    let is_moving = |offer: &u16| match &problem.offer(*offer).promotion.rule {
        Rule::Order(order) => order.undiscounted_only,
        _ => false,
    };
    if problem.orders.iter().any(is_moving) {
        return Ok(None);
    }
    let prices: Vec<i64> = problem.units.iter().map(|unit| unit.price).collect();
    let filled = problem.fill(&prices)?;
    let mut reached = Vec::new();
    let is_beside = |offer: &&u16| problem.offer(**offer).promotion.combine != Combine::Exclusive;
    for offer in problem.orders.iter().filter(is_beside) {
        for (tier, times) in problem.reached(*offer, &filled)? {
            reached.push((*offer, tier, times));
        }
    }
    let bins: Vec<i128> = problem.bins.iter().map(|bin| taxed[bin.tax]).collect();
    let none = Way { bins, unit, offs: Vec::new(), roundings: 0 };
    let mut search = Search { problem, reached, counts: filled.counts, ways: Vec::new() };
    let is_all = search.extend(&mut Vec::new(), &none, budget);
    Ok(is_all.then_some(search.ways))
}

struct Search<'p, 'a> {
    problem: &'p Problem<'a>,
    /// Every tier that is reached where nothing is lowered.
    reached: Vec<(u16, OrderTier, i64)>,
    counts: Vec<u32>,
    ways: Vec<Way>,
}

impl Search<'_, '_> {
    /// Adds a way and all that begin like it; whether there was room for all of them.
    fn extend(&mut self, used: &mut Vec<u16>, way: &Way, budget: &mut Budget) -> bool {
        self.ways.push(way.clone());
        for at in 0..self.reached.len() {
            let (offer, tier, times) = self.reached[at];
            if self.ways.len() > WAYS_MAX || !budget.step() {
                return false;
            }
            let follows = |before: &u16| self.problem.may_follow(*before, offer, &self.counts);
            let is_swapped = used.last().is_some_and(|last| {
                offer < *last && self.problem.is_apart(*last, offer, &self.counts)
            });
            if is_swapped || !used.iter().all(follows) {
                continue;
            }
            let Some(next) = self.then(way, (offer, tier, times)) else { return false };
            used.push(offer);
            let is_all = self.extend(used, &next, budget);
            used.pop();
            if !is_all {
                return false;
            }
        }
        true
    }

    /// The way with one promotion more; those used before cover a part of what it covers, or
    /// nothing of it.
    fn then(&self, way: &Way, (offer, tier, times): (u16, OrderTier, i64)) -> Option<Way> {
        let mut next = way.clone();
        match tier.award {
            OrderAward::AmountOff(off) => {
                let uses = times.min(i64::from(self.problem.offer(offer).left.uses));
                let off = i128::from(off.max(0)).checked_mul(i128::from(uses))?;
                let off = off.min(i128::from(self.problem.offer(offer).left.money));
                next.offs.push((offer, off.checked_mul(next.unit)?));
            }
            OrderAward::PercentOff(percent) => {
                if usize::try_from(way.roundings).ok()? >= PERCENTS_MAX {
                    return None;
                }
                let keeps = PERCENT - i128::from(percent.0);
                for (worth, bin) in next.bins.iter_mut().zip(&self.problem.bins) {
                    let factor = if is_covered(bin, offer) { keeps } else { PERCENT };
                    *worth = worth.checked_mul(factor)?;
                }
                next.unit = next.unit.checked_mul(PERCENT)?;
                for (before, off) in &mut next.offs {
                    // What lies within what it covers, and is gone already, it does not lower.
                    let is_apart = self.problem.is_apart(*before, offer, &self.counts);
                    *off = off.checked_mul(if is_apart { PERCENT } else { keeps })?;
                }
                next.roundings += 1;
            }
        }
        Some(next)
    }
}
