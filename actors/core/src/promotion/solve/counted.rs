//! The search by counting: what is best for each unit alone leaves groups incomplete; a table over
//! what is counted across units finds the least that has to be given up so that they are complete.
//!
//! Limits, classes and tiers are left out of account first, and counted where what was found does
//! not keep them.

use std::collections::{BTreeMap, BTreeSet};

use super::Budget;
use super::cells::{Cell, Count, GAIN_MAX, cells_of};
use super::deal::Kind;
use super::dims::{Dims, PARTS};
use super::table::{Best, Move, Table, whole};
use super::turns::{Found, search};

/// How often a price is halved in upon.
const HALVINGS: u32 = 24;
/// How often all prices are looked at again.
const ROUNDS: u32 = 3;
/// How often what was left out of account is counted in.
const STRICTER: usize = 12;
/// How far the slots of a group are counted apart at first, and where that is not enough.
const REACHES: [i16; 2] = [4, 12];

/// The combination that gains the most; none where not every promotion can be counted, or there is
/// too much to be counted.
pub(super) fn best(table: &Table, budget: &mut Budget) -> Option<Best> {
    let mut strict = BTreeSet::new();
    for _ in 0..STRICTER {
        let mut found = None;
        let mut cells = Vec::new();
        for reach in REACHES {
            cells = cells_of(table, &strict)?;
            let mut dims = Dims::of(table, &cells, &strict, reach)?;
            price(&mut cells, &mut dims)?;
            let all = cells.iter_mut().map(Cell::rank).sum::<i64>() + dims.given_back()?;
            found = search(&cells, &dims, all, budget)?;
            if found.is_some() || dims.slots().is_empty() {
                break;
            }
        }
        let Found { gain, picks } = found?;
        let mut moves = vec![None; table.units.len()];
        for (cell, pick) in cells.iter().zip(picks) {
            cell.note(&cell.ways[pick], &mut moves);
        }
        let broken = broken(table, &moves);
        if broken.is_empty() {
            let gain = whole(gain.into());
            return Some(Best { found: Some((gain, moves)), is_all: true, most: gain });
        }
        strict.extend(broken);
    }
    None
}

/// Gives slots and limits prices: so that as many units want to be in one slot as in another, for
/// within a group any amount may be moved from one to the other; and so that no more uses are
/// wanted than there are, for what is charged for them is given back as a whole.
fn price(cells: &mut [Cell], dims: &mut Dims) -> Option<()> {
    let slots = dims.slots();
    let limits = dims.limits();
    for _ in 0..ROUNDS {
        let mut is_moved = false;
        for (deal, counts) in &slots {
            for slot in 1..counts.len() {
                let over = |ways: &[Count]| over(ways, *deal, (slot, counts[slot]), counts[0]);
                is_moved |= charge(cells, &over, (-GAIN_MAX, 0))? != 0;
            }
        }
        for (dim, most) in &limits {
            let before = dims.price(*dim);
            let uses = |ways: &[Count]| dims.uses(*dim, ways);
            let more = charge(cells, &uses, (-before, PARTS * most))?;
            is_moved |= more != 0;
            dims.set_price(*dim, before + more);
        }
        if !is_moved {
            break;
        }
    }
    Some(())
}

/// How many more units are in a slot than fit the first one.
fn over(counts: &[Count], deal: u16, (slot, of_slot): (usize, i16), of_first: i16) -> i64 {
    let own = counts.iter().filter(|(other, ..)| *other == deal);
    let over = own.map(|(_, place, count)| match usize::from(*place) {
        0 => -i64::from(*count) * i64::from(of_slot),
        place if place == slot => i64::from(*count) * i64::from(of_first),
        _ => 0,
    });
    over.sum()
}

/// Charges for something, so that no more of it is wanted than there is, and no less than so much;
/// what for each. None where that leaves what is computed with.
fn charge(
    cells: &mut [Cell],
    of: &dyn Fn(&[Count]) -> i64,
    (least, most): (i64, i64),
) -> Option<i64> {
    let wants: Vec<Vec<(i64, i64)>> = cells
        .iter()
        .map(|cell| cell.ways.iter().map(|way| (way.gain, of(&way.counts))).collect())
        .filter(|ways: &Vec<(i64, i64)>| ways.iter().any(|(_, count)| *count != 0))
        .collect();
    let wanted = |price: i64| -> i64 {
        let best = |ways: &Vec<(i64, i64)>| {
            let left =
                |(gain, count): &(i64, i64)| gain.saturating_sub(price.saturating_mul(*count));
            let best = ways.iter().map(|way| (left(way), way.1)).max();
            best.map_or(0, |(_, count)| count)
        };
        wants.iter().map(best).sum::<i64>() - most
    };
    let now = wanted(0);
    if now == 0 {
        return Some(0);
    }
    let span = wants.iter().flatten().map(|(gain, _)| gain.abs()).max().unwrap_or(0) + 1;
    let (mut low, mut high) = if now > 0 { (0, span) } else { ((-span).max(least), 0) };
    let mut price = 0;
    for _ in 0..HALVINGS {
        if high - low < 2 {
            break;
        }
        price = low + (high - low) / 2;
        match wanted(price).signum() {
            1 => low = price,
            -1 => high = price,
            _ => break,
        }
    }
    for way in cells.iter_mut().flat_map(|cell| &mut cell.ways) {
        let gain = price.checked_mul(of(&way.counts)).and_then(|off| way.gain.checked_sub(off));
        way.gain = gain.filter(|gain| gain.abs() < GAIN_MAX)?;
    }
    Some(price)
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
