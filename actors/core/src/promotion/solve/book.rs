//! A combination as it is booked: every unit's net, every promotion's part, the taxes.

use super::finish::Answer;
use super::problem::{Problem, coupons_of};
use crate::promotion::arith::shared;
use crate::promotion::outcome::{Applied, Certificate, Outcome, Part, UnitOutcome};
use crate::promotion::rule::{RewardAward, Rule};
use crate::promotion::set::PromotionIndex;
use crate::tax::TaxMethod;
use crate::transaction::TaxLine;
use crate::{Money, MoneyError};

/// A combination on its way into the books; everything by unit, dearest first.
struct Book<'p, 'a> {
    problem: &'p Problem<'a>,
    answer: Answer,
    /// What each costs after the promotions of items.
    amounts: Vec<i64>,
    /// What is left to pay of each, with its tax.
    gross: Vec<i64>,
    /// What each promotion of orders took of that, in their order.
    takes: Vec<Vec<i64>>,
    /// What all of them took of that.
    taken: Vec<i64>,
    nets: Vec<i64>,
    taxes: Vec<TaxLine>,
}

impl Problem<'_> {
    /// Books a combination.
    pub(super) fn book(
        &self,
        answer: Answer,
        certificate: Certificate,
    ) -> Result<Outcome, MoneyError> {
        let mut amounts: Vec<i64> = self.units.iter().map(|unit| unit.price).collect();
        let offs = std::iter::once(&answer.choice.reductions);
        for off in offs.chain(answer.tops.iter().map(|(_, off)| off)) {
            for (amount, off) in amounts.iter_mut().zip(off) {
                *amount -= off;
            }
        }
        let book = Book {
            problem: self,
            answer,
            nets: amounts.clone(),
            gross: amounts.clone(),
            taken: vec![0; amounts.len()],
            amounts,
            takes: Vec::new(),
            taxes: Vec::new(),
        };
        book.close(certificate)
    }
}

impl Book<'_, '_> {
    fn close(mut self, certificate: Certificate) -> Result<Outcome, MoneyError> {
        self.share_steps()?;
        for tax in 0..self.problem.taxes.len() {
            self.close_tax(tax)?;
        }
        self.taxes.sort_by(|a, b| a.class.cmp(&b.class));
        let applied = self.applied()?;
        let cost = |applied: &Applied| {
            let promotion = self.problem.offer(self.place_of(applied.index)).promotion;
            promotion.cost_points.saturating_mul(u64::from(applied.uses))
        };
        let points_spent = applied.iter().map(cost).fold(0, u64::saturating_add);
        Ok(Outcome {
            total: self.answer.total,
            net: self.nets.iter().sum(),
            units: self.units()?,
            applied,
            points_earned: self.answer.points_earned,
            points_spent,
            coupons_earned: self.coupons_earned(),
            taxes: self.taxes,
            certificate,
        })
    }

    fn units_where(&self, is_it: impl Fn(usize, usize) -> bool) -> Vec<usize> {
        let (units, amounts) = (&self.problem.units, &self.amounts);
        let bin = |unit: usize| units[unit].bins[usize::from(amounts[unit] < units[unit].price)];
        (0..units.len()).filter(|unit| is_it(bin(*unit), units[*unit].tax)).collect()
    }

    fn share(&self, amount: i64, units: &[usize], by: &[i64]) -> Result<Vec<i64>, MoneyError> {
        let weights: Vec<i64> = units.iter().map(|unit| by[*unit]).collect();
        shared(amount, &weights, self.problem.goods.currency)
    }

    /// Shares what promotions of orders took off the bins over their units.
    fn share_steps(&mut self) -> Result<(), MoneyError> {
        self.takes = vec![vec![0; self.amounts.len()]; self.answer.steps.len()];
        for bin in 0..self.problem.bins.len() {
            let units = self.units_where(|of, _| of == bin);
            if units.is_empty() {
                continue;
            }
            let added = self.answer.filled.gross[bin] - self.answer.filled.amounts[bin];
            let parts = self.share(added, &units, &self.amounts)?;
            for (unit, part) in units.iter().zip(parts) {
                self.gross[*unit] += part;
            }
            for (place, step) in self.answer.steps.iter().enumerate() {
                if step.shares[bin] > 0 {
                    let parts = self.share(step.shares[bin], &units, &self.gross)?;
                    for (unit, part) in units.iter().zip(parts) {
                        self.gross[*unit] -= part;
                        self.taken[*unit] += part;
                        self.takes[place][*unit] = part;
                    }
                }
            }
        }
        Ok(())
    }

