//! The search for the least price.

mod ahead;
mod book;
mod bound;
mod cells;
mod charges;
mod counted;
mod deal;
mod dims;
mod exact;
mod finish;
mod fit;
mod moves;
mod orders;
mod parts;
mod prices;
mod priority;
mod problem;
mod relax;
mod scalar;
mod sequence;
mod settle;
mod state;
mod table;
#[cfg(test)]
pub(super) mod tests;
mod turns;
mod ways;
mod window;
mod worth;

use super::PricingContext;
use super::goods::Goods;
use super::outcome::{Certificate, Outcome};
use super::set::{Policy, PromotionSet};
use crate::MoneyError;

/// How many partial combinations may still be looked at.
#[derive(Clone, Copy, Debug)]
struct Budget {
    nodes: u64,
    most: u64,
    /// Those looked at without being counted against it.
    aside: u64,
}

impl Budget {
    /// Counts one; false where there is none left.
    const fn step(&mut self) -> bool {
        if self.nodes >= self.most {
            return false;
        }
        self.nodes += 1;
        true
    }

    /// Counts several; false where there are not so many left.
    const fn take(&mut self, nodes: u64) -> bool {
        if self.most - self.nodes < nodes {
            self.nodes = self.most;
            return false;
        }
        self.nodes += nodes;
        true
    }

    /// Says that not everything was looked at.
    const fn spend(&mut self) {
        self.nodes = self.most;
    }

    const fn is_spent(&self) -> bool {
        self.nodes >= self.most
    }
}

/// Where there are no more combinations than this, they are looked at unit by unit at once.
const COMBINATIONS_FEW: u64 = 200_000;
/// Where there are more units than this, unit by unit is no way to look at them.
const UNITS_ONE_BY_ONE: usize = 300;

/// Where there are no more units than this, looking at them one by one may prove something.
const UNITS_FEW: usize = 24;
/// How many combinations are otherwise looked at one by one after the tables.
const NODES_AFTER: u64 = 20_000;

/// The best that a basket costs.
pub(super) fn best(
    set: &PromotionSet,
    goods: &Goods,
    context: &PricingContext,
    nodes_max: u64,
) -> Result<Outcome, MoneyError> {
    let problem = problem::Problem::new(set, goods, context)?;
    if set.policy() == Policy::Priority {
        let answer = priority::by_priority(&problem)?.ok_or(MoneyError::TooLarge)?;
        let (bound, nodes) = (answer.total, 0);
        let by_priority = true;
        return problem.book(answer, Certificate { is_optimal: true, bound, nodes, by_priority });
    }
    let mut budget = Budget { nodes: 0, most: nodes_max, aside: 0 };
    let mut finish = finish::Finish::new(&problem);
    // Whatever the budget, there is an answer.
    let first = nodes_max.max(finish::TOPS_DEEP as u64 + 2);
    finish.complete(&problem.untouched(), &mut Budget { nodes: 0, most: first, aside: 0 })?;
    let is_one_by_one = problem.units.len() <= UNITS_ONE_BY_ONE;
    let is_small = is_one_by_one && problem.combinations() <= COMBINATIONS_FEW;
    let mut least = 0;
    if !is_small && let Some(relaxed) = relax::Relaxation::new(&problem)? {
        least = relaxed.improve(&mut finish, &mut budget)?;
    }
    let total = |finish: &finish::Finish| finish.best.as_ref().map_or(i64::MAX, |best| best.total);
    let mut is_optimal = !is_small && least >= total(&finish);
    if !is_optimal {
        least = least.max(bound::Bound::new(&problem)?.least(&problem)?);
        is_optimal = !is_small && least >= total(&finish);
    }
    if !is_small && !is_optimal {
        priority::greedy(&mut finish, &mut budget)?;
        is_optimal = least >= total(&finish);
    }
    if is_small || !is_optimal && is_one_by_one {
        // Where the tables proved nothing, one by one rarely does: it may find something better.
        let is_short = problem.units.len() <= UNITS_FEW;
        let after = budget.nodes.saturating_add(NODES_AFTER);
        let most = if is_short { budget.most } else { budget.most.min(after) };
        let search = exact::Exact::new(&problem, Budget { most, ..budget })?;
        (finish, budget) = search.run(finish.best)?;
        is_optimal |= !budget.is_spent();
    }
    let Some(answer) = finish.best else { return Err(MoneyError::TooLarge) };
    let certificate = Certificate {
        is_optimal,
        bound: if is_optimal { answer.total } else { least.min(answer.total) },
        nodes: budget.nodes.saturating_add(budget.aside),
        by_priority: false,
    };
    problem.book(answer, certificate)
}
