//! What a combination that begins in a certain way costs at least.

use super::orders::OrderMost;
use super::problem::{Problem, Taker, fits, is_limited};
use crate::MoneyError;
use crate::promotion::arith::{minor, percent_of};
use crate::promotion::rule::{CarriedBy, Combine, Group, GroupAward, Rule};
use crate::promotion::select::Offer;
use crate::tax::TaxMethod;

/// Shares of a group's reduction are counted in so small parts of a minor unit.
const SCALE: i64 = 1 << 10;

/// A lower bound of what is to pay, kept up to date while units are decided.
pub(super) struct Bound {
    /// By unit and option: most that it may be lowered by, for its part.
    shares: Vec<Vec<(Taker, i64)>>,
    /// By unit: what may come on top.
    tops: Vec<i64>,
    /// By unit: what counts now.
    now: Vec<i64>,
    /// By unit: what counted when its taker was decided.
    taken: Vec<i64>,
    tax: Vec<usize>,
    prices: Vec<i64>,
    lowered: Vec<i128>,
    orders: Vec<OrderMost>,
    limited: Vec<bool>,
    goes_with_others: Vec<bool>,
}

impl Bound {
    pub(super) fn new(problem: &Problem) -> Result<Self, MoneyError> {
        let count = problem.units.len();
        let rule = Apportioning::of(problem);
        let mut bound = Self {
            shares: Vec::with_capacity(count),
            tops: Vec::with_capacity(count),
            now: vec![0; count],
            taken: vec![0; count],
            tax: problem.units.iter().map(|unit| unit.tax).collect(),
            prices: vec![0; problem.taxes.len()],
            lowered: vec![0; problem.taxes.len()],
            orders: problem.order_mosts()?,
            limited: problem.offers.iter().map(is_limited).collect(),
            goes_with_others: (problem.offers.iter())
                .map(|offer| offer.promotion.combine == Combine::WithOthers)
                .collect(),
        };
        for (place, unit) in problem.units.iter().enumerate() {
            let options = problem.options(place).iter();
            let shares = options.map(|by| (*by, rule.share(problem, place, *by)));
            let shares: Vec<(Taker, i64)> = shares.collect();
            bound.tops.push(scaled(tops_of(problem, place)));
            bound.prices[unit.tax] += unit.price;
            let best = shares.iter().map(|(by, share)| share.saturating_add(bound.top(place, *by)));
            let most = best.chain([bound.tops[place]]).max().unwrap_or(0);
            bound.set(place, most);
            // Only where units are decided one by one is each option's share asked for again.
            let is_kept = count <= super::UNITS_ONE_BY_ONE;
            bound.shares.push(if is_kept { shares } else { Vec::new() });
        }
        Ok(bound)
    }

    /// A unit's takers, the one that promises most first, and none.
    pub(super) fn ranked(&self, problem: &Problem, unit: usize) -> Vec<Option<Taker>> {
        let mut shares = self.shares[unit].clone();
        shares.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        debug_assert_eq!(shares.len(), problem.options(unit).len(), "each option has its share");
        shares.into_iter().map(|(by, _)| Some(by)).chain([None]).collect()
    }

    pub(super) fn is_limited(&self, offer: u16) -> bool {
        self.limited[usize::from(offer)]
    }

    /// Counts a unit as taken; what to restore when it is not any more.
    pub(super) fn take(&mut self, unit: usize, taker: Option<Taker>) -> i64 {
        let before = self.now[unit];
        let share = match taker {
            None => self.tops[unit],
            Some(by) => {
                let share = self.shares[unit].iter().find(|(taker, _)| *taker == by);
                share.map_or(0, |(_, share)| *share) + self.top(unit, by)
            }
        };
        self.taken[unit] = share;
        self.set(unit, share);
        before
    }

    pub(super) fn restore(&mut self, unit: usize, before: i64) {
        self.set(unit, before);
    }

    /// Counts what is taken off a unit for certain, or again what its taker promises.
    pub(super) fn settle(&mut self, unit: usize, off: Option<i64>, by: u16) {
        match off {
            Some(off) => self.set(unit, scaled(off) + self.top(unit, (by, 0))),
            None => self.set(unit, self.taken[unit]),
        }
    }

    fn top(&self, unit: usize, (by, _): Taker) -> i64 {
        if self.goes_with_others[usize::from(by)] { self.tops[unit] } else { 0 }
    }

    fn set(&mut self, unit: usize, value: i64) {
        self.lowered[self.tax[unit]] += i128::from(value) - i128::from(self.now[unit]);
        self.now[unit] = value;
    }