    /// The nets of the units of a tax, and the tax of them.
    fn close_tax(&mut self, place: usize) -> Result<(), MoneyError> {
        let tax = &self.problem.taxes[place];
        let units = self.units_where(|_, tax| tax == place);
        let sum = |of: &[i64]| -> i64 { units.iter().map(|unit| of[*unit]).sum() };
        let is_lowered = sum(&self.taken) > 0;
        let gross = sum(&self.gross);
        let (base, due) = match tax.fraction.method {
            TaxMethod::Inclusive => (gross, tax.fraction.contained(gross)?),
            TaxMethod::Exclusive if is_lowered => {
                let due = tax.fraction.contained(gross)?;
                (gross - due, due)
            }
            TaxMethod::Exclusive => {
                let net = sum(&self.amounts);
                (net, tax.fraction.added(net)?)
            }
        };
        if is_lowered {
            let less = sum(&self.amounts) - base;
            for (unit, less) in units.iter().zip(self.lowered_by(less, &units)?) {
                self.nets[*unit] -= less;
            }
        }
        let currency = self.problem.goods.currency;
        self.taxes.push(TaxLine {
            class: tax.class.clone(),
            method: tax.rate.method,
            percent: tax.rate.percent,
            base: Money::from_minor(base, currency)?,
            tax: Money::from_minor(due, currency)?,
        });
        Ok(())
    }

    /// What the net of a tax falls by, shared over its units so that none gets dearer and none
    /// falls below nought: of each no more than promotions of orders took of what is to pay of it.
    /// Rounding the tax may leave more than that to share; it comes off the dearest first, and off
    /// units that nothing was taken from only where the others cost nothing any more.
    fn lowered_by(&self, less: i64, units: &[usize]) -> Result<Vec<i64>, MoneyError> {
        let most = |unit: &usize| self.taken[*unit].min(self.amounts[*unit]);
        let weights: Vec<i64> = units.iter().map(most).collect();
        let all = weights.iter().sum();
        if less <= all {
            return shared(less, &weights, self.problem.goods.currency);
        }
        let mut parts = weights;
        let mut over = less - all;
        for is_taken_from in [true, false] {
            for (unit, part) in units.iter().zip(&mut parts) {
                if (self.taken[*unit] > 0) == is_taken_from {
                    let more = over.min(self.amounts[*unit] - *part);
                    *part += more;
                    over -= more;
                }
            }
        }
        Ok(parts)
    }

    fn units(&self) -> Result<Vec<UnitOutcome>, MoneyError> {
        let units = &self.problem.units;
        let mut places: Vec<usize> = (0..units.len()).collect();
        places.sort_by_key(|unit| (units[*unit].line, units[*unit].place));
        places
            .into_iter()
            .map(|unit| {
                let taken_by = self.answer.choice.takers[unit];
                let index = |place: u16| self.problem.offer(place).index;
                Ok(UnitOutcome {
                    line: units[unit].line,
                    price: units[unit].price,
                    parts: self.parts(unit)?,
                    net: self.nets[unit],
                    taken_by: taken_by.map(|(by, slot)| (index(by), usize::from(slot))),
                })
            })
            .collect()
    }

    fn parts(&self, unit: usize) -> Result<Vec<Part>, MoneyError> {
        let choice = &self.answer.choice;
        let of_items = choice.takers[unit].map(|(by, _)| (by, choice.reductions[unit]));
        let on_top = self.answer.tops.iter().map(|(by, off)| (*by, off[unit]));
        let mut parts: Vec<(u16, i64)> = of_items.into_iter().chain(on_top).collect();
        let lowered = self.amounts[unit] - self.nets[unit];
        let takes: Vec<i64> = self.takes.iter().map(|takes| takes[unit]).collect();
        if lowered != 0 && self.taken[unit] == 0 {
            // The others of its class cost nothing any more: the last that lowered them says so.
            let tax = self.problem.units[unit].tax;
            let is_its = |place: &usize| {
                let bins = self.problem.bins.iter().zip(&self.answer.steps[*place].shares);
                bins.into_iter().any(|(bin, share)| bin.tax == tax && *share > 0)
            };
            let last = (0..self.answer.steps.len()).rev().find(is_its);
            parts.extend(last.map(|last| (self.answer.steps[last].offer, lowered)));
        } else if lowered != 0 {
            let shares = shared(lowered, &takes, self.problem.goods.currency)?;
            let steps = self.answer.steps.iter().map(|step| step.offer);
            parts.extend(steps.zip(shares));
        }
        let parts = parts.into_iter().filter(|(_, amount)| *amount != 0);
        let part = |(by, amount)| Part { promotion: self.problem.offer(by).index, amount };
        Ok(parts.map(part).collect())
    }

