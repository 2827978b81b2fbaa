//! From what promotions make of the goods to the total on the screen.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Explanation, explain, sentences};
use crate::promotion::rule::Text;
use crate::promotion::{Evaluated, PricingRequest, evaluated, price};
use crate::{Money, MoneyError};

/// What else makes the total, besides the goods that are bought and their promotions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BesideExplained {
    /// What it is.
    pub code: Beside,
    /// By what it changes the total; negative where it lowers it.
    pub amount: Money,
    /// In a sentence.
    pub text: Text,
}

/// Something that promotions have no part in, as a stable code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Beside {
    /// Goods that come back in the same basket.
    Returned,
    /// What the cashier took off the whole basket.
    BasketModifiers,
}

/// Why the basket of a register costs what its screen says: promotions are explained on the goods
/// that are bought; what comes back, and what the cashier took off the whole, stands beside them,
/// and all together is the total of the screen.
///
/// # Errors
/// Where an amount leaves the range of [`Money`].
pub fn explain_basket(request: &PricingRequest, nodes: u64) -> Result<Explanation, MoneyError> {
    let set = &request.rules.promotions;
    let screen = price(request.clone())?;
    let evaluated = match screen.evaluated {
        Some(evaluated) => evaluated,
        // Without promotions nobody looked at it.
        None => Arc::new(evaluated(request)?),
    };
    let Evaluated { goods, context, outcome } = &*evaluated;
    let mut explanation = explain(set, goods, context, outcome, nodes)?;
    let whole = screen.totals.total;
    let without = match request.basket_modifiers.is_empty() {
        true => whole,
        false => {
            let without = PricingRequest { basket_modifiers: Vec::new(), ..request.clone() };
            price(without)?.totals.total
        }
    };
    let parts = [
        (Beside::Returned, without.subtract(explanation.total)?),
        (Beside::BasketModifiers, whole.subtract(without)?),
    ];
    let parts = parts.into_iter().filter(|(_, amount)| !amount.is_zero());
    let beside = parts.map(|(code, amount)| {
        let text = sentences::beside(code, amount);
        BesideExplained { code, amount, text }
    });
    explanation.beside = beside.collect();
    explanation.to_pay = whole;
    Ok(explanation)
}
