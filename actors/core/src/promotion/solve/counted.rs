//! The search by counting: what is best for each unit alone leaves groups incomplete; a table over
//! what is counted across units finds the least that has to be given up so that they are complete.
//!
//! Limits, classes and tiers are left out of account first, and counted where what was found does
//! not keep them.

use std::collections::{BTreeMap, BTreeSet};

use super::Budget;
use super::cells::{Cell, Count, cells};
use super::deal::Kind;
use super::dims::Dims;
use super::table::{Best, Move, Table, whole};

/// How often a price is halved in upon.
const HALVINGS: u32 = 24;
/// How often all prices are looked at again.
const ROUNDS: u32 = 3;
/// How often what was left out of account is counted in.
const STRICTER: usize = 8;
/// Most states of a table.
const STATES_MAX: usize = 1 << 15;
/// More than anything costs.
const FAR: i64 = i64::MAX / 4;
/// The part of all gains that is looked at first for what has to be given up.
const FIRST: i64 = 128;
/// How far the slots of a group are counted apart at first, and where that is not enough.
const REACHES: [i16; 2] = [4, 12];

/// The combination that gains the most; none where not every promotion can be counted, or there is
/// too much to be counted.
pub(super) fn best(table: &Table, budget: &mut Budget) -> Option<Best> {
    let mut strict = BTreeSet::new();
    for _ in 0..STRICTER {
        let mut cells = cells(table, &strict)?;
        let mut dims = Dims::of(table, &cells, &strict, REACHES[0])?;
        price(&mut cells, &dims);
        let all: i64 = cells.iter_mut().map(Cell::rank).sum();
        let mut found = search(&cells, &dims, all, budget);
        if found.is_none() && !dims.slots().is_empty() {
            dims = Dims::of(table, &cells, &strict, REACHES[1])?;
            found = search(&cells, &dims, all, budget);
        }
        let (regret, picks) = found?;
        let mut moves = vec![None; table.units.len()];
        for (cell, pick) in cells.iter().zip(picks) {
            cell.note(&cell.ways[pick], &mut moves);
        }
        let broken = broken(table, &moves);
        if broken.is_empty() {
            let gain = whole((all - regret).into());
            return Some(Best { found: Some((gain, moves)), is_all: true, most: gain });
        }
        strict.extend(broken);
    }
    None
}

/// Gives slots prices so that as many units want to be in one as in another: within a group any
/// amount may be moved from one slot to another.
fn price(cells: &mut [Cell], dims: &Dims) {
    let slots = dims.slots();
    for _ in 0..ROUNDS {
        let mut is_moved = false;
        for (deal, counts) in &slots {
            for slot in 1..counts.len() {
                is_moved |= shift(cells, *deal, (slot, counts[slot]), counts[0]);
            }
        }
        if !is_moved {
            return;
        }
    }
}

/// Moves an amount from the units of one slot to those of the first; whether that was of use.
fn shift(cells: &mut [Cell], deal: u16, (slot, of_slot): (usize, i16), of_first: i16) -> bool {
    // How many more units are in the slot than fit the first one.
    let over = |counts: &[Count]| -> i64 {
        let own = counts.iter().filter(|(other, ..)| *other == deal);
        let over = own.map(|(_, place, count)| match usize::from(*place) {
            0 => -i64::from(*count) * i64::from(of_slot),
            place if place == slot => i64::from(*count) * i64::from(of_first),
            _ => 0,
        });
        over.sum()
    };
    let wants: Vec<Vec<(i64, i64)>> = cells
        .iter()
        .map(|cell| cell.ways.iter().map(|way| (way.gain, over(&way.counts))).collect())
        .filter(|ways: &Vec<(i64, i64)>| ways.iter().any(|(_, over)| *over != 0))
        .collect();
    let asked = |price: i64| -> i64 {
        let best = |ways: &Vec<(i64, i64)>| {
            let best = ways.iter().map(|(gain, over)| (gain - price * over, *over)).max();
            best.map_or(0, |(_, over)| over)
        };
        wants.iter().map(best).sum()
    };
    let now = asked(0);
    if now == 0 {
        return false;
    }
    let span = wants.iter().flatten().map(|(gain, _)| gain.abs()).max().unwrap_or(0) + 1;
    let (mut low, mut high) = if now > 0 { (0, span) } else { (-span, 0) };
    let mut price = 0;
    for _ in 0..HALVINGS {
        price = low + (high - low) / 2;
        match asked(price).signum() {
            1 => low = price,
            -1 => high = price,
            _ => break,
        }
        if high - low < 2 {
            break;
        }
    }
    for way in cells.iter_mut().flat_map(|cell| &mut cell.ways) {
        way.gain -= price * over(&way.counts);
    }
    price != 0
}

