//! The stores and their credentials, in the database.

use crate::store::StoreError;
use crate::store::sql::{Connection, params};

/// A store that may connect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnrolledStore {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its region; empty where none was given.
    pub region: String,
    /// When its present secret was made, in milliseconds since 1970; none where it has none.
    pub made_ms: Option<i64>,
}

/// Every store that headquarters knows, by id.
///
/// # Errors
/// Where the database cannot be read.
pub fn list(sql: &mut Connection) -> Result<Vec<EnrolledStore>, StoreError> {
    let text = "select s.store, s.name, s.region, c.made_ms from stores s \
                left join credentials c on c.store = s.store order by s.store";
    sql.query(text, &[], |row| {
        let (id, name, region) = (row.string(0)?, row.string(1)?, row.string(2)?);
        Ok(EnrolledStore { id, name, region, made_ms: row.opt_int(3)? })
    })
}

/// Takes a store's credentials away; false where it has none. What headquarters heard of it stays.
///
/// # Errors
/// Where the database cannot be written.
pub fn remove(sql: &mut Connection, store: &str) -> Result<bool, StoreError> {
    Ok(sql.execute("delete from credentials where store = ?1", params![store])? == 1)
}

/// What every store that may connect is known by: its id and its secret's SHA-256.
pub(super) fn secrets(sql: &mut Connection) -> Result<Vec<(String, String)>, StoreError> {
    sql.query("select store, secret_hash from credentials", &[], |row| {
        Ok((row.string(0)?, row.string(1)?))
    })
}

/// Whether a store may connect.
pub(super) fn has_secret(sql: &mut Connection, store: &str) -> Result<bool, StoreError> {
    let text = "select 1 from credentials where store = ?1";
    Ok(sql.query_one(text, params![store], |_| Ok(()))?.is_some())
}

/// Gives a store a secret, in place of one that it may have. A name or a region that is not said
/// stays what it was; at first a store is named by its id.
pub(super) fn put(
    sql: &mut Connection,
    store: &str,
    name: Option<&str>,
    region: Option<&str>,
    secret_hash: &str,
    now_ms: i64,
) -> Result<(), StoreError> {
    sql.write(|sql| {
        let text = "insert into stores (store, name, region, currency, time_zone, version, boot, \
                    ended_boot, waiting_rows, waiting_sales, folds, changes) \
                    values (?1, ?2, ?3, '', '', '', '', '', 0, 0, 0, 0) \
                    on conflict (store) do nothing";
        let first = (name.unwrap_or(store), region.unwrap_or_default());
        sql.execute(text, params![store, first.0, first.1])?;
        if let Some(name) = name {
            sql.execute("update stores set name = ?2 where store = ?1", params![store, name])?;
        }
        if let Some(region) = region {
            sql.execute("update stores set region = ?2 where store = ?1", params![store, region])?;
        }
        let text = "insert into credentials (store, secret_hash, made_ms) values (?1, ?2, ?3) \
                    on conflict (store) do update set secret_hash = ?2, made_ms = ?3";
        sql.execute(text, params![store, secret_hash, now_ms]).map(drop)
    })
}
