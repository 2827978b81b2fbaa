//! Sales one by one.

use std::collections::BTreeSet;

use serde_json::value::RawValue;

use super::Scope;
use crate::store::sql::{Connection, Param, Row};
use crate::store::{HqStore, StoreError};
use crate::view::{SaleDetail, SaleView};

/// Most sales of a page.
const PAGE_MAX: u64 = 200;

const COLUMNS: &str = "store, transaction_id, workstation, number, operator, business_day, \
     ended_ms, utc_offset_s, currency, lines, total, net, folded_ms";

/// Which sales are asked for.
#[derive(Clone, Copy, Debug)]
pub struct SalesPage<'a> {
    /// Of which store.
    pub store: &'a str,
    /// Of which business day; of all where none is said.
    pub day: Option<&'a str>,
    /// Those that ended before this one, by the moment it ended and its id: the last of the page
    /// before.
    pub before: Option<(i64, &'a str)>,
    /// How many; at most 200.
    pub limit: u64,
}

fn sale_of(row: &Row) -> Result<SaleView, StoreError> {
    Ok(SaleView {
        store: row.string(0)?,
        transaction: row.string(1)?,
        workstation: row.string(2)?,
        number: row.opt_int(3)?.map(i64::cast_unsigned),
        operator: row.string(4)?,
        business_day: row.string(5)?,
        ended_ms: row.int(6)?,
        utc_offset_s: i32::try_from(row.int(7)?).unwrap_or_default(),
        currency: row.string(8)?,
        lines: row.count(9)?,
        total: row.int(10)?,
        net: row.int(11)?,
        folded_ms: row.int(12)?,
    })
}

/// The sales that headquarters heard of last, the newest first. A part of the chain is asked store
/// by store, so that a quiet store is not looked for among all the others' sales.
pub fn newest(
    sql: &mut Connection,
    scope: &Scope,
    limit: u64,
) -> Result<Vec<SaleView>, StoreError> {
    let order = "order by folded_ms desc, ended_ms desc";
    let Scope::Stores(stores) = scope else {
        let text = format!("select {COLUMNS} from sales {order} limit ?1");
        return sql.query(&text, &[limit.into()], sale_of);
    };
    let text = format!("select {COLUMNS} from sales where store = ?1 {order} limit ?2");
    let mut newest = BTreeSet::new();
    let mut sales = Vec::new();
    for store in stores {
        for sale in sql.query(&text, &[store.into(), limit.into()], sale_of)? {
            newest.insert((sale.folded_ms, sale.ended_ms, sales.len()));
            sales.push(Some(sale));
        }
    }
    let newest = newest.into_iter().rev().take(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(newest.filter_map(|(_, _, index)| sales.get_mut(index)?.take()).collect())
}

impl HqStore {
    /// Sales of a store, the last that ended first.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn sales(&mut self, page: &SalesPage<'_>) -> Result<Vec<SaleView>, StoreError> {
        let (before_ms, before) = page.before.unwrap_or((i64::MAX, ""));
        let of_day = if page.day.is_some() { " and business_day = ?5" } else { "" };
        let text = format!(
            "select {COLUMNS} from sales
             where store = ?1 and (ended_ms < ?2 or (ended_ms = ?2 and transaction_id < ?3)){of_day}
             order by ended_ms desc, transaction_id desc limit ?4"
        );
        let limit = page.limit.min(PAGE_MAX);
        let mut params: Vec<Param<'_>> =
            vec![page.store.into(), before_ms.into(), before.into(), limit.into()];
        params.extend(page.day.map(Param::from));
        self.sql.query(&text, &params, sale_of)
    }

    /// A sale of a store with the whole of its fact.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn sale(
        &mut self,
        store: &str,
        transaction: &str,
    ) -> Result<Option<SaleDetail>, StoreError> {
        self.sale_where(
            "s.store = ?1 and s.transaction_id = ?2",
            &[store.into(), transaction.into()],
        )
    }

    /// A sale of any store by its id: what a cashier elsewhere asks for to take something back.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn receipt(&mut self, transaction: &str) -> Result<Option<SaleDetail>, StoreError> {
        self.sale_where("s.transaction_id = ?1", &[transaction.into()])
    }

    fn sale_where(
        &mut self,
        condition: &str,
        params: &[Param<'_>],
    ) -> Result<Option<SaleDetail>, StoreError> {
        let text = format!(
            "select s.store, s.transaction_id, s.workstation, s.number, s.operator,
                 s.business_day, s.ended_ms, s.utc_offset_s, s.currency, s.lines, s.total, s.net,
                 s.folded_ms, r.body
             from sales s join rows r on r.stream = s.stream and r.sequence = s.sequence
             where {condition} order by s.folded_ms limit 1"
        );
        let found = self.sql.query_one(&text, params, |row| {
            Ok((sale_of(row)?, RawValue::from_string(row.string(13)?)))
        })?;
        let Some((sale, fact)) = found else { return Ok(None) };
        let fact = fact.map_err(|error| StoreError::Shape {
            column: 13,
            expected: "JSON",
            found: error.to_string(),
        })?;
        Ok(Some(SaleDetail { sale, fact }))
    }
}
