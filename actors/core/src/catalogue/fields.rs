use jiff::civil::Date;

use super::codes::is_plain_code;
use super::import_error::ImportReason;
use super::item::{PackOf, Prices};
use crate::barcode::{BarcodeError, Gtin};
use crate::{Currency, ItemId, Money, Quantity, Unit};

/// Longest description, in bytes: three lines of a receipt in Chinese.
pub(super) const DESCRIPTION_BYTES_MAX: usize = 200;
/// Longest name of a department, category, brand, tag or tax class, in bytes.
pub(super) const NAME_BYTES_MAX: usize = 100;
/// Most barcodes, tags or prices of one item: real items have fewer than ten of each.
pub(super) const ENTRIES_MAX: usize = 64;
/// Largest pack: a pallet of the smallest thing.
const PACK_MAX: u32 = 10_000;

/// A barcode as a field lists it.
pub(super) enum BarcodeField {
    Gtin(Gtin),
    Plain(Box<str>),
}

/// A text of limited length without control characters.
pub(super) fn text(field: &str, bytes_max: usize) -> Result<&str, ImportReason> {
    if field.len() > bytes_max {
        return Err(ImportReason::TextTooLong(bytes_max));
    }
    if field.chars().any(char::is_control) {
        return Err(ImportReason::BadCharacter);
    }
    Ok(field)
}

/// The entries of a field that are not empty.
pub(super) fn entries(field: &str) -> Result<impl Iterator<Item = &str>, ImportReason> {
    if field.bytes().filter(|byte| *byte == b';').count() >= ENTRIES_MAX {
        return Err(ImportReason::TooManyEntries(ENTRIES_MAX));
    }
    Ok(field.split(';').map(str::trim).filter(|entry| !entry.is_empty()))
}

/// `code` or `code*n`.
pub(super) fn barcode(entry: &str) -> Result<(BarcodeField, u32), ImportReason> {
    let bad = || ImportReason::BadBarcode(entry.chars().take(64).collect());
    let (code, pack) = match entry.rsplit_once('*') {
        Some((code, pack)) => {
            let is_number = pack.bytes().all(|byte| byte.is_ascii_digit());
            let pack = pack.parse().ok().filter(|pack| (1..=PACK_MAX).contains(pack) && is_number);
            (code.trim_end(), pack.ok_or_else(bad)?)
        }
        None => (entry, 1),
    };
    match Gtin::parse(code) {
        Ok(gtin) => Ok((BarcodeField::Gtin(gtin), pack)),
        // Eight digits or fourteen may be a number of the store's own; thirteen are an EAN.
        Err(BarcodeError::BadCheckDigit) if code.len() == 13 => {
            Err(ImportReason::BadCheckDigit(code.to_owned()))
        }
        Err(_) if !code.is_empty() && is_plain_code(code) => {
            Ok((BarcodeField::Plain(code.into()), pack))
        }
        Err(_) => Err(bad()),
    }
}

/// `ITEM*6`: of an item that is sold by the piece, some pieces.
pub(super) fn pack_of(field: &str, unit: Unit) -> Result<PackOf, ImportReason> {
    let (item, pieces) = field.rsplit_once('*').ok_or(ImportReason::BadPack)?;
    let is_number = pieces.bytes().all(|byte| byte.is_ascii_digit());
    let pieces = pieces.parse().ok().filter(|pieces| (2..=PACK_MAX).contains(pieces) && is_number);
    let pieces = pieces.filter(|_| unit == Unit::Piece).ok_or(ImportReason::BadPack)?;
    Ok(PackOf { item: ItemId::new(item.trim_end())?, pieces })
}

/// Years of age, of one or two digits.
pub(super) fn age(field: &str) -> Result<u8, ImportReason> {
    let is_number = field.len() <= 2 && field.bytes().all(|byte| byte.is_ascii_digit());
    let age = field.parse().ok().filter(|age| *age > 0 && is_number);
    age.ok_or(ImportReason::BadAge)
}

/// Whether each piece bears a number: `required`, for goods that are counted in pieces.
pub(super) fn serial(field: &str, unit: Unit) -> Result<bool, ImportReason> {
    match field {
        "" => Ok(false),
        "required" if unit == Unit::Piece => Ok(true),
        _ => Err(ImportReason::BadSerial),
    }
}

/// What its packing weighs, for goods that are weighed.
pub(super) fn tare(field: &str, unit: Unit) -> Result<Quantity, ImportReason> {
    let tare = quantity(field, unit)?;
    if unit == Unit::Kilogram && !tare.is_zero() { Ok(tare) } else { Err(ImportReason::BadTare) }
}

/// An amount that is not negative.
pub(super) fn amount(text: &str, currency: Currency) -> Result<Money, ImportReason> {
    let amount = Money::parse(text, currency)?;
    if amount.is_negative() { Err(ImportReason::Negative) } else { Ok(amount) }
}

/// `59;55@2026-12-01`: at most one without a date, no two from one day.
pub(super) fn prices(field: &str, currency: Currency) -> Result<Prices, ImportReason> {
    if field.is_empty() {
        return Ok(Prices::None);
    }
    if !field.contains(['@', ';']) {
        return Ok(Prices::Always(amount(field, currency)?.minor()));
    }
    let mut dated = Vec::new();
    for entry in entries(field)? {
        let (price, from) = match entry.split_once('@') {
            Some((price, from)) => {
                let from = from.trim();
                // Ten characters: the parser would also take times and other calendars' forms.
                let date: Option<Date> = from.parse().ok().filter(|_| from.len() == 10);
                (price.trim_end(), date.ok_or(ImportReason::BadPriceDate)?)
            }
            None => (entry, Date::MIN),
        };
        dated.push((from, amount(price, currency)?.minor()));
    }
    dated.sort_unstable();
    if dated.windows(2).any(|pair| matches!(pair, [a, b] if a.0 == b.0)) {
        return Err(ImportReason::BadPriceDate);
    }
    Ok(if dated.is_empty() { Prices::None } else { Prices::Dated(dated.into_boxed_slice()) })
}

/// A quantity of the item's unit that is not negative.
pub(super) fn quantity(field: &str, unit: Unit) -> Result<Quantity, ImportReason> {
    let quantity = Quantity::parse(field, unit)?;
    if quantity.is_negative() { Err(ImportReason::Negative) } else { Ok(quantity) }
}
