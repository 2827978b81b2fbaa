//! The best price of a basket.

use super::PricingContext;
use super::goods::Goods;
use super::outcome::Outcome;
use super::set::PromotionSet;
use crate::MoneyError;

/// Partial combinations that a price may look at before the best one found has to do.
pub const NODES_MAX: u64 = 200_000;

/// The same for the price at a register: customers wait in line, and a price that is searched for
/// holds back those of the other registers. What can be proven mostly is within a tenth of it.
pub const NODES_TILL: u64 = 20_000;

/// The least that a basket costs, with the promotions that make it so.
///
/// `nodes_max` bounds the search; where it is spent, the outcome says so and how far the total may
/// be from the least one.
///
/// # Errors
/// Where an amount leaves the range of [`crate::Money`], and for more than
/// [`super::goods::UNITS_MAX`] units.
pub fn evaluate(
    set: &PromotionSet,
    goods: &Goods,
    context: &PricingContext,
    nodes_max: u64,
) -> Result<Outcome, MoneyError> {
    super::solve::best(set, goods, context, nodes_max)
}
