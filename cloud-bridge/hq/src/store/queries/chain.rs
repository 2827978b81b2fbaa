//! The chain on one day.

use std::collections::BTreeMap;

use super::{Days, Scope, present, promotions, sales, stock, streams, week_before};
use crate::store::sql::{Connection, Param};
use crate::store::{HqStore, StoreError};
use crate::view::{ChainView, DayTotal, GroupSum, HourNet, StoreView};

/// Sales that are shown.
const LAST_SALES: u64 = 50;
/// Promotions that are shown.
const PROMOTIONS: u64 = 20;
/// Alerts that are shown.
const ALERTS: u64 = 100;

impl HqStore {
    /// The chain, or a part of it, on a business day (`YYYY-MM-DD`).
    ///
    /// # Errors
    /// [`StoreError::BadDay`], or where the database cannot be read.
    pub fn chain(
        &mut self,
        scope: &Scope,
        day: &str,
        now_ms: i64,
    ) -> Result<ChainView, StoreError> {
        self.sql.read(|sql| {
            let sums = DaySums::read(sql, scope, day)?;
            let (mut stores, changes) = present::stores(sql, scope)?;
            sums.add_to(&mut stores);
            let alert_counts = stock::alert_counts(sql, scope)?;
            for (store, count) in &alert_counts {
                if let Some(view) = stores.get_mut(store) {
                    view.alerts = *count;
                }
            }
            let totals = sums.totals();
            let currency = totals.first().map_or("", |total| total.currency.as_str()).to_owned();
            let aside_count = streams::aside_count(sql, scope)?;
            Ok(ChainView {
                now_ms,
                // Of what the scope has alone: a count of the chain would tell of the rest.
                revision: changes + aside_count,
                day: day.to_owned(),
                last_day: last_day(sql, scope)?,
                hours: sums.hours(&currency),
                totals,
                departments: groups(sql, scope, day, "department", &currency)?,
                tenders: groups(sql, scope, day, "tender", &currency)?,
                stores: stores.into_values().collect(),
                promotions: promotions::promotions(sql, scope, &Days::until(day, 1)?, PROMOTIONS)?,
                last_sales: sales::newest(sql, scope, LAST_SALES)?,
                alerts: stock::alerts(sql, scope, ALERTS)?,
                alert_count: alert_counts.values().sum(),
                forks: streams::forks(sql, scope)?,
                aside_count,
                // Known to whoever writes, not to the database.
                storage_full: false,
            })
        })
    }
}

fn last_day(sql: &mut Connection, scope: &Scope) -> Result<Option<String>, StoreError> {
    let mut params = Vec::new();
    let within = scope.and("store", &mut params);
    let text = format!("select max(last_day) from stores where 1 = 1{within}");
    Ok(sql.query_one(&text, &params, |row| row.opt_string(0))?.flatten())
}

/// Sums of one dimension on a day in a currency, the greatest first.
pub fn groups(
    sql: &mut Connection,
    scope: &Scope,
    day: &str,
    dimension: &str,
    currency: &str,
) -> Result<Vec<GroupSum>, StoreError> {
    let mut params: Vec<Param<'_>> = vec![day.into(), dimension.into(), currency.into()];
    let within = scope.and("store", &mut params);
    let text = format!(
        "select key, cast(sum(sales) as bigint), cast(sum(lines) as bigint),
             cast(sum(quantity_thousandths) as bigint), cast(sum(net) as bigint),
             min(unit), max(unit)
         from sales_by where day = ?1 and dimension = ?2 and currency = ?3{within}
         group by key order by 5 desc, 1"
    );
    sql.query(&text, &params, |row| {
        let is_one_unit = row.text(5)? == row.text(6)? && row.text(5)? != "*";
        Ok(GroupSum {
            key: row.string(0)?,
            name: String::new(),
            sales: row.count(1)?,
            lines: row.count(2)?,
            quantity_thousandths: if is_one_unit { row.int(3)? } else { 0 },
            net: row.int(4)?,
        })
    })
}

/// A day's sums and those of the week before.
pub struct DaySums {
    now: Day,
    before: Day,
}

struct Day {
    /// By store and currency: sales, net.
    stores: Vec<(String, String, u64, i64)>,
    /// By currency and hour: sales, net, taken off.
    hours: BTreeMap<(String, u8), (u64, i64, i64)>,
}

