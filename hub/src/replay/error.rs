use std::path::PathBuf;

use store_core::StoreId;

use super::client::ClientError;
use super::plan::PlanError;
use super::run::HostError;
use super::stores::JournalReadError;
use crate::catalogue::CatalogueError;
use crate::promotions::PromotionFileError;

/// What stopped a replay: a fault that an operator reads.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// A file could not be opened or read.
    #[error("cannot read {}", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file could not be written.
    #[error("cannot write {}", path.display())]
    Write {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A line of the baskets or of the catalogue does not say what it must.
    #[error("{}, line {line}: {reason}", path.display())]
    BadLine {
        /// Which file.
        path: PathBuf,
        /// Its line, from 1.
        line: u64,
        /// What is wrong with it.
        reason: String,
    },
    /// The promotions do not hold.
    #[error(transparent)]
    Promotions(#[from] PromotionFileError),
    /// The catalogue is none that a hub takes.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// A basket cannot be said in commands.
    #[error("{}, line {line}: the basket cannot be entered", path.display())]
    Plan {
        /// Which file.
        path: PathBuf,
        /// Its line, from 1.
        line: u64,
        /// Why.
        source: PlanError,
    },
    /// A store could not be opened or closed.
    #[error("store {store}")]
    Host {
        /// Which.
        store: StoreId,
        /// Why.
        source: HostError,
    },
    /// A register could not be brought to work, or stopped answering.
    #[error("store {store}")]
    Client {
        /// Which.
        store: StoreId,
        /// Why.
        source: ClientError,
    },
    /// Commands that were sent again changed something.
    #[error("store {store}: repeated commands changed {before} to {after}")]
    RepeatChanged {
        /// Which.
        store: StoreId,
        /// What the journal held before.
        before: String,
        /// What it holds now.
        after: String,
    },
    /// Headquarters does not take what a store has.
    #[error(
        "store {store}: headquarters acknowledged nothing for {seconds} s, and {rows} rows wait"
    )]
    Stalled {
        /// Which.
        store: StoreId,
        /// How many rows wait.
        rows: u64,
        /// How long nothing moved.
        seconds: u64,
    },
    /// Headquarters does not answer, or not as it should.
    #[error("asking headquarters")]
    Headquarters {
        /// Why.
        source: ClientError,
    },
    /// A journal could not be read back.
    #[error("cannot read back the journal of store {store}")]
    Journal {
        /// Which.
        store: StoreId,
        /// Why.
        source: JournalReadError,
    },
}

impl ReplayError {
    /// The exit code of the process, as in sysexits.
    #[must_use]
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Read { .. }
            | Self::Promotions(PromotionFileError::Io(..))
            | Self::Catalogue(CatalogueError::Io(..)) => 66,
            Self::Write { .. } => 73,
            Self::BadLine { .. } | Self::Plan { .. } | Self::Promotions(_) | Self::Catalogue(_) => {
                65
            }
            Self::Host { .. } | Self::Journal { .. } | Self::RepeatChanged { .. } => 70,
            Self::Client { .. } | Self::Headquarters { .. } | Self::Stalled { .. } => 69,
        }
    }
}
