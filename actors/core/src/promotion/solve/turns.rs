//! A table over what is counted across cells: cell by cell, of all beginnings that are counted
//! alike only the one that has given up the least.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::Budget;
use super::ahead::Ahead;
use super::cells::{Cell, Count};
use super::dims::Dims;

/// More than anything costs.
const FAR: i64 = i64::MAX / 4;
/// The part of all gains that is looked at first for what has to be given up.
const FIRST: i64 = 128;
/// Most states of dimensions whose moves are worked out once.
const STATES_FEW: usize = 512;

/// What was found: what it gains, and the way of each cell.
pub(super) struct Found {
    pub(super) gain: i64,
    pub(super) picks: Vec<usize>,
}

/// The combination that gains the most; none where what is apart is farther apart than is counted,
/// and none at all where there is too much to be counted. Where much is to be given up it pays to
/// look ahead, which takes a while itself.
pub(super) fn search(
    cells: &[Cell],
    dims: &Dims,
    all: i64,
    is_far: bool,
    budget: &mut Budget,
) -> Option<Option<Found>> {
    let plan = plan(cells, dims)?;
    let ahead = is_far.then(|| Ahead::of(cells, dims, &plan));
    deepen(cells, dims, &plan, ahead.as_ref(), all, budget)
}

/// Looks farther until something is found.
fn deepen(
    cells: &[Cell],
    dims: &Dims,
    plan: &[Turn],
    ahead: Option<&Ahead>,
    all: i64,
    budget: &mut Budget,
) -> Option<Option<Found>> {
    let least = ahead.map_or(0, |ahead| ahead.least(dims));
    let mut more = all / FIRST / if ahead.is_some() { 8 } else { 1 };
    loop {
        let far = least.saturating_add(more).min(FAR);
        let mut pass = Pass { cells, dims, ahead, far, beyond: FAR };
        match pass.run(plan, budget)? {
            Some((regret, picks)) if regret <= pass.beyond => {
                return Some(Some(Found { gain: all - regret, picks }));
            }
            None if pass.beyond > far && far < FAR => {
                let times = if ahead.is_some() { 2 } else { 4 };
                more = more.max(1).saturating_mul(times).min(FAR);
            }
            _ => return Some(None),
        }
    }
}

/// A cell's turn.
pub(super) struct Turn {
    pub(super) cell: usize,
    /// The dimensions that begin with it.
    new: Vec<usize>,
    /// The strides of what is counted beforehand and afterwards, by dimension; nought if not.
    before: Vec<u128>,
    pub(super) after: Vec<u128>,
    /// By dimension: how far the middle of a difference moves, and where it is afterwards.
    pub(super) shift: Vec<i16>,
    pub(super) center: Vec<i16>,
}

/// An order of the cells in which little has to be counted at once; none where that is too much.
fn plan(cells: &[Cell], dims: &Dims) -> Option<Vec<Turn>> {
    let mut touched: Vec<Vec<usize>> = Vec::with_capacity(cells.len());
    let mut left = vec![0_usize; dims.len()];
    for cell in cells {
        let mut own = Vec::new();
        for way in &cell.ways {
            dims.touched(&way.counts, &mut own);
        }
        for dim in &own {
            left[*dim] += 1;
        }
        touched.push(own);
    }
    let mut waiting: Vec<usize> = (0..cells.len()).collect();
    let mut active: BTreeSet<usize> = BTreeSet::new();
    let mut turns = Vec::with_capacity(cells.len());
    let mut before = vec![0; dims.len()];
    let mut sums: BTreeMap<(u16, u16), i32> = BTreeMap::new();
    let mut center = vec![0; dims.len()];
    while !waiting.is_empty() {
        // What is counted besides, and what need not be counted any more.
        let cost = |cell: usize| {
            let (mut new, mut ended) = (1_u64, 1_u64);
            for dim in &touched[cell] {
                let size = dims.size(*dim);
                new = new.saturating_mul(if active.contains(dim) { 1 } else { size });
                ended = ended.saturating_mul(if left[*dim] == 1 { size } else { 1 });
            }
            (new.div_ceil(ended), Reverse((ended, touched[cell].len())))
        };
        let at = (0..waiting.len()).min_by_key(|at| cost(waiting[*at]))?;
        let cell = waiting.remove(at);
        let new = touched[cell].iter().filter(|dim| !active.contains(dim)).copied().collect();
        active.extend(&touched[cell]);
        for dim in &touched[cell] {
            left[*dim] -= 1;
            if left[*dim] == 0 {
                active.remove(dim);
            }
        }
        let mut size = 1_u128;
        let mut after = vec![0; dims.len()];
        for dim in &active {
            after[*dim] = size;
            size = size.checked_mul(dims.size(*dim).into())?;
        }
        for (deal, slot, count) in &cells[cell].ways.first()?.counts {
            *sums.entry((*deal, *slot)).or_default() += i32::from(*count);
        }
        let next = dims.drift(&sums);
        let shift = next
            .iter()
            .zip(&center)
            .map(|(next, center): (&i16, &i16)| next.saturating_sub(*center))
            .collect();
        center = next;
        turns.push(Turn { cell, new, before, after: after.clone(), shift, center: center.clone() });
        before = after;
    }
    Some(turns)
}

