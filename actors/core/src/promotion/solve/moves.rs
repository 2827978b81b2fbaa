//! What the moves of a table do: what they gain, what has to be remembered, what they may not.

use super::deal::{Deal, Kind, Slot};
use super::prices::Hope;
use super::state::State;
use super::table::{Move, Table};
use crate::promotion::rule::{GroupAward, UnitAward};

impl Table<'_, '_> {
    pub(super) fn off(&self, unit: u32, award: UnitAward) -> i128 {
        i128::from(self.problem.award_of(unit, award)) * self.worth(unit)
    }

    fn price(&self, unit: u32) -> i128 {
        i128::from(self.problem.units[unit as usize].price) * self.worth(unit)
    }

    /// What a minor unit less of a unit is worth.
    fn worth(&self, unit: u32) -> i128 {
        self.weights[unit as usize] * self.scale
    }

    /// A unit's part of what a move may gain, so that no group gains more than its units' parts.
    pub(super) fn share(&self, unit: u32, it: Move) -> i128 {
        let share = self.part(unit, it);
        let hope = Hope { deal: it.deal, slot: it.slot, share };
        self.prices.as_ref().map_or(share, |prices| prices.hope(self.deals, hope))
    }

    /// The part without the prices of slots and limits.
    pub(super) fn part(&self, unit: u32, it: Move) -> i128 {
        match &self.deals.deals[usize::from(it.deal)].kind {
            Kind::Each { tiers, .. } => {
                tiers.get(usize::from(it.tier)).map_or(0, |(_, award)| self.off(unit, *award))
            }
            Kind::Group { award: GroupAward::Cheapest { count, award }, size, .. }
                if self.is_even =>
            {
                let worth = self.deals.deals[usize::from(it.deal)].worth.1 * self.scale;
                let off = i128::from(self.problem.award_of(unit, *award)) * worth;
                off * i128::from((*count).min(*size)) / i128::from((*size).max(1)) + 1
            }
            Kind::Group { award: GroupAward::Cheapest { award, .. }, .. }
            | Kind::Group { award: GroupAward::Dearest { award, .. }, .. } => {
                self.off(unit, *award)
            }
            Kind::Group { award, size, .. } => self.even_gain(unit, it, *award, *size),
        }
    }

    /// What a unit gains by an award that does not depend on its place in the group.
    fn even_gain(&self, unit: u32, it: Move, award: GroupAward, size: u32) -> i128 {
        // Where a group's units are worth different amounts, no less than its parts may come to:
        // what is shared over them is rounded by less than one each.
        let (least, most) = self.deals.deals[usize::from(it.deal)].worth;
        let part = |amount: i64, worth: i128| {
            i128::from(amount.max(0)) * worth * self.scale / i128::from(size.max(1))
        };
        let rounding = (most - least) * self.scale;
        match award {
            GroupAward::Price(price) => self.price(unit) - part(price, least) + rounding,
            GroupAward::AmountOff(off) => part(off, most) + rounding,
            GroupAward::PercentOff(percent) => self.off(unit, UnitAward::PercentOff(percent)),
            GroupAward::BySlot => {
                let offer = self.problem.offer(self.deals.deals[usize::from(it.deal)].offer);
                let award = super::problem::slot_award(offer, it.slot);
                award.map_or(0, |award| self.off(unit, award))
            }
            GroupAward::Cheapest { .. } | GroupAward::Dearest { .. } => 0,
        }
    }

    /// Carries a move out; none where it is not allowed.
    pub(super) fn play(&self, state: State, unit: u32, it: Move) -> Option<(State, i128)> {
        let deal = &self.deals.deals[usize::from(it.deal)];
        let state = match deal.class {
            None => state,
            Some((field, member)) => match field.get(state) {
                0 => field.set(state, member),
                other if other == member => state,
                _ => return None,
            },
        };
        match &deal.kind {
            Kind::Each { tiers, chosen, so_far } => {
                let (from, award) = *tiers.get(usize::from(it.tier))?;
                let off = self.off(unit, award);
                let state = self.pay(state, deal).filter(|_| off > 0)?;
                let price =
                    self.prices.as_ref().map_or(0, |prices| prices.of_use(self.deals, it.deal));
                let off = off - i128::from(deal.is_limited) - price;
                let Some(chosen) = chosen else { return Some((state, off)) };
                let tier = u32::from(it.tier) + 1;
                if ![0, tier].contains(&chosen.get(state)) {
                    return None;
                }
                let count = (so_far.get(state) + 1).min(from);
                Some((so_far.set(chosen.set(state, tier), count), off))
            }
            Kind::Group { slots, size, award } => {
                let own = slots.iter().find(|slot| slot.number == it.slot)?;
                let group = own.field.get(state) / own.count;
                let place = placed(slots, state, group);
                let is_use = place == 0;
                let state = if is_use { self.pay(state, deal)? } else { state };
                let gain = match award {
                    GroupAward::Cheapest { count, award } => {
                        let is_awarded = place >= size.saturating_sub(*count);
                        if is_awarded { self.off(unit, *award) } else { 0 }
                    }
                    GroupAward::Dearest { count, award } => {
                        if place < *count {
                            self.off(unit, *award)
                        } else {
                            0
                        }
                    }
                    _ => self.even_gain(unit, it, *award, *size),
                };
                let mut state = own.field.set(state, own.field.get(state) + 1);
                if slots.iter().all(|slot| slot.field.get(state) >= slot.count) {
                    for slot in slots {
                        state = slot.field.set(state, slot.field.get(state) - slot.count);
                    }
                }
                let price =
                    self.prices.as_ref().map_or(0, |prices| prices.of_slot(it.deal, it.slot));
                let gain = gain + price;
                Some((state, gain - i128::from(is_use && deal.is_limited)))
            }
        }
    }

