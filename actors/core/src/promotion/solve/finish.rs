//! What comes after the promotions of items: those on top, those of orders, the rewards; and which
//! of two complete combinations is better.

use std::cmp::{Ordering, Reverse};

use super::Budget;
use super::orders::{Filled, Step, is_covered};
use super::problem::{Problem, Taker, fits, is_limited, spend_of};
use super::settle::cut;
use crate::MoneyError;
use crate::promotion::arith::taken_off;
use crate::promotion::rule::{Combine, Counts, RewardAward, Rule, Spend};

/// How many that come on top are tried together.
pub(super) const TOPS_DEEP: usize = 64;

/// The promotions of items of a combination.
#[derive(Clone, Debug, Default)]
pub(super) struct Choice {
    /// By unit.
    pub(super) takers: Vec<Option<Taker>>,
    /// By unit: what its taker takes off.
    pub(super) reductions: Vec<i64>,
    /// The offers used, and how often.
    pub(super) uses: Vec<(u16, u32)>,
}

/// What a promotion that comes on top takes off each unit.
pub(super) type Top = (u16, Vec<i64>);

/// A complete combination.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) total: i64,
    pub(super) points_earned: u64,
    pub(super) choice: Choice,
    pub(super) tops: Vec<Top>,
    pub(super) steps: Vec<Step>,
    pub(super) filled: Filled,
    limited: u64,
    /// The offers used, ascending.
    ids: Vec<u16>,
}

/// Completes combinations and keeps the best.
pub(super) struct Finish<'p, 'a> {
    pub(super) problem: &'p Problem<'a>,
    pub(super) best: Option<Answer>,
    /// What each unit costs in the combination at hand.
    pub(super) amounts: Vec<i64>,
    tops: Vec<Top>,
    pub(super) steps: Vec<Step>,
}

impl<'p, 'a> Finish<'p, 'a> {
    pub(super) fn new(problem: &'p Problem<'a>) -> Self {
        Self { problem, best: None, amounts: Vec::new(), tops: Vec::new(), steps: Vec::new() }
    }

    /// Tries everything that may come after these promotions of items.
    pub(super) fn complete(
        &mut self,
        choice: &Choice,
        budget: &mut Budget,
    ) -> Result<(), MoneyError> {
        self.begin(choice);
        self.put_on_top(choice, 0, budget)
    }

    /// Begins with these promotions of items and no other ones.
    pub(super) fn begin(&mut self, choice: &Choice) {
        let units = self.problem.units.iter().zip(&choice.reductions);
        self.amounts.clear();
        self.amounts.extend(units.map(|(unit, off)| unit.price - off));
        self.tops.clear();
        self.steps.clear();
    }

    /// Uses one on top, if it takes anything off and what it wants spent is.
    pub(super) fn put(&mut self, choice: &Choice, top: u16) -> Result<bool, MoneyError> {
        let off = self.problem.on_top(top, choice, &self.amounts);
        if off.iter().all(|off| *off == 0) {
            return Ok(false);
        }
        self.lower(top, off);
        let is_spent = self.is_spent(choice)?;
        if !is_spent {
            self.raise();
        }
        Ok(is_spent)
    }

    fn lower(&mut self, top: u16, off: Vec<i64>) {
        for (amount, off) in self.amounts.iter_mut().zip(&off) {
            *amount -= off;
        }
        self.tops.push((top, off));
    }

    fn raise(&mut self) {
        if let Some((_, off)) = self.tops.pop() {
            for (amount, off) in self.amounts.iter_mut().zip(&off) {
                *amount += off;
            }
        }
    }

    fn used(&self, choice: &Choice) -> Vec<(u16, u32)> {
        let tops = self.tops.iter().map(|(offer, _)| (*offer, 1));
        let steps = self.steps.iter().map(|step| (step.offer, step.uses));
        choice.uses.iter().copied().chain(tops).chain(steps).collect()
    }

    /// How often an offer may still be used beside those in use; nought where it may not.
    pub(super) fn room(&self, choice: &Choice, offer: u16) -> u32 {
        let used = self.used(choice);
        let next = self.problem.offer(offer);
        let is_barred = used.iter().any(|(other, _)| {
            let other = self.problem.offer(*other).promotion;
            let is_exclusive = |combine: Combine| combine == Combine::Exclusive;
            is_exclusive(other.combine)
                || is_exclusive(next.promotion.combine)
                || other.class.is_some() && other.class == next.promotion.class
        });
        if is_barred {
            return 0;
        }
        let spent = self.problem.points_of(&used);
        let left = u128::from(self.problem.member_points).saturating_sub(spent);
        let cost = u128::from(next.promotion.cost_points);
        let affordable =
            left.checked_div(cost).map_or(u32::MAX, |uses| u32::try_from(uses).unwrap_or(u32::MAX));
        next.left.uses.min(affordable)
    }

