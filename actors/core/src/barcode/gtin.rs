use std::fmt;
use std::num::NonZeroU64;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::BarcodeError;

/// The number of an article (GTIN-8, -12, -13 or -14), normalised to 14 digits: the same article
/// read as UPC-A and as EAN-13 is one number.
///
/// It is shown as it is printed on most goods: 8 digits where they suffice, else 13, else 14.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Gtin(NonZeroU64);

impl Gtin {
    /// Takes 8, 12, 13 or 14 digits of which the last is the check digit.
    ///
    /// # Errors
    /// [`BarcodeError::NotGtin`] or [`BarcodeError::BadCheckDigit`].
    pub fn parse(text: &str) -> Result<Self, BarcodeError> {
        if !matches!(text.len(), 8 | 12 | 13 | 14) {
            return Err(BarcodeError::NotGtin);
        }
        let (body, last) = text.split_at_checked(text.len() - 1).ok_or(BarcodeError::NotGtin)?;
        let number: u64 = digits(text).ok_or(BarcodeError::NotGtin)?;
        let number = NonZeroU64::new(number).ok_or(BarcodeError::NotGtin)?;
        if check_digit(body).map(u64::from) != digits(last) {
            return Err(BarcodeError::BadCheckDigit);
        }
        Ok(Self(number))
    }

    /// The number itself, below 10¹⁴.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0.get()
    }

    /// All 14 digits, as in a GS1 element string.
    #[must_use]
    pub fn to_14_digits(self) -> String {
        format!("{:014}", self.0)
    }
}

/// The check digit for a code without one: from the right the weights 3, 1, 3, 1 …; none where a
/// character is not a digit.
#[must_use]
pub fn check_digit(body: &str) -> Option<u8> {
    let mut sum = 0_u32;
    for (place, byte) in body.bytes().rev().enumerate() {
        let weight = if place % 2 == 0 { 3 } else { 1 };
        sum = (sum + weight * u32::from(digit(byte)?)) % 10;
    }
    u8::try_from((10 - sum) % 10).ok()
}

/// The value of an ASCII digit.
pub(super) const fn digit(byte: u8) -> Option<u8> {
    if byte.is_ascii_digit() { Some(byte - b'0') } else { None }
}

/// The value of 1 to 18 ASCII digits and nothing else.
pub(super) fn digits(text: &str) -> Option<u64> {
    if text.is_empty() || text.len() > 18 {
        return None;
    }
    text.bytes().try_fold(0_u64, |sum, byte| Some(sum * 10 + u64::from(digit(byte)?)))
}

impl fmt::Display for Gtin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = match self.0.get() {
            0..100_000_000 => 8,
            100_000_000..10_000_000_000_000 => 13,
            _ => 14,
        };
        write!(f, "{:0width$}", self.0)
    }
}

impl fmt::Debug for Gtin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Gtin({self})")
    }
}

impl FromStr for Gtin {
    type Err = BarcodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl TryFrom<String> for Gtin {
    type Error = BarcodeError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<Gtin> for String {
    fn from(gtin: Gtin) -> Self {
        gtin.to_string()
    }
}
