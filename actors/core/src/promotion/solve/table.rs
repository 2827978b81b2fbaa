//! The search by table: units in one order, the dearest first; of all beginnings that leave the
//! same to be remembered only the one that gained the most goes on.

use std::collections::BTreeMap;

use super::Budget;
use super::deal::{Deals, Kind};
use super::problem::Problem;
use super::state::State;
use crate::promotion::rule::GroupAward;

/// More than the uses of a basket: what a minor unit counts beside one use of something limited.
pub(super) const USES: i128 = 1 << 16;
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
    pub(super) problem: &'p Problem<'a>,
    pub(super) deals: &'p Deals,
    units: Vec<u32>,
    moves: Vec<Vec<Move>>,
    /// What all units from a place on may gain at most, and must lose at most.
    pub(super) most: Vec<i128>,
    least: Vec<i128>,
    /// The deals, resources and classes that end with a unit.
    pub(super) ends: Vec<Ends>,
    /// For deals that award the cheapest: the best award from a place on.
    pub(super) later: BTreeMap<u16, Vec<i128>>,
    pub(super) weights: &'p [i128],
    pub(super) scale: i128,
    pub(super) is_even: bool,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Ends {
    pub(super) deals: Vec<u16>,
    pub(super) resources: Vec<usize>,
    pub(super) classes: Vec<u16>,
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
            scale: scale * USES,
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

    /// The combination that gains the most within a range, and whether that is proven.
    ///
    /// Of those that gain the same, one with the fewest uses of limited promotions is preferred.
    pub(super) fn best(&self, range: Range, budget: &mut Budget) -> (Option<Found>, bool) {
        let above = range.above * USES;
        let range = Range { above, most: range.most.map(|most| most * USES) };
        let (found, is_all) = self.best_within(range, budget);
        (found.map(|(gain, moves)| (whole(gain), moves)), is_all)
    }

    fn best_within(&self, range: Range, budget: &mut Budget) -> (Option<Found>, bool) {
        // What the rough pass looks at is bounded by itself.
        let mut aside = Budget { nodes: 0, most: u64::MAX, aside: 0 };
        let (rough, is_all) = self.pass(range, Some(ROUGH), &mut aside);
        budget.aside += aside.nodes;
        let is_reached = |most| rough.as_ref().is_some_and(|(gain, _)| whole(*gain) * USES >= most);
        if is_all || range.most.is_some_and(is_reached) {
            return (rough, true);
        }
        let above = rough.as_ref().map_or(range.above, |(gain, _)| *gain);
        // Half of what is left, so that others have something too.
        let most = (budget.most.saturating_sub(budget.nodes)) / 2;
        let mut half = Budget { nodes: 0, most, aside: 0 };
        let (better, is_all) = self.pass(Range { above, ..range }, None, &mut half);
        budget.nodes += half.nodes.min(most);
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

/// A gain without the uses that are counted against it.
pub(super) const fn whole(gain: i128) -> i128 {
    -(-gain).div_euclid(USES)
}

/// Keeps, of beginnings that leave the same to be remembered, the first that gained the most; or
/// one for each gain.
fn keep_best(labels: &mut Vec<Label>, is_every_gain: bool) {
    labels.sort_by(|a, b| a.state.cmp(&b.state).then(b.gain.cmp(&a.gain)));
    labels.dedup_by(|later, first| {
        later.state == first.state && (!is_every_gain || later.gain == first.gain)
    });
}
