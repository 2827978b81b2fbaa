use super::gtin::{digit, digits};
use super::layout::{price, weight};
use super::symbol::FNC1;
use super::{BarcodeError, Gtin, Marks, Measure, Symbol};
use crate::{Currency, Unit};

/// What a till needs of a message of GS1 elements.
#[derive(Default)]
struct Message {
    gtin: Option<Gtin>,
    weight: Option<Measure>,
    price: Option<Measure>,
    marks: Marks,
}

/// Whether a text without a symbology id can only be element strings: `(01)`, a separator, or `01`
/// with a whole GTIN-14 and more behind it.
pub(super) fn looks_like(text: &str) -> bool {
    text.starts_with("(01)") || text.contains(FNC1) || {
        let gtin = text.strip_prefix("01").and_then(|rest| rest.get(..14));
        gtin.is_some_and(|gtin| Gtin::parse(gtin).is_ok())
    }
}

/// Reads element strings. Article (01), net weight in kilograms (310n), price (392n) and the
/// [`Marks`] of the piece are understood, every other element is passed over. Where a label states
/// weight and price, the price is what the customer was promised.
///
/// # Errors
/// [`BarcodeError::BadElementString`], [`BarcodeError::BadCheckDigit`] of the article, or
/// [`BarcodeError::BadMeasure`].
pub(super) fn read(text: &str, currency: Currency) -> Result<(Symbol, Marks), BarcodeError> {
    let mut message = Message::default();
    if text.starts_with('(') {
        read_bracketed(text, currency, &mut message)?;
    } else {
        read_plain(text, currency, &mut message)?;
    }
    let Some(gtin) = message.gtin else {
        return Ok((Symbol::Other(text.to_owned()), message.marks));
    };
    let symbol = match message.price.or(message.weight) {
        Some(measure) => Symbol::VariableMeasure { item_code: gtin.to_14_digits(), measure },
        None => Symbol::Gtin(gtin),
    };
    Ok((symbol, message.marks))
}

/// As people write it: `(01)…(3103)…`.
fn read_bracketed(
    text: &str,
    currency: Currency,
    message: &mut Message,
) -> Result<(), BarcodeError> {
    for element in text.split('(').skip(1) {
        let (identifier, value) = element.split_once(')').ok_or(BarcodeError::BadElementString)?;
        message.take(identifier, value.trim(), currency)?;
    }
    Ok(())
}

/// As scanners send it: elements of known length end by themselves, others at a separator.
fn read_plain(text: &str, currency: Currency, message: &mut Message) -> Result<(), BarcodeError> {
    let mut rest = text;
    while !rest.is_empty() {
        let (element, after) = match element_length(rest) {
            Some(length) => rest.split_at_checked(length).ok_or(BarcodeError::BadElementString)?,
            None => rest.split_once(FNC1).unwrap_or((rest, "")),
        };
        let identifier_length = if is_measure(element) { 4 } else { 2 };
        let (identifier, value) =
            element.split_at_checked(identifier_length).ok_or(BarcodeError::BadElementString)?;
        message.take(identifier, value, currency)?;
        rest = after.trim_start_matches(FNC1);
    }
    Ok(())
}

/// Whether the identifier has four digits of which the last counts decimals.
fn is_measure(element: &str) -> bool {
    element.starts_with("310") || element.starts_with("392")
}

/// Length of an element, identifier included, where GS1 fixes it in advance.
fn element_length(text: &str) -> Option<usize> {
    Some(match text.get(..2)? {
        "00" => 20,
        "01" | "02" | "03" => 16,
        "04" => 18,
        "11" | "12" | "13" | "14" | "15" | "16" | "17" | "18" | "19" => 8,
        "20" => 4,
        "31" | "32" | "33" | "34" | "35" | "36" => 10,
        "41" => 16,
        _ => return None,
    })
}

impl Message {
    fn take(
        &mut self,
        identifier: &str,
        value: &str,
        currency: Currency,
    ) -> Result<(), BarcodeError> {
        if identifier == "01" {
            if value.len() != 14 {
                return Err(BarcodeError::BadElementString);
            }
            self.gtin = Some(Gtin::parse(value)?);
            return Ok(());
        }
        self.marks.take(identifier, value);
        let Some((kind, decimals)) = identifier.split_at_checked(3) else {
            return Ok(());
        };
        let is_weight = kind == "310";
        if !is_weight && kind != "392" {
            return Ok(());
        }
        let decimals =
            decimals.bytes().next().and_then(digit).ok_or(BarcodeError::BadElementString)?;
        let number = digits(value)
            .filter(|_| !is_weight || value.len() == 6)
            .and_then(|number| i64::try_from(number).ok())
            .ok_or(BarcodeError::BadElementString)?;
        if is_weight {
            let measure = weight(number, decimals, Unit::Kilogram);
            self.weight = Some(measure.ok_or(BarcodeError::BadMeasure)?);
        } else {
            let measure = price(number, decimals, currency);
            self.price = Some(measure.ok_or(BarcodeError::BadMeasure)?);
        }
        Ok(())
    }
}
