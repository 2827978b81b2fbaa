use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::rounding::Rounding;

/// A currency by its ISO 4217 code, with the scale that a till uses.
///
/// The scale is ours: ISO gives TWD two decimals, no shop in Taiwan does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency([u8; 3]);

/// Currencies whose minor unit is not a hundredth, with their decimals.
#[rustfmt::skip]
const SCALES: [(&[u8; 3], u32); 27] = [
    (b"TWD", 0), (b"JPY", 0), (b"KRW", 0), (b"VND", 0), (b"CLP", 0), (b"ISK", 0), (b"HUF", 0),
    (b"IDR", 0), (b"BIF", 0), (b"DJF", 0), (b"GNF", 0), (b"KMF", 0), (b"PYG", 0), (b"RWF", 0),
    (b"UGX", 0), (b"VUV", 0), (b"XAF", 0), (b"XOF", 0), (b"XPF", 0),
    (b"KWD", 3), (b"BHD", 3), (b"OMR", 3), (b"JOD", 3), (b"TND", 3), (b"IQD", 3), (b"LYD", 3),
    (b"CLF", 4),
];

/// Currencies whose smallest coin is more than a minor unit, with the coin in minor units (CLDR's
/// cash digits and cash rounding).
#[rustfmt::skip]
const COINS: [(&[u8; 3], i64); 7] = [
    (b"CHF", 5), (b"CAD", 5), (b"DKK", 50), (b"SEK", 100), (b"NOK", 100), (b"CZK", 100),
    (b"HUF", 5),
];

impl Currency {
    /// New Taiwan dollar.
    pub const TWD: Self = Self(*b"TWD");
    /// United States dollar.
    pub const USD: Self = Self(*b"USD");
    /// Euro.
    pub const EUR: Self = Self(*b"EUR");
    /// Japanese yen.
    pub const JPY: Self = Self(*b"JPY");
    /// Kuwaiti dinar.
    pub const KWD: Self = Self(*b"KWD");

    /// Takes three capital letters.
    ///
    /// # Errors
    /// [`MoneyError::BadCurrency`] for anything else.
    pub fn new(code: &str) -> Result<Self, MoneyError> {
        match code.as_bytes() {
            [a, b, c] if [a, b, c].iter().all(|x| x.is_ascii_uppercase()) => Ok(Self([*a, *b, *c])),
            _ => Err(MoneyError::BadCurrency),
        }
    }

    /// The ISO 4217 code.
    #[must_use]
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// Decimals of the amounts that a till writes.
    #[must_use]
    pub fn scale(self) -> u32 {
        SCALES.iter().find(|(code, _)| **code == self.0).map_or(2, |(_, scale)| *scale)
    }

    /// The smallest coin, in minor units: cash is paid in whole ones.
    #[must_use]
    pub fn coin_minor(self) -> i64 {
        COINS.iter().find(|(code, _)| **code == self.0).map_or(1, |(_, coin)| *coin)
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Currency {
    type Err = MoneyError;

    fn from_str(code: &str) -> Result<Self, Self::Err> {
        Self::new(code)
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::new(&code).map_err(D::Error::custom)
    }
}

/// Why a sum of money could not be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Not three capital letters.
    #[error("a currency is three capital letters, such as TWD")]
    BadCurrency,
    /// Not a decimal number.
    #[error("not an amount of money")]
    BadAmount,
    /// More decimals than the currency has.
    #[error("more decimals than the currency has")]
    TooPrecise,
    /// More than fits into a journal's column.
    #[error("the amount is too large")]
    TooLarge,
    /// Two currencies in one sum.
    #[error("two currencies cannot be added")]
    CurrencyMismatch,
}

/// A sum of money: whole minor units of one currency, so a fraction of a cent cannot exist.
///
/// In JSON an object of two strings, `{"amount": "12.50", "currency": "USD"}`; in SQL an integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Money {
    minor: i64,
    currency: Currency,
}

/// Largest amount, in minor units: far above any till, and a thousand of them still add up.
const MINOR_MAX: i64 = 1_000_000_000_000_000;

impl Money {
    /// Nothing, in a currency.
    #[must_use]
    pub const fn zero(currency: Currency) -> Self {
        Self { minor: 0, currency }
    }