impl Day {
    fn read(sql: &mut Connection, scope: &Scope, day: &str) -> Result<Self, StoreError> {
        let mut params: Vec<Param<'_>> = vec![day.into()];
        let within = scope.and("store", &mut params);
        let text = format!(
            "select store, currency, cast(sum(sales) as bigint), cast(sum(net) as bigint)
             from sales_by where day = ?1 and dimension = 'total'{within}
             group by store, currency"
        );
        let stores = sql.query(&text, &params, |row| {
            Ok((row.string(0)?, row.string(1)?, row.count(2)?, row.int(3)?))
        })?;
        let text = format!(
            "select currency, hour, cast(sum(sales) as bigint), cast(sum(net) as bigint),
                 cast(sum(discount) as bigint)
             from sales_by where day = ?1 and dimension = 'total'{within}
             group by currency, hour"
        );
        let hours = sql.query(&text, &params, |row| {
            let hour = u8::try_from(row.int(1)?).unwrap_or_default();
            Ok(((row.string(0)?, hour), (row.count(2)?, row.int(3)?, row.int(4)?)))
        })?;
        Ok(Self { stores, hours: hours.into_iter().collect() })
    }

    fn net(&self, currency: &str, hour: u8) -> i64 {
        self.hours.get(&(currency.to_owned(), hour)).map_or(0, |(_, net, _)| *net)
    }

    fn of<'a>(&'a self, currency: &'a str) -> impl Iterator<Item = (u8, (u64, i64, i64))> + 'a {
        let all = self.hours.range((currency.to_owned(), 0)..=(currency.to_owned(), u8::MAX));
        all.map(|((_, hour), sums)| (*hour, *sums))
    }
}

impl DaySums {
    pub fn read(sql: &mut Connection, scope: &Scope, day: &str) -> Result<Self, StoreError> {
        let before = week_before(day)?;
        Ok(Self { now: Day::read(sql, scope, day)?, before: Day::read(sql, scope, &before)? })
    }

    /// One total for each currency, that with most sales first.
    pub fn totals(&self) -> Vec<DayTotal> {
        let mut totals: BTreeMap<&str, DayTotal> = BTreeMap::new();
        for ((currency, hour), (sales, net, discount)) in &self.now.hours {
            let total = totals.entry(currency).or_default();
            total.sales += sales;
            total.net = total.net.saturating_add(*net);
            total.discount = total.discount.saturating_add(*discount);
            total.hour = Some(*hour);
            total.hour_net = *net;
        }
        for (currency, total) in &mut totals {
            total.currency = (*currency).to_owned();
            let last = total.hour.unwrap_or_default();
            let until = self.before.of(currency).filter(|(hour, _)| *hour <= last);
            total.net_week_before = until.map(|(_, (_, net, _))| net).sum();
            total.hour_net_week_before = self.before.net(currency, last);
        }
        let mut totals: Vec<DayTotal> = totals.into_values().collect();
        totals.sort_by_key(|total| std::cmp::Reverse(total.sales));
        totals
    }

    /// The hours of a currency in which something was sold, now or a week before.
    pub fn hours(&self, currency: &str) -> Vec<HourNet> {
        let mut hours: BTreeMap<u8, HourNet> = BTreeMap::new();
        for (hour, (sales, net, _)) in self.now.of(currency) {
            let entry = hours.entry(hour).or_default();
            (entry.sales, entry.net) = (sales, net);
        }
        for (hour, (_, net, _)) in self.before.of(currency) {
            hours.entry(hour).or_default().net_week_before = net;
        }
        hours.into_iter().map(|(hour, entry)| HourNet { hour, ..entry }).collect()
    }

    /// Gives each store its sums, in the currency that it last named or else sold in.
    pub fn add_to(&self, stores: &mut BTreeMap<String, StoreView>) {
        for (store, currency, sales, net) in &self.now.stores {
            let Some(view) = stores.get_mut(store) else { continue };
            if view.currency.is_empty() {
                view.currency.clone_from(currency);
            }
            if view.currency == *currency {
                (view.sales, view.net) = (*sales, *net);
            }
        }
        for (store, currency, _, net) in &self.before.stores {
            if let Some(view) = stores.get_mut(store)
                && (view.currency.is_empty() || view.currency == *currency)
            {
                view.net_week_before = *net;
            }
        }
    }
}
