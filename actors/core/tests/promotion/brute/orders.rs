//! Stage 2: promotions of orders, and rewards.

use store_core::promotion::rule::{Basis, Counts, Order, OrderAward, RewardAward, Rule};

use super::arithmetic::{Set, compare_lists, half_up, places, share};
use super::basket::{Basket, Live};

/// Units of one tax that the same live promotions of orders and rewards cover.
#[derive(Clone, Debug)]
pub struct Bin {
    pub tax: usize,
    /// Places in [`Basket::live`].
    covering: Set,
    pub units: Set,
    pub amount: i64,
    pub gross: i64,
}

/// A basket after stage 1.
#[derive(Debug)]
pub struct Priced<'a> {
    pub basket: &'a Basket<'a>,
    /// By unit.
    pub amounts: &'a [i64],
    pub bins: Vec<Bin>,
}

/// A promotion of orders that is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its place in [`Basket::live`].
    pub live: usize,
    pub uses: i64,
    /// What it takes off.
    pub amount: i64,
}

impl<'a> Priced<'a> {
    pub fn new(basket: &'a Basket<'a>, amounts: &'a [i64]) -> Self {
        let covered: Vec<(usize, Set)> = basket
            .live
            .iter()
            .enumerate()
            .filter(|(_, live)| matches!(live.promotion.rule, Rule::Order(_) | Rule::Reward(_)))
            .map(|(place, live)| (place, covered(basket, live, amounts)))
            .collect();
        let mut bins: Vec<Bin> = Vec::new();
        for (place, unit) in basket.units.iter().enumerate() {
            let covering = covered.iter().filter(|(_, units)| units >> place & 1 == 1);
            let covering = covering.fold(0, |all, (live, _)| all | 1 << live);
            let is_it = |bin: &&mut Bin| bin.tax == unit.tax && bin.covering == covering;
            if let Some(bin) = bins.iter_mut().find(is_it) {
                bin.units |= 1 << place;
                bin.amount += amounts[place];
                bin.gross += amounts[place];
            } else {
                let (units, amount) = (1 << place, amounts[place]);
                bins.push(Bin { tax: unit.tax, covering, units, amount, gross: amount });
            }
        }
        bins.sort_by(|a, b| a.tax.cmp(&b.tax).then(compare_lists(a.covering, b.covering)));
        for (place, tax) in basket.taxes.iter().enumerate() {
            if tax.is_inclusive() {
                continue;
            }
            let nets: Vec<i64> =
                bins.iter().filter(|bin| bin.tax == place).map(|bin| bin.amount).collect();
            let shares = share(tax.on(nets.iter().sum()), &nets);
            for (bin, share) in bins.iter_mut().filter(|bin| bin.tax == place).zip(shares) {
                bin.gross += share;
            }
        }
        Self { basket, amounts, bins }
    }

    /// The gross of each bin before any promotion of orders.
    pub fn gross(&self) -> Vec<i64> {
        self.bins.iter().map(|bin| bin.gross).collect()
    }

    /// Places of the bins that a live promotion covers.
    pub fn bins_of(&self, live: usize) -> Vec<usize> {
        let is_covered = |bin: &usize| self.bins[*bin].covering >> live & 1 == 1;
        (0..self.bins.len()).filter(is_covered).collect()
    }

    fn units_of(&self, live: usize) -> Set {
        self.bins_of(live).into_iter().fold(0, |units, bin| units | self.bins[bin].units)
    }

    /// Every sequence of promotions of orders, each in every way, that may follow on a stage 1
    /// that left so many of the member's points. `may_use` answers whether a promotion may still
    /// be used beside those of stage 1 and some of orders.
    pub fn each_sequence(
        &self,
        points: i64,
        may_use: &dyn Fn(&[Step], usize) -> bool,
        visit: &mut dyn FnMut(&[Step], &[i64]),
    ) {
        self.extend(&mut Vec::new(), (&self.gross(), points), may_use, visit);
    }

    fn extend(
        &self,
        steps: &mut Vec<Step>,
        (left, points): (&[i64], i64),
        may_use: &dyn Fn(&[Step], usize) -> bool,
        visit: &mut dyn FnMut(&[Step], &[i64]),
    ) {
        visit(steps, left);
        for (place, live) in self.basket.live.iter().enumerate() {
            let Rule::Order(order) = &live.promotion.rule else {
                continue;
            };
            let follows = |step: &Step| self.may_follow(step.live, place);
            if !steps.iter().all(follows) || !may_use(steps, place) {
                continue;
            }
            let uses_left = live.uses_left.min(points.checked_div(live.cost()).unwrap_or(i64::MAX));
            for (amount, uses) in self.awards(place, order, uses_left, left) {
                let mut after = left.to_vec();
                let shares = self.shares(place, amount, left);
                for (bin, taken) in self.bins_of(place).into_iter().zip(shares) {
                    after[bin] -= taken;
                }
                steps.push(Step { live: place, uses, amount });
                let points = points - live.cost() * uses;
                self.extend(steps, (&after, points), may_use, visit);
                steps.pop();
            }
        }
    }

