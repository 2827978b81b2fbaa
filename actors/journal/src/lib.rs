//! The store's memory.
//!
//! An append-only, hash-chained journal of promises in SQLite, with projections beside it that are
//! the machines' own fold written down, and the little tables that are no promises: baskets in
//! progress, print jobs, sessions, the link's cursor.
//!
//! * [`SqliteJournal`] is the real thing, [`SimulatedJournal`] obeys the same rules in memory and
//!   can have its power cut. Both are a [`Ledger`] and pass the same tests.
//! * [`Writer`] owns a ledger in a thread of its own and commits everything that waits at once.
//! * [`Reader`] answers questions from a read-only connection.
//! * [`verify`], [`rebuild`], [`export`], [`backup_to`] and [`restore`] work on the file.
//!
//! # What may be sent
//!
//! A row is visible to a reader only after its fsync: every row is a promise, a group with a
//! promise is committed with `synchronous=FULL`, and SQLite makes a commit of its write-ahead log
//! known to readers after the log is synced. What a killed process left in the log without a sync
//! is synced by the checkpoint at the next open, before anything is read. So whatever
//! [`LedgerReads::rows`] shows may be sent.

mod access;
pub mod convert;
mod error;
mod fold;
mod ledger;
mod receipts;
mod row;
mod simulated;
mod sqlite;
mod write;
mod writer;

pub use access::{AccessChange, LinkCursor, Lockout, Operator, Session, WorkstationClaim};
pub use error::{BadRow, OpenError, ReadError};
pub use fold::DayOfPromotion;
pub use ledger::{
    DayRecord, Head, Ledger, LedgerReads, PromotionDays, RegisterRecord, StockAlert, StreamState,
    TillRecord, facts_after,
};
pub use receipts::{CARD_DIGITS, FoundReceipt, ReceiptQuery};
pub use row::{Digest, JournalRow};
pub use simulated::{PowerCut, SimulatedBackup, SimulatedJournal};
pub use sqlite::{
    BackgroundVerifier, FailingCommits, FreeBytes, OnFatal, OpenOptions, OpenReport, Reader,
    SalesTotals, SqliteJournal, TransactionSummary, VerifyProgress, VerifyReport, backup_to,
    export, rebuild, restore, verify, verify_file,
};
pub use write::{
    Append, Draft, DraftChange, Ended, PrintChange, PrintJob, PrintStanding, PrintState, Suspended,
    Write, WriteError, Written,
};
pub use writer::{Reply, SubmitError, Writer, WriterHandle, WriterStats};
