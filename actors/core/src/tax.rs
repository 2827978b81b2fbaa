//! Tax classes and what they mean.

use std::collections::BTreeMap;
use std::sync::Arc;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::money::plain_decimal;
use crate::transaction::{LineItem, TaxLine};
use crate::{Currency, Money, MoneyError, Rounding};

#[cfg(test)]
mod tests;

/// Whether the shelf price contains the tax.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaxMethod {
    /// The price contains it, as in Taiwan and Europe.
    Inclusive,
    /// It is added to the price, as in the United States.
    Exclusive,
}

/// The tax of a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaxRate {
    /// In percent of the price without it.
    pub percent: Decimal,
    /// Contained or added.
    pub method: TaxMethod,
}

impl TaxRate {
    /// The tax of a percentage from 0 to 100, as it is written.
    #[must_use]
    pub fn parse(percent: &str, method: TaxMethod) -> Option<Self> {
        let percent = plain_decimal(percent)?.normalize();
        let range = Decimal::ZERO..=Decimal::ONE_HUNDRED;
        range.contains(&percent).then_some(Self { percent, method })
    }

    /// The name of the tax class that has this rate in every table: what an item with a tax of its
    /// own belongs to.
    #[must_use]
    pub fn class(&self) -> Arc<str> {
        let ending = match self.method {
            TaxMethod::Inclusive => INCLUSIVE,
            TaxMethod::Exclusive => EXCLUSIVE,
        };
        Arc::from(format!("{}{ending}", self.percent.normalize()))
    }

    /// The rate that the name of a class says.
    fn of_class(class: &str) -> Option<Self> {
        let inclusive =
            class.strip_suffix(INCLUSIVE).map(|percent| (percent, TaxMethod::Inclusive));
        let exclusive = || Some((class.strip_suffix(EXCLUSIVE)?, TaxMethod::Exclusive));
        let (percent, method) = inclusive.or_else(exclusive)?;
        Self::parse(percent, method)
    }
}

/// How the names of classes end that say their own rate: `8% inclusive`.
const INCLUSIVE: &str = "% inclusive";
const EXCLUSIVE: &str = "% exclusive";

/// The rate of every tax class of a store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxTable {
    /// The rate of a class that is not named.
    pub default: TaxRate,
    /// The named classes.
    pub classes: BTreeMap<Arc<str>, TaxRate>,
}

impl TaxTable {
    /// A table where every class has this one rate.
    #[must_use]
    pub const fn flat(rate: TaxRate) -> Self {
        Self { default: rate, classes: BTreeMap::new() }
    }

    /// The rate of a class: the table's, or what the name of the class itself says.
    #[must_use]
    pub fn rate(&self, class: &str) -> TaxRate {
        let listed = self.classes.get(class).copied();
        listed.or_else(|| TaxRate::of_class(class)).unwrap_or(self.default)
    }

    /// The tax of the lines that count, by class in alphabetical order: the net amounts of a class
    /// are added first and rounded once, half up.
    ///
    /// # Errors
    /// Where the amounts leave the range of [`Money`].
    pub fn of<'a>(
        &self,
        lines: impl Iterator<Item = &'a LineItem>,
        currency: Currency,
    ) -> Result<Vec<TaxLine>, MoneyError> {
        let mut bases: BTreeMap<Arc<str>, Money> = BTreeMap::new();
        for line in lines {
            let base = bases.entry(line.tax_class.clone()).or_insert_with(|| Money::zero(currency));
            *base = base.add(line.net)?;
        }
        bases
            .into_iter()
            .map(|(class, base)| {
                let TaxRate { percent, method } = self.rate(&class);
                let divisor = match method {
                    TaxMethod::Inclusive => Decimal::ONE_HUNDRED.checked_add(percent),
                    TaxMethod::Exclusive => Some(Decimal::ONE_HUNDRED),
                };
                let divisor = divisor.ok_or(MoneyError::TooLarge)?;
                // Multiplied first: 12 / 112 has no last digit, and a half would be lost with it.
                let product = base.amount().checked_mul(percent).ok_or(MoneyError::TooLarge)?;
                let tax = product.checked_div(divisor).ok_or(MoneyError::BadAmount)?;
                let tax = Money::rounded(tax, currency, Rounding::HalfUp)?;
                Ok(TaxLine { class, method, percent, base, tax })
            })
            .collect()
    }
}