    /// What each covered bin carries of what a promotion takes off.
    pub fn shares(&self, live: usize, amount: i64, left: &[i64]) -> Vec<i64> {
        let weights: Vec<i64> = self.bins_of(live).into_iter().map(|bin| left[bin]).collect();
        share(amount, &weights)
    }

    /// Whether one promotion of orders may be used after another.
    fn may_follow(&self, first: usize, second: usize) -> bool {
        let live = &self.basket.live;
        let (a, b) = (self.units_of(first), self.units_of(second));
        let sequence = |place: usize| match &live[place].promotion.rule {
            Rule::Order(order) => order.sequence,
            _ => 0,
        };
        let priority = |place: usize| (live[place].promotion.priority, place);
        let is_part = |a: Set, b: Set| a & b == a;
        let in_order = if self.basket.is_by_priority {
            let may_meet = a & b == 0 || is_part(a, b) || is_part(b, a);
            may_meet && priority(first) < priority(second)
        } else if a == b {
            sequence(first) <= sequence(second)
        } else {
            a & b == 0 || is_part(a, b)
        };
        first != second
            && live[first].goes_with_others()
            && live[second].goes_with_others()
            && in_order
    }

    /// What a promotion may take off, and in how many uses: one answer for each tier reached.
    fn awards(&self, place: usize, order: &Order, uses_left: i64, left: &[i64]) -> Vec<(i64, i64)> {
        let units = self.units_of(place);
        let measure = match order.counts {
            Counts::Quantity => i64::from(units.count_ones()),
            Counts::Amount => {
                self.basket.measure(units, self.amounts, order.basis == Basis::AfterTax)
            }
        };
        let base: i64 = self.bins_of(place).into_iter().map(|bin| left[bin]).sum();
        let reached = order.tiers.iter().filter(|tier| tier.from <= measure);
        let award = |tier: &store_core::promotion::rule::OrderTier| {
            let times = if order.is_repeatable { (measure / tier.from).min(uses_left) } else { 1 };
            let amount = match tier.award {
                OrderAward::PercentOff(points) => half_up(base * i64::from(points.0), 10_000),
                OrderAward::AmountOff(amount) => base.min(amount * times),
            };
            (amount.min(self.basket.live[place].cap), times)
        };
        let is_given = |(amount, times): &(i64, i64)| *amount > 0 && *times <= uses_left;
        reached.map(award).filter(is_given).collect()
    }

    /// The points that a basket earns where so much is left of its bins.
    pub fn points(&self, left: &[i64]) -> i64 {
        let base = |paid: i64| {
            self.basket
                .base_points
                .map_or(0, |base| paid / base.per_amount * i64::try_from(base.points).unwrap())
        };
        let mut points = base(left.iter().sum());
        for (place, live) in self.basket.live.iter().enumerate() {
            let Rule::Reward(reward) = &live.promotion.rule else {
                continue;
            };
            let paid = self.bins_of(place).into_iter().map(|bin| left[bin]).sum();
            let count = i64::from(self.units_of(place).count_ones());
            let counted = if reward.counts == Counts::Amount { paid } else { count };
            if counted < reward.from || count == 0 {
                continue;
            }
            points += match reward.award {
                RewardAward::Points(points) => i64::try_from(points).unwrap(),
                RewardAward::PointsPerUnit(points) => count * i64::try_from(points).unwrap(),
                RewardAward::PointsTimes(times) => base(paid) * (i64::from(times) - 1),
                RewardAward::Coupon(_) => 0,
            };
        }
        points
    }
}

/// The units that a promotion of orders or a reward covers.
fn covered(basket: &Basket, live: &Live, amounts: &[i64]) -> Set {
    let Rule::Order(Order { undiscounted_only: true, .. }) = live.promotion.rule else {
        return live.covers;
    };
    let untouched = places(live.covers).filter(|&unit| amounts[unit] == basket.units[unit].price);
    untouched.fold(0, |units, unit| units | 1 << unit)
}
