//! What an operator of the hub reads when the journal cannot go on.

use std::path::PathBuf;

use store_core::{JournalSequence, StreamId};

/// A row that does not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("row {sequence} of stream {stream} does not hold: {reason}")]
pub struct BadRow {
    /// Its stream.
    pub stream: StreamId,
    /// Its number in the stream.
    pub sequence: JournalSequence,
    /// What is wrong with it.
    pub reason: String,
}

/// Why something could not be read from the journal.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The database could not answer.
    #[error("reading {what} from the journal")]
    Sqlite {
        /// What was being read.
        what: &'static str,
        /// What the database says.
        #[source]
        source: rusqlite::Error,
    },
    /// What is stored is not what it should be.
    #[error("reading {what} from the journal: {reason}")]
    Malformed {
        /// What was being read.
        what: &'static str,
        /// What is wrong with it.
        reason: String,
    },
}

/// Why a journal could not be opened, verified, copied or made again.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process has it.
    #[error("the journal {0} is in use by another process")]
    InUse(PathBuf),
    /// A row does not hold.
    #[error(
        "{source}; the journal is left as it is. \
         Restore the latest backup with `hub restore FILE --force`: the damaged file is kept \
         beside it, and what headquarters already has is not lost"
    )]
    BadRow {
        /// Which, and why.
        #[from]
        source: BadRow,
    },
    /// The database itself is damaged, beside or below its rows.
    #[error(
        "the journal is damaged: {reason}; it is left as it is. \
         Restore the latest backup with `hub restore FILE --force`: the damaged file is kept \
         beside it, and what headquarters already has is not lost"
    )]
    Damaged {
        /// What the database says.
        reason: String,
    },
    /// The journal belongs to another store.
    #[error("the journal belongs to store {found}, not to store {expected}")]
    OtherStore {
        /// The store that was asked for.
        expected: String,
        /// The store in the journal.
        found: String,
    },
    /// There is a journal that has rows the backup has not.
    #[error(
        "the journal {0} has rows that the backup does not have; \
         restoring would put it aside: say `--force` to do that"
    )]
    WouldLose(PathBuf),
    /// A file could not be read or written.
    #[error("{doing} {path}")]
    Io {
        /// What was being done.
        doing: &'static str,
        /// With which file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// The database could not do it.
    #[error("{doing} the journal")]
    Sqlite {
        /// What was being done.
        doing: &'static str,
        /// What the database says.
        #[source]
        source: rusqlite::Error,
    },
    /// The database's form could not be brought up to date.
    #[error("bringing the journal's form up to date")]
    Migration(#[source] Box<refinery::Error>),
    /// Something in it could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
}
