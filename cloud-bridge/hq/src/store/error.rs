/// Why HQ's database could not do something.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no room. Nothing was written, and nothing may be acknowledged.
    #[error("headquarters' storage is full: make room, and it goes on by itself ({reason})")]
    Full {
        /// What the database says.
        reason: String,
    },
    /// It may work later: a connection, a disk, another writer. Nothing is known to be written.
    #[error("headquarters' database does not answer: {reason}")]
    Unavailable {
        /// What the database says.
        reason: String,
    },
    /// The server is on another machine.
    #[error(
        "the PostgreSQL server {host} is on another machine, and the connection to it would not \
         be encrypted: name a socket or an address of this machine, such as a tunnel's"
    )]
    NotLocal {
        /// The server.
        host: String,
    },
    /// The address of the server cannot be read or used.
    #[error("that is no address of a PostgreSQL server that can be used: {reason}")]
    BadAddress {
        /// Why.
        reason: String,
    },
    /// The tables could not be brought up to date.
    #[error("bringing headquarters' tables up to date")]
    Migration(#[source] Box<refinery::Error>),
    /// A store's id cannot stand in a topic.
    #[error(
        "{0:?} cannot be a store's id: it takes 1 to 64 letters, digits and signs other than \
         / + # $"
    )]
    BadStore(String),
    /// Not a day.
    #[error("{0:?} is not a day: it is written as in 2026-11-24")]
    BadDay(String),
    /// A file could not be made.
    #[error("{doing}")]
    Io {
        /// What was being done.
        doing: &'static str,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// What stands in a column is not what should.
    #[error("column {column} holds {found} where {expected} should be")]
    Shape {
        /// Which, from 0.
        column: usize,
        /// What should be there.
        expected: &'static str,
        /// What is there, shortened.
        found: String,
    },
    /// The database refuses: a defect of ours.
    #[error("headquarters' database refuses: {reason}")]
    Sql {
        /// What the database says.
        reason: String,
    },
}

impl StoreError {
    /// Whether the same may work later without anybody changing anything here.
    #[must_use]
    pub const fn passes(&self) -> bool {
        matches!(self, Self::Full { .. } | Self::Unavailable { .. })
    }

    /// A stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Full { .. } => "storage_full",
            Self::Unavailable { .. } => "storage_unavailable",
            Self::NotLocal { .. } => "storage_not_local",
            Self::BadAddress { .. } => "storage_bad_address",
            Self::Migration(_) => "storage_migration",
            Self::BadStore(_) => "bad_store",
            Self::BadDay(_) => "bad_day",
            Self::Io { .. } => "storage_io",
            Self::Shape { .. } | Self::Sql { .. } => "storage_failed",
        }
    }
}
