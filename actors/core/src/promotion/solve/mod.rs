//! The search for the least price.

mod book;
mod bound;
mod exact;
mod finish;
mod orders;
mod problem;
mod settle;
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

    const fn is_spent(&self) -> bool {
        self.nodes >= self.most
    }
}

/// The best that a basket costs.
pub(super) fn best(
    set: &PromotionSet,
    goods: &Goods,
    context: &PricingContext,
    nodes_max: u64,
) -> Result<Outcome, MoneyError> {
    let problem = problem::Problem::new(set, goods, context)?;
    let bound = bound::Bound::new(&problem)?.least(&problem)?;
    let mut first = finish::Finish::new(&problem);
    first.complete(&problem.untouched(), &mut Budget { nodes: 0, most: nodes_max.max(1) })?;
    let search = exact::Exact::new(&problem, Budget { nodes: 0, most: nodes_max })?;
    let (finish, budget) = search.run(first.best)?;
    let Some(answer) = finish.best else { return Err(MoneyError::TooLarge) };
    let is_optimal = !budget.is_spent();
    let certificate = Certificate {
        is_optimal,
        bound: if is_optimal { answer.total } else { bound.min(answer.total) },
        nodes: budget.nodes,
        by_priority: false,
    };
    problem.book(answer, certificate)
}
