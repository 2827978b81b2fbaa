//! The units of a basket in parts that have nothing to do with each other.

use std::collections::BTreeMap;

use super::deal::Deals;
use super::problem::Problem;

/// The units in parts that have nothing to do with each other.
pub(super) struct Parts {
    /// Those that nothing couples.
    pub(super) plain: Vec<u32>,
    /// The others, part by part, each dearest first.
    pub(super) coupled: Vec<Vec<u32>>,
}

impl Parts {
    pub(super) fn of(problem: &Problem, deals: &Deals) -> Self {
        let mut heads: Vec<usize> = (0..problem.units.len()).collect();
        let mut shared: Vec<(usize, usize)> = Vec::new();
        for deal in deals.deals.iter().filter(|deal| !deal.is_plain()) {
            let units: Vec<usize> = deal.units.iter().map(|(unit, _)| *unit as usize).collect();
            shared.extend(units.windows(2).map(|pair| (pair[0], pair[1])));
        }
        shared.extend(deals.ties());
        for (a, b) in shared {
            let (a, b) = (head(&mut heads, a), head(&mut heads, b));
            let (low, high) = (a.min(b), a.max(b));
            heads[high] = low;
        }
        let mut parts = BTreeMap::<usize, Vec<u32>>::new();
        let mut plain = Vec::new();
        for unit in 0..problem.units.len() {
            let options = &deals.options[unit];
            let Ok(number) = u32::try_from(unit) else { continue };
            if options.is_empty() {
                continue;
            }
            let is_plain = |deal: &u16| deals.deals[usize::from(*deal)].is_plain();
            if options.iter().all(|(deal, _)| is_plain(deal)) {
                plain.push(number);
            } else {
                parts.entry(head(&mut heads, unit)).or_default().push(number);
            }
        }
        Self { plain, coupled: parts.into_values().collect() }
    }

    pub(super) fn in_order(&self) -> Vec<u32> {
        self.coupled.iter().flatten().chain(&self.plain).copied().collect()
    }
}

fn head(heads: &mut [usize], mut unit: usize) -> usize {
    while heads[unit] != unit {
        heads[unit] = heads[heads[unit]];
        unit = heads[unit];
    }
    unit
}
