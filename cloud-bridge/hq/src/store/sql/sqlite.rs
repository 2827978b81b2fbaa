use std::path::Path;
use std::time::Duration;

use refinery::{Migration, Runner};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags, ToSql};

use super::{Param, Row, Value};
use crate::store::StoreError;

/// Statements kept prepared: all there are, with room for lists of several lengths.
const STATEMENTS_MAX: usize = 256;
/// How long to wait for another writer: a transaction of 128 messages on a slow disk.
const BUSY: Duration = Duration::from_secs(5);
/// The size that the write-ahead log is cut back to, in bytes.
const LOG_BYTES_MAX: i64 = 64 * 1024 * 1024;
/// The log is written back within a commit when it has so many pages. A transaction of many sales
/// changes more than the thousand that SQLite would wait for, and would write every page twice.
const LOG_PAGES: i64 = LOG_BYTES_MAX / 2 / 4096;
/// And beside the commits when it has so many: then little is left for the one that has to, and no
/// sale on its way to the page waits for it.
const LOG_PAGES_TIDY: i64 = LOG_PAGES / 2;
/// The size of a connection's cache, in KiB, negative as SQLite wants it. There are half a dozen of
/// them, and what they lack the system still has in memory.
const CACHE_KIB: i64 = -2 * 1024;
/// That of one that writes much: the pages that a transaction of many sales changes, so that none
/// of them has to go out before it ends.
const WRITER_CACHE_KIB: i64 = -16 * 1024;

/// What stands in a migration after a table whose rows are found by their key: for small rows that
/// change often, one tree is half of what a transaction writes.
const BY_ITS_KEY: &str = "/* by its key */";

pub struct Sqlite {
    connection: Connection,
}

impl Sqlite {
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        make_private(path)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(StoreError::from)?;
        configure(&connection)?;
        connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update_and_check(None, "wal_autocheckpoint", LOG_PAGES, |_| Ok(()))?;
        connection.pragma_update_and_check(
            None,
            "journal_size_limit",
            LOG_BYTES_MAX,
            |_| Ok(()),
        )?;
        Ok(Self { connection })
    }

    /// A database in memory that every connection of this process with the same name shares; it
    /// is gone with the last of them.
    pub fn in_memory(name: &str) -> Result<Self, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX
            | OpenFlags::SQLITE_OPEN_URI;
        let connection = Connection::open_with_flags(format!("file:/{name}?vfs=memdb"), flags)?;
        configure(&connection)?;
        Ok(Self { connection })
    }

    pub fn migrate(&mut self, runner: &Runner) -> Result<(), StoreError> {
        let ours = runner.get_migrations().iter().map(|migration| {
            let sql = migration.sql().unwrap_or_default().replace(BY_ITS_KEY, "WITHOUT ROWID");
            Migration::unapplied(&migration.to_string(), &sql)
        });
        let ours: Result<Vec<Migration>, _> = ours.collect();
        let applied = ours.and_then(|ours| Runner::new(&ours).run(&mut self.connection));
        let applied = applied.map(|_report| ());
        applied.map_err(|error| StoreError::Migration(Box::new(error)))
    }

    pub fn batch(&mut self, sql: &str) -> Result<(), StoreError> {
        Ok(self.connection.execute_batch(sql)?)
    }

    pub fn execute(&mut self, sql: &str, params: &[Param<'_>]) -> Result<u64, StoreError> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let changed = statement.execute(rusqlite::params_from_iter(params))?;
        Ok(changed as u64)
    }

    pub fn query(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        each: &mut dyn FnMut(&Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let columns = statement.column_count();
        let mut rows = statement.query(rusqlite::params_from_iter(params))?;
        let mut values = Row { values: Vec::with_capacity(columns) };
        while let Some(row) = rows.next()? {
            values.values.clear();
            for column in 0..columns {
                values.values.push(match row.get_ref(column)? {
                    ValueRef::Null => Value::Null,
                    ValueRef::Integer(value) => Value::Int(value),
                    // No column of ours holds one; a sum that became one is not exact any more.
                    ValueRef::Real(value) => Value::Text(value.to_string()),
                    ValueRef::Text(value) => {
                        Value::Text(String::from_utf8_lossy(value).into_owned())
                    }
                    ValueRef::Blob(value) => Value::Bytes(value.to_vec()),
                });
            }
            each(&values)?;
        }
        Ok(())
    }

    pub fn expect_much_writing(&mut self) -> Result<(), StoreError> {
        Ok(self.connection.pragma_update(None, "cache_size", WRITER_CACHE_KIB)?)
    }

    pub fn tidy(&mut self) -> Result<(), StoreError> {
        let log = |how: &str| {
            let text = format!("pragma wal_checkpoint({how})");
            self.connection.query_row(&text, [], |row| {
                let (pages, written): (i64, i64) = (row.get(1)?, row.get(2)?);
                Ok(pages - written)
            })
        };
        if log("noop")? >= LOG_PAGES_TIDY {
            log("passive")?;
        }
        Ok(())
    }

    pub fn limit_pages(&mut self, pages: u32) -> Result<(), StoreError> {
        let limit = |_: &rusqlite::Row<'_>| Ok(());
        Ok(self.connection.pragma_update_and_check(None, "max_page_count", pages, limit)?)
    }
}

/// Makes the file with mode 0600; the database's side files take over that mode.
fn make_private(path: &Path) -> Result<(), StoreError> {
    use std::os::unix::fs::OpenOptionsExt;
    let made = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    match made {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
            Err(StoreError::Io { doing: "making the database", source: error })
        }
        _ => Ok(()),
    }
}

fn configure(connection: &Connection) -> Result<(), StoreError> {
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "cache_size", CACHE_KIB)?;
    Ok(())
}

impl ToSql for Param<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Null => ToSqlOutput::Borrowed(ValueRef::Null),
            Self::Int(value) => ToSqlOutput::Borrowed(ValueRef::Integer(*value)),
            Self::Text(value) if value.contains('\0') => {
                ToSqlOutput::from(value.replace('\0', "\u{fffd}"))
            }
            Self::Text(value) => ToSqlOutput::Borrowed(ValueRef::Text(value.as_bytes())),
            Self::Bytes(value) => ToSqlOutput::Borrowed(ValueRef::Blob(value)),
        })
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(source: rusqlite::Error) -> Self {
        let reason = source.to_string();
        match source.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full { reason },
            Some(
                ErrorCode::SystemIoFailure
                | ErrorCode::DatabaseBusy
                | ErrorCode::DatabaseLocked
                | ErrorCode::CannotOpen
                | ErrorCode::ReadOnly,
            ) => Self::Unavailable { reason },
            _ => Self::Sql { reason },
        }
    }
}
