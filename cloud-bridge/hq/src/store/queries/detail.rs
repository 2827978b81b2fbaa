//! One store on one day.

use std::collections::BTreeMap;

use super::chain::{DaySums, groups};
use super::{Scope, present, stock};
use crate::store::sql::Param;
use crate::store::{HqStore, StoreError};
use crate::view::StoreDetail;

/// Items that are shown, the greatest first.
const ITEMS: usize = 200;

impl HqStore {
    /// A store on a business day; nothing for a store that is not known.
    ///
    /// # Errors
    /// [`StoreError::BadDay`], or where the database cannot be read.
    pub fn store_detail(
        &mut self,
        store: &str,
        day: &str,
    ) -> Result<Option<StoreDetail>, StoreError> {
        self.sql.read(|sql| {
            let scope = Scope::of(store);
            let (mut stores, _) = present::stores(sql, &scope)?;
            let sums = DaySums::read(sql, &scope, day)?;
            sums.add_to(&mut stores);
            let Some(mut view) = stores.remove(store) else { return Ok(None) };
            view.alerts = stock::alert_counts(sql, &scope)?.values().sum();
            let totals = sums.totals();
            let currency = totals.first().map_or("", |total| total.currency.as_str()).to_owned();
            let mut by = |dimension| groups(sql, &scope, day, dimension, &currency);
            let mut detail = StoreDetail {
                day: day.to_owned(),
                hours: sums.hours(&currency),
                departments: by("department")?,
                categories: by("category")?,
                items: by("item")?,
                tenders: by("tender")?,
                operators: by("operator")?,
                reasons: by("reason")?,
                store: view,
                totals,
            };
            detail.items.truncate(ITEMS);
            let keys: Vec<Param<'_>> =
                detail.items.iter().flat_map(|it| [store.into(), (&it.key).into()]).collect();
            let named =
                sql.query_pairs("item, name", "stock", ("store", "item"), &keys, |row| {
                    Ok((row.string(0)?, row.string(1)?))
                })?;
            let mut named: BTreeMap<String, String> = named.into_iter().collect();
            for item in &mut detail.items {
                item.name = named.remove(&item.key).unwrap_or_default();
            }
            Ok(Some(detail))
        })
    }
}
