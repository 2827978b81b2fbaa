use std::collections::{BTreeMap, BTreeSet};

use hq_wire::link::v1::{LinkState, State, Status};

use crate::ingest::presence::Presence;
use crate::store::StoreError;
use crate::store::sql::{Connection, params};

/// A store's row of the table, locked by this transaction.
#[derive(Debug)]
pub struct StoreEntry {
    pub presence: Presence,
    pub heard_ms: Option<i64>,
    pub folds: u64,
    pub fold_mark: String,
    pub is_changed: bool,
    name: String,
    currency: String,
    time_zone: String,
    version: String,
    stream: Option<String>,
    waiting: (u64, u64, Option<i64>),
    last_day: Option<String>,
}

/// Longest name that a store may give itself, in characters.
const NAME_MAX: usize = 100;

impl StoreEntry {
    /// Something came from it.
    pub fn heard(&mut self, now_ms: i64) {
        self.heard_ms = Some(now_ms.max(self.heard_ms.unwrap_or(now_ms)));
        self.is_changed = true;
    }

    /// Takes over what it says of itself. A name that headquarters gave stays.
    pub fn born(&mut self, status: &Status) {
        let Status::Birth { version, stream, name, currency, time_zone, .. } = status else {
            return;
        };
        let short = |text: &str| text.chars().take(NAME_MAX).collect::<String>();
        if self.name.is_empty() {
            self.name = short(name);
        }
        self.currency = short(currency);
        self.time_zone = short(time_zone);
        self.version = short(version);
        self.stream = Some(short(stream));
        self.is_changed = true;
    }

    /// Takes over what is shown of a thing's state.
    pub fn take_state(&mut self, thing: &str, payload: &str) {
        if thing != "link" {
            return;
        }
        if let Ok(State { value, .. }) = serde_json::from_str::<State<LinkState>>(payload) {
            self.stream = Some(value.stream.chars().take(NAME_MAX).collect());
            self.waiting = (value.waiting.rows, value.waiting.sales, value.waiting.since_ms);
        }
    }

    /// A day on which it sold.
    pub fn sold_on(&mut self, day: &str) {
        if self.last_day.as_deref().is_none_or(|last| last < day) {
            self.last_day = Some(day.to_owned());
        }
    }

    pub fn write(&self, sql: &mut Connection, store: &str) -> Result<(), StoreError> {
        let online = self.presence.online.map(i64::from);
        let (rows, sales, since_ms) = self.waiting;
        sql.execute(
            "update stores set name = ?1, currency = ?2, time_zone = ?3, version = ?4,
                 online = ?5, since_ms = ?6, heard_ms = ?7, boot = ?8, ended_boot = ?9,
                 stream = ?10, waiting_rows = ?11, waiting_sales = ?12, waiting_since_ms = ?13,
                 folds = ?14, last_day = ?15, fold_mark = ?16, changes = changes + 1
             where store = ?17",
            params![
                &self.name,
                &self.currency,
                &self.time_zone,
                &self.version,
                online,
                self.presence.since_ms,
                self.heard_ms,
                &self.presence.boot,
                &self.presence.ended_boot,
                self.stream.as_ref(),
                rows,
                sales,
                since_ms,
                self.folds,
                self.last_day.as_ref(),
                &self.fold_mark,
                store,
            ],
        )?;
        Ok(())
    }
}

/// The stores that are taken for there.
pub fn online(sql: &mut Connection) -> Result<Vec<String>, StoreError> {
    sql.query("select store from stores where online = 1", &[], |row| row.string(0))
}

/// Locks the rows of stores, in the order of their ids, so that two workers never wait for one
/// another. A store that is not known is left out.
pub fn locked(
    sql: &mut Connection,
    named: &BTreeSet<&str>,
) -> Result<BTreeMap<String, StoreEntry>, StoreError> {
    let mut stores = BTreeMap::new();
    for store in named {
        let entry = sql.lock(
            "select online, since_ms, heard_ms, boot, ended_boot, folds, name, currency,
                 time_zone, version, stream, waiting_rows, waiting_sales, waiting_since_ms,
                 last_day, fold_mark
             from stores where store = ?1",
            params![*store],
            |row| {
                let presence = Presence {
                    online: row.opt_int(0)?.map(|it| it != 0),
                    since_ms: row.opt_int(1)?,
                    boot: row.string(3)?,
                    ended_boot: row.string(4)?,
                };
                Ok(StoreEntry {
                    presence,
                    heard_ms: row.opt_int(2)?,
                    folds: row.count(5)?,
                    is_changed: false,
                    name: row.string(6)?,
                    currency: row.string(7)?,
                    time_zone: row.string(8)?,
                    version: row.string(9)?,
                    stream: row.opt_string(10)?,
                    waiting: (row.count(11)?, row.count(12)?, row.opt_int(13)?),
                    last_day: row.opt_string(14)?,
                    fold_mark: row.string(15)?,
                })
            },
        )?;
        if let Some(entry) = entry {
            stores.insert((*store).to_owned(), entry);
        }
    }
    Ok(stores)
}
