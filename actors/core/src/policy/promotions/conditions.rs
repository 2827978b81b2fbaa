//! When, where, for whom, how often.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::{Date, Time, Weekday};
use serde_json::Value;

use super::super::Step;
use super::super::reader::Reader;
use super::amounts::amount;
use super::awards::only;
use super::selector::{entries, name};
use crate::promotion::rule::{Combine, Coupon, Limits, Place, Replaces, Share, When, Who};
use crate::{Currency, PromotionId, StoreId};

/// The keys of each table.
pub(super) const WHEN_KEYS: &[&str] = &["from", "until", "weekdays", "hours"];
pub(super) const PLACE_KEYS: &[&str] = &["stores", "regions", "channels"];
pub(super) const WHO_KEYS: &[&str] = &["tiers"];
pub(super) const COUPON_KEYS: &[&str] = &["code", "unique"];
pub(super) const LIMITS_KEYS: &[&str] =
    &["per_basket", "per_member", "per_day", "total", "budget", "shares"];
pub(super) const SHARE_KEYS: &[&str] = &["total", "budget"];
pub(super) const COMBINE_KEYS: &[&str] = &["on_top"];

/// The words for weekdays.
pub(super) const WEEKDAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Monday),
    ("tue", Weekday::Tuesday),
    ("wed", Weekday::Wednesday),
    ("thu", Weekday::Thursday),
    ("fri", Weekday::Friday),
    ("sat", Weekday::Saturday),
    ("sun", Weekday::Sunday),
];
/// Most stores of a chain.
const STORES_MAX: usize = 20_000;

pub(super) fn when(reader: &mut Reader, value: &Value) -> Option<When> {
    let table = reader.table(value, WHEN_KEYS)?;
    let from = reader.optional(table, "from", date);
    let until = reader.optional(table, "until", date);
    if let (Some(from), Some(until)) = (from, until)
        && from > until
    {
        reader.key("until", |reader| reader.fault("reversed", "it ends before it begins"));
    }
    let weekdays =
        entries(reader, table, "weekdays", |reader, value| reader.word(value, &WEEKDAYS));
    let hours = entries(reader, table, "hours", window);
    Some(When { from, until, weekdays, hours })
}

fn date(reader: &mut Reader, value: &Value) -> Option<Date> {
    // Ten characters: the parser would also take times and other forms of the calendar.
    let date = value.as_str().filter(|text| text.len() == 10).and_then(|text| text.parse().ok());
    if date.is_none() {
        reader.fault("bad_date", "a day is expected here, such as 2026-11-01");
    }
    date
}

/// `14:00-17:00`; `24:00` is the end of the day.
fn window(reader: &mut Reader, value: &Value) -> Option<(Time, Time)> {
    let ends = value.as_str().and_then(|text| text.split_once('-'));
    let window = ends.and_then(|(from, to)| {
        let to = if to == "24:00" { "00:00" } else { to };
        Some((time(from)?, time(to)?))
    });
    if window.is_none() {
        reader.fault("bad_hours", "hours are expected here, such as \"14:00-17:00\"");
    }
    window
}

fn time(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    let number = |text: &str| {
        let is_number = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<i8>().ok().filter(|_| is_number)
    };
    Time::new(number(hour)?, number(minute)?, 0, 0).ok()
}

pub(super) fn place(reader: &mut Reader, value: &Value) -> Option<Place> {
    let table = reader.table(value, PLACE_KEYS)?;
    Some(Place {
        stores: entries(reader, table, "stores", |reader, value| reader.id(value, StoreId::new)),
        regions: entries(reader, table, "regions", name),
        channels: entries(reader, table, "channels", name),
    })
}

pub(super) fn who(reader: &mut Reader, value: &Value) -> Option<Who> {
    if !value.is_object() {
        let words = ["everyone", "members", "employees"];
        let place = words.iter().zip(0_u8..).map(|(word, place)| (*word, place));
        return Some(match reader.word(value, &place.collect::<Vec<_>>())? {
            0 => Who::Everyone,
            1 => Who::Members(Vec::new()),
            _ => Who::Employees,
        });
    }
    let table = reader.table(value, WHO_KEYS)?;
    reader.required(table, "tiers")?;
    let tiers = entries(reader, table, "tiers", name);
    if table.get("tiers").and_then(Value::as_array).is_some_and(Vec::is_empty) {
        reader.key("tiers", |reader| {
            reader.fault("empty_list", "name a tier; \"members\" is for members of all tiers");
        });
    }
    Some(Who::Members(tiers))
}

