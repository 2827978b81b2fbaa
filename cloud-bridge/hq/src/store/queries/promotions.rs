//! Which promotion sells best, where and when.

use std::collections::BTreeMap;

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::{Scope, bad_day};
use crate::store::sql::{Connection, Param, Row};
use crate::store::{HqStore, StoreError};
use crate::view::{DayPromotion, PromotionDetail, PromotionSums, PromotionView, StorePromotion};

/// Promotions of an answer: more than any chain has had live at once.
const PROMOTIONS: u64 = 1000;

/// Every sum, from the given column on.
const SUMS: &str = "cast(sum(baskets) as bigint), cast(sum(uses) as bigint),
     cast(sum(units) as bigint), cast(sum(discount) as bigint), cast(sum(net) as bigint),
     cast(sum(shown) as bigint), cast(sum(taken) as bigint), cast(sum(declined) as bigint)";

/// Business days that follow one another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Days {
    from: String,
    through: String,
}

impl Days {
    /// So many days, the last of which is `through` (`YYYY-MM-DD`).
    ///
    /// # Errors
    /// [`StoreError::BadDay`].
    pub fn until(through: &str, count: u16) -> Result<Self, StoreError> {
        let day: Date = through.parse().map_err(|_| bad_day(through))?;
        let from = day.checked_sub(i64::from(count.saturating_sub(1)).days());
        let from = from.map_err(|_| bad_day(through))?.to_string();
        Ok(Self { from, through: day.to_string() })
    }
}

impl HqStore {
    /// What each promotion brought within a scope, the one that carried most first.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn promotions(
        &mut self,
        scope: &Scope,
        days: &Days,
    ) -> Result<Vec<PromotionView>, StoreError> {
        promotions(&mut self.sql, scope, days, PROMOTIONS)
    }

    /// What one promotion brought within a scope, by store and by day.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn promotion(
        &mut self,
        scope: &Scope,
        days: &Days,
        promotion: &str,
    ) -> Result<PromotionDetail, StoreError> {
        self.sql.read(|sql| {
            let totals = of_one(sql, scope, days, promotion)?;
            let currency = totals.first().map_or("", |total| total.currency.as_str());
            let by =
                |sql: &mut Connection, column| by(sql, scope, days, (promotion, currency), column);
            let mut stores = by(sql, "store")?;
            // Sorted by store before, and it stays so among equals.
            stores.sort_by_key(|(_, sums)| std::cmp::Reverse(sums.net));
            let stores = stores.into_iter().map(|(store, sums)| StorePromotion { store, sums });
            let days = by(sql, "day")?.into_iter().map(|(day, sums)| DayPromotion { day, sums });
            Ok(PromotionDetail { stores: stores.collect(), days: days.collect(), totals })
        })
    }
}

/// How often a promotion was used in each store, and what it took off in a currency there, ever.
///
/// # Errors
/// Where the database cannot be read.
pub fn promotion_uses(
    sql: &mut Connection,
    promotion: &str,
    currency: &str,
) -> Result<BTreeMap<String, (u64, i64)>, StoreError> {
    let text = "select store, cast(sum(uses) as bigint),
             cast(sum(case when currency = ?2 then discount else 0 end) as bigint)
         from promotions_by where promotion = ?1 group by store";
    let params = [promotion.into(), currency.into()];
    let used =
        sql.query(text, &params, |row| Ok((row.string(0)?, (row.count(1)?, row.int(2)?))))?;
    Ok(used.into_iter().collect())
}

/// The promotions that carried most, the greatest first.
pub fn promotions(
    sql: &mut Connection,
    scope: &Scope,
    days: &Days,
    most: u64,
) -> Result<Vec<PromotionView>, StoreError> {
    views(sql, scope, days, ("", &[]), most)
}

fn of_one(
    sql: &mut Connection,
    scope: &Scope,
    days: &Days,
    promotion: &str,
) -> Result<Vec<PromotionView>, StoreError> {
    views(sql, scope, days, (" and promotion = ?3", &[promotion.into()]), PROMOTIONS)
}

fn views(
    sql: &mut Connection,
    scope: &Scope,
    days: &Days,
    (which, wanted): (&str, &[Param<'_>]),
    most: u64,
) -> Result<Vec<PromotionView>, StoreError> {
    let mut params: Vec<Param<'_>> = vec![(&days.from).into(), (&days.through).into()];
    params.extend_from_slice(wanted);
    let within = scope.and("store", &mut params);
    params.push(most.into());
    // The name of the last day on which somebody said it.
    let text = format!(
        "select promotion, currency, {SUMS},
             max(case when name = '' then '' else day || name end)
         from promotions_by where day >= ?1 and day <= ?2{which}{within}
         group by promotion, currency order by 7 desc, 1, 2 limit ?{}",
        params.len()
    );
    sql.query(&text, &params, |row| {
        let said = row.text(10)?;
        let name = said.find('{').and_then(|at| said.get(at..));
        Ok(PromotionView {
            promotion: row.string(0)?,
            name: name.and_then(|name| serde_json::from_str(name).ok()),
            currency: row.string(1)?,
            sums: sums(row, 2)?,
        })
    })
}

/// What a promotion brought in a currency, by each value of a column and in its order.
fn by(
    sql: &mut Connection,
    scope: &Scope,
    days: &Days,
    (promotion, currency): (&str, &str),
    column: &str,
) -> Result<Vec<(String, PromotionSums)>, StoreError> {
    let mut params: Vec<Param<'_>> =
        vec![(&days.from).into(), (&days.through).into(), promotion.into(), currency.into()];
    let within = scope.and("store", &mut params);
    let text = format!(
        "select {column}, {SUMS} from promotions_by
         where day >= ?1 and day <= ?2 and promotion = ?3 and currency = ?4{within}
         group by {column} order by {column}"
    );
    sql.query(&text, &params, |row| Ok((row.string(0)?, sums(row, 1)?)))
}

/// The sums of a row, from a column on.
pub fn sums(row: &Row, first: usize) -> Result<PromotionSums, StoreError> {
    Ok(PromotionSums {
        baskets: row.count(first)?,
        uses: row.count(first + 1)?,
        units: row.count(first + 2)?,
        discount: row.int(first + 3)?,
        net: row.int(first + 4)?,
        shown: row.count(first + 5)?,
        taken: row.count(first + 6)?,
        declined: row.count(first + 7)?,
    })
}

/// What every promotion brought on all days, by store and promotion.
pub fn of_stores(
    sql: &mut Connection,
    scope: &Scope,
) -> Result<Vec<(String, String, PromotionSums)>, StoreError> {
    let mut params = Vec::new();
    let within = scope.and("store", &mut params);
    let text = format!(
        "select store, promotion, {SUMS} from promotions_by where 1 = 1{within}
         group by store, promotion"
    );
    sql.query(&text, &params, |row| Ok((row.string(0)?, row.string(1)?, sums(row, 2)?)))
}
