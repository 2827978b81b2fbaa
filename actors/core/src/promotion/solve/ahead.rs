//! What the cells to come have to give up at least, promotion by promotion.
//!
//! What a way gives up is divided among the promotions that it counts otherwise than the best way
//! of its cell; each promotion by itself then costs no less than its part, and together no less
//! than the sum (A. Felner, R. E. Korf, S. Hanan, "Additive pattern database heuristics", 2004).

use std::collections::BTreeMap;

use super::cells::{Cell, Count};
use super::dims::Dims;
use super::turns::Turn;

/// More than anything costs.
const FAR: i64 = i64::MAX / 4;
/// Most states of one promotion.
const STATES_MAX: u64 = 4096;

/// What a promotion's dimensions cost from a turn on.
struct Pattern {
    /// With the stride of each among the pattern's states.
    dims: Vec<(usize, u64)>,
    /// By turn, beforehand, and after the last one; by state.
    costs: Vec<Vec<i64>>,
}

/// All promotions.
pub(super) struct Ahead {
    patterns: Vec<Pattern>,
}

impl Ahead {
    /// Looks ahead from every turn of a plan.
    pub(super) fn of(cells: &[Cell], dims: &Dims, plan: &[Turn]) -> Self {
        let shares: Vec<Shares> = plan.iter().map(|turn| Shares::of(&cells[turn.cell])).collect();
        let patterns = dims.counted().into_iter().filter_map(|(deal, own)| {
            let mut size = 1_u64;
            let mut with_strides = Vec::with_capacity(own.len());
            for dim in own {
                with_strides.push((dim, size));
                size = size.checked_mul(dims.size(dim)).filter(|size| *size <= STATES_MAX)?;
            }
            let mut pattern = Pattern { dims: with_strides, costs: Vec::new() };
            pattern.look(deal, dims, plan, &shares, size);
            Some(pattern)
        });
        Self { patterns: patterns.collect() }
    }

    /// What is given up at least in all.
    pub(super) fn least(&self, dims: &Dims) -> i64 {
        let starts = dims.starts();
        let of = |pattern: &Pattern| {
            let state = pattern
                .dims
                .iter()
                .map(|(dim, stride)| u64::try_from(starts[*dim]).unwrap_or(0) * stride);
            let state = usize::try_from(state.sum::<u64>()).unwrap_or(0);
            pattern.costs.first().and_then(|costs| costs.get(state)).copied().unwrap_or(0)
        };
        self.patterns.iter().map(of).fold(0, i64::saturating_add)
    }

    /// What is given up at least after a turn by a beginning that stands there.
    pub(super) fn after(&self, at: usize, dims: &Dims, turn: &Turn, place: u128) -> i64 {
        let of = |pattern: &Pattern| {
            let mut state = 0;
            for (dim, stride) in &pattern.dims {
                match turn.after[*dim] {
                    0 => return 0,
                    own => {
                        let value = place / own % u128::from(dims.size(*dim));
                        state += value * u128::from(*stride);
                    }
                }
            }
            usize::try_from(state)
                .ok()
                .and_then(|state| pattern.costs[at + 1].get(state))
                .copied()
                .unwrap_or(0)
        };
        self.patterns.iter().map(of).fold(0, i64::saturating_add)
    }
}

impl Pattern {
    fn look(&mut self, deal: u16, dims: &Dims, plan: &[Turn], shares: &[Shares], size: u64) {
        let nothing = vec![0; usize::try_from(size).unwrap_or(0)];
        let mut costs = vec![nothing];
        for (turn, shares) in plan.iter().zip(shares).rev() {
            let last = &costs[costs.len() - 1];
            let next = match shares.of_deal.get(&deal) {
                None => last.clone(),
                Some(own) => {
                    (0..size).map(|state| self.least(dims, turn, own, last, state)).collect()
                }
            };
            costs.push(next);
        }
        costs.reverse();
        self.costs = costs;
    }

    /// The least from a state on, by any of the ways that a cell has for the promotion.
    fn least(
        &self,
        dims: &Dims,
        turn: &Turn,
        own: &BTreeMap<Vec<Count>, i64>,
        last: &[i64],
        state: u64,
    ) -> i64 {
        let mut least = FAR;
        for (counts, share) in own.iter().filter(|(_, share)| **share < FAR) {
            let mut values = dims.starts();
            for (dim, stride) in &self.dims {
                values[*dim] = i16::try_from(state / stride % dims.size(*dim)).unwrap_or(0);
            }
            if !dims.advance(counts, &mut values) {
                continue;
            }
            let (mut then, mut is_far, mut is_over) = (0, false, false);
            for (dim, stride) in &self.dims {
                let value = values[*dim].saturating_sub(turn.shift[*dim]);
                is_far |= !dims.is_within(*dim, value);
                is_over |=
                    turn.after[*dim] == 0 && dims.end(*dim, value, turn.center[*dim]).is_none();
                then += u64::try_from(value).unwrap_or(0) * stride;
            }
            let rest = match (is_far, is_over) {
                // Farther apart than is counted: nothing is known of it.
                (true, _) => 0,
                (false, true) => continue,
                (false, false) => {
                    usize::try_from(then).ok().and_then(|then| last.get(then)).copied().unwrap_or(0)
                }
            };
            least = least.min(share.saturating_add(rest));
        }
        least
    }
}

/// What the ways of a cell give up for each promotion.
struct Shares {
    /// By deal: its counts, with the least part that a way gives up that has them.
    of_deal: BTreeMap<u16, BTreeMap<Vec<Count>, i64>>,
}

impl Shares {
    fn of(cell: &Cell) -> Self {
        let deals: std::collections::BTreeSet<u16> =
            cell.ways.iter().flat_map(|way| way.counts.iter().map(|(deal, ..)| *deal)).collect();
        let own = |counts: &[Count], deal: u16| -> Vec<Count> {
            counts.iter().filter(|(other, ..)| *other == deal).copied().collect()
        };
        let mut of_deal: BTreeMap<u16, BTreeMap<Vec<Count>, i64>> = BTreeMap::new();
        let Some(anchor) = cell.ways.first() else { return Self { of_deal } };
        for way in &cell.ways {
            let changed = deals
                .iter()
                .filter(|deal| own(&way.counts, **deal) != own(&anchor.counts, **deal))
                .count();
            let part =
                i64::try_from(changed).ok().and_then(|changed| way.regret.checked_div(changed));
            for deal in &deals {
                let counts = own(&way.counts, *deal);
                let is_changed = counts != own(&anchor.counts, *deal);
                let share = if is_changed { part.unwrap_or(0) } else { 0 };
                let least = of_deal.entry(*deal).or_default().entry(counts).or_insert(FAR);
                *least = (*least).min(share);
            }
        }
        Self { of_deal }
    }
}
