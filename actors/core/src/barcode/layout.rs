use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::gtin::{digit, digits};
use super::{BarcodeError, Measure};
use crate::{Currency, Money, Quantity, Unit};

/// Digits of the symbol that every layout fills.
const SYMBOL_DIGITS: u8 = 13;
/// Digits of the prefix and of the check digit.
const FRAME_DIGITS: u8 = 3;

/// What the value digits of a label count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
pub enum LabelValue {
    /// What the piece costs.
    Price {
        /// Decimals of the digits; without them they are minor units of the store's currency.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        decimals: Option<u8>,
    },
    /// What the piece weighs or measures.
    Weight {
        /// Decimals of the digits, at most 3: with 3 and kilograms they are grams.
        decimals: u8,
        /// The unit; not pieces.
        unit: Unit,
    },
}

/// Why a layout cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LayoutError {
    /// GS1 leaves these prefixes to the shop, and no others.
    #[error("the prefix of a price or weight label is 2 or 20 to 29")]
    BadPrefix,
    /// The parts do not fill the symbol.
    #[error("prefix, item, verifier, value and check digit do not make 13 digits")]
    BadLength,
    /// GS1 has a rule for these lengths only.
    #[error("a verifier digit stands only before a value of 4 or 5 digits")]
    BadVerifier,
    /// More than three decimals, or a weight in pieces.
    #[error("the value has at most 3 decimals and a weight is not counted in pieces")]
    BadValue,
}

/// How a shop's labels carry a price or a weight inside an EAN-13 symbol: two digits of prefix,
/// the item's digits, perhaps a verifier digit, the value's digits, the check digit.
///
/// There is no worldwide rule, so every store states its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "LayoutText", into = "LayoutText")]
pub struct VariableMeasureLayout {
    prefix: u8,
    item_digits: u8,
    has_verifier_digit: bool,
    value_digits: u8,
    value: LabelValue,
}

impl Default for VariableMeasureLayout {
    /// `21 PPPPP CCCCC k`: five digits of price look-up code, five of price in minor units.
    fn default() -> Self {
        Self {
            prefix: 21,
            item_digits: 5,
            has_verifier_digit: false,
            value_digits: 5,
            value: LabelValue::Price { decimals: None },
        }
    }
}

impl VariableMeasureLayout {
    /// A layout for one prefix: 20 to 29, or 2 for the `02` of a UPC-A label.
    ///
    /// # Errors
    /// What cannot be about it.
    pub fn new(
        prefix: u8,
        item_digits: u8,
        has_verifier_digit: bool,
        value_digits: u8,
        value: LabelValue,
    ) -> Result<Self, LayoutError> {
        if !matches!(prefix, 2 | 20..=29) {
            return Err(LayoutError::BadPrefix);
        }
        let parts = [item_digits, u8::from(has_verifier_digit), value_digits];
        let length = parts.iter().try_fold(FRAME_DIGITS, |sum, part| sum.checked_add(*part));
        if length != Some(SYMBOL_DIGITS) || item_digits == 0 || value_digits == 0 {
            return Err(LayoutError::BadLength);
        }
        if has_verifier_digit && !matches!(value_digits, 4 | 5) {
            return Err(LayoutError::BadVerifier);
        }
        let is_possible = match value {
            LabelValue::Price { decimals } => decimals.is_none_or(|decimals| decimals <= 3),
            LabelValue::Weight { decimals, unit } => decimals <= 3 && unit != Unit::Piece,
        };
        if !is_possible {
            return Err(LayoutError::BadValue);
        }
        Ok(Self { prefix, item_digits, has_verifier_digit, value_digits, value })
    }

    /// The prefix, 20 to 29 or 2.
    #[must_use]
    pub const fn prefix(&self) -> u8 {
        self.prefix
    }

