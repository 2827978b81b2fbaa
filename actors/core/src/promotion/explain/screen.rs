//! From what promotions make of the goods to the total on the screen.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Explanation, explain, sentences};
use crate::promotion::goods::Goods;
use crate::promotion::rule::Text;
use crate::promotion::{Evaluated, PricingRequest, evaluated, price};
use crate::transaction::{LineItem, LineKind};
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
    /// Deposits on the goods that are bought.
    Deposits,
    /// What the cashier took off the whole basket.
    BasketModifiers,
}

/// Why the basket of a register costs what its screen says: promotions are explained on the goods
/// that are bought; what comes back, their deposits, and what the cashier took off the whole,
/// stands beside them, and all together is the total of the screen.
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
    let is_back = |line: &LineItem| line.kind == LineKind::Return && line.voided.is_none();
    let bare = match request.lines.iter().any(is_back) {
        true => without.subtract(deposits(request, goods)?)?,
        false => explanation.total,
    };
    let parts = [
        (Beside::Returned, bare.subtract(explanation.total)?),
        (Beside::Deposits, without.subtract(bare)?),
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

/// What the deposits come to that promotions leave alone, tax and all.
fn deposits(request: &PricingRequest, goods: &Goods) -> Result<Money, MoneyError> {
    let is_alone = |line: &&LineItem| {
        line.deposit_of.is_some()
            && line.kind == LineKind::Sale
            && line.voided.is_none()
            && goods.lines.iter().all(|looked_at| looked_at.line != line.line)
    };
    let lines: Vec<LineItem> = request.lines.iter().filter(is_alone).cloned().collect();
    if lines.is_empty() {
        return Ok(Money::zero(request.currency));
    }
    let (attributes, basket_modifiers) = (Vec::new(), Vec::new());
    let alone = PricingRequest { lines, attributes, basket_modifiers, ..request.clone() };
    Ok(price(alone)?.totals.total)
}
