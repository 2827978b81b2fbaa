//! What is on the shelves.

use std::collections::BTreeMap;

use super::Scope;
use crate::store::sql::{Connection, Param, Row};
use crate::store::{HqStore, StoreError};
use crate::view::{AlertView, StockView};

/// Most items of an answer.
const ITEMS_MAX: u64 = 200;

/// How many alerts are up, by store.
pub fn alert_counts(
    sql: &mut Connection,
    scope: &Scope,
) -> Result<BTreeMap<String, u64>, StoreError> {
    let mut params = Vec::new();
    let within = scope.and("store", &mut params);
    let text = format!(
        "select store, count(*) from stock where alert_since_ms is not null{within}
         group by store"
    );
    let counts = sql.query(&text, &params, |row| Ok((row.string(0)?, row.count(1)?)))?;
    Ok(counts.into_iter().collect())
}

/// The alerts that are up, the newest first.
pub fn alerts(
    sql: &mut Connection,
    scope: &Scope,
    limit: u64,
) -> Result<Vec<AlertView>, StoreError> {
    let mut params: Vec<Param<'_>> = vec![limit.into()];
    let within = scope.and("store", &mut params);
    let text = format!(
        "select store, item, name, coalesce(on_hand, 0), unit, alert_since_ms
         from stock where alert_since_ms is not null{within}
         order by alert_since_ms desc, store, item limit ?1"
    );
    sql.query(&text, &params, |row| {
        Ok(AlertView {
            store: row.string(0)?,
            item: row.string(1)?,
            name: row.string(2)?,
            on_hand_thousandths: row.int(3)?,
            unit: row.string(4)?,
            since_ms: row.int(5)?,
        })
    })
}

const COLUMNS: &str = "store, item, name, on_hand, unit, safety_stock, \
     case when alert_since_ms is null then 0 else 1 end";

fn stock_of(row: &Row) -> Result<StockView, StoreError> {
    Ok(StockView {
        store: row.string(0)?,
        item: row.string(1)?,
        name: row.string(2)?,
        on_hand_thousandths: row.int(3)?,
        unit: row.string(4)?,
        safety_stock_thousandths: row.opt_int(5)?,
        alert: row.flag(6)?,
    })
}

impl HqStore {
    /// The alerts that are up, the newest first; at most `limit`.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn alerts(&mut self, scope: &Scope, limit: u64) -> Result<Vec<AlertView>, StoreError> {
        alerts(&mut self.sql, scope, limit)
    }

    /// Items of a store with what is there, by id, whose id begins with or whose name contains a
    /// text; at most 200.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn stock(&mut self, store: &str, search: &str) -> Result<Vec<StockView>, StoreError> {
        let literal: String = search
            .to_lowercase()
            .chars()
            .flat_map(|sign| {
                let escape = matches!(sign, '%' | '_' | '\\').then_some('\\');
                escape.into_iter().chain([sign])
            })
            .collect();
        let text = format!(
            "select {COLUMNS} from stock
             where store = ?1 and on_hand is not null
                 and (lower(item) like ?2 escape '\\' or lower(name) like ?3 escape '\\')
             order by item limit ?4"
        );
        let (begins, contains) = (format!("{literal}%"), format!("%{literal}%"));
        let params: [Param<'_>; 4] =
            [store.into(), (&begins).into(), (&contains).into(), ITEMS_MAX.into()];
        self.sql.query(&text, &params, stock_of)
    }

    /// What is there of an item, in every store that ever had it.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn stock_of_item(
        &mut self,
        scope: &Scope,
        item: &str,
    ) -> Result<Vec<StockView>, StoreError> {
        let mut params: Vec<Param<'_>> = vec![item.into()];
        let within = scope.and("store", &mut params);
        let text = format!(
            "select {COLUMNS} from stock where item = ?1 and on_hand is not null{within}
             order by store"
        );
        self.sql.query(&text, &params, stock_of)
    }
}