    fn place_of(&self, index: PromotionIndex) -> u16 {
        let found = self.problem.offers.binary_search_by_key(&index, |offer| offer.index);
        u16::try_from(found.unwrap_or(0)).unwrap_or(0)
    }

    fn use_of(&self, offer: u16, uses: u32, units: usize, amount: i64) -> Applied {
        let found = self.problem.offer(offer);
        Applied {
            promotion: found.promotion.id.clone(),
            index: found.index,
            uses,
            units: u32::try_from(units).unwrap_or(u32::MAX),
            amount,
            coupons: coupons_of(found, uses),
        }
    }

    /// Every promotion used. What one of items takes off what is to pay is what the total falls
    /// by where it is put to those before it, so that tax is never counted twice.
    fn applied(&self) -> Result<Vec<Applied>, MoneyError> {
        let mut applied = Vec::new();
        let mut by_tax = vec![0; self.problem.taxes.len()];
        for unit in &self.problem.units {
            by_tax[unit.tax] += unit.price;
        }
        let mut lower = |off: &mut dyn Iterator<Item = (usize, i64)>| {
            let before = self.to_pay(&by_tax)?;
            for (unit, off) in off {
                by_tax[self.problem.units[unit].tax] -= off;
            }
            Ok::<i64, MoneyError>(before - self.to_pay(&by_tax)?)
        };
        let choice = &self.answer.choice;
        let mut uses = choice.uses.clone();
        uses.sort_unstable();
        for (offer, uses) in uses {
            let is_its = |unit: &usize| choice.takers[*unit].is_some_and(|(by, _)| by == offer);
            let units: Vec<usize> = (0..choice.takers.len()).filter(is_its).collect();
            let amount = lower(&mut units.iter().map(|unit| (*unit, choice.reductions[*unit])))?;
            applied.push(self.use_of(offer, uses, units.len(), amount));
        }
        for (offer, off) in &self.answer.tops {
            let amount = lower(&mut off.iter().copied().enumerate())?;
            let units = off.iter().filter(|off| **off > 0).count();
            applied.push(self.use_of(*offer, 1, units, amount));
        }
        for (step, takes) in self.answer.steps.iter().zip(&self.takes) {
            let units = takes.iter().filter(|take| **take > 0).count();
            applied.push(self.use_of(step.offer, step.uses, units, step.amount));
        }
        for (offer, units) in self.rewards() {
            applied.push(self.use_of(offer, 1, units, 0));
        }
        applied.sort_by_key(|applied| applied.index);
        Ok(applied)
    }

    fn to_pay(&self, by_tax: &[i64]) -> Result<i64, MoneyError> {
        self.problem.measured(by_tax, crate::promotion::rule::Basis::AfterTax)
    }

    /// The rewards that are given, with the units that each is for.
    fn rewards(&self) -> Vec<(u16, usize)> {
        let mut gross = self.answer.filled.gross.clone();
        for step in &self.answer.steps {
            for (gross, share) in gross.iter_mut().zip(&step.shares) {
                *gross -= share;
            }
        }
        let given = self.problem.rewards.iter().filter_map(|offer| {
            let (_, units) = self.problem.rewarded(*offer, &self.answer.filled, &gross)?;
            Some((*offer, usize::try_from(units).unwrap_or(usize::MAX)))
        });
        given.collect()
    }

    fn coupons_earned(&self) -> Vec<std::sync::Arc<str>> {
        let rewards = self.rewards();
        let campaigns = rewards.iter().filter_map(|(offer, _)| {
            match &self.problem.offer(*offer).promotion.rule {
                Rule::Reward(reward) => match &reward.award {
                    RewardAward::Coupon(campaign) => Some(campaign.clone()),
                    _ => None,
                },
                _ => None,
            }
        });
        let campaigns: std::collections::BTreeSet<_> = campaigns.collect();
        campaigns.into_iter().collect()
    }
}
