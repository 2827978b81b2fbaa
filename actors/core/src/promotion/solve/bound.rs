//! What a combination that begins in a certain way costs at least.

use super::orders::OrderMost;
use super::problem::{Problem, Taker, fits, is_limited};
use super::worth::{gross_at_least, roundings, weights};
use crate::MoneyError;
use crate::promotion::arith::percent_of;
use crate::promotion::rule::{CarriedBy, Combine, Group, GroupAward, Rule};

/// Shares of a group's reduction are counted in so small parts of a minor unit.
const SCALE: i128 = 1 << 10;

/// A lower bound of what is to pay, kept up to date while units are decided. Everything but the
/// orders is counted in parts of what is to pay.
pub(super) struct Bound {
    /// By unit and option: most that it may be lowered by, for its part.
    shares: Vec<Vec<(Taker, i128)>>,
    /// By unit: what a minor unit of it is worth.
    worth: Vec<i128>,
    /// By unit: what may come on top.
    tops: Vec<i128>,
    /// By unit: what counts now.
    now: Vec<i128>,
    /// By unit: what counted when its taker was decided.
    taken: Vec<i128>,
    all: i128,
    lowered: i128,
    /// How many parts a minor unit of what is to pay has.
    unit: i128,
    roundings: i128,
    orders: Vec<OrderMost>,
    limited: Vec<bool>,
    goes_with_others: Vec<bool>,
}

impl Bound {
    pub(super) fn new(problem: &Problem) -> Result<Self, MoneyError> {
        let count = problem.units.len();
        let (unit, by_tax) = weights(problem).ok_or(MoneyError::TooLarge)?;
        let worth: Vec<i128> = problem.units.iter().map(|it| by_tax[it.tax] * SCALE).collect();
        let rule = Apportioning::of(problem, &worth);
        let mut bound = Self {
            shares: Vec::with_capacity(count),
            tops: Vec::with_capacity(count),
            now: vec![0; count],
            taken: vec![0; count],
            all: 0,
            lowered: 0,
            unit: unit * SCALE,
            roundings: roundings(problem),
            orders: problem.order_mosts()?,
            limited: problem.offers.iter().map(is_limited).collect(),
            goes_with_others: (problem.offers.iter())
                .map(|offer| offer.promotion.combine == Combine::WithOthers)
                .collect(),
            worth: worth.clone(),
        };
        for (place, unit) in problem.units.iter().enumerate() {
            let options = problem.options(place).iter();
            let shares = options.map(|by| (*by, rule.share(problem, place, *by)));
            let shares: Vec<(Taker, i128)> = shares.collect();
            bound.tops.push(i128::from(tops_of(problem, place)) * bound.worth[place]);
            bound.all += i128::from(unit.price) * bound.worth[place];
            let best = shares.iter().map(|(by, share)| share + bound.top(place, *by));
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
    pub(super) fn take(&mut self, unit: usize, taker: Option<Taker>) -> i128 {
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

    pub(super) fn restore(&mut self, unit: usize, before: i128) {
        self.set(unit, before);
    }

    /// Counts what is taken off a unit for certain, or again what its taker promises.
    pub(super) fn settle(&mut self, unit: usize, off: Option<i64>, by: u16) {
        match off {
            Some(off) => {
                let off = i128::from(off) * self.worth[unit];
                self.set(unit, off + self.top(unit, (by, 0)));
            }
            None => self.set(unit, self.taken[unit]),
        }
    }

    fn top(&self, unit: usize, (by, _): Taker) -> i128 {
        if self.goes_with_others[usize::from(by)] { self.tops[unit] } else { 0 }
    }

    fn set(&mut self, unit: usize, value: i128) {
        self.lowered += value - self.now[unit];
        self.now[unit] = value;
    }

    /// What is to pay at least.
    pub(super) fn least(&self, problem: &Problem) -> Result<i64, MoneyError> {
        let left = (self.all - self.lowered).max(0);
        let gross = gross_at_least(problem, left, self.unit, self.roundings)?;
        Ok(problem.least_after_orders(gross, &self.orders))
    }
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
struct Apportioning<'w> {
    /// By unit: what a minor unit of it is worth.
    worth: &'w [i128],
    /// By offer: what a minor unit of its units is worth at least and at most.
    ranges: Vec<(i128, i128)>,
    /// All units have one measure, so that a dearer one is never lowered by less.
    is_even: bool,
}

impl<'w> Apportioning<'w> {
    fn of(problem: &Problem, worth: &'w [i128]) -> Self {
        let mut measures = problem.units.iter().map(|unit| unit.thousandths);
        let first = measures.next();
        let mut ranges = vec![(i128::MAX, 0); problem.offers.len()];
        for (unit, worth) in worth.iter().enumerate() {
            for (by, _) in problem.options(unit) {
                let (least, most) = &mut ranges[usize::from(*by)];
                (*least, *most) = ((*least).min(*worth), (*most).max(*worth));
            }
        }
        Self { worth, ranges, is_even: measures.all(|measure| Some(measure) == first) }
    }

    fn share(&self, problem: &Problem, unit: usize, (by, slot): Taker) -> i128 {
        let offer = problem.offer(by);
        let at = u32::try_from(unit).unwrap_or(u32::MAX);
        match &offer.promotion.rule {
            Rule::Each(each) => {
                let off = each.tiers.iter().map(|tier| problem.award_of(at, tier.award)).max();
                i128::from(off.unwrap_or(0).min(offer.left.money)) * self.worth[unit]
            }
            Rule::Group(group) => self.group_share(problem, group, (at, by, slot)),
            _ => 0,
        }
    }

    fn group_share(
        &self,
        problem: &Problem,
        group: &Group,
        (at, by, slot): (u32, u16, u16),
    ) -> i128 {
        let price = problem.units[at as usize].price;
        let slots = group.slots.iter().filter(|slot| !slot.reusable);
        let size = slots.map(|slot| i128::from(slot.count)).sum::<i128>().max(1);
        let own = self.worth[at as usize];
        let (least, most) = self.ranges[usize::from(by)];
        // What is shared over units is rounded by less than one each.
        let rounding = most - least;
        let is_carried = group.carried_by == CarriedBy::All;
        let worth = if is_carried { most } else { own };
        let added = if is_carried { rounding } else { 0 };
        let awarded = |award| i128::from(problem.award_of(at, award)) * worth + added;
        match group.award {
            GroupAward::BySlot => {
                let slot = group.slots.get(usize::from(slot));
                slot.and_then(|slot| slot.award).map_or(added, awarded)
            }
            GroupAward::PercentOff(percent) => {
                i128::from(percent_of(price, percent)) * worth + added
            }
            GroupAward::Price(whole) => {
                i128::from(price) * own - i128::from(whole.max(0)) * least / size + rounding
            }
            GroupAward::AmountOff(off) => i128::from(off.max(0)) * most / size + 1 + rounding,
            GroupAward::Cheapest { count, award } if self.is_even => {
                let count = i128::from(count).min(size);
                let off = i128::from(problem.award_of(at, award));
                off * most * count / size + 1 + added
            }
            GroupAward::Cheapest { award, .. } | GroupAward::Dearest { award, .. } => {
                awarded(award)
            }
        }
    }
}
