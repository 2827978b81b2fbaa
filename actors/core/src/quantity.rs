use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::money::plain_decimal;

/// What a quantity counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Things that are counted.
    Piece,
    /// Things that are weighed, in kilograms.
    Kilogram,
    /// Things that are measured out, in litres.
    Litre,
    /// Fuel in the United States, in gallons of 3.785 411 784 litres.
    Gallon,
}

impl Unit {
    /// The stable code, as in the journal and on the wire.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Piece => "piece",
            Self::Kilogram => "kilogram",
            Self::Litre => "litre",
            Self::Gallon => "gallon",
        }
    }

    /// The unit with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Piece, Self::Kilogram, Self::Litre, Self::Gallon]
            .into_iter()
            .find(|unit| unit.code() == code)
    }
}

/// Why a quantity could not be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuantityError {
    /// Not a decimal number.
    #[error("not a quantity")]
    BadAmount,
    /// A fraction of a piece.
    #[error("pieces are whole")]
    NotWhole,
    /// Finer than a thousandth.
    #[error("a quantity has at most three decimals")]
    TooPrecise,
    /// Beyond ± 1,000,000.
    #[error("the quantity is too large")]
    TooLarge,
    /// Two units in one sum.
    #[error("two units cannot be added")]
    UnitMismatch,
}

/// Largest quantity of one line: a tanker of fuel, in litres, with room.
const THOUSANDTHS_MAX: i64 = 1_000_000_000;

/// How much of something, to the thousandth of its unit; pieces are whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "QuantityText", into = "QuantityText")]
pub struct Quantity {
    thousandths: i64,
    unit: Unit,
}

impl Quantity {
    /// A number of pieces.
    ///
    /// # Errors
    /// [`QuantityError::TooLarge`] beyond ± 1,000,000.
    pub fn pieces(count: i64) -> Result<Self, QuantityError> {
        let thousandths = count.checked_mul(1000).ok_or(QuantityError::TooLarge)?;
        Self::from_thousandths(thousandths, Unit::Piece)
    }

    /// From whole thousandths of the unit.
    ///
    /// # Errors
    /// [`QuantityError::TooLarge`], or [`QuantityError::NotWhole`] for a broken piece.
    pub fn from_thousandths(thousandths: i64, unit: Unit) -> Result<Self, QuantityError> {
        if !(-THOUSANDTHS_MAX..=THOUSANDTHS_MAX).contains(&thousandths) {
            return Err(QuantityError::TooLarge);
        }
        if unit == Unit::Piece && thousandths % 1000 != 0 {
            return Err(QuantityError::NotWhole);
        }
        Ok(Self { thousandths, unit })
    }

    /// From a decimal amount of the unit.
    ///
    /// # Errors
    /// [`QuantityError::TooPrecise`] beyond three decimals, and as
    /// [`Quantity::from_thousandths`].
    pub fn new(amount: Decimal, unit: Unit) -> Result<Self, QuantityError> {
        let amount = amount.normalize();
        if amount.scale() > 3 {
            return Err(QuantityError::TooPrecise);
        }
        let thousandths =
            amount.checked_mul(Decimal::ONE_THOUSAND).ok_or(QuantityError::TooLarge)?;
        let thousandths = i64::try_from(thousandths).map_err(|_| QuantityError::TooLarge)?;
        Self::from_thousandths(thousandths, unit)
    }

    /// Reads a plain decimal such as `1.25` or `-3`.
    ///
    /// # Errors
    /// [`QuantityError::BadAmount`], and as [`Quantity::new`].
    pub fn parse(text: &str, unit: Unit) -> Result<Self, QuantityError> {
        Self::new(plain_decimal(text).ok_or(QuantityError::BadAmount)?, unit)
    }

    /// Nothing of a unit.
    #[must_use]
    pub const fn zero(unit: Unit) -> Self {
        Self { thousandths: 0, unit }
    }

    /// One of a unit.
    #[must_use]
    pub const fn one(unit: Unit) -> Self {
        Self { thousandths: 1000, unit }
    }

    /// Whole thousandths of the unit.
    #[must_use]
    pub const fn thousandths(self) -> i64 {
        self.thousandths
    }

    /// What is counted.
    #[must_use]
    pub const fn unit(self) -> Unit {
        self.unit
    }

    /// The amount as a decimal, without trailing noughts.
    #[must_use]
    pub fn amount(self) -> Decimal {
        Decimal::new(self.thousandths, 3).normalize()
    }

    /// Whether it is nothing.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.thousandths == 0
    }

    /// Whether it is below nothing.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.thousandths < 0
    }

    /// The sum of both.
    ///
    /// # Errors
    /// [`QuantityError::UnitMismatch`] or [`QuantityError::TooLarge`].
    #[expect(clippy::should_implement_trait, reason = "it may fail, which `+` may not")]
    pub fn add(self, other: Self) -> Result<Self, QuantityError> {
        if self.unit != other.unit {
            return Err(QuantityError::UnitMismatch);
        }
        // Both are within ± 10^9, so the sum cannot overflow an i64.
        Self::from_thousandths(self.thousandths + other.thousandths, self.unit)
    }

    /// The same amount with the other sign.
    #[must_use]
    pub const fn negated(self) -> Self {
        Self { thousandths: -self.thousandths, unit: self.unit }
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount(), self.unit.code())
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct QuantityText {
    amount: String,
    unit: Unit,
}

impl TryFrom<QuantityText> for Quantity {
    type Error = QuantityError;

    fn try_from(text: QuantityText) -> Result<Self, Self::Error> {
        Self::parse(&text.amount, text.unit)
    }
}

impl From<Quantity> for QuantityText {
    fn from(quantity: Quantity) -> Self {
        Self { amount: quantity.amount().to_string(), unit: quantity.unit }
    }
}

#[cfg(test)]
mod tests;
