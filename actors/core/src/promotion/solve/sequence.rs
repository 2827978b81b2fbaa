//! In which order a table decides on units.

use std::collections::BTreeMap;

use super::UNITS_ONE_BY_ONE;
use super::deal::Kind;
use super::table::{Move, Table};
use crate::promotion::rule::GroupAward;

impl Table<'_, '_> {
    /// Whether what a group gains does not depend on which of its units is the dearest.
    pub(super) fn is_any_order(&self) -> bool {
        let moves = self.moves.iter().flatten();
        moves.map(|it| &self.deals.deals[usize::from(it.deal)]).all(|deal| match &deal.kind {
            Kind::Each { .. } => true,
            Kind::Group { award, .. } => {
                !matches!(award, GroupAward::Cheapest { .. } | GroupAward::Dearest { .. })
            }
        })
    }

    /// The places in an order in which few promotions are open at a time.
    pub(super) fn short_order(&self) -> Vec<usize> {
        let mut left: BTreeMap<u16, u32> = BTreeMap::new();
        for it in self.moves.iter().flatten() {
            *left.entry(it.deal).or_default() += 1;
        }
        let all = left.clone();
        let mut order: Vec<usize> = Vec::new();
        let mut rest: Vec<usize> = (0..self.units.len()).collect();
        while !rest.is_empty() && rest.len() <= UNITS_ONE_BY_ONE {
            let opens = |it: &Move| i32::from(left.get(&it.deal) == all.get(&it.deal));
            let closes = |it: &Move| i32::from(left.get(&it.deal) == Some(&1));
            let cost = |place: usize| -> i32 {
                self.moves[place].iter().map(|it| opens(it) - closes(it)).sum()
            };
            let Some(next) = (0..rest.len()).min_by_key(|at| cost(rest[*at])) else { break };
            let place = rest.remove(next);
            for it in &self.moves[place] {
                left.entry(it.deal).and_modify(|left| *left = left.saturating_sub(1));
            }
            order.push(place);
        }
        if rest.is_empty() { order } else { Vec::new() }
    }
}
