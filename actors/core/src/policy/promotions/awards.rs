//! What promotions give.

use std::sync::Arc;

use serde_json::Value;

use super::super::reader::{Reader, Table};
use super::POINTS_MAX;
use super::amounts::{amount, percent};
use super::selector::name;
use crate::Currency;
use crate::promotion::goods::UNITS_MAX;
use crate::promotion::rule::{BasisPoints, GroupAward, OrderAward, RewardAward, UnitAward};

/// Most that points are multiplied by.
pub(super) const TIMES_MAX: u32 = 1_000;

/// The keys of what a unit gets, one of which has to be there.
pub(super) const UNIT_KEYS: &[&str] = &["percent_off", "amount_off", "price"];
/// The keys of what a group gets, one of which has to be there.
pub(super) const GROUP_KEYS: &[&str] =
    &["percent_off", "amount_off", "price", "cheapest", "dearest"];
/// The key that goes with `cheapest` and `dearest`.
pub(super) const PICKED_KEY: &str = "award";
/// The keys of what an order gets, one of which has to be there.
pub(super) const ORDER_KEYS: &[&str] = &["percent_off", "amount_off"];
/// The keys of a reward, one of which has to be there.
pub(super) const REWARD_KEYS: &[&str] = &["points", "points_per_unit", "points_times", "coupon"];

/// All of a price.
const FREE: BasisPoints = BasisPoints(10_000);

/// The only one of some keys that is there.
pub(super) fn only<'a>(reader: &mut Reader, table: &Table, keys: &[&'a str]) -> Option<&'a str> {
    let mut there = keys.iter().filter(|key| table.contains_key(**key));
    let first = there.next();
    let reason = || format!("exactly one of {} is expected", keys.join(", "));
    match (first, there.next()) {
        (Some(first), None) => Some(first),
        (None, _) => {
            reader.fault("none_of", reason());
            None
        }
        (Some(_), Some(second)) => {
            reader.key(second, |reader| reader.fault("more_than_one", reason()));
            None
        }
    }
}

/// What becomes of a unit's price.
pub(super) fn unit(reader: &mut Reader, value: &Value, currency: Currency) -> Option<UnitAward> {
    if value.is_string() {
        return reader.word(value, &[("free", UnitAward::PercentOff(FREE))]);
    }
    let table = reader.table(value, UNIT_KEYS)?;
    let key = only(reader, table, UNIT_KEYS)?;
    reader.needed(table, key, |reader, value| match key {
        "percent_off" => percent(reader, value).map(UnitAward::PercentOff),
        "amount_off" => amount(reader, value, currency, 1).map(UnitAward::AmountOff),
        _ => amount(reader, value, currency, 0).map(UnitAward::Price),
    })
}

/// What becomes of a group's price.
pub(super) fn group(reader: &mut Reader, value: &Value, currency: Currency) -> Option<GroupAward> {
    let known = [GROUP_KEYS, &[PICKED_KEY]].concat();
    let table = reader.table(value, &known)?;
    let key = only(reader, table, GROUP_KEYS)?;
    if matches!(key, "cheapest" | "dearest") {
        let count = reader.needed(table, key, |reader, value| reader.whole(value, 1, UNITS_MAX));
        let award = reader.needed(table, PICKED_KEY, |reader, value| unit(reader, value, currency));
        let (count, award) = (count?, award?);
        return Some(match key {
            "cheapest" => GroupAward::Cheapest { count, award },
            _ => GroupAward::Dearest { count, award },
        });
    }
    if table.contains_key(PICKED_KEY) {
        reader.key(PICKED_KEY, |reader| {
            reader.fault("no_meaning", "this goes with cheapest or dearest only");
        });
    }
    reader.needed(table, key, |reader, value| match key {
        "percent_off" => percent(reader, value).map(GroupAward::PercentOff),
        "amount_off" => amount(reader, value, currency, 1).map(GroupAward::AmountOff),
        _ => amount(reader, value, currency, 0).map(GroupAward::Price),
    })
}

/// What becomes of an order's price.
pub(super) fn order(reader: &mut Reader, value: &Value, currency: Currency) -> Option<OrderAward> {
    let table = reader.table(value, ORDER_KEYS)?;
    let key = only(reader, table, ORDER_KEYS)?;
    reader.needed(table, key, |reader, value| match key {
        "percent_off" => percent(reader, value).map(OrderAward::PercentOff),
        _ => amount(reader, value, currency, 1).map(OrderAward::AmountOff),
    })
}

/// What a reward gives.
pub(super) fn reward(reader: &mut Reader, value: &Value) -> Option<RewardAward> {
    let table = reader.table(value, REWARD_KEYS)?;
    let key = only(reader, table, REWARD_KEYS)?;
    reader.needed(table, key, |reader, value| match key {
        "points" => {
            let points = reader.whole(value, 1, POINTS_MAX)?;
            Some(RewardAward::Points(points.into()))
        }
        "points_per_unit" => {
            let points = reader.whole(value, 1, POINTS_MAX)?;
            Some(RewardAward::PointsPerUnit(points.into()))
        }
        // Once over is what there is without it.
        "points_times" => reader.whole(value, 2, TIMES_MAX).map(RewardAward::PointsTimes),
        _ => name(reader, value).map(|campaign: Arc<str>| RewardAward::Coupon(campaign)),
    })
}
