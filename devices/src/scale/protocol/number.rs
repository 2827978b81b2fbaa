//! Weights as scales write them.

/// Most digits of a weight: a thousand tonnes to the gram.
const DIGITS_MAX: u32 = 9;

/// A unit of weight that goods are sold in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Metric {
    /// Grams.
    Gram,
    /// Kilograms.
    Kilogram,
}

impl Metric {
    /// The unit that is written so, with whatever fills its field; nothing for pounds and ounces.
    pub(super) fn of(text: &[u8]) -> Option<Self> {
        let filler = |byte: &u8| matches!(byte, b' ' | b'_');
        let letters: Vec<u8> = text.iter().filter(|byte| !filler(byte)).copied().collect();
        match letters.to_ascii_lowercase().as_slice() {
            b"g" => Some(Self::Gram),
            b"kg" => Some(Self::Kilogram),
            _ => None,
        }
    }

    /// Decimals of the unit down to the milligram.
    const fn decimals(self) -> u32 {
        match self {
            Self::Gram => 3,
            Self::Kilogram => 6,
        }
    }
}

/// Milligrams of a plain decimal number such as `  1.250` or `-00.005`. Nothing for anything else:
/// more than nine digits, or more decimals than milligrams have.
pub(super) fn milligrams(text: &[u8], unit: Metric) -> Option<i64> {
    let text = text.trim_ascii();
    let (is_negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest.trim_ascii_start()),
        [b'+', rest @ ..] => (false, rest.trim_ascii_start()),
        _ => (false, text),
    };
    let (mut number, mut count, mut decimals) = (0_i64, 0, None);
    for byte in digits {
        match byte {
            b'0'..=b'9' if count < DIGITS_MAX => {
                number = number * 10 + i64::from(byte - b'0');
                count += 1;
                decimals = decimals.map(|decimals| decimals + 1);
            }
            b'.' if decimals.is_none() && count > 0 => decimals = Some(0),
            _ => return None,
        }
    }
    if count == 0 || decimals == Some(0) {
        return None;
    }
    let exponent = unit.decimals().checked_sub(decimals.unwrap_or(0))?;
    let milligrams = number.checked_mul(10_i64.checked_pow(exponent)?)?;
    Some(if is_negative { -milligrams } else { milligrams })
}

/// Kilograms of whole grams, as `01.250` is written with five digits.
pub(super) fn kilograms(grams: u32, whole_digits: usize) -> String {
    format!("{:0whole_digits$}.{:03}", grams / 1_000, grams % 1_000)
}

#[test]
fn weights_are_exact_or_nothing() {
    use Metric::{Gram, Kilogram};
    for (text, unit, expected) in [
        ("01.250", Kilogram, Some(1_250_000)),
        ("     1.250", Kilogram, Some(1_250_000)),
        ("- 1.25", Kilogram, Some(-1_250_000)),
        ("+00316", Gram, Some(316_000)),
        ("0.000001", Kilogram, Some(1)),
        ("0.1", Gram, Some(100)),
        ("999999999", Kilogram, Some(999_999_999_000_000)),
        ("1000000000", Gram, None),
        ("0.0000001", Kilogram, None),
        ("1.2.3", Kilogram, None),
        ("1.", Kilogram, None),
        (".5", Kilogram, None),
        ("1 250", Gram, None),
        ("--1", Gram, None),
        ("----------", Kilogram, None),
        ("", Gram, None),
    ] {
        assert_eq!(milligrams(text.as_bytes(), unit), expected, "{text:?}");
    }
}
