//! What slots and limits are worth: prices that make the tables' hopes small.
//!
//! Within a group any amount may be moved from the units of one slot to those of another, for it
//! comes back when the group is complete; and what a limit allows may be charged for by use and
//! given back as a whole. Neither changes what a combination gains, both change what its units may
//! hope for. The prices are found by steps against what the hopes ask for too often.

use super::deal::{Deals, Kind};

/// How many steps are made.
const STEPS: u32 = 400;

/// The prices of a table.
#[derive(Clone, Debug, Default)]
pub(super) struct Prices {
    /// By deal and slot: what a unit gains beside its own part.
    pub(super) slots: Vec<Vec<(u16, i128)>>,
    /// By resource: what one of it costs.
    pub(super) resources: Vec<i128>,
}

/// A move of a unit, as far as prices go.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hope {
    pub(super) deal: u16,
    pub(super) slot: u16,
    /// Its part without prices.
    pub(super) share: i128,
}

impl Prices {
    pub(super) fn none(deals: &Deals) -> Self {
        let of_deal = |kind: &Kind| match kind {
            Kind::Each { .. } => Vec::new(),
            Kind::Group { slots, .. } => slots.iter().map(|slot| (slot.number, 0)).collect(),
        };
        Self {
            slots: deals.deals.iter().map(|deal| of_deal(&deal.kind)).collect(),
            resources: vec![0; deals.resources.len()],
        }
    }

    /// What a unit gains in a slot beside its own part.
    pub(super) fn of_slot(&self, deal: u16, slot: u16) -> i128 {
        let slots = self.slots.get(usize::from(deal)).map_or(&[][..], Vec::as_slice);
        slots.iter().find(|(number, _)| *number == slot).map_or(0, |(_, price)| *price)
    }

    /// What a use of a deal costs for its limits.
    pub(super) fn of_use(&self, deals: &Deals, deal: u16) -> i128 {
        let costs = &deals.deals[usize::from(deal)].costs;
        costs.iter().map(|(resource, cost)| self.resources[*resource] * i128::from(*cost)).sum()
    }

    /// A move's hope with prices; what a use costs a group's first slot bears alone.
    pub(super) fn hope(&self, deals: &Deals, hope: Hope) -> i128 {
        let priced = hope.share + self.of_slot(hope.deal, hope.slot);
        match &deals.deals[usize::from(hope.deal)].kind {
            Kind::Each { .. } => priced - self.of_use(deals, hope.deal),
            Kind::Group { .. } => priced,
        }
    }

    /// Prices for which all units together hope for as little as a number of steps finds.
    pub(super) fn found(deals: &Deals, units: &[Vec<Hope>]) -> Self {
        let mut prices = Self::none(deals);
        let mut best = prices.clone();
        let mut least = prices.most(deals, units);
        // A step begins with a part of what a unit hopes for, and shrinks.
        let count = i128::try_from(units.len().max(1)).unwrap_or(1);
        let mut length = (least / count / 2).max(1);
        for _ in 0..STEPS {
            prices.step(deals, units, length);
            length = (length * 63 / 64).max(1);
            let most = prices.most(deals, units);
            if most < least {
                least = most;
                best = prices.clone();
            }
        }
        best
    }

    fn chosen(&self, deals: &Deals, moves: &[Hope]) -> Option<(Hope, i128)> {
        let hopes = moves.iter().map(|it| (*it, self.hope(deals, *it)));
        let best = hopes.filter(|(_, hope)| *hope > 0);
        best.reduce(|best, next| if next.1 > best.1 { next } else { best })
    }

    /// What all units together may hope for.
    fn most(&self, deals: &Deals, units: &[Vec<Hope>]) -> i128 {
        let hopes = units.iter().filter_map(|moves| self.chosen(deals, moves));
        hopes.map(|(_, hope)| hope).sum::<i128>() + self.of_resources(deals)
    }

    /// What is given back of the limits.
    fn of_resources(&self, deals: &Deals) -> i128 {
        let most = deals.resources.iter().map(|resource| i128::from(resource.most));
        most.zip(&self.resources).map(|(most, price)| most * price).sum()
    }

    /// One step against what is asked for too often.
    fn step(&mut self, deals: &Deals, units: &[Vec<Hope>], length: i128) {
        let mut asked: Vec<Vec<i128>> = self.slots.iter().map(|it| vec![0; it.len()]).collect();
        let mut used: Vec<i128> = vec![0; self.resources.len()];
        for moves in units {
            let Some((it, _)) = self.chosen(deals, moves) else { continue };
            let deal = &deals.deals[usize::from(it.deal)];
            let slots = &self.slots[usize::from(it.deal)];
            if let Some(place) = slots.iter().position(|(number, _)| *number == it.slot) {
                asked[usize::from(it.deal)][place] += 1;
            } else {
                for (resource, cost) in &deal.costs {
                    used[*resource] += i128::from(*cost);
                }
            }
        }
        for ((deal, prices), asked) in deals.deals.iter().zip(&mut self.slots).zip(asked) {
            let Kind::Group { slots, .. } = &deal.kind else { continue };
            shift(slots, prices, &asked, length);
        }
        let charged = deals.resources.iter().zip(charged(deals)).zip(used);
        for (price, ((resource, is_charged), used)) in self.resources.iter_mut().zip(charged) {
            if !is_charged {
                continue;
            }
            let over = used - i128::from(resource.most);
            *price = (*price + length * over.signum()).max(0);
        }
    }
}

/// Of which resources only single units use something, which can be charged for it at once.
fn charged(deals: &Deals) -> Vec<bool> {
    let mut charged = vec![true; deals.resources.len()];
    for deal in deals.deals.iter().filter(|deal| matches!(deal.kind, Kind::Group { .. })) {
        for (resource, _) in &deal.costs {
            charged[*resource] = false;
        }
    }
    charged
}

/// Moves amounts from slots that are asked for more often than the first one to it, or back, so
/// that a whole group gains neither more nor less.
fn shift(slots: &[super::deal::Slot], prices: &mut [(u16, i128)], asked: &[i128], length: i128) {
    let Some(first) = slots.first() else { return };
    for place in 1..slots.len() {
        // Each group has so many units in either slot.
        let (a, b) = (i128::from(first.count), i128::from(slots[place].count));
        let over = (asked[place] * a - asked[0] * b).signum();
        let amount = over * (length / (a * b)).max(1);
        prices[place].1 -= amount * a;
        prices[0].1 += amount * b;
    }
}