pub(super) fn coupon(reader: &mut Reader, value: &Value) -> Option<Coupon> {
    let table = reader.table(value, COUPON_KEYS)?;
    let key = only(reader, table, COUPON_KEYS)?;
    let text = reader.needed(table, key, name)?;
    Some(if key == "code" { Coupon::Code(text) } else { Coupon::Unique(text) })
}

pub(super) fn limits(reader: &mut Reader, value: &Value, currency: Currency) -> Option<Limits> {
    let table = reader.table(value, LIMITS_KEYS)?;
    let mut uses =
        |key| reader.optional(table, key, |reader, value| reader.whole(value, 1, u32::MAX));
    let mut limits = Limits {
        per_basket: uses("per_basket"),
        per_member: uses("per_member"),
        per_day: uses("per_day"),
        total: uses("total"),
        ..Limits::default()
    };
    limits.budget =
        reader.optional(table, "budget", |reader, value| amount(reader, value, currency, 1));
    let shares =
        reader.optional(table, "shares", |reader, value| shares(reader, value, &limits, currency));
    limits.shares = shares.unwrap_or_default();
    Some(limits)
}

fn shares(
    reader: &mut Reader,
    value: &Value,
    limits: &Limits,
    currency: Currency,
) -> Option<BTreeMap<StoreId, Share>> {
    let Value::Object(table) = value else {
        reader.fault("not_a_table", "a table is expected here");
        return None;
    };
    if table.len() > STORES_MAX {
        reader.fault("too_many", format!("there are more than {STORES_MAX} entries"));
        return None;
    }
    if limits.total.is_none() && limits.budget.is_none() {
        reader.fault("nothing_to_share", "neither total nor budget is there to be shared");
        return None;
    }
    let mut shares = BTreeMap::new();
    for (store, value) in table {
        reader.at(Step::Key(Arc::from(store.as_str())), |reader| {
            let id = reader.id(&Value::from(store.as_str()), StoreId::new);
            shares.extend(id.zip(share(reader, value, limits, currency)));
        });
    }
    let total: u64 = shares.values().map(|share| u64::from(share.total)).sum();
    let budget: i128 = shares.values().map(|share| i128::from(share.budget)).sum();
    if limits.total.is_some_and(|all| total > all.into())
        || limits.budget.is_some_and(|all| budget > all.into())
    {
        reader.fault("more_than_all", "the shares come to more than what is shared");
    }
    Some(shares)
}

fn share(reader: &mut Reader, value: &Value, limits: &Limits, currency: Currency) -> Option<Share> {
    let known: Vec<&str> = SHARE_KEYS
        .iter()
        .zip([limits.total.is_some(), limits.budget.is_some()])
        .filter_map(|(key, is_limited)| is_limited.then_some(*key))
        .collect();
    let table = reader.table(value, &known)?;
    // A store that is named has to be told each of its parts.
    let has = |key: &str| known.contains(&key);
    let total = if has("total") {
        reader.needed(table, "total", |reader, value| reader.whole(value, 0, u32::MAX))
    } else {
        Some(0)
    };
    let budget = if has("budget") {
        reader.needed(table, "budget", |reader, value| amount(reader, value, currency, 0))
    } else {
        Some(0)
    };
    Some(Share { total: total?, budget: budget? })
}

pub(super) fn combine(reader: &mut Reader, value: &Value) -> Option<Combine> {
    if !value.is_object() {
        let words = [
            ("alone", Combine::Alone),
            ("with_others", Combine::WithOthers),
            ("exclusive", Combine::Exclusive),
        ];
        return reader.word(value, &words);
    }
    let table = reader.table(value, COMBINE_KEYS)?;
    let place = reader.needed(table, "on_top", |reader, value| reader.whole(value, 0, u32::MAX));
    place.map(Combine::OnTop)
}

pub(super) fn replaces(reader: &mut Reader, value: &Value) -> Option<Replaces> {
    let Value::Array(list) = value else {
        let is_wider = reader.word(value, &[("nothing", false), ("wider", true)])?;
        return Some(if is_wider { Replaces::Wider } else { Replaces::Nothing });
    };
    let ids = reader
        .list(value, super::PROMOTIONS_MAX, |reader, value| reader.id(value, PromotionId::new));
    reader.unique(value, None);
    if list.is_empty() {
        reader.fault("empty_list", "name a promotion, or say \"nothing\" or \"wider\"");
    }
    ids.map(Replaces::These)
}
