use std::sync::Arc;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::tax::TaxMethod;
use crate::{Currency, Money};

/// The tax of one class in one transaction, rounded once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxLine {
    /// The tax class.
    pub class: Arc<str>,
    /// Contained in the price or added to it.
    pub method: TaxMethod,
    /// The rate in percent.
    pub percent: Decimal,
    /// The lines' net amounts of this class.
    pub base: Money,
    /// The tax of it.
    pub tax: Money,
}

/// What a basket comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// The lines before any modifier.
    pub shelf: Money,
    /// What the modifiers take off.
    pub discount: Money,
    /// Shelf less discount.
    pub net: Money,
    /// Tax by class.
    pub taxes: Vec<TaxLine>,
    /// What is to pay: net, and the tax that is not contained in it.
    pub total: Money,
    /// What has been taken, less change.
    pub tendered: Money,
    /// What is still to pay; negative where money is to be paid out.
    pub due: Money,
    /// What was given back.
    pub change: Money,
    /// What the part that is paid in cash was rounded by, once the basket is paid for: tenders
    /// less change are the total and this. None where nothing was rounded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rounding: Option<Money>,
}

impl Totals {
    /// The totals of an empty basket.
    #[must_use]
    pub const fn zero(currency: Currency) -> Self {
        let nothing = Money::zero(currency);
        Self {
            shelf: nothing,
            discount: nothing,
            net: nothing,
            taxes: Vec::new(),
            total: nothing,
            tendered: nothing,
            due: nothing,
            change: nothing,
            rounding: None,
        }
    }
}
