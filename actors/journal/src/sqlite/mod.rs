//! The journal on disk.

mod apply;
mod backup;
mod beside;
mod buyers;
mod connection;
mod copy;
mod disk;
mod group;
mod laws;
mod mark;
mod open;
mod project;
mod promotions;
mod reader;
mod reads;
mod reads_beside;
mod rebuild;
mod receipts;
mod report;
mod rows;
mod stream;
mod suspended;
mod tables;
mod tills;
mod verify;

pub use backup::{backup_to, restore};
pub use copy::export;
pub use disk::{FreeBytes, OnFatal};
pub use group::SqliteJournal;
pub use open::{FailingCommits, OpenOptions, OpenReport};
pub use reader::Reader;
pub use rebuild::rebuild;
pub use report::{SalesTotals, TransactionSummary};
pub use verify::{BackgroundVerifier, VerifyProgress, VerifyReport, verify, verify_file};

/// The database's name in the data directory.
pub const DATABASE: &str = "journal.db";
/// The name of the file that says how far the chain is known to hold.
pub const MARK: &str = "journal.mark";
/// The name of the file that a process locks as long as it writes.
pub const LOCK: &str = "journal.lock";
