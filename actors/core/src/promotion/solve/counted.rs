//! The search by counting: what is best for each unit alone leaves groups incomplete; a table over
//! what is counted across units finds the least that has to be given up so that they are complete.
//!
//! Limits, classes and tiers are left out of account first, and counted where what was found does
//! not keep them.

use std::collections::{BTreeMap, BTreeSet};

use super::Budget;
use super::cells::{Cell, cells_of, is_free};
use super::charges;
use super::deal::Kind;
use super::dims::Dims;
use super::table::{Best, Move, Table, whole};
use super::turns::{Found, search};

/// How many beginnings are looked at before it pays to look ahead.
const NODES_SOON: u64 = 8_000;
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
            charges::balance(&mut cells, &mut dims)?;
            found = look(&mut cells, &mut dims, budget)?;
            if found.is_some() || dims.slots().is_empty() {
                break;
            }
        }
        let Found { gain, picks } = found?;
        let mut moves = vec![None; table.units.len()];
        for (cell, pick) in cells.iter().zip(picks) {
            cell.note(&cell.ways[pick], &mut moves);
        }
        lift(table, &mut moves);
        let broken = broken(table, &moves);
        if broken.is_empty() {
            let gain = whole(gain.into());
            return Some(Best { found: Some((gain, moves)), is_all: true, most: gain });
        }
        let count = strict.len();
        strict.extend(broken);
        if strict.len() == count {
            return None;
        }
    }
    None
}

/// Searches soon, and where that is not enough with better prices and looking ahead.
fn look(cells: &mut [Cell], dims: &mut Dims, budget: &mut Budget) -> Option<Option<Found>> {
    let all = cells.iter_mut().map(Cell::rank).sum::<i64>() + dims.given_back()?;
    let most = budget.most.min(budget.nodes.saturating_add(NODES_SOON));
    let mut soon = Budget { most, ..*budget };
    let found = search(cells, dims, all, false, &mut soon);
    budget.nodes = soon.nodes;
    if found.is_some() {
        return found;
    }
    charges::polish(cells, dims)?;
    let all = cells.iter_mut().map(Cell::rank).sum::<i64>() + dims.given_back()?;
    search(cells, dims, all, true, budget)
}

/// Where a deal's first tier needs no counting and a higher one is used, all its units use that.
fn lift(table: &Table, moves: &mut [Option<Move>]) {
    let mut tiers: BTreeMap<u16, (u16, u16)> = BTreeMap::new();
    for it in moves.iter().flatten() {
        let (least, most) = tiers.entry(it.deal).or_insert((it.tier, it.tier));
        (*least, *most) = ((*least).min(it.tier), (*most).max(it.tier));
    }
    let is_mixed = |deal: u16, (least, most): (u16, u16)| {
        least < most && is_free(table, &table.deals.deals[usize::from(deal)], least)
    };
    tiers.retain(|deal, tiers| is_mixed(*deal, *tiers));
    for it in moves.iter_mut().flatten().filter(|it| it.tier == 0) {
        if let Some((_, most)) = tiers.get(&it.deal) {
            it.tier = *most;
        }
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
