use super::{
    BarcodeError, CODE_CHARS_MAX, ELEMENTS_CHARS_MAX, Gtin, Marks, SCAN_BYTES_MAX, Symbology,
    VariableMeasureLayout, elements, link,
};
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

/// What a code says about the very piece, beside what it is; nothing where it cannot be read.
#[must_use]
pub fn marks(text: &str, currency: Currency) -> Marks {
    let marks = clean(text).and_then(|cleaned| read_marked(cleaned, &[], currency));
    marks.map(|(_, marks)| marks).unwrap_or_default()
}

/// A code as it is kept, the same whichever scanner read it: without what the scanner said of its
/// kind, unless that alone says that these are GS1 element strings.
#[must_use]
pub fn kept(text: &str) -> &str {
    let text = text.trim();
    match Symbology::split(text) {
        Some((said, code)) if !said.is_some_and(Symbology::is_gs1) => code.trim(),
        _ => text,
    }
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
    read_marked(cleaned, layouts, currency).map(|(symbol, _)| symbol)
}

/// The same with what the code says about the very piece.
pub(super) fn read_marked(
    cleaned: Cleaned,
    layouts: &[VariableMeasureLayout],
    currency: Currency,
) -> Result<(Symbol, Marks), BarcodeError> {
    let unmarked = |symbol| (symbol, Marks::default());
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
                    Ok(unmarked(Symbol::VariableMeasure { item_code, measure }))
                }
                Some(Err(error)) => Err(error),
                None => Ok(unmarked(Symbol::Gtin(gtin))),
            };
        }
        Err(BarcodeError::BadCheckDigit) if !is_gs1 => return Err(BarcodeError::BadCheckDigit),
        Err(_) => {}
    }
    if is_gs1 || elements::looks_like(&text) {
        return elements::read(&text, currency);
    }
    Ok(unmarked(Symbol::Other(text)))
}

/// The separator of element strings, which scanners send for FNC1.
pub(super) const FNC1: char = '\u{1d}';

/// Takes off what the reader and the keyboard added; a GS1 Digital Link becomes the element strings
/// that it stands for.
pub(crate) fn clean(text: &str) -> Result<Cleaned, BarcodeError> {
    clean_as(text, None)
}

/// The same for a code whose kind the reader said apart from it.
pub(super) fn clean_as(text: &str, symbology: Option<Symbology>) -> Result<Cleaned, BarcodeError> {
    let text = text.trim();
    if text.len() > SCAN_BYTES_MAX {
        return Err(BarcodeError::TooLong);
    }
    let text: String = text.chars().map(narrowed).collect();
    let (symbology, text) = match Symbology::split(&text) {
        Some((said, rest)) => (symbology.or(said), rest),
        None => (symbology, text.as_str()),
    };
    let text = text.trim().trim_start_matches(FNC1);
    if text.is_empty() {
        return Err(BarcodeError::Empty);
    }
    if text.chars().any(|each| each.is_control() && each != FNC1) {
        return Err(BarcodeError::BadCharacter);
    }
    if let Some(elements) = link::elements(text) {
        return Ok(Cleaned { is_gs1: true, text: elements? });
    }
    let is_gs1 = symbology.is_some_and(Symbology::is_gs1);
    let is_long = is_gs1 || elements::looks_like(text);
    let chars_max = if is_long { ELEMENTS_CHARS_MAX } else { CODE_CHARS_MAX };
    if text.chars().nth(chars_max).is_some() {
        return Err(BarcodeError::TooLong);
    }
    // People type the groups that are printed under the bars.
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b' ');
    let text = if is_number { text.replace(' ', "") } else { text.to_owned() };
    Ok(Cleaned { is_gs1, text })
}

/// The plain form of a full-width character.
fn narrowed(each: char) -> char {
    match each {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(each) - 0xff01 + 0x21).unwrap_or(each),
        _ => each,
    }
}
