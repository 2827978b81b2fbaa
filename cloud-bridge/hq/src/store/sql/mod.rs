//! One way to ask two databases: the same text of SQL, the same values, the same errors.
//!
//! The text is what both understand: `TEXT`, `BIGINT` and `BYTEA` columns, parameters `?1 ?2`, no
//! booleans, `cast(sum(x) as bigint)`, `on conflict`, `returning`. What only one of them needs
//! stands here: how a transaction begins, [`Connection::lock`], [`Connection::tidy`], and tables
//! that are kept `by their key`.

mod many;
mod postgres;
mod sqlite;
mod value;

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use super::{StoreAt, StoreError};

pub(crate) use value::params;
pub use value::{Param, Row, Value};

mod embedded {
    refinery::embed_migrations!("migrations");
}

/// A connection to HQ's database. It is used by one thread at a time, and never inside an
/// asynchronous runtime's own threads: asking PostgreSQL blocks.
pub struct Connection {
    database: Database,
    is_in_transaction: bool,
}

enum Database {
    Sqlite(sqlite::Sqlite),
    Postgres(Box<postgres::Postgres>),
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self.database {
            Database::Sqlite(_) => "Connection(SQLite)",
            Database::Postgres(_) => "Connection(PostgreSQL)",
        })
    }
}

impl Connection {
    /// Connects, without touching the tables. Connections with one name share a database in memory.
    ///
    /// # Errors
    /// Where the file or the server cannot be reached, or may not be used.
    pub fn open(at: &StoreAt, shared_as: &str) -> Result<Self, StoreError> {
        let database = match at {
            StoreAt::File(path) => Database::Sqlite(sqlite::Sqlite::open(path)?),
            StoreAt::Memory => Database::Sqlite(sqlite::Sqlite::in_memory(shared_as)?),
            StoreAt::Postgres(url) => Database::Postgres(Box::new(postgres::Postgres::open(url)?)),
        };
        Ok(Self { database, is_in_transaction: false })
    }

    /// Brings the tables up to the present form.
    ///
    /// # Errors
    /// Where a migration fails, or the tables are those of a newer program.
    pub fn migrate(&mut self) -> Result<(), StoreError> {
        match &mut self.database {
            Database::Sqlite(it) => it.migrate(&embedded::migrations::runner()),
            Database::Postgres(it) => it.migrate(&embedded::migrations::runner()),
        }
    }

    /// Does one statement, and says how many rows it changed.
    ///
    /// # Errors
    /// Where the database cannot.
    pub fn execute(&mut self, sql: &str, params: &[Param<'_>]) -> Result<u64, StoreError> {
        match &mut self.database {
            Database::Sqlite(it) => it.execute(sql, params),
            Database::Postgres(it) => {
                // Within a transaction a lost connection is what has failed.
                if !self.is_in_transaction {
                    it.reconnect_if_closed()?;
                }
                it.execute(sql, params)
            }
        }
    }

    /// Reads rows, each by the given function.
    ///
    /// # Errors
    /// Where the database cannot, or the function says so.
    pub fn query<T>(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        mut read: impl FnMut(&Row) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let mut found = Vec::new();
        let mut each = |row: &Row| {
            found.push(read(row)?);
            Ok(())
        };
        match &mut self.database {
            Database::Sqlite(it) => it.query(sql, params, &mut each)?,
            Database::Postgres(it) => {
                if !self.is_in_transaction {
                    it.reconnect_if_closed()?;
                }
                it.query(sql, params, &mut each)?;
            }
        }
        Ok(found)
    }

    /// Reads the first row, if there is one.
    ///
    /// # Errors
    /// As [`Connection::query`].
    pub fn query_one<T>(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        read: impl FnMut(&Row) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        Ok(self.query(sql, params, read)?.into_iter().next())
    }

    /// Reads the first row and locks it until the transaction ends, so that of two transactions
    /// one waits. The text must not end in a semicolon. Whoever locks several rows does it in
    /// their order, so that two can never wait for one another.
    ///
    /// # Errors
    /// As [`Connection::query`].
    pub fn lock<T>(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        read: impl FnMut(&Row) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        match &self.database {
            // There is one writer at a time, from the transaction's beginning on.
            Database::Sqlite(_) => self.query_one(sql, params, read),
            Database::Postgres(_) => self.query_one(&format!("{sql} for update"), params, read),
        }
    }

    /// Does everything in one transaction that may write: all of it is durable when this returns,
    /// or nothing of it happened.
    ///
    /// # Errors
    /// What the work says, or where the database cannot.
    pub fn write<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.transaction("begin immediate", "begin isolation level read committed", work)
    }

    /// Reads everything as of one moment.
    ///
    /// # Errors
    /// What the work says, or where the database cannot.
    pub fn read<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.transaction("begin", "begin isolation level repeatable read read only", work)
    }

    fn transaction<T>(
        &mut self,
        sqlite: &str,
        postgres: &str,
        work: impl FnOnce(&mut Self) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        if self.is_in_transaction {
            return work(self);
        }
        match &mut self.database {
            Database::Sqlite(it) => it.batch(sqlite)?,
            Database::Postgres(it) => {
                it.reconnect_if_closed()?;
                it.batch(postgres)?;
            }
        }
        self.is_in_transaction = true;
        // Whatever becomes of the work, the next one finds no transaction open.
        let outcome = catch_unwind(AssertUnwindSafe(|| work(self)))
            .map(|done| done.and_then(|value| self.batch("commit").map(|()| value)));
        if !matches!(outcome, Ok(Ok(_))) {
            // What failed is already known; a connection that is gone has rolled back by itself.
            let _ = self.batch("rollback");
        }
        self.is_in_transaction = false;
        outcome.unwrap_or_else(|panic| resume_unwind(panic))
    }

    fn batch(&mut self, sql: &str) -> Result<(), StoreError> {
        match &mut self.database {
            Database::Sqlite(it) => it.batch(sql),
            Database::Postgres(it) => it.batch(sql),
        }
    }

    /// Makes room for transactions that change much; only SQLite has to be told.
    ///
    /// # Errors
    /// Where the database cannot.
    pub fn expect_much_writing(&mut self) -> Result<(), StoreError> {
        match &mut self.database {
            Database::Sqlite(it) => it.expect_much_writing(),
            Database::Postgres(_) => Ok(()),
        }
    }

    /// Does what otherwise a transaction would have to; it may be called while another connection
    /// has one open, and holds none back.
    ///
    /// # Errors
    /// Where the database cannot.
    pub fn tidy(&mut self) -> Result<(), StoreError> {
        match &mut self.database {
            Database::Sqlite(it) => it.tidy(),
            Database::Postgres(_) => Ok(()),
        }
    }

    /// The most that the database may grow to, in its pages; only SQLite knows such a limit.
    ///
    /// # Errors
    /// Where the database cannot.
    pub fn limit_pages(&mut self, pages: u32) -> Result<(), StoreError> {
        match &mut self.database {
            Database::Sqlite(it) => it.limit_pages(pages),
            Database::Postgres(_) => Ok(()),
        }
    }
}
