//! The writing connection: many writes, one commit.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use store_core::CommandId;

use super::apply::{Circumstances, apply};
use super::connection::{Lock, checkpoint, database, sqlite};
use super::disk::failure;
use super::mark::Mark;
use super::open::OpenOptions;
use super::project::Fault;
use super::reader::Connected;
use super::rows::{Tip, tip};
use super::verify;
use crate::{Ledger, OpenError, Write, WriteError, Written};

/// The journal on disk, with the one connection that writes it.
#[derive(Debug)]
pub struct SqliteJournal {
    pub(super) connection: Connection,
    pub(super) data_dir: PathBuf,
    pub(super) options: OpenOptions,
    pub(super) tip: Tip,
    /// Whether commits are synced at present.
    pub(super) is_synced: bool,
    /// Held as long as this process writes.
    pub(super) _lock: Lock,
}

type Outcome = Result<Written, WriteError>;

impl Connected for SqliteJournal {
    fn connection(&self) -> &Connection {
        &self.connection
    }
}

impl SqliteJournal {
    /// Where the journal is.
    #[must_use]
    pub fn data_dir(&self) -> &Path {
        &self.data_dir
    }

    /// Sets how commits are synced; SQLite takes the change only between transactions.
    fn set_synced(&mut self, is_synced: bool) -> Result<(), rusqlite::Error> {
        if self.is_synced != is_synced {
            let level = if is_synced { "FULL" } else { "NORMAL" };
            self.connection.pragma_update(None, "synchronous", level)?;
            self.is_synced = is_synced;
        }
        Ok(())
    }

    /// Writes a group in one transaction. An error means that nothing of it is in the file.
    fn commit(&mut self, group: &[Write]) -> Result<Vec<Outcome>, rusqlite::Error> {
        let result = self.try_commit(group);
        if let Err(error) = &result {
            self.options.on_fatal.look_at(error);
            self.recover()?;
        }
        result
    }

    fn try_commit(&mut self, group: &[Write]) -> Result<Vec<Outcome>, rusqlite::Error> {
        let is_promise = group.iter().any(Write::is_promise);
        self.set_synced(group.iter().any(Write::needs_sync))?;
        let has_room =
            !is_promise || self.options.free_bytes.has(&self.data_dir, self.options.reserve_bytes);
        self.run("BEGIN IMMEDIATE")?;
        let mut outcomes: Vec<Outcome> = Vec::with_capacity(group.len());
        let mut first: BTreeMap<CommandId, usize> = BTreeMap::new();
        let is_alone = group.len() == 1;
        for (index, write) in group.iter().enumerate() {
            let earlier = match write {
                Write::Append(append) if !is_alone => {
                    let at = *first.entry(append.id).or_insert(index);
                    outcomes.get(at).and_then(|outcome| outcome.clone().err())
                }
                _ => None,
            };
            outcomes.push(match earlier {
                // A repeated id in one group gets the first one's outcome, also a bad one.
                Some(error) => Err(error),
                None => self.in_savepoint(write, has_room, is_alone)?,
            });
        }
        if self.connection.is_autocommit() {
            // The only write of the group was refused and is rolled back already.
            return Ok(outcomes);
        }
        self.run("COMMIT")?;
        Ok(outcomes)
    }

    /// Carries one write out so that its failure leaves the others alone. A group of one needs no
    /// savepoint: the transaction is one.
    fn in_savepoint(
        &mut self,
        write: &Write,
        has_room: bool,
        is_alone: bool,
    ) -> Result<Outcome, rusqlite::Error> {
        if !is_alone {
            self.run("SAVEPOINT one")?;
        }
        let before = self.tip;
        let circumstances = Circumstances {
            store: &self.options.store,
            software: &self.options.software,
            has_room,
        };
        let fault = match apply(&self.connection, &mut self.tip, &circumstances, write) {
            Ok(written) => {
                if !is_alone {
                    self.run("RELEASE one")?;
                }
                return Ok(Ok(written));
            }
            Err(fault) => fault,
        };
        self.tip = before;
        let outcome = match fault {
            Fault::Refused(error) => error,
            Fault::Sqlite(error) => {
                self.options.on_fatal.look_at(&error);
                // Some failures make SQLite roll the whole transaction back by itself; then the
                // writes before this one have to be done again.
                if self.connection.is_autocommit() {
                    return Err(error);
                }
                failure(&error)
            }
        };
        if is_alone {
            self.run("ROLLBACK")?;
        } else {
            self.run("ROLLBACK TO one")?;
            self.run("RELEASE one")?;
        }
        Ok(Err(outcome))
    }

    fn run(&self, sql: &str) -> Result<(), rusqlite::Error> {
        self.connection.prepare_cached(sql)?.execute([]).map(|_| ())
    }

    /// After a failed commit: what is in the file counts, not what was meant to be.
    fn recover(&mut self) -> Result<(), rusqlite::Error> {
        if !self.connection.is_autocommit() {
            self.run("ROLLBACK")?;
        }
        if let Some(found) = tip(&self.connection)? {
            self.tip = found;
        }
        Ok(())
    }

    fn commit_alone(&mut self, write: &Write) -> Outcome {
        match self.commit(std::slice::from_ref(write)) {
            Ok(outcomes) => outcomes
                .into_iter()
                .next()
                .unwrap_or_else(|| Err(WriteError::Failed("no outcome".to_owned()))),
            // The commit failed, not the write: nothing in it contradicts the journal.
            Err(error) => Err(match failure(&error) {
                WriteError::Rejected(text) => WriteError::Failed(text),
                other => other,
            }),
        }
    }
}

impl Ledger for SqliteJournal {
    fn write_group(&mut self, group: Vec<Write>) -> Vec<Outcome> {
        match group.as_slice() {
            [] => Vec::new(),
            [alone] => vec![self.commit_alone(alone)],
            many => match self.commit(many) {
                Ok(outcomes) => outcomes,
                Err(error) => {
                    tracing::warn!(%error, writes = many.len(), "a group failed: one by one");
                    many.iter().map(|write| self.commit_alone(write)).collect()
                }
            },
        }
    }

    fn synchronous(&self) -> Option<i64> {
        self.connection.pragma_query_value(None, "synchronous", |row| row.get(0)).ok()
    }

    fn close(&mut self) -> Result<(), OpenError> {
        let doing = "closing";
        self.set_synced(true).map_err(sqlite(doing))?;
        checkpoint(&self.connection, &database(&self.data_dir))?;
        let mark = Mark::read(&self.data_dir)?;
        verify::tail(&self.connection, mark.as_ref(), 0)?;
        Mark::at(&self.tip).write(&self.data_dir)
    }
}
