use rust_decimal::Decimal;
use store_core::{Quantity, QuantityError, Unit};

/// Decimals of a kilogram down to the milligram.
const KILOGRAM_DECIMALS: u32 = 6;

/// A weight, in whole milligrams: fine enough for every scale that a shop has, and exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Weight(i64);

impl Weight {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// From whole grams.
    #[must_use]
    pub fn from_grams(grams: u32) -> Self {
        Self(i64::from(grams) * 1_000)
    }

    /// From whole milligrams.
    #[must_use]
    pub const fn from_milligrams(milligrams: i64) -> Self {
        Self(milligrams)
    }

    /// In whole milligrams.
    #[must_use]
    pub const fn milligrams(self) -> i64 {
        self.0
    }

    /// What is sold: kilograms, as the basket counts them.
    ///
    /// # Errors
    /// [`QuantityError::TooPrecise`] for a fraction of a gram, which is never rounded away, and
    /// [`QuantityError::TooLarge`] for what no basket takes.
    pub fn quantity(self) -> Result<Quantity, QuantityError> {
        Quantity::new(Decimal::new(self.0, KILOGRAM_DECIMALS), Unit::Kilogram)
    }
}
