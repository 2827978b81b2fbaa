//! The search for the least price.

#[cfg(test)]
mod agree;
mod book;
mod bound;
mod deal;
mod exact;
mod finish;
mod orders;
mod problem;
mod relax;
mod scalar;
mod settle;
mod table;
#[cfg(test)]
pub(super) mod tests;

use super::PricingContext;
use super::goods::Goods;
use super::outcome::{Certificate, Outcome};
use super::set::PromotionSet;
use crate::MoneyError;

/// How many partial combinations may still be looked at.
#[derive(Clone, Copy, Debug)]
struct Budget {
    nodes: u64,
    most: u64,
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

    const fn is_spent(&self) -> bool {
        self.nodes >= self.most
    }
}

/// Where no more combinations than two to this power begin, all of them are looked at.
const SMALL_BITS: u32 = 18;
/// Where there are more units than this, unit by unit is no way to look at them.
const UNITS_ONE_BY_ONE: usize = 300;

/// The best that a basket costs.
pub(super) fn best(
    set: &PromotionSet,
    goods: &Goods,
    context: &PricingContext,
    nodes_max: u64,
) -> Result<Outcome, MoneyError> {
    let problem = problem::Problem::new(set, goods, context)?;
    let mut budget = Budget { nodes: 0, most: nodes_max };
    let mut finish = finish::Finish::new(&problem);
    // Whatever the budget, there is an answer.
    finish.complete(&problem.untouched(), &mut Budget { nodes: 0, most: nodes_max.max(1) })?;
    let mut least = bound::Bound::new(&problem)?.least(&problem)?;
    let is_small = problem.size_bits() <= SMALL_BITS;
    if !is_small {
        if let Some(relaxed) = relax::Relaxation::new(&problem)? {
            least = least.max(relaxed.improve(&mut finish, &mut budget)?);
        }
    }
    let total = |finish: &finish::Finish| finish.best.as_ref().map_or(i64::MAX, |best| best.total);
    let mut is_optimal = least >= total(&finish);
    if is_small || !is_optimal && problem.units.len() <= UNITS_ONE_BY_ONE {
        let search = exact::Exact::new(&problem, budget)?;
        (finish, budget) = search.run(finish.best)?;
        is_optimal |= !budget.is_spent();
    }
    let Some(answer) = finish.best else { return Err(MoneyError::TooLarge) };
    let certificate = Certificate {
        is_optimal,
        bound: if is_optimal { answer.total } else { least.min(answer.total) },
        nodes: budget.nodes,
        by_priority: false,
    };
    problem.book(answer, certificate)
}
