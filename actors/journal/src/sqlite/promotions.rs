//! The tables of promotions' uses.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension as _, params};
use store_core::fact::Fact;
use store_core::promotion::uses::Sold;
use store_core::{BusinessDay, MemberId, PromotionId};

use super::reads::{all, text};
use super::rows::{signed, unsigned};
use crate::fold::{DayOfPromotion, after, points_of, uses_of};

type Sql<T> = Result<T, rusqlite::Error>;

/// Writes down what a fact used. Counts stop where a number of 32 bits, sums where one of 64 does.
pub fn put(connection: &Connection, fact: &Fact) -> Sql<()> {
    if let Some((member, day, points)) = points_of(fact) {
        let spent = points.after(points_spent(connection, member, day)?);
        connection
            .prepare_cached("INSERT OR REPLACE INTO promotion_points VALUES (?1, ?2, ?3)")?
            .execute(params![member.as_str(), day.to_string(), signed(spent)])?;
    }
    for used in uses_of(fact) {
        let (promotion, day) = (used.promotion.as_str(), used.business_day.to_string());
        let before = day_of(connection, promotion, &day)?.unwrap_or_default();
        let made = used.after(before);
        connection
            .prepare_cached(
                "INSERT OR REPLACE INTO promotion_uses VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                promotion,
                day,
                made.baskets,
                made.uses,
                made.units,
                made.amount,
                made.sales
            ])?;
        if let Some(member) = used.member {
            let before = uses_by(connection, MEMBER, [member.as_str(), promotion])?;
            let uses = used.count_after(before, used.day.uses);
            connection
                .prepare_cached("INSERT OR REPLACE INTO promotion_members VALUES (?1, ?2, ?3)")?
                .execute(params![member.as_str(), promotion, uses])?;
        }
        for code in used.coupons {
            let uses = used.count_after(uses_by(connection, COUPON, [code, promotion])?, 1);
            connection
                .prepare_cached("INSERT OR REPLACE INTO promotion_coupons VALUES (?1, ?2, ?3)")?
                .execute(params![&**code, promotion, uses])?;
        }
    }
    Ok(())
}

const MEMBER: &str = "SELECT uses FROM promotion_members WHERE member = ?1 AND promotion = ?2";
const COUPON: &str = "SELECT uses FROM promotion_coupons WHERE code = ?1 AND promotion = ?2";

fn uses_by(connection: &Connection, sql: &str, key: [&str; 2]) -> Sql<u32> {
    let found = connection.prepare_cached(sql)?.query_row(key, |row| row.get(0)).optional()?;
    Ok(found.unwrap_or(0))
}

const DAY: &str = "SELECT baskets, uses, units, amount_minor, sales_minor, business_day, promotion
    FROM promotion_uses";

fn read_day(row: &rusqlite::Row<'_>) -> Sql<DayOfPromotion> {
    Ok(DayOfPromotion {
        baskets: row.get(0)?,
        uses: row.get(1)?,
        units: row.get(2)?,
        amount: row.get(3)?,
        sales: row.get(4)?,
    })
}

fn day_of(connection: &Connection, promotion: &str, day: &str) -> Sql<Option<DayOfPromotion>> {
    let sql = format!("{DAY} WHERE promotion = ?1 AND business_day = ?2");
    Ok(all(connection, &sql, [promotion, day], read_day)?.pop())
}

pub fn sold(connection: &Connection, promotion: &PromotionId, day: BusinessDay) -> Sql<Sold> {
    let sql = format!("{DAY} WHERE promotion = ?1");
    let day = day.to_string();
    let days = all(connection, &sql, [promotion.as_str()], |row| {
        Ok((row.get_ref(5)?.as_str()? == day, read_day(row)?))
    })?;
    Ok(days.into_iter().fold(Sold::default(), |sold, (is_day, made)| after(sold, is_day, made)))
}

pub fn sold_to(connection: &Connection, member: &MemberId) -> Sql<BTreeMap<PromotionId, u32>> {
    let sql = "SELECT promotion, uses FROM promotion_members WHERE member = ?1";
    let found = all(connection, sql, [member.as_str()], |row| Ok((text(row, 0)?, row.get(1)?)))?;
    Ok(found.into_iter().collect())
}

/// The points that a member spent on a day.
pub fn points_spent(connection: &Connection, member: &MemberId, day: BusinessDay) -> Sql<u64> {
    let spent = connection
        .prepare_cached(
            "SELECT points FROM promotion_points WHERE member = ?1 AND business_day = ?2",
        )?
        .query_row([member.as_str(), &day.to_string()], |row| row.get(0))
        .optional()?;
    Ok(spent.map_or(0, unsigned))
}

pub fn is_coupon_used(connection: &Connection, code: &str) -> Sql<bool> {
    connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM promotion_coupons WHERE code = ?1 AND uses > 0)",
        )?
        .query_row([code], |row| row.get(0))
}

pub fn days(connection: &Connection) -> Sql<BTreeMap<(PromotionId, BusinessDay), DayOfPromotion>> {
    let found = all(connection, DAY, [], |row| {
        Ok(((text(row, 6)?, BusinessDay::new(text(row, 5)?)), read_day(row)?))
    })?;
    Ok(found.into_iter().collect())
}
