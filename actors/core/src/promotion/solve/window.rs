//! Giving up exactly so much of what promotions of items take off, so that a threshold is just
//! reached: a sum of what single units may give up.

use super::deal::{Deals, Kind};
use super::problem::Problem;
use super::table::Move;

/// Most minor units that are given up in this way.
const AMOUNT_MAX: usize = 1 << 16;
/// Most words of all the sets of amounts.
const WORDS_MAX: usize = 1 << 18;
const BITS: usize = u64::BITS as usize;

/// What a unit may give up, and what becomes of it then.
type Less = (usize, Option<Move>);

/// The moves with exactly so much less taken off units that nothing couples; none where that cannot
/// be had from them.
pub(super) fn lowered_by(
    problem: &Problem,
    deals: &Deals,
    plain: &[u32],
    moves: &[Option<Move>],
    amount: i64,
) -> Option<Vec<Option<Move>>> {
    let amount = usize::try_from(amount).ok().filter(|amount| *amount <= AMOUNT_MAX)?;
    let units: Vec<(u32, Vec<Less>)> = plain
        .iter()
        .map(|unit| (*unit, less(problem, deals, *unit, moves[*unit as usize], amount)))
        .filter(|(_, less)| !less.is_empty())
        .collect();
    if units.len() * (amount / BITS + 1) > WORDS_MAX {
        return None;
    }
    // Which amounts can be given up by the units so far.
    let mut sums = vec![vec![0_u64; amount / BITS + 1]];
    sums[0][0] = 1;
    for (_, less) in &units {
        let before = sums.last()?;
        let mut next = before.clone();
        for (off, _) in less {
            add(&mut next, before, *off);
        }
        sums.push(next);
    }
    let has = |sums: &[u64], at: usize| sums[at / BITS] >> (at % BITS) & 1 == 1;
    has(sums.last()?, amount).then_some(())?;
    let mut moves = moves.to_vec();
    let mut left = amount;
    for ((unit, less), before) in units.iter().zip(&sums).rev() {
        if has(before, left) {
            continue;
        }
        let (off, it) = less.iter().find(|(off, _)| *off <= left && has(before, left - off))?;
        moves[*unit as usize] = *it;
        left -= off;
    }
    Some(moves)
}

/// Adds to a set of amounts those of another one, each so much larger.
fn add(sums: &mut [u64], before: &[u64], off: usize) {
    let (words, bits) = (off / BITS, off % BITS);
    for at in words..sums.len() {
        let low = before[at - words] << bits;
        let high = match at.checked_sub(words + 1) {
            Some(at) if bits > 0 => before[at] >> (BITS - bits),
            _ => 0,
        };
        sums[at] |= low | high;
    }
}

/// What a unit may give up at most so much of, each amount once.
fn less(
    problem: &Problem,
    deals: &Deals,
    unit: u32,
    now: Option<Move>,
    amount: usize,
) -> Vec<Less> {
    let off = |it: &Move| match &deals.deals[usize::from(it.deal)].kind {
        Kind::Each { tiers, .. } => {
            tiers.get(usize::from(it.tier)).map_or(0, |(_, award)| problem.award_of(unit, *award))
        }
        Kind::Group { .. } => 0,
    };
    let Some(now) = now else { return Vec::new() };
    // Nothing limited is used so that less is taken off.
    let is_fine = |deal: u16| deal == now.deal || !deals.deals[usize::from(deal)].is_limited;
    let options = deals.options[unit as usize].iter().filter(|(deal, _)| is_fine(*deal));
    let options = options.map(|(deal, slot)| Some(Move { deal: *deal, slot: *slot, tier: 0 }));
    let mut less: Vec<Less> = Vec::new();
    for it in options.chain([None]) {
        let left = it.as_ref().map_or(0, off);
        let is_taken = it.is_none() || left > 0;
        if let Ok(less_by) = usize::try_from(off(&now) - left)
            && is_taken
            && (1..=amount).contains(&less_by)
            && less.iter().all(|(other, _)| *other != less_by)
        {
            less.push((less_by, it));
        }
    }
    less
}