/// A beginning.
#[derive(Clone, Copy, Debug)]
struct Label {
    place: u128,
    regret: i64,
    /// Among those of the turn before.
    parent: u32,
    way: u32,
}

/// A beginning, as far as the dimensions go that a way moves.
struct Live {
    /// Among the states of those dimensions.
    moved: u64,
    /// The place afterwards as far as the others go, and what their ends cost.
    then: (u128, i64),
    parent: u32,
    regret: i64,
}

/// What becomes of the moved dimensions.
#[derive(Clone, Copy)]
enum Then {
    /// Where they stand, and what their ends cost.
    Place(u128, i64),
    Barred,
    TooFar,
}

/// One look at all that gives up no more than so much.
struct Pass<'c> {
    cells: &'c [Cell],
    dims: &'c Dims,
    ahead: Option<&'c Ahead>,
    far: i64,
    /// The least that is given up by what is farther apart than is counted.
    beyond: i64,
}

impl Pass<'_> {
    /// The least that is given up, and the way of each cell; none at all where the budget is spent.
    fn run(&mut self, plan: &[Turn], budget: &mut Budget) -> Option<Option<(i64, Vec<usize>)>> {
        let first = Label { place: 0, regret: 0, parent: 0, way: 0 };
        let mut layers: Vec<Vec<Label>> = vec![vec![first]];
        for (at, turn) in plan.iter().enumerate() {
            let next = self.turn((at, turn), layers.last()?, budget)?;
            layers.push(next);
        }
        let Some(Label { regret, .. }) = layers.last()?.first().copied() else {
            return Some(None);
        };
        let mut picks = vec![0; self.cells.len()];
        let mut at = 0;
        for (turn, layer) in plan.iter().zip(&layers[1..]).rev() {
            let Label { parent, way, .. } = layer[at];
            picks[turn.cell] = way as usize;
            at = parent as usize;
        }
        Some(Some((regret, picks)))
    }

    fn turn(
        &mut self,
        (at, turn): (usize, &Turn),
        now: &[Label],
        budget: &mut Budget,
    ) -> Option<Vec<Label>> {
        let shifted: Vec<usize> =
            (0..self.dims.len()).filter(|dim| turn.shift[*dim] != 0).collect();
        let mut lives: Vec<Lives> = Vec::new();
        let mut next: Vec<Label> = Vec::new();
        for (number, way) in (0_u32..).zip(&self.cells[turn.cell].ways) {
            if way.regret > self.far {
                break;
            }
            let mut moved = shifted.clone();
            self.dims.touched(&way.counts, &mut moved);
            let found = lives.iter().position(|lives| lives.moved == moved);
            let kept = found.unwrap_or(lives.len());
            if found.is_none() {
                lives.push(Lives::of(self.dims, turn, moved, now));
            }
            let Lives { moved, live, states } = &lives[kept];
            let mut thens = vec![None; states.unwrap_or(0)];
            if !budget.take(live.len() as u64) {
                return None;
            }
            for one in live.iter().filter(|one| one.regret + way.regret <= self.far) {
                let work_out = || after(self.dims, turn, &way.counts, (moved, one.moved));
                let then = match thens.get_mut(usize::try_from(one.moved).unwrap_or(usize::MAX)) {
                    Some(then) => *then.get_or_insert_with(work_out),
                    None => work_out(),
                };
                let regret = one.regret + way.regret + one.then.1;
                match then {
                    Then::Place(place, cost) if regret + cost <= self.far => {
                        let (place, regret) = (one.then.0 + place, regret + cost);
                        next.push(Label { place, regret, parent: one.parent, way: number });
                    }
                    Then::TooFar => self.beyond = self.beyond.min(regret),
                    _ => {}
                }
            }
        }
        next.sort_unstable_by_key(|label| (label.place, label.regret, label.parent, label.way));
        next.dedup_by_key(|label| label.place);
        if let Some(ahead) = self.ahead {
            let rest = |label: &Label| ahead.after(at, self.dims, turn, label.place);
            next.retain(|label| label.regret.saturating_add(rest(label)) <= self.far);
        }
        Some(next)
    }
}

