//! The search by counting: what is best for each unit alone leaves groups incomplete; a table over
//! what is counted across units finds the least that has to be given up so that they are complete.
//!
//! Limits, classes and tiers are left out of account first, and counted where what was found does
//! not keep them.

use std::collections::{BTreeMap, BTreeSet};

use super::Budget;
use super::cells::{Cell, Count, cells};
use super::deal::Kind;
use super::dims::{Dims, Step};
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
const FIRST: i64 = 32;

/// The combination that gains the most; none where not every promotion can be counted, or there is
/// too much to be counted.
pub(super) fn best(table: &Table, budget: &mut Budget) -> Option<Best> {
    let mut strict = BTreeSet::new();
    for _ in 0..STRICTER {
        let mut cells = cells(table, &strict)?;
        let dims = Dims::of(table, &cells, &strict)?;
        price(&mut cells, &dims);
        let all: i64 = cells.iter_mut().map(Cell::rank).sum();
        let (regret, picks) = search(&cells, &dims, all, budget)?;
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
fn search(
    cells: &[Cell],
    dims: &Dims,
    all: i64,
    budget: &mut Budget,
) -> Option<(i64, Vec<usize>)> {
    let plan = plan(cells, dims)?;
    let mut far = all / FIRST;
    loop {
        let pass = pass(cells, dims, &plan, far, budget)?;
        match pass {
            (Some((regret, picks)), beyond) if regret <= beyond => return Some((regret, picks)),
            (Some(_), _) => return None,
            (None, beyond) if beyond <= far || far >= FAR => return None,
            _ => far = far.max(1).saturating_mul(8).min(FAR),
        }
    }
}

/// A cell's turn.
struct Turn {
    cell: usize,
    touched: BTreeSet<usize>,
    /// What is counted beforehand, with its strides; and afterwards.
    before: Vec<(usize, usize)>,
    after: Vec<(usize, usize)>,
    size: usize,
}

/// An order of the cells in which little has to be counted at once; none where that is too much.
fn plan(cells: &[Cell], dims: &Dims) -> Option<Vec<Turn>> {
    let mut touched: Vec<BTreeSet<usize>> = Vec::with_capacity(cells.len());
    let mut left = vec![0_usize; dims.len()];
    for cell in cells {
        let mut own = BTreeSet::new();
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
    let mut before: Vec<(usize, usize)> = Vec::new();
    while !waiting.is_empty() {
        // What it costs: what is counted besides, less what need not be counted any more.
        let cost = |cell: usize| {
            let new: usize =
                touched[cell].iter().filter(|dim| !active.contains(dim)).map(|dim| dims.size(*dim)).product();
            let ended: usize =
                touched[cell].iter().filter(|dim| left[**dim] == 1).map(|dim| dims.size(*dim)).product();
            (new, std::cmp::Reverse(ended), std::cmp::Reverse(touched[cell].len()))
        };
        let at = (0..waiting.len()).min_by_key(|at| cost(waiting[*at]))?;
        let cell = waiting.remove(at);
        let own = std::mem::take(&mut touched[cell]);
        active.extend(&own);
        for dim in &own {
            left[*dim] -= 1;
            if left[*dim] == 0 {
                active.remove(dim);
            }
        }
        let mut size = 1_usize;
        let mut after = Vec::with_capacity(active.len());
        for dim in &active {
            after.push((*dim, size));
            size = size.checked_mul(dims.size(*dim)).filter(|size| *size <= STATES_MAX)?;
        }
        turns.push(Turn { cell, touched: own, before, after: after.clone(), size });
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

/// The least that is given up where it is no more than this, and what may be given up beyond what
/// is counted.
fn pass(
    cells: &[Cell],
    dims: &Dims,
    plan: &[Turn],
    far: i64,
    budget: &mut Budget,
) -> Option<(Option<(i64, Vec<usize>)>, i64)> {
    let mut now = vec![0_i64];
    let mut layers: Vec<Vec<From>> = Vec::with_capacity(plan.len());
    let mut beyond = FAR;
    for turn in plan {
        let mut next = vec![FAR; turn.size];
        let mut from = vec![From::default(); turn.size];
        let mut beside: BTreeMap<BTreeSet<usize>, Vec<(u32, u32)>> = BTreeMap::new();
        for (number, way) in (0_u32..).zip(&cells[turn.cell].ways) {
            if way.regret > far {
                break;
            }
            let mut moved = BTreeSet::new();
            dims.touched(&way.counts, &mut moved);
            let moves = moves(dims, turn, &way.counts, &moved);
            let beside = beside.entry(moved).or_insert_with_key(|moved| rest(dims, turn, moved));
            budget.aside += (beside.len() * moves.len()) as u64;
            for (was, then) in beside.iter() {
                for (a, b) in &moves {
                    let state = was + a;
                    let regret = now[state as usize] + way.regret;
                    if regret > far {
                        continue;
                    }
                    let Some(b) = b else {
                        beyond = beyond.min(regret);
                        continue;
                    };
                    let place = (then + b) as usize;
                    if regret < next[place] {
                        next[place] = regret;
                        from[place] = From { state, way: number };
                    }
                }
            }
        }
        layers.push(from);
        now = next;
    }
    let regret = *now.first()?;
    if regret > far {
        return Some((None, beyond));
    }
    let mut picks = vec![0; cells.len()];
    let mut at = 0;
    for (turn, layer) in plan.iter().zip(&layers).rev() {
        let From { state, way } = layer[at];
        picks[turn.cell] = way as usize;
        at = state as usize;
    }
    Some((Some((regret, picks)), beyond))
}

/// Of the dimensions that a way moves: each state before and the one after, none where it is
/// farther than is counted.
fn moves(
    dims: &Dims,
    turn: &Turn,
    counts: &[Count],
    moved: &BTreeSet<usize>,
) -> Vec<(u32, Option<u32>)> {
    let mut values: Vec<u16> = (0..dims.len()).map(|dim| dims.start(dim)).collect();
    let mut found = Vec::new();
    let counted: Vec<(usize, usize)> =
        turn.before.iter().copied().filter(|(dim, _)| moved.contains(dim)).collect();
    let states: usize = counted.iter().map(|(dim, _)| dims.size(*dim)).product();
    for state in 0..states {
        let (mut rest, mut was) = (state, 0);
        for dim in moved {
            values[*dim] = dims.start(*dim);
        }
        for (dim, stride) in &counted {
            let value = rest % dims.size(*dim);
            rest /= dims.size(*dim);
            values[*dim] = u16::try_from(value).unwrap_or(0);
            was += value * stride;
        }
        let was = u32::try_from(was).unwrap_or(u32::MAX);
        match dims.advance(counts, &mut values) {
            Step::Barred => {}
            Step::TooFar => found.push((was, None)),
            Step::Made => {
                if let Some(then) = place(dims, turn, &values, moved) {
                    found.push((was, Some(then)));
                }
            }
        }
    }
    found
}

/// Where values stand after a turn; none where one of them has to be another at its end.
fn place(dims: &Dims, turn: &Turn, values: &[u16], of: &BTreeSet<usize>) -> Option<u32> {
    let mut place = 0;
    for dim in of {
        match turn.after.iter().find(|(other, _)| other == dim) {
            Some((_, stride)) => place += usize::from(values[*dim]) * stride,
            None => {
                if !dims.is_end(*dim, values[*dim]) {
                    return None;
                }
            }
        }
    }
    u32::try_from(place).ok()
}

/// Of the dimensions that a way does not move: each state before and after.
fn rest(dims: &Dims, turn: &Turn, moved: &BTreeSet<usize>) -> Vec<(u32, u32)> {
    let still: Vec<(usize, usize)> =
        turn.before.iter().copied().filter(|(dim, _)| !moved.contains(dim)).collect();
    let new: Vec<usize> = (turn.touched.iter().copied())
        .filter(|dim| !moved.contains(dim) && !turn.before.iter().any(|(other, _)| other == dim))
        .collect();
    let all: BTreeSet<usize> = still.iter().map(|(dim, _)| *dim).chain(new).collect();
    let mut values: Vec<u16> = (0..dims.len()).map(|dim| dims.start(dim)).collect();
    let states: usize = still.iter().map(|(dim, _)| dims.size(*dim)).product();
    let mut found = Vec::with_capacity(states);
    for state in 0..states {
        let (mut rest, mut was) = (state, 0);
        for (dim, stride) in &still {
            let value = rest % dims.size(*dim);
            rest /= dims.size(*dim);
            values[*dim] = u16::try_from(value).unwrap_or(0);
            was += value * stride;
        }
        if let (Ok(was), Some(then)) = (u32::try_from(was), place(dims, turn, &values, &all)) {
            found.push((was, then));
        }
    }
    found
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
        let is_over = |resource: usize| {
            used[resource] > u64::from(table.deals.resources[resource].most)
        };
        let is_class = deal(number).class.is_some_and(|(field, _)| {
            classes.get(&field).is_some_and(|members| members.len() > 1)
        });
        if is_class || deal(number).costs.iter().any(|(resource, _)| is_over(*resource)) {
            broken.insert(number);
        }
    }
    broken
}
