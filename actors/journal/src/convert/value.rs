use std::fmt::Display;
use std::str::FromStr;

use hq_wire::facts::v1;
use jiff::Timestamp;
use rust_decimal::Decimal;
use store_core::permission::Permission;
use store_core::{Currency, Money, Now, Quantity, Unit};

use super::{ConvertError, bad};

/// Reads an id, a code, a decimal: anything that is text on the wire.
pub fn id<T>(field: &'static str, text: &str) -> Result<T, ConvertError>
where
    T: FromStr,
    T::Err: Display,
{
    text.parse().map_err(bad(field, text))
}

/// Reads what may be absent.
pub fn optional_id<T>(field: &'static str, text: Option<&str>) -> Result<Option<T>, ConvertError>
where
    T: FromStr,
    T::Err: Display,
{
    text.map(|text| id(field, text)).transpose()
}

/// Reads a moment on the wall, in milliseconds since 1970.
pub fn wall(field: &'static str, ms: i64) -> Result<Timestamp, ConvertError> {
    Timestamp::from_millisecond(ms).map_err(bad(field, &ms.to_string()))
}

/// Reads a permission by its code.
pub fn permission(text: &str) -> Result<Permission, ConvertError> {
    Permission::from_code(text).ok_or("no such permission").map_err(bad("permission", text))
}

pub fn money_to_wire(money: Money) -> v1::Money {
    let currency = money.currency();
    v1::Money { amount: money.amount().to_string(), currency: currency.code().to_owned() }
}

pub fn money(field: &'static str, wire: &v1::Money) -> Result<Money, ConvertError> {
    let currency = Currency::new(&wire.currency).map_err(bad(field, &wire.currency))?;
    Money::parse(&wire.amount, currency).map_err(bad(field, &wire.amount))
}

pub fn quantity_to_wire(quantity: Quantity) -> v1::Quantity {
    v1::Quantity { amount: quantity.amount().to_string(), unit: quantity.unit().code().to_owned() }
}

pub fn quantity(field: &'static str, wire: &v1::Quantity) -> Result<Quantity, ConvertError> {
    let unit = Unit::from_code(&wire.unit).ok_or("no such unit").map_err(bad(field, &wire.unit))?;
    Quantity::new(percent(field, &wire.amount)?, unit).map_err(bad(field, &wire.amount))
}

pub fn percent(field: &'static str, text: &str) -> Result<Decimal, ConvertError> {
    Decimal::from_str_exact(text).map_err(bad(field, text))
}

pub fn moment_to_wire(now: &Now) -> v1::Moment {
    v1::Moment {
        wall_ms: now.wall.as_millisecond(),
        utc_offset_s: now.utc_offset_s,
        monotonic_ms: now.monotonic_ms,
        boot: now.boot.to_string(),
        clock_trusted: now.clock_trusted,
    }
}

pub fn moment(field: &'static str, wire: &v1::Moment) -> Result<Now, ConvertError> {
    Ok(Now {
        wall: wall(field, wire.wall_ms)?,
        utc_offset_s: wire.utc_offset_s,
        monotonic_ms: wire.monotonic_ms,
        boot: id(field, &wire.boot)?,
        clock_trusted: wire.clock_trusted,
    })
}
