//! The figures that are in the database.

use crate::store::StoreError;
use crate::store::sql::Connection;

/// The figures of the chain.
#[derive(Clone, Debug, Default)]
pub struct ChainFigures {
    /// Of each store.
    pub stores: Vec<StoreFigures>,
    /// How many messages were kept aside, by code.
    pub aside: Vec<(String, u64)>,
}

/// The figures of a store.
#[derive(Clone, Debug, Default)]
pub struct StoreFigures {
    /// Its id.
    pub store: String,
    /// Whether it is connected.
    pub is_online: bool,
    /// Rows that it has and headquarters lacks.
    pub waiting_rows: u64,
    /// Age of the oldest of them, in seconds.
    pub waiting_s: u64,
    /// The last row of its present stream without a gap.
    pub head: u64,
    /// Streams of which nothing more is taken.
    pub frozen: u64,
}

/// Reads them.
///
/// # Errors
/// Where the database cannot be read.
pub fn read(sql: &mut Connection, now_ms: i64) -> Result<ChainFigures, StoreError> {
    let text = "select s.store, coalesce(s.online, 0), s.waiting_rows, s.waiting_since_ms, \
                coalesce(t.through, 0), \
                (select count(*) from streams f where f.store = s.store and f.frozen is not null) \
                from stores s left join streams t on t.store = s.store and t.stream = s.stream \
                order by s.store";
    let stores = sql.query(text, &[], |row| {
        let since_ms = row.opt_int(3)?;
        let waiting_ms = since_ms.map_or(0, |since_ms| now_ms.saturating_sub(since_ms).max(0));
        Ok(StoreFigures {
            store: row.string(0)?,
            is_online: row.flag(1)?,
            waiting_rows: row.count(2)?,
            waiting_s: u64::try_from(waiting_ms / 1000).unwrap_or(0),
            head: row.count(4)?,
            frozen: row.count(5)?,
        })
    })?;
    let aside = sql.query("select code, count from aside_counts order by code", &[], |row| {
        Ok((row.string(0)?, row.count(1)?))
    })?;
    Ok(ChainFigures { stores, aside })
}
