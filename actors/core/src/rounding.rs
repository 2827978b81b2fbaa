use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

use crate::{Money, MoneyError};

/// How a fraction of a minor unit is made whole. Every rounding in the store names its rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// A half goes away from zero: the rule of receipts and of Taiwan's invoices.
    HalfUp,
    /// A half goes to the even neighbour: no drift over many sums.
    HalfEven,
    /// A half goes towards zero: how some countries round cash.
    HalfDown,
    /// Towards zero.
    Down,
    /// Away from zero.
    Up,
}

impl Rounding {
    /// Rounds to a whole number.
    #[must_use]
    pub fn round(self, value: Decimal) -> Decimal {
        let strategy = match self {
            Self::HalfUp => RoundingStrategy::MidpointAwayFromZero,
            Self::HalfEven => RoundingStrategy::MidpointNearestEven,
            Self::HalfDown => RoundingStrategy::MidpointTowardZero,
            Self::Down => RoundingStrategy::ToZero,
            Self::Up => RoundingStrategy::AwayFromZero,
        };
        value.round_dp_with_strategy(0, strategy)
    }
}

/// `amount / parts`, to the minor unit, by a named rule.
///
/// # Errors
/// [`MoneyError::BadAmount`] for a division by zero, [`MoneyError::TooLarge`] beyond the range.
pub fn divide(amount: Money, parts: Decimal, rounding: Rounding) -> Result<Money, MoneyError> {
    let quotient = amount.amount().checked_div(parts).ok_or(MoneyError::BadAmount)?;
    Money::rounded(quotient, amount.currency(), rounding)
}

/// Splits an amount in proportion to weights so that the parts add up to it exactly.
///
/// The method is the largest remainder: every part gets its whole minor units, what is left over
/// goes one unit at a time to the largest remainders, the earlier part first in a tie. Where all
/// weights are nought the first part gets everything.
///
/// # Errors
/// [`MoneyError::BadAmount`] where there are no weights or one is negative.
pub fn split(amount: Money, weights: &[i64]) -> Result<Vec<Money>, MoneyError> {
    if weights.is_empty() || weights.iter().any(|weight| *weight < 0) {
        return Err(MoneyError::BadAmount);
    }
    let total: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
    if total == 0 {
        let mut parts = vec![Money::zero(amount.currency()); weights.len()];
        parts[0] = amount;
        return Ok(parts);
    }
    let sign = if amount.is_negative() { -1 } else { 1 };
    let whole = i128::from(amount.minor()) * sign;
    let mut parts: Vec<i128> = Vec::with_capacity(weights.len());
    let mut remainders: Vec<(i128, usize)> = Vec::with_capacity(weights.len());
    for (index, weight) in weights.iter().enumerate() {
        let product = whole * i128::from(*weight);
        parts.push(product / total);
        remainders.push((product % total, index));
    }
    remainders.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    let left = whole - parts.iter().sum::<i128>();
    for (_, index) in remainders.iter().take(usize::try_from(left).unwrap_or(0)) {
        parts[*index] += 1;
    }
    parts
        .into_iter()
        .map(|part| {
            let minor = i64::try_from(part * sign).map_err(|_| MoneyError::TooLarge)?;
            Money::from_minor(minor, amount.currency())
        })
        .collect()
}

#[cfg(test)]
mod tests;