    /// What is to pay at least.
    pub(super) fn least(&self, problem: &Problem) -> Result<i64, MoneyError> {
        // What is inclusive is added up first: a group's parts may lie in several classes.
        let (mut gross, mut price, mut lowered) = (0, 0, 0);
        for (place, tax) in problem.taxes.iter().enumerate() {
            if tax.fraction.method == TaxMethod::Inclusive {
                price += self.prices[place];
                lowered += self.lowered[place];
            } else {
                let left = left_of(self.prices[place], self.lowered[place])?;
                gross += tax.fraction.gross(left)?;
            }
        }
        gross += left_of(price, lowered)?;
        Ok(problem.least_after_orders(gross, &self.orders))
    }
}

fn left_of(price: i64, lowered: i128) -> Result<i64, MoneyError> {
    minor((i128::from(price) - lowered.div_euclid(i128::from(SCALE))).max(0))
}

const fn scaled(amount: i64) -> i64 {
    amount.saturating_mul(SCALE)
}

fn tops_of(problem: &Problem, unit: usize) -> i64 {
    let of = |top: &u16| {
        let offer = problem.offer(*top);
        let Rule::Each(each) = &offer.promotion.rule else { return 0 };
        let tier = each.tiers.first().filter(|_| fits(offer, 0, problem.units[unit].line));
        tier.map_or(0, |tier| problem.award_of(u32::try_from(unit).unwrap_or(0), tier.award))
    };
    if problem.units[unit].is_fixed { 0 } else { problem.tops.iter().map(of).sum() }
}

/// How a group's reduction may be thought of as shared over its units without any group getting
/// less than it gives.
struct Apportioning {
    /// Only the sum over all units counts, not on which of them it falls.
    is_by_sum: bool,
    /// All units have one measure, so that a dearer one is never lowered by less.
    is_even: bool,
}

impl Apportioning {
    fn of(problem: &Problem) -> Self {
        let is_inclusive =
            problem.taxes.iter().all(|tax| tax.fraction.method == TaxMethod::Inclusive);
        let mut measures = problem.units.iter().map(|unit| unit.thousandths);
        let first = measures.next();
        Self {
            is_by_sum: is_inclusive || problem.taxes.len() == 1,
            is_even: measures.all(|measure| Some(measure) == first),
        }
    }

    fn share(&self, problem: &Problem, unit: usize, (by, slot): Taker) -> i64 {
        let offer = problem.offer(by);
        let at = u32::try_from(unit).unwrap_or(u32::MAX);
        match &offer.promotion.rule {
            Rule::Each(each) => {
                let off = each.tiers.iter().map(|tier| problem.award_of(at, tier.award)).max();
                scaled(off.unwrap_or(0).min(offer.left.money))
            }
            Rule::Group(group) => self.group_share(problem, offer, group, (at, slot)),
            _ => 0,
        }
    }

    fn group_share(
        &self,
        problem: &Problem,
        offer: &Offer,
        group: &Group,
        (at, slot): (u32, u16),
    ) -> i64 {
        let price = problem.units[at as usize].price;
        let slots = group.slots.iter().filter(|slot| !slot.reusable);
        let size = slots.map(|slot| i64::from(slot.count)).sum::<i64>().max(1);
        if !self.is_by_sum && group.carried_by == CarriedBy::All {
            return scaled(price);
        }
        let awarded = |award| scaled(problem.award_of(at, award));
        debug_assert!(usize::from(slot) < offer.lines.len(), "the slot is one of the offer's");
        match group.award {
            GroupAward::BySlot => {
                let slot = group.slots.get(usize::from(slot));
                slot.and_then(|slot| slot.award).map_or(0, awarded)
            }
            GroupAward::PercentOff(percent) => scaled(percent_of(price, percent)),
            GroupAward::Price(whole) if self.is_by_sum => {
                scaled(price) - part(whole.max(0), 1, size).min(scaled(price))
            }
            GroupAward::AmountOff(off) if self.is_by_sum => part(off.max(0), 1, size) + 1,
            GroupAward::AmountOff(off) => scaled(price.min(off.max(0))),
            GroupAward::Price(_) => scaled(price),
            GroupAward::Cheapest { count, award } if self.is_by_sum && self.is_even => {
                let count = i64::from(count).min(size);
                part(problem.award_of(at, award), count, size) + 1
            }
            GroupAward::Cheapest { award, .. } | GroupAward::Dearest { award, .. } => {
                awarded(award)
            }
        }
    }
}

/// `amount × count / size`, in the small parts, rounded down.
fn part(amount: i64, count: i64, size: i64) -> i64 {
    let part = i128::from(amount) * i128::from(SCALE) * i128::from(count) / i128::from(size);
    i64::try_from(part).unwrap_or(i64::MAX)
}