    /// From whole minor units (cents; dollars for TWD).
    ///
    /// # Errors
    /// [`MoneyError::TooLarge`] beyond ± 10¹⁵ minor units.
    pub const fn from_minor(minor: i64, currency: Currency) -> Result<Self, MoneyError> {
        if minor > MINOR_MAX || minor < -MINOR_MAX {
            return Err(MoneyError::TooLarge);
        }
        Ok(Self { minor, currency })
    }

    /// From a decimal amount in the currency's major unit.
    ///
    /// # Errors
    /// [`MoneyError::TooPrecise`] where it has more decimals than the currency.
    pub fn exact(amount: Decimal, currency: Currency) -> Result<Self, MoneyError> {
        let amount = amount.normalize();
        if amount.scale() > currency.scale() {
            return Err(MoneyError::TooPrecise);
        }
        Self::rounded(amount, currency, Rounding::HalfUp)
    }

    /// From a decimal amount in the major unit, rounded to the minor unit by a named rule.
    ///
    /// # Errors
    /// [`MoneyError::TooLarge`] beyond ± 10¹⁵ minor units.
    pub fn rounded(
        amount: Decimal,
        currency: Currency,
        rounding: Rounding,
    ) -> Result<Self, MoneyError> {
        let factor = Decimal::from(10_i64.pow(currency.scale()));
        let minor = amount.checked_mul(factor).ok_or(MoneyError::TooLarge)?;
        let minor = rounding.round(minor);
        let minor = i64::try_from(minor).map_err(|_| MoneyError::TooLarge)?;
        Self::from_minor(minor, currency)
    }

    /// Reads a plain decimal such as `12.5` or `-3`.
    ///
    /// # Errors
    /// [`MoneyError::BadAmount`] or [`MoneyError::TooPrecise`].
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        Self::exact(plain_decimal(text).ok_or(MoneyError::BadAmount)?, currency)
    }

    /// Whole minor units.
    #[must_use]
    pub const fn minor(self) -> i64 {
        self.minor
    }

    /// The currency.
    #[must_use]
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// The amount in the major unit, with the currency's own number of decimals.
    #[must_use]
    pub fn amount(self) -> Decimal {
        Decimal::new(self.minor, self.currency.scale())
    }

    /// Whether it is exactly nothing.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.minor == 0
    }

    /// Whether it is below nothing.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.minor < 0
    }

    /// The sum of both.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`] or [`MoneyError::TooLarge`].
    #[expect(clippy::should_implement_trait, reason = "it may fail, which `+` may not")]
    pub fn add(self, other: Self) -> Result<Self, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::CurrencyMismatch);
        }
        // Both are within ± 10^15, so the sum cannot overflow an i64.
        Self::from_minor(self.minor + other.minor, self.currency)
    }

    /// What is left after taking the other away.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`] or [`MoneyError::TooLarge`].
    pub fn subtract(self, other: Self) -> Result<Self, MoneyError> {
        self.add(other.negated())
    }

    /// The same amount with the other sign.
    #[must_use]
    pub const fn negated(self) -> Self {
        Self { minor: -self.minor, currency: self.currency }
    }

    /// The amount times a decimal factor, rounded to the minor unit by a named rule.
    ///
    /// # Errors
    /// [`MoneyError::TooLarge`].
    pub fn times(self, factor: Decimal, rounding: Rounding) -> Result<Self, MoneyError> {
        let product = self.amount().checked_mul(factor).ok_or(MoneyError::TooLarge)?;
        Self::rounded(product, self.currency, rounding)
    }

    /// The sum of many, in one currency.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`] or [`MoneyError::TooLarge`].
    pub fn sum(
        currency: Currency,
        amounts: impl IntoIterator<Item = Self>,
    ) -> Result<Self, MoneyError> {
        amounts.into_iter().try_fold(Self::zero(currency), Self::add)
    }
}

/// Reads digits with an optional minus and an optional point between digits, and nothing else: no
/// `1_000`, no `+5`, no `5.`, no `1e3`, so that one amount has one way of being written.
pub(crate) fn plain_decimal(text: &str) -> Option<Decimal> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let is_plain = [whole, fraction]
        .iter()
        .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    if is_plain { Decimal::from_str_exact(text).ok() } else { None }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount(), self.currency)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct MoneyText {
    amount: String,
    currency: Currency,
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        MoneyText { amount: self.amount().to_string(), currency: self.currency }
            .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = MoneyText::deserialize(deserializer)?;
        Self::parse(&text.amount, text.currency).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests;
