use std::io::Write as _;
use std::path::Path;

use hq_wire::row::v1::{digest_from_hex, hex};
use rusqlite::{Connection, OptionalExtension, params};
use store_core::{JournalSequence, StreamId};

use super::MARK;
use super::connection::{io, private, sync_directory};
use super::rows::{Tip, signed};
use crate::{Digest, Head, OpenError};

/// Up to where the chain is known to hold: kept beside the database, so that a start need not
/// read a year of rows, and so that a database that was put back to an earlier state is noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The last row that was verified.
    pub head: Head,
}

impl Mark {
    /// The mark of a journal that ends here.
    #[must_use]
    pub const fn at(tip: &Tip) -> Self {
        Self { head: tip.head }
    }

    /// Reads the mark of a data directory. A mark that cannot be made out counts as none: it only
    /// saves work.
    ///
    /// # Errors
    /// Where the file is there and cannot be read.
    pub fn read(data_dir: &Path) -> Result<Option<Self>, OpenError> {
        let path = data_dir.join(MARK);
        match std::fs::read_to_string(&path) {
            Ok(text) => Ok(Self::parse(&text)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(io("reading", &path)(error)),
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let mut words = text.split_whitespace();
        let stream: StreamId = words.next()?.parse().ok()?;
        let sequence = JournalSequence(words.next()?.parse().ok()?);
        let digest: Digest = digest_from_hex(words.next()?)?;
        Some(Self { head: Head { stream, sequence, digest } })
    }

    /// Writes the mark so that there is always the old one or the new one, whole.
    ///
    /// # Errors
    /// What the system said.
    pub fn write(&self, data_dir: &Path) -> Result<(), OpenError> {
        self.write_by_way_of(data_dir, "new")
    }

    /// The same for a second writer in the same process, by way of a file of its own.
    ///
    /// # Errors
    /// What the system said.
    pub fn write_by_way_of(&self, data_dir: &Path, suffix: &str) -> Result<(), OpenError> {
        let path = data_dir.join(MARK);
        let new = data_dir.join(format!("{MARK}.{suffix}"));
        let Head { stream, sequence, digest } = &self.head;
        let text = format!("{stream} {sequence} {}\n", hex(digest));
        let mut file = private().truncate(true).open(&new).map_err(io("opening", &new))?;
        file.write_all(text.as_bytes()).map_err(io("writing", &new))?;
        file.sync_all().map_err(io("syncing", &new))?;
        std::fs::rename(&new, &path).map_err(io("renaming", &new))?;
        sync_directory(&path)
    }

    /// Takes the mark away.
    ///
    /// # Errors
    /// What the system said.
    pub fn remove(data_dir: &Path) -> Result<(), OpenError> {
        let path = data_dir.join(MARK);
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(io("removing", &path)(error))
            }
            _ => sync_directory(&path),
        }
    }

    /// The key of the marked row, where the database has that very row.
    pub fn position_in(&self, connection: &Connection) -> Result<Option<i64>, rusqlite::Error> {
        connection
            .query_row(
                "SELECT position FROM streams CROSS JOIN journal
                 WHERE streams.id = ?1 AND journal.position = streams.first_position + ?2 - 1
                     AND journal.stream = streams.ordinal AND digest = ?3",
                params![
                    self.head.stream.uuid().as_bytes(),
                    signed(self.head.sequence.0),
                    self.head.digest
                ],
                |row| row.get(0),
            )
            .optional()
    }

    /// Whether the database has the marked row.
    pub fn holds_in(&self, connection: &Connection) -> Result<bool, rusqlite::Error> {
        Ok(self.position_in(connection)?.is_some())
    }
}
