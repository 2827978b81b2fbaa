//! The search by table: units in one order, the dearest first; of all beginnings that leave the
//! same to be remembered only the one that gained the most goes on.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::Budget;
use super::deal::{Deals, Kind};
use super::prices::{Hope, Prices};
use super::problem::Problem;
use super::state::{NOTHING, State};
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
    pub(super) units: Vec<u32>,
    pub(super) moves: Vec<Vec<Move>>,
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
    /// The groups' promotions, with the most that a unit gains in each.
    pub(super) groups: Vec<(u16, i128)>,
    /// None until the first, rough pass left something out.
    pub(super) prices: Option<Prices>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Ends {
    pub(super) deals: Vec<u16>,
    pub(super) resources: Vec<usize>,
    pub(super) classes: Vec<u16>,
}

/// What a pass found: the moves of the best combination and what they gain.
pub(super) type Found = (i128, Vec<Option<Move>>);

/// What a table found out.
pub(super) struct Best {
    pub(super) found: Option<Found>,
    /// Whether nothing else gains more.
    pub(super) is_all: bool,
    /// What is gained at most, proven or not.
    pub(super) most: i128,
}

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
            prices: None,
            groups: Vec::new(),
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
        self.add_up();
        for number in last.into_keys() {
            self.note_group(number);
            let deal = &self.deals.deals[usize::from(number)];
            if let Kind::Group { award: GroupAward::Cheapest { award, .. }, .. } = &deal.kind {
                let mut later = vec![0; self.units.len() + 1];
                for place in (0..self.units.len()).rev() {
                    let is_its = self.moves[place].iter().any(|it| it.deal == number);
                    let worth = deal.worth.1 * self.scale;
                    let off = i128::from(self.problem.award_of(self.units[place], *award));
                    let off = if is_its { off * worth } else { 0 };
                    later[place] = off.max(later[place + 1]);
                }
                self.later.insert(number, later);
            }
        }
    }

    fn note_group(&mut self, number: u16) {
        if matches!(self.deals.deals[usize::from(number)].kind, Kind::Group { .. }) {
            let units = self.units.iter().zip(&self.moves);
            let shares = units.flat_map(|(unit, moves)| {
                let own = moves.iter().filter(|it| it.deal == number);
                own.map(|it| self.part(*unit, *it))
            });
            let most = shares.max().unwrap_or(0).max(0);
            self.groups.push((number, most));
        }
    }

    /// Adds up what the units from each place on may gain.
    fn add_up(&mut self) {
        for place in (0..self.units.len()).rev() {
            let shares = self.moves[place].iter().map(|it| self.share(self.units[place], *it));
            let (least, most) = shares.fold((0, 0), |(least, most): (i128, i128), share| {
                (least.min(share), most.max(share))
            });
            let back = self.ends[place].resources.iter().map(|resource| {
                self.price_of(*resource) * i128::from(self.deals.resources[*resource].most)
            });
            self.most[place] = self.most[place + 1] + most + back.sum::<i128>();
            self.least[place] = self.least[place + 1] + least;
        }
    }

    /// The same with prices that make its hopes smaller, in an order that leaves little to be
    /// remembered where the order does not matter; and that order.
    fn priced(&self) -> (Table<'p, 'a>, Vec<usize>) {
        let order = if self.is_any_order() { self.short_order() } else { Vec::new() };
        let order = if order.is_empty() { (0..self.units.len()).collect() } else { order };
        let units = order.iter().map(|place| self.units[*place]).collect();
        let worth = (self.weights, self.scale / USES);
        let mut table = Table::new(self.problem, self.deals, units, worth);
        let hopes = table.units.iter().zip(&table.moves).map(|(unit, moves)| {
            let hope = |it: &Move| {
                let share = table.part(*unit, *it);
                Hope { deal: it.deal, slot: it.slot, share }
            };
            moves.iter().map(hope).collect()
        });
        let hopes: Vec<Vec<Hope>> = hopes.collect();
        table.prices = Some(Prices::found(self.deals, &hopes));
        table.add_up();
        (table, order)
    }

    /// The combination that gains the most within a range, and whether that is proven.
    ///
    /// Of those that gain the same, one with the fewest uses of limited promotions is preferred.
    pub(super) fn best(&self, range: Range, budget: &mut Budget) -> Best {
        let above = range.above * USES;
        let range = Range { above, most: range.most.map(|most| most * USES) };
        let mut most = self.most[0];
        let (found, is_all) = self.best_within(range, &mut most, budget);
        let found = found.map(|(gain, moves)| (whole(gain), moves));
        Best { found, is_all, most: whole(most) }
    }

    fn best_within(
        &self,
        range: Range,
        most_of_all: &mut i128,
        budget: &mut Budget,
    ) -> (Option<Found>, bool) {
        // What the rough pass looks at is bounded by itself.
        let mut aside = Budget { nodes: 0, most: u64::MAX, aside: 0 };
        let (rough, is_all) = self.pass(range, Some(ROUGH), &mut aside);
        budget.aside += aside.nodes;
        let is_reached = |most| rough.as_ref().is_some_and(|(gain, _)| whole(*gain) * USES >= most);
        if is_all || range.most.is_some_and(is_reached) {
            return (rough, true);
        }
        let (table, order) = self.priced();
        *most_of_all = table.most[0].min(*most_of_all);
        let back = |found: Option<Found>| {
            found.map(|(gain, moves)| {
                let mut own = vec![None; moves.len()];
                for (place, it) in order.iter().zip(moves) {
                    own[*place] = it;
                }
                (gain, own)
            })
        };
        let above = |found: &Option<Found>| found.as_ref().map_or(range.above, |(gain, _)| *gain);
        let again = Range { above: above(&rough), ..range };
        let mut aside = Budget { nodes: 0, most: u64::MAX, aside: 0 };
        let (better, is_all) = table.pass(again, Some(ROUGH * 4), &mut aside);
        budget.aside += aside.nodes;
        let rough = back(better).or(rough);
        if is_all {
            return (rough, true);
        }
        // Half of what is left, so that others have something too.
        let most = (budget.most.saturating_sub(budget.nodes)) / 2;
        let mut half = Budget { nodes: 0, most, aside: 0 };
        let last = Range { above: above(&rough), ..range };
        let (better, is_all) = table.pass(last, None, &mut half);
        budget.nodes += half.nodes.min(most);
        (back(better).or(rough), is_all)
    }

    fn pass(
        &self,
        range: Range,
        width: Option<usize>,
        budget: &mut Budget,
    ) -> (Option<Found>, bool) {
        let mut layers: Vec<Vec<Label>> = Vec::with_capacity(self.units.len() + 1);
        layers.push(vec![Label { state: NOTHING, gain: 0, parent: 0, choice: 0 }]);
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
                self.thin(&mut next, width, place + 1);
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

    /// Keeps, of too many beginnings, half for what they may still gain and half for what they
    /// have gained for certain: without these all that is kept might fail to be completed.
    fn thin(&self, labels: &mut Vec<Label>, width: usize, place: usize) {
        labels.sort_by_cached_key(|label| Reverse(label.gain + self.open(label.state, place)));
        let mut rest = labels.split_off(width / 2);
        rest.sort_by_cached_key(|label| {
            let (stake, open) = self.at_stake(label.state);
            (Reverse(label.gain - stake), open, Reverse(label.gain))
        });
        rest.truncate(width - width / 2);
        labels.append(&mut rest);
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
            let Some((state, back)) = self.end(state, place) else { continue };
            let gain = label.gain + gain + back;
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