    fn put_on_top(
        &mut self,
        choice: &Choice,
        from: usize,
        budget: &mut Budget,
    ) -> Result<(), MoneyError> {
        if !budget.step() {
            return Ok(());
        }
        if from == TOPS_DEEP {
            // More than anyone puts on top; what is beyond is not looked at, and that is said.
            budget.spend();
        }
        let top = self.problem.tops.get(from).filter(|_| from < TOPS_DEEP).copied();
        let Some(top) = top else {
            if self.is_spent(choice)? {
                let filled = self.problem.fill(&self.amounts)?;
                let mut gross = filled.gross.clone();
                self.order(choice, &filled, &mut gross, budget)?;
            }
            return Ok(());
        };
        self.put_on_top(choice, from + 1, budget)?;
        if self.room(choice, top) == 0 {
            return Ok(());
        }
        let off = self.problem.on_top(top, choice, &self.amounts);
        if off.iter().all(|off| *off == 0) {
            return Ok(());
        }
        self.lower(top, off);
        self.put_on_top(choice, from + 1, budget)?;
        self.raise();
        Ok(())
    }

    /// Whether what each promotion wants spent besides is spent.
    pub(super) fn is_spent(&self, choice: &Choice) -> Result<bool, MoneyError> {
        for (offer, uses) in &choice.uses {
            if let Some(spend) = spend_of(self.problem.offer(*offer)) {
                let is_own = |unit: usize| choice.takers[unit].is_some_and(|(by, _)| by == *offer);
                if !self.is_enough(spend, *uses, &is_own)? {
                    return Ok(false);
                }
            }
        }
        for (offer, off) in &self.tops {
            if let Some(spend) = spend_of(self.problem.offer(*offer))
                && !self.is_enough(spend, 1, &|unit| off[unit] > 0)?
            {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn is_enough(
        &self,
        spend: &Spend,
        uses: u32,
        is_own: &dyn Fn(usize) -> bool,
    ) -> Result<bool, MoneyError> {
        let mut by_tax = vec![0; self.problem.taxes.len()];
        for (place, amount) in self.amounts.iter().enumerate() {
            let counts = !is_own(place)
                && crate::promotion::index::matches(&spend.items, self.problem.line(place));
            if counts {
                by_tax[self.problem.units[place].tax] += amount;
            }
        }
        let measure = self.problem.measured(&by_tax, spend.basis)?;
        let uses = if spend.is_repeatable { i128::from(uses) } else { 1 };
        Ok(i128::from(measure) >= i128::from(spend.amount) * uses)
    }

    fn order(
        &mut self,
        choice: &Choice,
        filled: &Filled,
        gross: &mut Vec<i64>,
        budget: &mut Budget,
    ) -> Result<(), MoneyError> {
        self.compare(choice, filled, gross)?;
        if !budget.step() {
            return Ok(());
        }
        for offer in &self.problem.orders {
            if !budget.step() {
                return Ok(());
            }
            let follows = |step: &Step| self.problem.may_follow(step.offer, *offer, &filled.counts);
            if !self.steps.iter().all(follows) || self.is_swapped(*offer, &filled.counts) {
                continue;
            }
            let room = self.room(choice, *offer);
            if room == 0 {
                continue;
            }
            for tier in self.problem.reached(*offer, filled)? {
                let before = gross.clone();
                if let Some(step) = self.problem.take(*offer, tier, room, gross)? {
                    self.steps.push(step);
                    self.order(choice, filled, gross, budget)?;
                    self.steps.pop();
                }
                *gross = before;
            }
        }
        Ok(())
    }

    /// Whether the same is tried with this one before the last one, which it has nothing to do
    /// with.
    fn is_swapped(&self, next: u16, counts: &[u32]) -> bool {
        let cost = |offer: u16| self.problem.offer(offer).promotion.cost_points;
        self.steps.last().is_some_and(|last| {
            next < last.offer
                && cost(next) == 0
                && cost(last.offer) == 0
                && self.problem.is_apart(last.offer, next, counts)
        })
    }

    pub(super) fn compare(
        &mut self,
        choice: &Choice,
        filled: &Filled,
        gross: &[i64],
    ) -> Result<(), MoneyError> {
        let total: i64 = gross.iter().sum();
        if self.best.as_ref().is_some_and(|best| best.total < total) {
            return Ok(());
        }
        let used = self.used(choice);
        let limited = used.iter().filter(|(offer, _)| is_limited(self.problem.offer(*offer)));
        let limited = limited.map(|(_, uses)| u64::from(*uses)).sum();
        let points_earned = self.problem.earned(total, filled, gross);
        let mut ids: Vec<u16> = used.iter().map(|(offer, _)| *offer).collect();
        ids.sort_unstable();
        let rank = (total, limited, Reverse(points_earned), ids.len(), &ids);
        let is_better = self.best.as_ref().is_none_or(|best| {
            let of_best =
                (best.total, best.limited, Reverse(best.points_earned), best.ids.len(), &best.ids);
            let takers = || self.problem.order_of_takers(&choice.takers, &best.choice.takers);
            rank.cmp(&of_best).then_with(takers) == Ordering::Less
        });
        if is_better {
            self.best = Some(Answer {
                total,
                points_earned,
                choice: choice.clone(),
                tops: self.tops.clone(),
                steps: self.steps.clone(),
                filled: filled.clone(),
                limited,
                ids,
            });
        }
        Ok(())
    }
}

impl Answer {
    /// How many uses of limited promotions it needs.
    pub(super) const fn limited(&self) -> u64 {
        self.limited
    }
}

impl Problem<'_> {
    /// No promotion of items at all.
    pub(super) fn untouched(&self) -> Choice {
        let count = self.units.len();
        Choice { takers: vec![None; count], reductions: vec![0; count], uses: Vec::new() }
    }

    /// The member's points that so many uses cost.
    pub(super) fn points_of(&self, used: &[(u16, u32)]) -> u128 {
        let cost = |offer: u16| u128::from(self.offer(offer).promotion.cost_points);
        used.iter().map(|(offer, uses)| cost(*offer) * u128::from(*uses)).sum()
    }

    /// What a promotion that comes on top would take off each unit as it costs now.
    pub(super) fn on_top(&self, top: u16, choice: &Choice, amounts: &[i64]) -> Vec<i64> {
        let offer = self.offer(top);
        let Rule::Each(each) = &offer.promotion.rule else { return Vec::new() };
        let Some(tier) = each.tiers.first() else { return vec![0; amounts.len()] };
        let goes = |taker: &Option<Taker>| {
            taker.is_none_or(|(by, _)| self.offer(by).promotion.combine == Combine::WithOthers)
        };
        let mut off: Vec<i64> = (self.units.iter().zip(amounts).zip(&choice.takers))
            .map(|((unit, amount), taker)| {
                if !unit.is_fixed && goes(taker) && fits(offer, 0, unit.line) {
                    taken_off(tier.award, *amount, unit.thousandths)
                } else {
                    0
                }
            })
            .collect();
        cut(&mut off, offer.left.money);
        off
    }

    /// The points that a basket earns.
    pub(super) fn earned(&self, total: i64, filled: &Filled, gross: &[i64]) -> u64 {
        let own = |amount: i64| {
            self.base_points.map_or(0, |base| {
                let times = u64::try_from(amount / base.per_amount).unwrap_or(0);
                times.saturating_mul(base.points)
            })
        };
        self.rewards.iter().fold(own(total), |points, offer| {
            let Some((amount, units)) = self.rewarded(*offer, filled, gross) else {
                return points;
            };
            let Rule::Reward(reward) = &self.offer(*offer).promotion.rule else { return points };
            points.saturating_add(match reward.award {
                RewardAward::Points(points) => points,
                RewardAward::PointsPerUnit(points) => points.saturating_mul(units),
                RewardAward::PointsTimes(times) => {
                    own(amount).saturating_mul(u64::from(times.saturating_sub(1)))
                }
                RewardAward::Coupon(_) => 0,
            })
        })
    }

    /// The amount and the units that a reward covers, if they are enough for it.
    pub(super) fn rewarded(
        &self,
        offer: u16,
        filled: &Filled,
        gross: &[i64],
    ) -> Option<(i64, u64)> {
        let Rule::Reward(reward) = &self.offer(offer).promotion.rule else { return None };
        let covered = || (0..self.bins.len()).filter(|bin| is_covered(&self.bins[*bin], offer));
        let amount: i64 = covered().map(|bin| gross[bin]).sum();
        let units: u64 = covered().map(|bin| u64::from(filled.counts[bin])).sum();
        let measure = match reward.counts {
            Counts::Amount => i128::from(amount),
            Counts::Quantity => i128::from(units),
        };
        (units > 0 && measure >= i128::from(reward.from)).then_some((amount, units))
    }

    /// Which takers come first, unit by unit.
    fn order_of_takers(&self, a: &[Option<Taker>], b: &[Option<Taker>]) -> Ordering {
        let key = |taker: Option<Taker>| taker.map_or(u32::MAX, |(offer, _)| u32::from(offer));
        let units = self.canonical.iter().map(|unit| *unit as usize);
        units
            .map(|unit| key(a[unit]).cmp(&key(b[unit])))
            .find(|by| by.is_ne())
            .unwrap_or(Ordering::Equal)
    }
}
