//! Promotions of orders: which go together, what they take off, what is left to pay.

use super::problem::{Bin, Problem};
use crate::MoneyError;
use crate::promotion::arith::{half_up, minor, percent_of, shared};
use crate::promotion::rule::{Basis, Combine, Counts, Order, OrderAward, OrderTier, Rule};
use crate::tax::TaxMethod;

/// The bins after the promotions of items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Filled {
    /// What the units of each bin cost, without tax that is added.
    pub(super) amounts: Vec<i64>,
    /// How many units each bin has.
    pub(super) counts: Vec<u32>,
    /// The amounts with all tax.
    pub(super) gross: Vec<i64>,
}

/// One promotion of orders as it was used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) offer: u16,
    pub(super) uses: u32,
    pub(super) amount: i64,
    /// What it took off each bin.
    pub(super) shares: Vec<i64>,
}

impl Problem<'_> {
    /// The bins of units that cost so much now.
    pub(super) fn fill(&self, amounts: &[i64]) -> Result<Filled, MoneyError> {
        let mut filled = Filled {
            amounts: vec![0; self.bins.len()],
            counts: vec![0; self.bins.len()],
            gross: Vec::new(),
        };
        for (unit, amount) in self.units.iter().zip(amounts) {
            let bin = unit.bins[usize::from(*amount < unit.price)];
            filled.amounts[bin] += amount;
            filled.counts[bin] += 1;
        }
        filled.gross = self.gross(&filled.amounts)?;
        Ok(filled)
    }

    /// What bins cost with all tax; tax that is added is rounded once for each class.
    fn gross(&self, amounts: &[i64]) -> Result<Vec<i64>, MoneyError> {
        let mut gross = amounts.to_vec();
        for (place, tax) in self.taxes.iter().enumerate() {
            if tax.fraction.method == TaxMethod::Inclusive {
                continue;
            }
            let bins: Vec<usize> =
                (0..self.bins.len()).filter(|bin| self.bins[*bin].tax == place).collect();
            let weights: Vec<i64> = bins.iter().map(|bin| amounts[*bin]).collect();
            let added = tax.fraction.added(weights.iter().sum())?;
            if let [bin] = bins[..] {
                gross[bin] += added;
                continue;
            }
            for (bin, part) in bins.iter().zip(shared(added, &weights, self.goods.currency)?) {
                gross[*bin] += part;
            }
        }
        Ok(gross)
    }

    /// The measure of amounts that are added up by tax first.
    pub(super) fn measured(&self, by_tax: &[i64], basis: Basis) -> Result<i64, MoneyError> {
        let amounts = self.taxes.iter().zip(by_tax).map(|(tax, amount)| match basis {
            Basis::AfterTax => tax.fraction.gross(*amount),
            Basis::BeforeTax => tax.fraction.net(*amount),
        });
        amounts.sum()
    }

    fn measure(&self, offer: u16, order: &Order, filled: &Filled) -> Result<i64, MoneyError> {
        let covered = || (0..self.bins.len()).filter(|bin| is_covered(&self.bins[*bin], offer));
        match order.counts {
            Counts::Quantity => Ok(covered().map(|bin| i64::from(filled.counts[bin])).sum()),
            Counts::Amount => {
                let mut by_tax = vec![0; self.taxes.len()];
                for bin in covered() {
                    by_tax[self.bins[bin].tax] += filled.amounts[bin];
                }
                self.measured(&by_tax, order.basis)
            }
        }
    }

    /// The tiers of an order's promotion that are reached, and how often.
    pub(super) fn reached(
        &self,
        offer: u16,
        filled: &Filled,
    ) -> Result<Vec<(OrderTier, i64)>, MoneyError> {
        let Rule::Order(order) = &self.offer(offer).promotion.rule else { return Ok(Vec::new()) };
        let measure = self.measure(offer, order, filled)?;
        let reached = order.tiers.iter().filter(|tier| tier.from <= measure);
        let times = |tier: &OrderTier| match order.is_repeatable && tier.from > 0 {
            true => measure / tier.from,
            false => 1,
        };
        Ok(reached.map(|tier| (*tier, times(tier))).collect())
    }

    /// Uses one more promotion of orders on the gross that is left, if it takes anything off.
    pub(super) fn take(
        &self,
        offer: u16,
        (tier, times): (OrderTier, i64),
        uses_left: u32,
        gross: &mut [i64],
    ) -> Result<Option<Step>, MoneyError> {
        let uses = u32::try_from(times).unwrap_or(u32::MAX).min(uses_left);
        let weights: Vec<i64> = (gross.iter().zip(&self.bins))
            .map(|(gross, bin)| if is_covered(bin, offer) { *gross } else { 0 })
            .collect();
        let base: i64 = weights.iter().sum();
        let off = match tier.award {
            OrderAward::PercentOff(percent) => percent_of(base, percent),
            OrderAward::AmountOff(off) => {
                minor((i128::from(off) * i128::from(uses)).clamp(0, i128::from(base)))?
            }
        };
        let amount = off.min(self.offer(offer).left.money);
        if amount <= 0 || uses == 0 {
            return Ok(None);
        }
        let shares = shared(amount, &weights, self.goods.currency)?;
        for (left, share) in gross.iter_mut().zip(&shares) {
            *left -= share;
        }
        Ok(Some(Step { offer, uses, amount, shares }))
    }

    /// Whether a promotion of orders may be used after another one.
    pub(super) fn may_follow(&self, before: u16, next: u16, counts: &[u32]) -> bool {
        let goes = |offer: u16| self.offer(offer).promotion.combine == Combine::WithOthers;
        if before == next || !goes(before) || !goes(next) {
            return false;
        }
        let [mut only_before, mut only_next, mut both] = [false; 3];
        for (bin, count) in self.bins.iter().zip(counts) {
            if *count > 0 {
                match (is_covered(bin, before), is_covered(bin, next)) {
                    (true, true) => both = true,
                    (true, false) => only_before = true,
                    (false, true) => only_next = true,
                    (false, false) => {}
                }
            }
        }
        match (both, only_before, only_next) {
            (false, ..) => true,
            (true, false, false) => self.sequence(before) <= self.sequence(next),
            (true, true, true) | (true, true, false) => false,
            (true, false, true) => true,
        }
    }

    /// Whether two promotions of orders have no unit in common.
    pub(super) fn is_apart(&self, a: u16, b: u16, counts: &[u32]) -> bool {
        let mut held = self.bins.iter().zip(counts).filter(|(_, count)| **count > 0);
        !held.any(|(bin, _)| is_covered(bin, a) && is_covered(bin, b))
    }

    fn sequence(&self, offer: u16) -> u32 {
        match &self.offer(offer).promotion.rule {
            Rule::Order(order) => order.sequence,
            _ => 0,
        }
    }

    /// What such a sum comes to at least, whichever thresholds are reached.
    ///
    /// Each promotion is counted as if it lowered all of it and no other one did, so that the sum
    /// less what is counted never falls where the sum grows; only the roundings of several
    /// percentages may, by less than a minor unit each.
    pub(super) fn least_after_orders(&self, gross: i64, most: &[OrderMost]) -> i64 {
        let (mut alone, mut together) = (0_i128, 0_i128);
        for offer in most {
            let part = half_up(i128::from(gross) * i128::from(offer.percent), 10_000);
            let rounding = i128::from(offer.percent > 0);
            let off = i128::from(offer.amount).max(part).min(i128::from(offer.money));
            if offer.goes_with_others {
                together += off + rounding;
            } else {
                alone = off.max(alone);
            }
        }
        i64::try_from((i128::from(gross) - together.max(alone)).max(0)).unwrap_or(0)
    }

    /// What each promotion of orders may take off at most; those left out whose thresholds are
    /// out of reach even where nothing else is lowered.
    pub(super) fn order_mosts(&self) -> Result<Vec<OrderMost>, MoneyError> {
        let prices: Vec<i64> = self.units.iter().map(|unit| unit.price).collect();
        let filled = self.fill(&prices)?;
        let mut mosts = Vec::new();
        for offer in &self.orders {
            let reached = self.reached(*offer, &filled)?;
            let mut most = OrderMost {
                percent: 0,
                amount: 0,
                money: self.offer(*offer).left.money,
                goes_with_others: self.offer(*offer).promotion.combine == Combine::WithOthers,
            };
            for (tier, times) in reached {
                match tier.award {
                    OrderAward::PercentOff(percent) => most.percent = most.percent.max(percent.0),
                    OrderAward::AmountOff(off) => {
                        most.amount = most.amount.max(off.max(0).saturating_mul(times));
                    }
                }
            }
            mosts.push(most);
        }
        Ok(mosts)
    }
}

/// Most that a promotion of orders may take off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OrderMost {
    percent: u32,
    amount: i64,
    money: i64,
    goes_with_others: bool,
}

/// Whether a promotion of orders or a reward covers a bin.
pub(super) fn is_covered(bin: &Bin, offer: u16) -> bool {
    bin.covers.binary_search(&offer).is_ok()
}