/// The least that is given up, and the way of each cell.
fn search(cells: &[Cell], dims: &Dims, all: i64, budget: &mut Budget) -> Option<(i64, Vec<usize>)> {
    let plan = plan(cells, dims)?;
    let mut far = all / FIRST;
    loop {
        let pass = pass(cells, dims, &plan, far, budget)?;
        match pass {
            (Some((regret, picks)), beyond) if regret <= beyond => return Some((regret, picks)),
            (Some(_), _) => return None,
            (None, beyond) if beyond <= far || far >= FAR => return None,
            _ => far = far.max(1).saturating_mul(4).min(FAR),
        }
    }
}

/// A cell's turn.
struct Turn {
    cell: usize,
    /// The dimensions that begin with it.
    new: Vec<usize>,
    /// The strides of what is counted beforehand and afterwards, by dimension; nought if not.
    before: Vec<usize>,
    after: Vec<usize>,
    size: usize,
    /// By dimension: how far the middle of a difference moves, and where it is afterwards.
    shift: Vec<i16>,
    center: Vec<i16>,
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
    let mut sums: BTreeMap<(u16, u16), i16> = BTreeMap::new();
    let mut center = vec![0; dims.len()];
    while !waiting.is_empty() {
        // What is counted besides, and what need not be counted any more.
        let cost = |cell: usize| {
            let size = |is_it: &dyn Fn(usize) -> bool| -> usize {
                let own = touched[cell].iter().filter(|dim| is_it(**dim));
                own.map(|dim| dims.size(*dim)).product()
            };
            let new = size(&|dim| !active.contains(&dim));
            let ended = size(&|dim| left[dim] == 1);
            (new, std::cmp::Reverse((ended, touched[cell].len())))
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
        let mut size = 1_usize;
        let mut after = vec![0; dims.len()];
        for dim in &active {
            after[*dim] = size;
            size = size.checked_mul(dims.size(*dim)).filter(|size| *size <= STATES_MAX)?;
        }
        for (deal, slot, count) in &cells[cell].ways.first()?.counts {
            *sums.entry((*deal, *slot)).or_default() += count;
        }
        let next = dims.drift(&sums);
        let shift = next.iter().zip(&center).map(|(next, center)| next - center).collect();
        center = next;
        let turn =
            Turn { cell, new, before, after: after.clone(), size, shift, center: center.clone() };
        turns.push(turn);
        before = after;
    }
    Some(turns)
}

/// Where a state came from.
#[derive(Clone, Copy, Debug, Default)]
struct From {
    state: u32,
    way: u32,
}

/// A state, as far as some dimensions go that a way moves.
struct Live {
    /// Among the states of those dimensions.
    moved: u32,
    /// The place afterwards as far as the others go.
    then: u32,
    state: u32,
    regret: i64,
}

/// What becomes of the moved dimensions.
#[derive(Clone, Copy)]
enum Then {
    Place(u32),
    Barred,
    TooFar,
}

/// The least that is given up where it is no more than this, and what may be given up beyond what
/// is counted.
fn pass(
    cells: &[Cell],
    dims: &Dims,
    plan: &[Turn],
    far: i64,
    budget: &mut Budget,
) -> Option<(Option<(i64, Vec<usize>)>, i64)> {
    let mut now = vec![(0_u32, 0_i64)];
    let mut layers: Vec<Vec<From>> = Vec::with_capacity(plan.len());
    let mut beyond = FAR;
    for turn in plan {
        let mut next = vec![FAR; turn.size];
        let mut from = vec![From::default(); turn.size];
        let mut reached = Vec::new();
        let shifted: Vec<usize> = (0..dims.len()).filter(|dim| turn.shift[*dim] != 0).collect();
        let mut lives: Vec<Lives> = Vec::new();
        for (number, way) in (0_u32..).zip(&cells[turn.cell].ways) {
            if way.regret > far {
                break;
            }
            let mut moved = shifted.clone();
            dims.touched(&way.counts, &mut moved);
            let found = lives.iter().position(|lives| lives.moved == moved);
            let at = found.unwrap_or(lives.len());
            if found.is_none() {
                lives.push(Lives::of(dims, turn, moved, &now));
            }
            let Lives { moved, live, states } = &lives[at];
            let mut thens = vec![None; *states];
            budget.aside += live.len() as u64;
            for one in live {
                let regret = one.regret + way.regret;
                if regret > far {
                    continue;
                }
                let then = &mut thens[one.moved as usize];
                let then = then.get_or_insert_with(|| {
                    moves(dims, turn, &way.counts, moved, one.moved as usize)
                });
                match then {
                    Then::Place(place) => {
                        let place = one.then + *place;
                        let least = &mut next[place as usize];
                        if *least == FAR {
                            reached.push(place);
                        }
                        if regret < *least {
                            *least = regret;
                            from[place as usize] = From { state: one.state, way: number };
                        }
                    }
                    Then::Barred => {}
                    Then::TooFar => beyond = beyond.min(regret),
                }
            }
        }
        layers.push(from);
        now.clear();
        now.extend(reached.into_iter().map(|place| (place, next[place as usize])));
    }
    let Some((_, regret)) = now.first().copied() else { return Some((None, beyond)) };
    let mut picks = vec![0; cells.len()];
    let mut at = 0;
    for (turn, layer) in plan.iter().zip(&layers).rev() {
        let From { state, way } = layer[at];
        picks[turn.cell] = way as usize;
        at = state as usize;
    }
    Some((Some((regret, picks)), beyond))
}

/// What becomes of a state of the dimensions that a way moves.
fn moves(dims: &Dims, turn: &Turn, counts: &[Count], moved: &[usize], state: usize) -> Then {
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
        values[*dim] -= turn.shift[*dim];
        if !dims.is_within(*dim, values[*dim]) {
            return Then::TooFar;
        }
    }
    place(dims, turn, &values, moved).map_or(Then::Barred, Then::Place)
}

