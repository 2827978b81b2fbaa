//! The search by table: units in one order, the dearest first; of all beginnings that leave the
//! same to be remembered only the one that gained the most goes on.

use std::collections::BTreeMap;

use super::Budget;
use super::deal::{Deal, Deals, Kind, Slot, State};
use super::problem::Problem;
use crate::promotion::rule::{GroupAward, UnitAward};

/// How many beginnings the first, rough pass keeps.
const ROUGH: usize = 24;

/// What may become of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Move {
    pub(super) deal: u16,
    pub(super) slot: u16,
    pub(super) tier: u16,
}

/// A beginning.
#[derive(Clone, Copy, Debug)]
struct Label {
    state: State,
    gain: i128,
    parent: u32,
    /// Among the unit's moves; nought is none.
    choice: u16,
}

/// The units that a search is about, in order, with what is worked out about them once.
pub(super) struct Table<'p, 'a> {
    problem: &'p Problem<'a>,
    deals: &'p Deals,
    units: Vec<u32>,
    moves: Vec<Vec<Move>>,
    /// What all units from a place on may gain at most, and must lose at most.
    most: Vec<i128>,
    least: Vec<i128>,
    /// The deals, resources and classes that end with a unit.
    ends: Vec<Ends>,
    /// For deals that award the cheapest: the best award from a place on.
    later: BTreeMap<u16, Vec<i128>>,
    weights: &'p [i128],
    scale: i128,
    is_even: bool,
}

#[derive(Clone, Debug, Default)]
struct Ends {
    deals: Vec<u16>,
    resources: Vec<usize>,
    classes: Vec<u16>,
}

/// What a pass found: the moves of the best combination and what they gain.
pub(super) type Found = (i128, Vec<Option<Move>>);

/// The gains that a pass looks for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Range {
    /// Only more than this is of use.
    pub(super) above: i128,
    /// No more than this is allowed.
    pub(super) most: Option<i128>,
}

