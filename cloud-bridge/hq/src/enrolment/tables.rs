//! The stores and their credentials, in the database.

use crate::store::sql::{Connection, params};
use crate::store::{HqStore, StoreError, StorePlace};

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

/// What a store is known by; nothing where it may not connect.
pub(super) fn secret_of(sql: &mut Connection, store: &str) -> Result<Option<String>, StoreError> {
    let text = "select secret_hash from credentials where store = ?1";
    sql.query_one(text, params![store], |row| row.string(0))
}

/// Gives a store a secret, in place of one that it may have. A name or a region that is not said
/// stays what it was.
pub(super) fn put(
    store: &mut HqStore,
    id: &str,
    (name, region): (Option<&str>, Option<&str>),
    secret_hash: &str,
    now_ms: i64,
) -> Result<(), StoreError> {
    let known = store.stores()?.into_iter().find(|one| one.store == id);
    if known.is_none() || name.is_some() || region.is_some() {
        let before = known.unwrap_or_default();
        let said = |text: Option<&str>, before| text.map_or(before, str::to_owned);
        store.add_store(&StorePlace {
            store: id.to_owned(),
            name: said(name, before.name),
            region: said(region, before.region),
        })?;
    }
    let text = "insert into credentials (store, secret_hash, made_ms) values (?1, ?2, ?3) \
                on conflict (store) do update set secret_hash = ?2, made_ms = ?3";
    store.sql().execute(text, params![id, secret_hash, now_ms]).map(drop)
}
