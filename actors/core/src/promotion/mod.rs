//! What a basket costs: the seam between the basket and the promotions.
//!
//! A basket and a [`PricingContext`] go in, a [`PricedBasket`] and prompts come out. For now the
//! modifiers that a cashier recorded are passed through and shared out; promotions are added
//! behind the same function.

mod price;

use serde::{Deserialize, Serialize};

use crate::tax::TaxTable;
use crate::transaction::{LineItem, PriceModifier, TenderTypeId};
use crate::{Currency, Money, Now};

pub use price::price;

/// What the price may depend on besides the basket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PricingContext {
    /// When the basket opened.
    pub now: Now,
    /// The way of paying that the customer means to use.
    pub tender_intended: Option<TenderTypeId>,
}

/// A basket to be priced.
#[derive(Clone, Debug)]
pub struct PricingRequest {
    /// The lines, voided ones included.
    pub lines: Vec<LineItem>,
    /// What the cashier took off the whole basket.
    pub basket_modifiers: Vec<PriceModifier>,
    /// The currency of all of it.
    pub currency: Currency,
    /// What else counts.
    pub context: PricingContext,
}

/// A basket with its prices.
#[derive(Clone, Debug)]
pub struct PricedBasket {
    /// The lines as they came, with modifiers and net amounts.
    pub lines: Vec<LineItem>,
    /// The basket's own modifiers, with the amounts they come to.
    pub basket_modifiers: Vec<PriceModifier>,
    /// Shelf, discount, net, tax and total; tenders are the register's.
    pub totals: crate::transaction::Totals,
}

/// The next thing worth saying to the customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prompt {
    /// What the customer would save.
    pub saving: Money,
    /// What to say, as a text code with its details.
    pub text: String,
}

/// The rules that prices follow.
#[derive(Clone, Debug)]
pub struct PricingRules {
    /// The tax of every class.
    pub taxes: TaxTable,
}