    /// What one of a resource costs until it is given back.
    pub(super) fn price_of(&self, resource: usize) -> i128 {
        self.prices.as_ref().map_or(0, |prices| prices.resources[resource])
    }

    fn pay(&self, state: State, deal: &Deal) -> Option<State> {
        deal.costs.iter().try_fold(state, |state, (resource, cost)| {
            let resource = &self.deals.resources[*resource];
            let used = resource.field.get(state).checked_add(*cost)?;
            (used <= resource.most).then(|| resource.field.set(state, used))
        })
    }

    /// What is left to be remembered after a unit, and what is given back of limits that end with
    /// it; none where something that ends is not whole.
    pub(super) fn end(&self, mut state: State, place: usize) -> Option<(State, i128)> {
        let ends = &self.ends[place];
        for deal in &ends.deals {
            match &self.deals.deals[usize::from(*deal)].kind {
                Kind::Each { tiers, chosen: Some(chosen), so_far } => {
                    if let Some(tier) = chosen.get(state).checked_sub(1) {
                        let (from, _) = tiers.get(usize::try_from(tier).ok()?)?;
                        if so_far.get(state) < *from {
                            return None;
                        }
                    }
                    state = so_far.set(chosen.set(state, 0), 0);
                }
                Kind::Each { .. } => {}
                Kind::Group { slots, .. } => {
                    if slots.iter().any(|slot| slot.field.get(state) != 0) {
                        return None;
                    }
                }
            }
        }
        let mut back = 0;
        for resource in &ends.resources {
            let field = self.deals.resources[*resource].field;
            back += self.price_of(*resource) * i128::from(field.get(state));
            state = field.set(state, 0);
        }
        for deal in &ends.classes {
            if let Some((field, _)) = self.deals.deals[usize::from(*deal)].class {
                state = field.set(state, 0);
            }
        }
        Some((state, back))
    }

    /// What open groups have gained so far, at most: what is lost where they are not completed;
    /// and how many promotions have one.
    pub(super) fn at_stake(&self, state: State) -> (i128, u32) {
        self.groups.iter().fold((0, 0), |(stake, open), (deal, most)| {
            let Kind::Group { slots, .. } = &self.deals.deals[usize::from(*deal)].kind else {
                return (stake, open);
            };
            let filled: i128 = slots.iter().map(|slot| i128::from(slot.field.get(state))).sum();
            (stake + filled * most, open + u32::from(filled > 0))
        })
    }

    /// What open groups may still gain beyond the parts of the units to come.
    pub(super) fn open(&self, state: State, place: usize) -> i128 {
        let mut extra = 0;
        for (deal, later) in &self.later {
            let Kind::Group { slots, size, award: GroupAward::Cheapest { count, .. } } =
                &self.deals.deals[usize::from(*deal)].kind
            else {
                continue;
            };
            let groups = slots.iter().map(|slot| slot.field.get(state).div_ceil(slot.count)).max();
            for group in 0..groups.unwrap_or(0) {
                let filled = placed(slots, state, group);
                let (k, n, f) =
                    (i128::from((*count).min(*size)), i128::from(*size), i128::from(filled));
                let parts = if k <= n - f { k * f } else { (n - f) * (n - k) };
                extra += (later[place] / n + 1) * parts;
            }
        }
        extra
    }
}

/// How many units of a group there are so far.
fn placed(slots: &[Slot], state: State, group: u32) -> u32 {
    let of = |slot: &Slot| {
        slot.field.get(state).saturating_sub(group.saturating_mul(slot.count)).min(slot.count)
    };
    slots.iter().map(of).sum()
}
