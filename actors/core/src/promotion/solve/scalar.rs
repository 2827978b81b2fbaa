//! Promotions of orders that all cover everything: what is to pay depends on one sum alone.

use super::Budget;
use super::problem::Problem;
use crate::MoneyError;
use crate::promotion::arith::{minor, percent_of};
use crate::promotion::rule::{Basis, Combine, Counts, OrderAward, OrderTier, Rule};
use crate::tax::TaxMethod;

/// Most ways that are told apart.
const WAYS_MAX: usize = 64;

/// One promotion of orders in a way of using them.
#[derive(Clone, Copy, Debug)]
struct Use {
    offer: u16,
    award: OrderAward,
    times: i64,
}

/// Promotions of orders one after another, and what has to be reached for it.
#[derive(Clone, Debug, Default)]
pub(super) struct Way {
    uses: Vec<Use>,
    /// The largest amounts that the measures after and before tax have to reach.
    needs: [i64; 2],
}

/// The promotions of orders of a basket in which each of them covers every unit.
pub(super) struct Scalar<'p, 'a> {
    problem: &'p Problem<'a>,
    /// What the units cost together.
    all: i64,
    /// Whether what is to pay depends on the sum of all amounts, however it is made up.
    is_one_sum: bool,
    offers: Vec<(u16, Vec<(OrderTier, i64)>)>,
}

impl<'p, 'a> Scalar<'p, 'a> {
    /// None where some promotion of orders does not cover everything.
    pub(super) fn new(problem: &'p Problem<'a>) -> Result<Option<Self>, MoneyError> {
        let held = problem.units.iter().flat_map(|unit| unit.bins);
        let covers = |bin: usize, offer: &u16| problem.bins[bin].covers.contains(offer);
        let is_everything =
            held.clone().all(|bin| problem.orders.iter().all(|offer| covers(bin, offer)));
        if !is_everything {
            return Ok(None);
        }
        let prices: Vec<i64> = problem.units.iter().map(|unit| unit.price).collect();
        let filled = problem.fill(&prices)?;
        let mut offers = Vec::new();
        for offer in &problem.orders {
            if problem.offer(*offer).promotion.combine == Combine::Exclusive {
                continue;
            }
            let reached = problem.reached(*offer, &filled)?;
            if !reached.is_empty() {
                offers.push((*offer, reached));
            }
        }
        let is_inclusive =
            problem.taxes.iter().all(|tax| tax.fraction.method == TaxMethod::Inclusive);
        let is_one_sum = is_inclusive || problem.taxes.len() == 1;
        Ok(Some(Self { problem, all: prices.iter().sum(), is_one_sum, offers }))
    }

    /// Whether what has to be reached can be told from the sum alone.
    pub(super) const fn is_exact(&self) -> bool {
        self.is_one_sum
    }

    /// All ways of using some, where no less than this is to pay before them; none where they are
    /// too many to be told apart.
    pub(super) fn ways(&self, gross: i64, budget: &mut Budget) -> Option<Vec<Way>> {
        let mut ways = Vec::new();
        self.extend(&Way::default(), gross, &mut ways, budget);
        (ways.len() <= WAYS_MAX && !budget.is_spent()).then_some(ways)
    }

    fn extend(&self, before: &Way, gross: i64, ways: &mut Vec<Way>, budget: &mut Budget) {
        for (offer, reached) in &self.offers {
            if ways.len() > WAYS_MAX || !budget.step() || !self.may_follow(before, *offer) {
                continue;
            }
            let Rule::Order(order) = &self.problem.offer(*offer).promotion.rule else { continue };
            for (tier, times) in reached {
                let most = i64::from(self.problem.offer(*offer).left.uses).min(*times);
                // So often it is reached in any case.
                let surely = match order.basis {
                    Basis::AfterTax if order.is_repeatable => gross / tier.from.max(1),
                    _ => 1,
                };
                let fewest = if order.is_repeatable { surely.clamp(1, most.max(1)) } else { most };
                for times in (fewest..=most).rev().take(WAYS_MAX + 1) {
                    let mut way = before.clone();
                    way.uses.push(Use { offer: *offer, award: tier.award, times });
                    if order.counts == Counts::Amount {
                        let from = tier.from.saturating_mul(times.max(1));
                        let need = &mut way.needs[usize::from(order.basis == Basis::BeforeTax)];
                        *need = (*need).max(from);
                    }
                    ways.push(way.clone());
                    self.extend(&way, gross, ways, budget);
                }
            }
        }
    }