impl<'p, 'a> Table<'p, 'a> {
    pub(super) fn new(
        problem: &'p Problem<'a>,
        deals: &'p Deals,
        units: Vec<u32>,
        (weights, scale): (&'p [i128], i128),
    ) -> Self {
        let mut measures = problem.units.iter().map(|unit| unit.thousandths);
        let first = measures.next();
        let mut table = Self {
            problem,
            deals,
            moves: Vec::with_capacity(units.len()),
            most: vec![0; units.len() + 1],
            least: vec![0; units.len() + 1],
            ends: vec![Ends::default(); units.len()],
            later: BTreeMap::new(),
            is_even: measures.all(|measure| Some(measure) == first),
            units,
            weights,
            scale,
        };
        table.prepare();
        table
    }

    fn prepare(&mut self) {
        let mut last: BTreeMap<u16, usize> = BTreeMap::new();
        for (place, unit) in self.units.iter().enumerate() {
            let mut moves = Vec::new();
            for (deal, slot) in &self.deals.options[*unit as usize] {
                last.insert(*deal, place);
                let tiers = match &self.deals.deals[usize::from(*deal)].kind {
                    Kind::Each { tiers, .. } => tiers.len(),
                    Kind::Group { .. } => 1,
                };
                let tiers = u16::try_from(tiers).unwrap_or(0);
                moves.extend((0..tiers).map(|tier| Move { deal: *deal, slot: *slot, tier }));
            }
            self.moves.push(moves);
        }
        let mut resources: BTreeMap<usize, usize> = BTreeMap::new();
        let mut classes: BTreeMap<u16, (usize, u16)> = BTreeMap::new();
        for (deal, place) in &last {
            self.ends[*place].deals.push(*deal);
            let held = &self.deals.deals[usize::from(*deal)];
            for (resource, _) in &held.costs {
                let end = resources.entry(*resource).or_default();
                *end = (*end).max(*place);
            }
            if let Some((field, _)) = held.class {
                let found = classes.values_mut().find(|(_, of)| {
                    self.deals.deals[usize::from(*of)].class.is_some_and(|(it, _)| it == field)
                });
                match found {
                    Some((end, _)) => *end = (*end).max(*place),
                    None => {
                        classes.insert(*deal, (*place, *deal));
                    }
                }
            }
        }
        for (resource, place) in resources {
            self.ends[place].resources.push(resource);
        }
        for (place, deal) in classes.into_values() {
            self.ends[place].classes.push(deal);
        }
        for place in (0..self.units.len()).rev() {
            let shares = self.moves[place].iter().map(|it| self.share(self.units[place], *it));
            let shares: Vec<i128> = shares.collect();
            self.most[place] =
                self.most[place + 1] + shares.iter().copied().max().unwrap_or(0).max(0);
            self.least[place] =
                self.least[place + 1] + shares.iter().copied().min().unwrap_or(0).min(0);
        }
        for (number, deal) in (0_u16..).zip(&self.deals.deals) {
            let Kind::Group { award: GroupAward::Cheapest { award, .. }, .. } = &deal.kind else {
                continue;
            };
            if last.contains_key(&number) {
                let mut later = vec![0; self.units.len() + 1];
                for place in (0..self.units.len()).rev() {
                    let is_its = self.moves[place].iter().any(|it| it.deal == number);
                    let off = if is_its { self.off(self.units[place], *award) } else { 0 };
                    later[place] = off.max(later[place + 1]);
                }
                self.later.insert(number, later);
            }
        }
    }

    fn off(&self, unit: u32, award: UnitAward) -> i128 {
        i128::from(self.problem.award_of(unit, award)) * self.worth(unit)
    }

    fn price(&self, unit: u32) -> i128 {
        i128::from(self.problem.units[unit as usize].price) * self.worth(unit)
    }

    /// What a minor unit less of a unit is worth.
    fn worth(&self, unit: u32) -> i128 {
        self.weights[unit as usize] * self.scale
    }

    /// What is gained at most.
    pub(super) fn most(&self) -> i128 {
        self.most[0]
    }

    /// A unit's part of what a move may gain, so that no group gains more than its units' parts.
    fn share(&self, unit: u32, it: Move) -> i128 {
        match &self.deals.deals[usize::from(it.deal)].kind {
            Kind::Each { tiers, .. } => {
                tiers.get(usize::from(it.tier)).map_or(0, |(_, award)| self.off(unit, *award))
            }
            Kind::Group { award: GroupAward::Cheapest { count, award }, size, .. }
                if self.is_even =>
            {
                let all = self.off(unit, *award) * i128::from((*count).min(*size));
                all / i128::from((*size).max(1)) + 1
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
        let worth = self.worth(unit);
        let part = |amount: i64| i128::from(amount.max(0)) * worth / i128::from(size.max(1));
        match award {
            GroupAward::Price(price) => self.price(unit) - part(price),
            GroupAward::AmountOff(off) => part(off),
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
    fn play(&self, state: State, unit: u32, it: Move) -> Option<(State, i128)> {
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
                let state = if place == 0 { self.pay(state, deal)? } else { state };
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
                Some((state, gain))
            }
        }
    }

    fn pay(&self, state: State, deal: &Deal) -> Option<State> {
        deal.costs.iter().try_fold(state, |state, (resource, cost)| {
            let resource = &self.deals.resources[*resource];
            let used = resource.field.get(state).checked_add(*cost)?;
            (used <= resource.most).then(|| resource.field.set(state, used))
        })
    }

    /// What is left to be remembered after a unit; none where something that ends is not whole.
    fn end(&self, mut state: State, place: usize) -> Option<State> {
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
        for resource in &ends.resources {
            state = self.deals.resources[*resource].field.set(state, 0);
        }
        for deal in &ends.classes {
            if let Some((field, _)) = self.deals.deals[usize::from(*deal)].class {
                state = field.set(state, 0);
            }
        }
        Some(state)
    }

    /// What open groups may still gain beyond the parts of the units to come.
    fn open(&self, state: State, place: usize) -> i128 {
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
                extra += later[place] * parts / n + 1;
            }
        }
        extra
    }

    /// The combination that gains the most within a range, and whether that is proven.
    pub(super) fn best(&self, range: Range, budget: &mut Budget) -> (Option<Found>, bool) {
        let (rough, is_all) = self.pass(range, Some(ROUGH), budget);
        let is_reached = |most| rough.as_ref().is_some_and(|(gain, _)| *gain >= most);
        if is_all || budget.is_spent() || range.most.is_some_and(is_reached) {
            return (rough, is_all || !budget.is_spent());
        }
        let above = rough.as_ref().map_or(range.above, |(gain, _)| *gain);
        let (better, is_all) = self.pass(Range { above, ..range }, None, budget);
        (better.or(rough), is_all)
    }

    fn pass(
        &self,
        range: Range,
        width: Option<usize>,
        budget: &mut Budget,
    ) -> (Option<Found>, bool) {
        let mut layers: Vec<Vec<Label>> = Vec::with_capacity(self.units.len() + 1);
        layers.push(vec![Label { state: 0, gain: 0, parent: 0, choice: 0 }]);
        let mut is_all = true;
        for place in 0..self.units.len() {
            let mut next = Vec::new();
            for (parent, label) in (0_u32..).zip(&layers[place]) {
                if !budget.take(self.moves[place].len() as u64 + 1) {
                    return (None, false);
                }
                self.extend(place, (parent, label), range, &mut next);
            }
            keep_best(&mut next, range.most.is_some());
            if let Some(width) = width.filter(|width| next.len() > *width) {
                is_all = false;
                next.sort_by_cached_key(|label| {
                    std::cmp::Reverse(label.gain + self.open(label.state, place + 1))
                });
                next.truncate(width);
            }
            layers.push(next);
        }
        let last = layers.last().and_then(|layer| {
            let best =
                (0_usize..).zip(layer).max_by(|(a, x), (b, y)| x.gain.cmp(&y.gain).then(b.cmp(a)));
            best.map(|(place, label)| (place, label.gain))
        });
        let Some((mut at, gain)) = last.filter(|(_, gain)| *gain > range.above) else {
            return (None, is_all);
        };
        let mut moves = vec![None; self.units.len()];
        for place in (0..self.units.len()).rev() {
            let label = layers[place + 1][at];
            let choice = usize::from(label.choice).checked_sub(1);
            moves[place] = choice.and_then(|choice| self.moves[place].get(choice)).copied();
            at = label.parent as usize;
        }
        (Some((gain, moves)), is_all)
    }

    fn extend(
        &self,
        place: usize,
        (parent, label): (u32, &Label),
        range: Range,
        next: &mut Vec<Label>,
    ) {
        let unit = self.units[place];
        let moves = (1_u16..).zip(&self.moves[place]);
        let played = moves.filter_map(|(choice, it)| {
            let (state, gain) = self.play(label.state, unit, *it)?;
            Some((choice, state, gain))
        });
        for (choice, state, gain) in std::iter::once((0, label.state, 0)).chain(played) {
            let Some(state) = self.end(state, place) else { continue };
            let gain = label.gain + gain;
            let hope = gain + self.most[place + 1] + self.open(state, place + 1);
            let is_too_much = range.most.is_some_and(|most| gain + self.least[place + 1] > most);
            if hope > range.above && !is_too_much {
                next.push(Label { state, gain, parent, choice });
            }
        }
    }
}

/// How many units of a group there are so far.
fn placed(slots: &[Slot], state: State, group: u32) -> u32 {
    let of = |slot: &Slot| {
        slot.field.get(state).saturating_sub(group.saturating_mul(slot.count)).min(slot.count)
    };
    slots.iter().map(of).sum()
}

/// Keeps, of beginnings that leave the same to be remembered, the first that gained the most; or
/// one for each gain.
fn keep_best(labels: &mut Vec<Label>, is_every_gain: bool) {
    labels.sort_by(|a, b| a.state.cmp(&b.state).then(b.gain.cmp(&a.gain)));
    labels.dedup_by(|later, first| {
        later.state == first.state && (!is_every_gain || later.gain == first.gain)
    });
}
