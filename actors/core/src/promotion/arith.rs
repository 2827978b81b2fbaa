//! Whole numbers: rounding and sharing out, checked.

use rust_decimal::Decimal;

use super::rule::{BasisPoints, UnitAward};
use crate::tax::{TaxMethod, TaxRate};
use crate::{Currency, Money, MoneyError, split};

/// A thousandth of an item's unit is the finest measure.
const THOUSANDTHS: i128 = 1000;

/// `number / divisor` to the nearest whole number, a half away from nought.
pub(super) const fn half_up(number: i128, divisor: i128) -> i128 {
    let doubled = number * 2;
    if number < 0 {
        (doubled - divisor) / (divisor * 2)
    } else {
        (doubled + divisor) / (divisor * 2)
    }
}

/// As minor units.
pub(super) fn minor(amount: i128) -> Result<i64, MoneyError> {
    i64::try_from(amount).map_err(|_| MoneyError::TooLarge)
}

/// A part of an amount that is not negative, never more than all of it.
pub(super) fn percent_of(amount: i64, percent: BasisPoints) -> i64 {
    let part = half_up(i128::from(amount) * i128::from(percent.0), 10_000);
    i64::try_from(part).unwrap_or(amount).min(amount)
}

/// What an award takes off something that costs so much and measures so many thousandths.
pub(super) fn taken_off(award: UnitAward, amount: i64, thousandths: i64) -> i64 {
    let of_measure =
        |each: i64| half_up(i128::from(each.max(0)) * i128::from(thousandths), THOUSANDTHS);
    match award {
        UnitAward::PercentOff(percent) => percent_of(amount, percent),
        UnitAward::AmountOff(off) => {
            i64::try_from(of_measure(off).min(i128::from(amount))).unwrap_or(amount)
        }
        UnitAward::Price(price) => {
            i64::try_from((i128::from(amount) - of_measure(price)).max(0)).unwrap_or(0)
        }
    }
}

/// An amount in proportion to weights, by the largest remainder, the earlier part first in a tie.
pub(super) fn shared(
    amount: i64,
    weights: &[i64],
    currency: Currency,
) -> Result<Vec<i64>, MoneyError> {
    let parts = split(Money::from_minor(amount, currency)?, weights)?;
    Ok(parts.into_iter().map(Money::minor).collect())
}

/// A tax as a fraction of whole numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fraction {
    pub(super) method: TaxMethod,
    number: i128,
    divisor: i128,
}

impl Fraction {
    pub(super) fn of(rate: TaxRate) -> Result<Self, MoneyError> {
        let percent = rate.percent.normalize();
        if percent.is_sign_negative() && !percent.is_zero() || percent > Decimal::ONE_THOUSAND {
            return Err(MoneyError::TooLarge);
        }
        let divisor = 10_i128.checked_pow(percent.scale()).and_then(|ten| ten.checked_mul(100));
        let divisor = divisor.ok_or(MoneyError::TooLarge)?;
        Ok(Self { method: rate.method, number: percent.mantissa(), divisor })
    }

    fn times(self, amount: i64, divisor: i128) -> Result<i64, MoneyError> {
        let product = i128::from(amount).checked_mul(self.number).filter(|it| it.abs() < 1 << 124);
        minor(half_up(product.ok_or(MoneyError::TooLarge)?, divisor))
    }

    /// What the divisor of the fraction is.
    pub(super) const fn divisor(self) -> i128 {
        self.divisor
    }

    /// What one of an amount is worth with its tax, in so many parts; none where it is not whole.
    pub(super) fn weight(self, parts: i128) -> Option<i128> {
        match self.method {
            TaxMethod::Inclusive => Some(parts),
            TaxMethod::Exclusive => {
                let added = parts.checked_mul(self.number)?;
                (added % self.divisor == 0).then_some(parts + added / self.divisor)
            }
        }
    }

    /// The tax that is added to an amount without it.
    pub(super) fn added(self, net: i64) -> Result<i64, MoneyError> {
        self.times(net, self.divisor)
    }

    /// The tax that an amount contains.
    pub(super) fn contained(self, gross: i64) -> Result<i64, MoneyError> {
        self.times(gross, self.divisor + self.number)
    }

    /// The amount with all tax.
    pub(super) fn gross(self, amount: i64) -> Result<i64, MoneyError> {
        match self.method {
            TaxMethod::Inclusive => Ok(amount),
            TaxMethod::Exclusive => Ok(amount + self.added(amount)?),
        }
    }

    /// The amount without any tax.
    pub(super) fn net(self, amount: i64) -> Result<i64, MoneyError> {
        match self.method {
            TaxMethod::Inclusive => Ok(amount - self.contained(amount)?),
            TaxMethod::Exclusive => Ok(amount),
        }
    }
}
