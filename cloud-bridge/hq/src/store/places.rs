//! The stores of the chain.

use hq_wire::link::v1::is_level;

use super::sql::params;
use super::{HqStore, StoreError};

/// A store of the chain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StorePlace {
    /// Its id, as in topics.
    pub store: String,
    /// What people call it; what the store calls itself where headquarters gave no name.
    pub name: String,
    /// Its region; empty where none was given.
    pub region: String,
}

impl HqStore {
    /// Adds a store to the chain, or gives one that is there another name and region.
    ///
    /// # Errors
    /// [`StoreError::BadStore`] where the id cannot stand in a topic, or where the database cannot.
    pub fn add_store(&mut self, place: &StorePlace) -> Result<(), StoreError> {
        if !is_level(&place.store) {
            return Err(StoreError::BadStore(place.store.clone()));
        }
        self.sql.execute(
            "insert into stores (store, name, region, currency, time_zone, version, boot,
                 ended_boot, waiting_rows, waiting_sales, folds, changes, fold_mark)
             values (?1, ?2, ?3, '', '', '', '', '', 0, 0, 0, 1, '')
             on conflict (store) do update
             set name = excluded.name, region = excluded.region, changes = stores.changes + 1",
            params![&place.store, &place.name, &place.region],
        )?;
        Ok(())
    }

    /// All stores of the chain, by id.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn stores(&mut self) -> Result<Vec<StorePlace>, StoreError> {
        let all = "select store, name, region from stores order by store";
        self.sql.query(all, &[], |row| {
            Ok(StorePlace { store: row.string(0)?, name: row.string(1)?, region: row.string(2)? })
        })
    }

    /// Takes every store for absent until it is born again: for a start of headquarters with a
    /// broker that knows no connection yet.
    ///
    /// # Errors
    /// Where the database cannot.
    pub fn all_offline(&mut self, now_ms: i64) -> Result<(), StoreError> {
        self.sql.execute(
            // Whatever is still heard of a connection from before begins nothing any more.
            "update stores set online = 0, since_ms = ?1, changes = changes + 1, \
             ended_boot = boot where online = 1",
            params![now_ms],
        )?;
        Ok(())
    }
}
