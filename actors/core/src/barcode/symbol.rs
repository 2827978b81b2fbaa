use super::{BarcodeError, CODE_CHARS_MAX, Gtin, VariableMeasureLayout, elements};
use crate::{Currency, Quantity};

/// What a label says about the piece that bears it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// What it costs, in whole minor units of the store's currency.
    Price(i64),
    /// What it weighs or measures.
    Weight(Quantity),
}

/// What a code turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Symbol {
    /// The number of an article.
    Gtin(Gtin),
    /// A label with its own price or weight.
    VariableMeasure {
        /// The item's digits as they stand on the label; all 14 of a GTIN in an element string.
        item_code: String,
        /// What the label says.
        measure: Measure,
    },
    /// Something else: an item's id, a price look-up code, a coupon.
    Other(String),
}

/// A code without what the reader added to it.
pub(crate) struct Cleaned {
    /// Whether the reader said that these are GS1 element strings.
    pub is_gs1: bool,
    /// The code.
    pub text: String,
}

/// Says what a code is, as a scanner sent it or a cashier typed it.
///
/// The reader's symbology id (`]E0` …) and white space around it are taken off, full-width digits
/// of a Chinese keyboard are made plain. A prefix of two layouts goes to the first.
///
/// # Errors
/// Why it is no barcode. [`BarcodeError::BadCheckDigit`] speaks of 8, 12, 13 or 14 digits that fit
/// no article number; they may still be a code of the store's own, which only the catalogue knows.
pub fn read(
    text: &str,
    layouts: &[VariableMeasureLayout],
    currency: Currency,
) -> Result<Symbol, BarcodeError> {
    read_cleaned(clean(text)?, layouts, currency)
}

/// As [`read`], for a code that was cleaned before.
pub(crate) fn read_cleaned(
    cleaned: Cleaned,
    layouts: &[VariableMeasureLayout],
    currency: Currency,
) -> Result<Symbol, BarcodeError> {
    let Cleaned { is_gs1, text } = cleaned;
    // By length first: a bare EAN-8 96385074 could also be read as element (96) 385074.
    match Gtin::parse(&text) {
        Ok(gtin) => {
            // A UPC-A label is an EAN-13 label without the leading nought.
            let symbol = format!("{:013}", gtin.number());
            let layouts = if symbol.len() == 13 { layouts } else { &[] };
            let parts = layouts.iter().find_map(|layout| layout.take_apart(&symbol, currency));
            return match parts {
                Some(Ok((item_code, measure))) => {
                    Ok(Symbol::VariableMeasure { item_code, measure })
                }
                Some(Err(error)) => Err(error),
                None => Ok(Symbol::Gtin(gtin)),
            };
        }
        Err(BarcodeError::BadCheckDigit) if !is_gs1 => return Err(BarcodeError::BadCheckDigit),
        Err(_) => {}
    }
    if is_gs1 || elements::looks_like(&text) {
        return elements::read(&text, currency);
    }
    Ok(Symbol::Other(text))
}

/// The separator of element strings, which scanners send for FNC1.
pub(super) const FNC1: char = '\u{1d}';

/// Takes off what the reader and the keyboard added.
pub(crate) fn clean(text: &str) -> Result<Cleaned, BarcodeError> {
    let text = text.trim();
    if text.chars().nth(CODE_CHARS_MAX).is_some() {
        return Err(BarcodeError::TooLong);
    }
    let text: String = text.chars().map(narrowed).collect();
    let (is_gs1, text) = match text.strip_prefix(']').and_then(symbology) {
        Some((symbology, rest)) => (matches!(symbology, "C1" | "e0" | "d2" | "Q3" | "J1"), rest),
        None => (false, text.as_str()),
    };
    let text = text.trim().trim_start_matches(FNC1);
    if text.is_empty() {
        return Err(BarcodeError::Empty);
    }
    if text.chars().any(|each| each.is_control() && each != FNC1) {
        return Err(BarcodeError::BadCharacter);
    }
    // People type the groups that are printed under the bars.
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b' ');
    let text = if is_number { text.replace(' ', "") } else { text.to_owned() };
    Ok(Cleaned { is_gs1, text })
}

/// The two characters after the bracket of a symbology id, and what follows them.
fn symbology(text: &str) -> Option<(&str, &str)> {
    let (id, rest) = text.split_at_checked(2)?;
    let mut characters = id.chars();
    let is_id = characters.next().is_some_and(|first| first.is_ascii_alphabetic())
        && characters.next().is_some_and(|second| second.is_ascii_digit());
    is_id.then_some((id, rest))
}

/// The plain form of a full-width character.
fn narrowed(each: char) -> char {
    match each {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(each) - 0xff01 + 0x21).unwrap_or(each),
        _ => each,
    }
}