    fn may_follow(&self, before: &Way, next: u16) -> bool {
        let order = |offer: u16| match &self.problem.offer(offer).promotion.rule {
            Rule::Order(order) => order.sequence,
            _ => 0,
        };
        let promotion = |offer: u16| self.problem.offer(offer).promotion;
        let goes = |offer: u16| promotion(offer).combine == Combine::WithOthers;
        before.uses.iter().all(|used| {
            let (a, b) = (promotion(used.offer), promotion(next));
            let is_one_class = a.class.is_some() && a.class == b.class;
            used.offer != next
                && goes(used.offer)
                && goes(next)
                && !is_one_class
                && order(used.offer) <= order(next)
        })
    }

    /// What such a sum, tax counted, comes to by a way.
    pub(super) fn after(&self, gross: i64, way: &Way) -> Result<i64, MoneyError> {
        let mut left = gross;
        for used in &way.uses {
            let off = match used.award {
                OrderAward::PercentOff(percent) => percent_of(left, percent),
                OrderAward::AmountOff(off) => {
                    let off = i128::from(off) * i128::from(used.times);
                    minor(off.clamp(0, i128::from(left)))?
                }
            };
            left -= off.min(self.problem.offer(used.offer).left.money);
        }
        Ok(left)
    }

    /// The least of all ways.
    pub(super) fn least(&self, gross: i64, ways: &[Way]) -> Result<i64, MoneyError> {
        ways.iter().try_fold(gross, |least, way| Ok(least.min(self.after(gross, way)?)))
    }

    fn gross(&self, reduction: i64) -> Result<i64, MoneyError> {
        match &self.problem.taxes[..] {
            [tax] => tax.fraction.gross(self.all - reduction),
            _ => Ok(self.all - reduction),
        }
    }

    /// What is to pay by a way where the promotions of items take so much off.
    pub(super) fn after_reduction(&self, reduction: i64, way: &Way) -> Result<i64, MoneyError> {
        self.after(self.gross(reduction)?, way)
    }

    /// How much the promotions of items have to take off, and may, so that a way is reached and
    /// less is to pay than this; none where that cannot be.
    pub(super) fn window(&self, way: &Way, total: i64) -> Result<Option<(i64, i64)>, MoneyError> {
        let [after, before] = way.needs;
        if !self.is_one_sum || before > 0 && self.problem.taxes.len() > 1 {
            return Ok(None);
        }
        let is_reached = |reduction: i64| -> Result<bool, MoneyError> {
            let net = match &self.problem.taxes[..] {
                [tax] => tax.fraction.net(self.all - reduction)?,
                _ => self.all - reduction,
            };
            Ok(self.gross(reduction)? >= after && net >= before)
        };
        if !is_reached(0)? {
            return Ok(None);
        }
        let (mut to, mut beyond) = (0, self.all + 1);
        while beyond - to > 1 {
            let middle = to + (beyond - to) / 2;
            if is_reached(middle)? {
                to = middle;
            } else {
                beyond = middle;
            }
        }
        if self.after_reduction(to, way)? >= total {
            return Ok(None);
        }
        let (mut too_little, mut from) = (-1, to);
        while from - too_little > 1 {
            let middle = too_little + (from - too_little) / 2;
            if self.after_reduction(middle, way)? < total {
                from = middle;
            } else {
                too_little = middle;
            }
        }
        Ok(Some((from, to)))
    }
}
