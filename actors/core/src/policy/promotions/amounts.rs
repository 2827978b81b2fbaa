//! Money, percentages and thresholds as people write them.

use rust_decimal::Decimal;
use serde_json::Value;

use super::super::reader::Reader;
use crate::money::plain_decimal;
use crate::promotion::goods::UNITS_MAX;
use crate::promotion::rule::{BasisPoints, Counts};
use crate::{Currency, Money, MoneyError};

/// Largest amount, in minor units: one for each unit of the largest basket still adds up.
const AMOUNT_MAX: i64 = 1_000_000_000_000;

/// An amount in the major unit, in minor units of at least `least`.
pub(super) fn amount(
    reader: &mut Reader,
    value: &Value,
    currency: Currency,
    least: i64,
) -> Option<i64> {
    let read = match value {
        Value::String(text) => Money::parse(text, currency),
        // As it stands there: a float's shortest text is what was written.
        Value::Number(number) => Money::parse(&number.to_string(), currency),
        _ => Err(MoneyError::BadAmount),
    };
    let reason = match read.map(Money::minor) {
        Ok(minor) if (least..=AMOUNT_MAX).contains(&minor) => return Some(minor),
        Ok(minor) if minor > AMOUNT_MAX => "the amount is too large".to_owned(),
        Ok(0) => "the amount is nought".to_owned(),
        Ok(_) => "the amount is negative".to_owned(),
        Err(MoneyError::TooPrecise) => format!("{currency} has {} decimals", currency.scale()),
        Err(_) => format!("an amount of {currency} is expected here, such as 20 or \"12.50\""),
    };
    reader.fault("bad_amount", reason);
    None
}

/// A percentage above nought, at most 100, with at most two decimals.
pub(super) fn percent(reader: &mut Reader, value: &Value) -> Option<BasisPoints> {
    let number = match value {
        Value::String(text) => plain_decimal(text),
        Value::Number(number) => plain_decimal(&number.to_string()),
        _ => None,
    };
    let hundredths = number.and_then(|number| number.checked_mul(Decimal::ONE_HUNDRED));
    let whole = hundredths.filter(|number| number.is_integer());
    let points = whole.and_then(|number| u32::try_from(number).ok());
    let points = points.filter(|points| (1..=10_000).contains(points));
    if points.is_none() {
        let reason = "a percentage above 0 and at most 100 is expected, with two decimals at most";
        reader.fault("bad_percent", reason);
    }
    points.map(BasisPoints)
}

/// From how much on: money, or units; nought is any.
pub(super) fn threshold(
    reader: &mut Reader,
    value: &Value,
    counts: Counts,
    currency: Currency,
) -> Option<i64> {
    match counts {
        Counts::Amount => amount(reader, value, currency, 0),
        Counts::Quantity => reader.whole(value, 0, UNITS_MAX).map(i64::from),
    }
}
