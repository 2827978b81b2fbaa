//! Exact sums of everything, for whoever compares.

use std::collections::BTreeMap;

use super::{Scope, promotions};
use crate::store::sql::Connection;
use crate::store::{HqStore, StoreError};
use crate::view::Totals;

impl HqStore {
    /// The sums of all days, by store, in one currency after another: amounts of several
    /// currencies are not told apart, so it is for chains that have one.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn totals(&mut self, scope: &Scope) -> Result<BTreeMap<String, Totals>, StoreError> {
        totals(&mut self.sql, scope)
    }
}

/// The sums of all days, by store.
pub fn totals(sql: &mut Connection, scope: &Scope) -> Result<BTreeMap<String, Totals>, StoreError> {
    let mut params = Vec::new();
    let within = scope.and("store", &mut params);
    let text = format!(
        "select store, dimension, key, hour, cast(sum(sales) as bigint),
                 cast(sum(lines) as bigint), cast(sum(shelf) as bigint),
                 cast(sum(discount) as bigint), cast(sum(net) as bigint)
             from sales_by
             where dimension in ('total', 'department', 'tender', 'reason', 'untied_tender'){within}
             group by store, dimension, key, hour"
    );
    let mut by_store: BTreeMap<String, Totals> = BTreeMap::new();
    sql.query(&text, &params, |row| {
        let store = row.string(0)?;
        let totals = by_store.entry(store.clone()).or_default();
        let (key, net) = (row.string(2)?, row.int(8)?);
        match row.text(1)? {
            "total" => {
                totals.transactions += row.count(4)?;
                totals.lines += row.count(5)?;
                totals.shelf += row.int(6)?;
                totals.net += net;
                *totals.by_hour.entry(row.int(3)?.to_string()).or_default() += net;
                *totals.by_store.entry(store).or_default() += net;
            }
            "department" => _ = totals.by_department.insert(key, net),
            "reason" => _ = totals.by_reason.insert(key, net),
            "tender" => {
                let tender = totals.by_tender.entry(key).or_default();
                (tender.amount, tender.change) = (row.int(6)?, row.int(7)?);
                tender.count = row.count(5)?;
            }
            _ => {
                let (tender, department) = key.split_once('\t').unwrap_or((&key, ""));
                let tender = totals.by_tender.entry(tender.to_owned()).or_default();
                let untied = &mut tender.untied_by_department;
                untied.insert(department.to_owned(), row.count(5)?);
            }
        }
        Ok(())
    })?;
    for (store, promotion, sums) in promotions::of_stores(sql, scope)? {
        by_store.entry(store).or_default().by_promotion.insert(promotion, sums);
    }
    Ok(by_store)
}

impl Totals {
    /// Adds the sums of other trade.
    pub fn add(&mut self, other: &Self) {
        self.transactions += other.transactions;
        self.lines += other.lines;
        self.shelf += other.shelf;
        self.net += other.net;
        for (mine, theirs) in [
            (&mut self.by_reason, &other.by_reason),
            (&mut self.by_department, &other.by_department),
            (&mut self.by_hour, &other.by_hour),
            (&mut self.by_store, &other.by_store),
        ] {
            for (key, net) in theirs {
                *mine.entry(key.clone()).or_default() += net;
            }
        }
        for (promotion, theirs) in &other.by_promotion {
            self.by_promotion.entry(promotion.clone()).or_default().add(theirs);
        }
        for (key, theirs) in &other.by_tender {
            let mine = self.by_tender.entry(key.clone()).or_default();
            mine.amount += theirs.amount;
            mine.change += theirs.change;
            mine.count += theirs.count;
            for (department, count) in &theirs.untied_by_department {
                *mine.untied_by_department.entry(department.clone()).or_default() += count;
            }
        }
    }
}