/// What becomes of a state of the dimensions that a way moves.
fn after(dims: &Dims, turn: &Turn, counts: &[Count], (moved, state): (&[usize], u64)) -> Then {
    let mut values = dims.starts();
    let mut rest = state;
    for dim in moved.iter().filter(|dim| turn.before[**dim] > 0) {
        values[*dim] = i16::try_from(rest % dims.size(*dim)).unwrap_or(0);
        rest /= dims.size(*dim);
    }
    if !dims.advance(counts, &mut values) {
        return Then::Barred;
    }
    for dim in moved {
        values[*dim] = values[*dim].saturating_sub(turn.shift[*dim]);
        if !dims.is_within(*dim, values[*dim]) {
            return Then::TooFar;
        }
    }
    place(dims, turn, &values, moved).map_or(Then::Barred, |(place, cost)| Then::Place(place, cost))
}

/// Where values stand after a turn, and what the ends of some cost; none where one of them has to
/// be another at its end.
fn place(dims: &Dims, turn: &Turn, values: &[i16], of: &[usize]) -> Option<(u128, i64)> {
    let (mut place, mut cost) = (0, 0);
    for dim in of {
        let value = values[*dim];
        match turn.after[*dim] {
            0 => cost += dims.end(*dim, value, turn.center[*dim])?,
            stride => place += u128::try_from(value).ok()? * stride,
        }
    }
    Some((place, cost))
}

/// All beginnings, for ways that move the same dimensions.
struct Lives {
    moved: Vec<usize>,
    live: Vec<Live>,
    /// How many states the moved dimensions have, where they are few.
    states: Option<usize>,
}

impl Lives {
    fn of(dims: &Dims, turn: &Turn, moved: Vec<usize>, now: &[Label]) -> Self {
        let mut values = dims.starts();
        let counted: Vec<usize> = (0..dims.len()).filter(|dim| turn.before[*dim] > 0).collect();
        let new = turn.new.iter().filter(|dim| !moved.contains(dim));
        let still = counted.iter().filter(|dim| !moved.contains(dim));
        let still: Vec<usize> = still.chain(new).copied().collect();
        let mut live = Vec::with_capacity(now.len());
        let mut states = 1_u64;
        for dim in counted.iter().filter(|dim| moved.contains(dim)) {
            states = states.saturating_mul(dims.size(*dim));
        }
        for (parent, label) in (0_u32..).zip(now) {
            let (mut rest, mut own, mut size) = (label.place, 0, 1);
            for dim in &counted {
                let of = u128::from(dims.size(*dim));
                let value = u64::try_from(rest % of).unwrap_or(0);
                rest /= of;
                values[*dim] = i16::try_from(value).unwrap_or(0);
                if moved.contains(dim) {
                    own += value * size;
                    size *= dims.size(*dim);
                }
            }
            if let Some(then) = place(dims, turn, &values, &still) {
                live.push(Live { moved: own, then, parent, regret: label.regret });
            }
        }
        let states = usize::try_from(states).ok().filter(|states| *states <= STATES_FEW);
        Self { moved, live, states }
    }
}
