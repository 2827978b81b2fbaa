//! What headquarters keeps: SQLite in a file, or PostgreSQL.

mod error;
mod intake;
mod places;
mod queries;
mod rebuild;
pub mod sql;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

pub use error::StoreError;
pub use places::StorePlace;
pub use queries::{Days, SalesPage, Scope, promotion_uses};
pub use rebuild::{Rebuilt, RebuiltStore};

use crate::ingest::decide::Faults;

/// Where HQ's database is.
#[derive(Clone, PartialEq, Eq)]
pub enum StoreAt {
    /// SQLite in this file.
    File(PathBuf),
    /// SQLite in memory: gone with the last of its connections.
    Memory,
    /// PostgreSQL on this machine: `postgresql://user:password@localhost/database`, or
    /// `host=/run/postgresql dbname=hq`.
    Postgres(String),
}

impl std::fmt::Debug for StoreAt {
    /// Without the password that an address may have.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File(path) => f.debug_tuple("File").field(path).finish(),
            Self::Memory => f.write_str("Memory"),
            Self::Postgres(_) => f.write_str("Postgres(…)"),
        }
    }
}

/// HQ's database through one connection: one thread at a time, and never inside an asynchronous
/// runtime's own threads. More threads take [`HqStore::another`].
#[derive(Debug)]
pub struct HqStore {
    at: StoreAt,
    /// By which name connections of this process share a database in memory.
    shared_as: String,
    sql: sql::Connection,
    /// The turns of transactions, over all connections to this database.
    turns: Arc<AtomicU64>,
    remembered: intake::Remembered,
    faults: Faults,
}

impl HqStore {
    /// Opens the database, makes it where there is none, and brings its tables up to date.
    ///
    /// # Errors
    /// Where it cannot be reached or used, or is that of a newer program.
    pub fn open(at: &StoreAt) -> Result<Self, StoreError> {
        static OPENED: AtomicU64 = AtomicU64::new(0);
        let shared_as = format!("hq-{}", OPENED.fetch_add(1, Ordering::Relaxed));
        let mut sql = sql::Connection::open(at, &shared_as)?;
        sql.migrate()?;
        let (at, turns, remembered) = (at.clone(), Arc::default(), intake::Remembered::default());
        Ok(Self { at, shared_as, sql, turns, remembered, faults: Faults::default() })
    }

    /// One more connection to the same database.
    ///
    /// # Errors
    /// Where it cannot be reached.
    pub fn another(&self) -> Result<Self, StoreError> {
        let sql = sql::Connection::open(&self.at, &self.shared_as)?;
        Ok(Self {
            at: self.at.clone(),
            shared_as: self.shared_as.clone(),
            sql,
            turns: self.turns.clone(),
            remembered: intake::Remembered::default(),
            faults: self.faults,
        })
    }

    /// Plants mistakes, so that the simulation sees whether it would notice them.
    #[doc(hidden)]
    pub const fn plant(&mut self, faults: Faults) {
        self.faults = faults;
    }

    /// The connection, for the parts of HQ that have tables of their own.
    pub const fn sql(&mut self) -> &mut sql::Connection {
        &mut self.sql
    }
}
