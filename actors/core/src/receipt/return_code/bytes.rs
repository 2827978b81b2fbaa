//! The signed message: as short as it can be, and one message for one meaning.
//!
//! | bytes | what |
//! |---|---|
//! | 1 | form: 1 without lines, 2 with them |
//! | 4 | key |
//! | 1 + n | store: its length, its text |
//! | 16 | transaction |
//! | 3 | business day: year × 512 + month × 32 + day |
//! | 3 | currency |
//! | number | total in minor units |
//! | number | how many lines; then of each its number, item, quantity and net amount |
//!
//! Numbers are LEB128, those that may be negative in zigzag. An item of digits alone is a number
//! behind twice its count of digits plus one, any other its text behind twice its length. A
//! quantity is twice its unit, plus one where it is whole, and then whole units or thousandths.

use jiff::civil::Date;
use uuid::Uuid;

use super::{ReturnCode, ReturnKeyId, SoldLine};
use crate::{
    BusinessDay, Currency, ItemId, LineNumber, Money, Quantity, StoreId, TransactionId, Unit,
};

const WITHOUT_LINES: u8 = 1;
const WITH_LINES: u8 = 2;
/// Digits of an item's code that fit a number of 64 bits whatever they are.
const DIGITS_MAX: usize = 18;
const THOUSAND: i64 = 1000;
/// By the number that stands for them.
const UNITS: [Unit; 4] = [Unit::Piece, Unit::Kilogram, Unit::Litre, Unit::Gallon];

pub(super) fn write(code: &ReturnCode) -> Vec<u8> {
    let mut out = vec![if code.lines.is_some() { WITH_LINES } else { WITHOUT_LINES }];
    out.extend(code.key.0);
    number(&mut out, length(code.store.as_str()));
    out.extend(code.store.as_str().bytes());
    out.extend(code.transaction.uuid().as_bytes());
    let date = code.business_day.date();
    let part = |value: i8| u32::from(value.unsigned_abs());
    let year = u32::from(date.year().unsigned_abs());
    let day = (year << 9) | (part(date.month()) << 5) | part(date.day());
    out.extend(day.to_be_bytes().iter().skip(1));
    out.extend(code.total.currency().code().bytes());
    number(&mut out, zigzag(code.total.minor()));
    if let Some(lines) = &code.lines {
        number(&mut out, lines.len() as u64);
        lines.iter().for_each(|line| write_line(&mut out, line));
    }
    out
}

fn write_line(out: &mut Vec<u8>, line: &SoldLine) {
    number(out, u64::from(line.line.0));
    write_item(out, line.item.as_str());
    write_quantity(out, line.quantity);
    number(out, zigzag(line.net.minor()));
}

fn write_item(out: &mut Vec<u8>, item: &str) {
    let is_digits = item.len() <= DIGITS_MAX && item.bytes().all(|byte| byte.is_ascii_digit());
    match item.parse::<u64>() {
        Ok(digits) if is_digits => {
            number(out, (length(item) << 1) | 1);
            number(out, digits);
        }
        _ => {
            number(out, length(item) << 1);
            out.extend(item.bytes());
        }
    }
}

fn write_quantity(out: &mut Vec<u8>, quantity: Quantity) {
    let unit = UNITS.iter().position(|unit| *unit == quantity.unit()).unwrap_or_default() as u64;
    let thousandths = quantity.thousandths();
    let is_whole = thousandths % THOUSAND == 0;
    number(out, (unit << 1) | u64::from(is_whole));
    number(out, zigzag(if is_whole { thousandths / THOUSAND } else { thousandths }));
}

const fn length(text: &str) -> u64 {
    text.len() as u64
}

const fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)).cast_unsigned()
}

fn number(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// The code of a message; nothing where it is not what [`write`] makes of some code.
pub(super) fn read(message: &[u8]) -> Option<ReturnCode> {
    let mut reader = Reader(message);
    let form = reader.byte()?;
    let key = ReturnKeyId(reader.array()?);
    let store = StoreId::new(reader.text()?).ok()?;
    let transaction = TransactionId::new(Uuid::from_bytes(reader.array()?));
    let [high, middle, low] = reader.array()?;
    let day = u32::from_be_bytes([0, high, middle, low]);
    let part = |value: u32| i8::try_from(value).ok();
    let year = i16::try_from(day >> 9).ok()?;
    let date = Date::new(year, part((day >> 5) & 15)?, part(day & 31)?).ok()?;
    let currency = Currency::new(std::str::from_utf8(&reader.array::<3>()?).ok()?).ok()?;
    let total = reader.money(currency)?;
    let lines = match form {
        WITHOUT_LINES => None,
        WITH_LINES => Some(reader.lines(currency)?),
        _ => return None,
    };
    let business_day = BusinessDay::new(date);
    let code = ReturnCode { key, store, transaction, business_day, total, lines };
    // Numbers may be written longer than they need be; then it is not the message that we sign.
    (reader.0.is_empty() && write(&code) == message).then_some(code)
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Option<u8> {
        self.array::<1>().map(|[byte]| byte)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (array, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*array)
    }

    fn taken(&mut self, length: u64) -> Option<&'a str> {
        let (text, rest) = self.0.split_at_checked(usize::try_from(length).ok()?)?;
        self.0 = rest;
        std::str::from_utf8(text).ok()
    }

    fn text(&mut self) -> Option<&'a str> {
        let length = self.number()?;
        self.taken(length)
    }

    fn number(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..63).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn signed(&mut self) -> Option<i64> {
        let value = self.number()?;
        Some((value >> 1).cast_signed() ^ -((value & 1).cast_signed()))
    }

    fn money(&mut self, currency: Currency) -> Option<Money> {
        Money::from_minor(self.signed()?, currency).ok()
    }

    fn lines(&mut self, currency: Currency) -> Option<Vec<SoldLine>> {
        let count = self.number()?;
        let mut lines = Vec::new();
        for _ in 0..count {
            let line = LineNumber(u32::try_from(self.number()?).ok()?);
            let item = self.item()?;
            let quantity = self.quantity()?;
            lines.push(SoldLine { line, item, quantity, net: self.money(currency)? });
        }
        Some(lines)
    }

    fn item(&mut self) -> Option<ItemId> {
        let kind = self.number()?;
        if kind & 1 == 0 {
            return ItemId::new(self.taken(kind >> 1)?).ok();
        }
        let digits = usize::try_from(kind >> 1).ok().filter(|digits| *digits <= DIGITS_MAX)?;
        let value = self.number()?;
        ItemId::new(&format!("{value:0digits$}")).ok()
    }

    fn quantity(&mut self) -> Option<Quantity> {
        let kind = self.number()?;
        let unit = *UNITS.get(usize::try_from(kind >> 1).ok()?)?;
        let amount = self.signed()?;
        let thousandths = if kind & 1 == 1 { amount.checked_mul(THOUSAND)? } else { amount };
        Quantity::from_thousandths(thousandths, unit).ok()
    }
}