/// Where values stand after a turn; none where one of them has to be another at its end.
fn place(dims: &Dims, turn: &Turn, values: &[i16], of: &[usize]) -> Option<u32> {
    let mut place = 0;
    for dim in of {
        let value = values[*dim];
        match turn.after[*dim] {
            0 if !dims.is_end(*dim, value, turn.center[*dim]) => return None,
            stride => place += usize::try_from(value).ok()? * stride,
        }
    }
    u32::try_from(place).ok()
}

/// The states that can be reached, for ways that move the same dimensions.
struct Lives {
    moved: Vec<usize>,
    live: Vec<Live>,
    /// How many states the moved dimensions have.
    states: usize,
}

impl Lives {
    fn of(dims: &Dims, turn: &Turn, moved: Vec<usize>, now: &[(u32, i64)]) -> Self {
        let mut values = dims.starts();
        let counted: Vec<usize> = (0..dims.len()).filter(|dim| turn.before[*dim] > 0).collect();
        let new = turn.new.iter().filter(|dim| !moved.contains(dim));
        let still = counted.iter().filter(|dim| !moved.contains(dim));
        let still: Vec<usize> = still.chain(new).copied().collect();
        let mut live = Vec::with_capacity(now.len());
        for (state, regret) in now {
            let (mut rest, mut own, mut size) = (*state as usize, 0, 1);
            for dim in &counted {
                let value = rest % dims.size(*dim);
                rest /= dims.size(*dim);
                values[*dim] = i16::try_from(value).unwrap_or(0);
                if moved.contains(dim) {
                    own += value * size;
                    size *= dims.size(*dim);
                }
            }
            if let (Ok(moved), Some(then)) =
                (u32::try_from(own), place(dims, turn, &values, &still))
            {
                live.push(Live { moved, then, state: *state, regret: *regret });
            }
        }
        let states = counted.iter().filter(|dim| moved.contains(dim));
        let states = states.map(|dim| dims.size(*dim)).product();
        Self { moved, live, states }
    }
}

/// The deals whose tiers, limits or classes are not kept.
fn broken(table: &Table, moves: &[Option<Move>]) -> BTreeSet<u16> {
    let mut uses: BTreeMap<u16, (u16, u32)> = BTreeMap::new();
    let mut broken = BTreeSet::new();
    for it in moves.iter().flatten() {
        let (tier, count) = uses.entry(it.deal).or_insert((it.tier, 0));
        if *tier != it.tier {
            broken.insert(it.deal);
        }
        *count += 1;
    }
    let deal = |number: u16| &table.deals.deals[usize::from(number)];
    let mut used = vec![0_u64; table.deals.resources.len()];
    let mut classes: BTreeMap<_, BTreeSet<u32>> = BTreeMap::new();
    for (number, (tier, count)) in uses {
        let uses = match &deal(number).kind {
            Kind::Each { tiers, .. } => {
                if tiers.get(usize::from(tier)).is_none_or(|(from, _)| count < *from) {
                    broken.insert(number);
                }
                count
            }
            Kind::Group { size, .. } => count / (*size).max(1),
        };
        for (resource, cost) in &deal(number).costs {
            used[*resource] += u64::from(uses) * u64::from(*cost);
        }
        if let Some((field, member)) = deal(number).class {
            classes.entry(field).or_default().insert(member);
        }
    }
    for number in 0..u16::try_from(table.deals.deals.len()).unwrap_or(u16::MAX) {
        let is_over =
            |resource: usize| used[resource] > u64::from(table.deals.resources[resource].most);
        let is_class = deal(number)
            .class
            .is_some_and(|(field, _)| classes.get(&field).is_some_and(|members| members.len() > 1));
        if is_class || deal(number).costs.iter().any(|(resource, _)| is_over(*resource)) {
            broken.insert(number);
        }
    }
    broken
}