    /// Takes 13 digits with a right check digit apart; nothing where the prefix is another's.
    pub(super) fn take_apart(
        &self,
        symbol: &str,
        currency: Currency,
    ) -> Option<Result<(String, Measure), BarcodeError>> {
        let rest = symbol.strip_prefix(&format!("{:02}", self.prefix))?;
        let (item, rest) = rest.split_at_checked(usize::from(self.item_digits))?;
        let (verifier, rest) = rest.split_at_checked(usize::from(self.has_verifier_digit))?;
        let (value, _) = rest.split_at_checked(usize::from(self.value_digits))?;
        if self.has_verifier_digit && digits(verifier) != verifier_digit(value).map(u64::from) {
            return Some(Err(BarcodeError::BadCheckDigit));
        }
        let number = i64::try_from(digits(value)?).ok()?;
        let measure = self.measure(number, currency).ok_or(BarcodeError::BadMeasure);
        Some(measure.map(|measure| (item.to_owned(), measure)))
    }

    fn measure(&self, number: i64, currency: Currency) -> Option<Measure> {
        match self.value {
            LabelValue::Price { decimals: None } => Some(Measure::Price(number)),
            LabelValue::Price { decimals: Some(decimals) } => price(number, decimals, currency),
            LabelValue::Weight { decimals, unit } => weight(number, decimals, unit),
        }
    }
}

/// A price of so many decimals in minor units of a currency, where it has no finer part.
pub(super) fn price(number: i64, decimals: u8, currency: Currency) -> Option<Measure> {
    let amount = Decimal::try_new(number, u32::from(decimals)).ok()?;
    Money::exact(amount, currency).ok().map(|price| Measure::Price(price.minor()))
}

/// A weight of so many decimals, where it is not finer than a thousandth.
pub(super) fn weight(number: i64, decimals: u8, unit: Unit) -> Option<Measure> {
    let amount = Decimal::try_new(number, u32::from(decimals)).ok()?;
    Quantity::new(amount, unit).ok().map(Measure::Weight)
}

/// How the verifier digit weighs a digit of the value: a product, then its tens digit is taken
/// from or added to its units digit, which catches what the plain check digit does not.
#[derive(Clone, Copy)]
enum Weighing {
    TwoMinus,
    Three,
    FiveMinus,
    FivePlus,
}

impl Weighing {
    const fn of(self, digit: u8) -> u8 {
        let (factor, is_minus) = match self {
            Self::TwoMinus => (2, true),
            Self::Three => return digit * 3 % 10,
            Self::FiveMinus => (5, true),
            Self::FivePlus => (5, false),
        };
        let product = digit * factor;
        let (tens, units) = (product / 10, product % 10);
        if is_minus { (units + 10 - tens) % 10 } else { (units + tens) % 10 }
    }
}

/// The verifier digit of a printed price or weight of 4 or 5 digits.
pub(super) fn verifier_digit(value: &str) -> Option<u8> {
    use Weighing::{FiveMinus, FivePlus, Three, TwoMinus};
    let sum = |weighings: &[Weighing]| {
        value
            .bytes()
            .zip(weighings)
            .try_fold(0_u8, |sum, (byte, weighing)| Some((sum + weighing.of(digit(byte)?)) % 10))
    };
    match value.len() {
        4 => Some(sum(&[TwoMinus, TwoMinus, Three, FiveMinus])? * 3 % 10),
        5 => {
            let sum = sum(&[FivePlus, TwoMinus, FiveMinus, FivePlus, TwoMinus])?;
            (0..10).find(|digit| (sum + FiveMinus.of(*digit)).is_multiple_of(10))
        }
        _ => None,
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LayoutText {
    prefix: u8,
    item_digits: u8,
    #[serde(default)]
    has_verifier_digit: bool,
    value_digits: u8,
    value: LabelValue,
}

impl TryFrom<LayoutText> for VariableMeasureLayout {
    type Error = LayoutError;

    fn try_from(text: LayoutText) -> Result<Self, Self::Error> {
        let LayoutText { prefix, item_digits, has_verifier_digit, value_digits, value } = text;
        Self::new(prefix, item_digits, has_verifier_digit, value_digits, value)
    }
}

impl From<VariableMeasureLayout> for LayoutText {
    fn from(layout: VariableMeasureLayout) -> Self {
        let VariableMeasureLayout { prefix, item_digits, has_verifier_digit, value_digits, value } =
            layout;
        Self { prefix, item_digits, has_verifier_digit, value_digits, value }
    }
}
