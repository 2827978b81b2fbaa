//! The search: unit by unit, the dearest first, every promotion settled as soon as no further unit
//! can be its own.

use super::Budget;
use super::bound::Bound;
use super::finish::{Answer, Choice, Finish};
use super::problem::{Problem, Taker};
use super::settle::Taken;
use crate::MoneyError;
use crate::promotion::rule::{Combine, Rule};

/// A search through all combinations, best first guesses first.
pub(super) struct Exact<'p, 'a> {
    problem: &'p Problem<'a>,
    bound: Bound,
    finish: Finish<'p, 'a>,
    choice: Choice,
    /// What no later unit can be taken by any more, by the number of units decided.
    closing: Vec<Vec<u16>>,
    /// How many units each offer has taken.
    counts: Vec<u32>,
    /// Each unit's takers, the one that promises most first, and none.
    options: Vec<Vec<Option<Taker>>>,
    budget: Budget,
}

impl<'p, 'a> Exact<'p, 'a> {
    pub(super) fn new(problem: &'p Problem<'a>, budget: Budget) -> Result<Self, MoneyError> {
        let bound = Bound::new(problem)?;
        let count = problem.units.len();
        let mut closing = vec![Vec::new(); count + 1];
        for taker in &problem.takers {
            let is_its = |unit: &usize| problem.options(*unit).iter().any(|(by, _)| by == taker);
            if let Some(last) = (0..count).rev().find(is_its) {
                closing[last + 1].push(*taker);
            }
        }
        let options = (0..count).map(|unit| bound.ranked(problem, unit)).collect();
        let choice = problem.untouched();
        let counts = vec![0; problem.offers.len()];
        let finish = Finish::new(problem);
        Ok(Self { problem, bound, finish, choice, closing, counts, options, budget })
    }

    /// Searches; what was found and whether that is everything.
    pub(super) fn run(
        mut self,
        known: Option<Answer>,
    ) -> Result<(Finish<'p, 'a>, Budget), MoneyError> {
        self.finish.best = known;
        self.close(0, 0)?;
        Ok((self.finish, self.budget))
    }

    /// Whether nothing that begins like this can be better than the best.
    fn is_hopeless(&self) -> Result<bool, MoneyError> {
        let Some(best) = &self.finish.best else { return Ok(false) };
        let least = self.bound.least(self.problem)?;
        if least != best.total {
            return Ok(least > best.total);
        }
        let limited = self.choice.uses.iter().filter(|(offer, _)| self.bound.is_limited(*offer));
        Ok(limited.map(|(_, uses)| u64::from(*uses)).sum::<u64>() > best.limited())
    }

    fn close(&mut self, unit: usize, from: usize) -> Result<(), MoneyError> {
        let Some(offer) = self.closing[unit].get(from).copied() else {
            return self.decide(unit);
        };
        if self.counts[usize::from(offer)] == 0 {
            return self.close(unit, from + 1);
        }
        let takers = (0_u32..).zip(&self.choice.takers[..unit]);
        let taken: Vec<Taken> = takers
            .filter_map(|(unit, taker)| taker.filter(|(by, _)| *by == offer).map(|it| (unit, it.1)))
            .collect();
        let is_free = |unit: usize| self.choice.takers[unit].is_none();
        for settled in self.problem.settle(offer, &taken, &is_free)? {
            for ((unit, _), off) in taken.iter().zip(&settled.reductions) {
                self.choice.reductions[*unit as usize] = *off;
                self.bound.settle(*unit as usize, Some(*off), offer);
            }
            self.choice.uses.push((offer, settled.uses));
            let points = self.problem.points_of(&self.choice.uses);
            if points <= u128::from(self.problem.member_points) && !self.is_hopeless()? {
                self.close(unit, from + 1)?;
            }
            self.choice.uses.pop();
            for (unit, _) in &taken {
                self.choice.reductions[*unit as usize] = 0;
                self.bound.settle(*unit as usize, None, offer);
            }
        }
        Ok(())
    }

    fn decide(&mut self, unit: usize) -> Result<(), MoneyError> {
        if !self.budget.step() {
            return Ok(());
        }
        if unit == self.problem.units.len() {
            return self.finish.complete(&self.choice, &mut self.budget);
        }
        for at in 0..self.options[unit].len() {
            let taker = self.options[unit][at];
            if !self.may_take(unit, taker) {
                continue;
            }
            let before = self.bound.take(unit, taker);
            self.choice.takers[unit] = taker;
            if let Some((offer, _)) = taker {
                self.counts[usize::from(offer)] += 1;
            }
            if !self.is_hopeless()? {
                self.close(unit + 1, 0)?;
            }
            if let Some((offer, _)) = taker {
                self.counts[usize::from(offer)] -= 1;
            }
            self.choice.takers[unit] = None;
            self.bound.restore(unit, before);
        }
        Ok(())
    }

    fn may_take(&self, unit: usize, taker: Option<Taker>) -> bool {
        let units = &self.problem.units;
        let key = |taker: Option<Taker>| taker.map_or((u16::MAX, u16::MAX), |taker| taker);
        let is_like_last = unit > 0 && units[unit - 1].pool == units[unit].pool;
        if is_like_last && key(taker) < key(self.choice.takers[unit - 1]) {
            return false;
        }
        let Some((next, _)) = taker else { return true };
        let offer = self.problem.offer(next);
        let count = self.counts[usize::from(next)];
        if matches!(offer.promotion.rule, Rule::Each(_)) && count >= offer.left.uses {
            return false;
        }
        let is_new = count == 0;
        !is_new
            || self.problem.takers.iter().all(|other| {
                let is_used = *other != next && self.counts[usize::from(*other)] > 0;
                let other = self.problem.offer(*other).promotion;
                let is_exclusive = other.combine == Combine::Exclusive
                    || offer.promotion.combine == Combine::Exclusive;
                let is_one_class = other.class.is_some() && other.class == offer.promotion.class;
                !is_used || !is_exclusive && !is_one_class
            })
    }
}
