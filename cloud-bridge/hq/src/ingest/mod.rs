//! What stores send, taken in: read, decided, written in one transaction, acknowledged after it.
//!
//! Headquarters does not care in which order messages come, or how often. A row has one place,
//! (store, stream, sequence); a stream's watermark is its last row without a gap whose chain of
//! digests holds; facts are folded into the projections below the watermark only, in sequence, each
//! once. All of it happens in one transaction for many messages ([`HqStore::ingest`]), and only
//! after it may an acknowledgement go out.
//!
//! [`HqStore::ingest`]: crate::store::HqStore::ingest

pub mod decide;
pub(crate) mod fold;
mod message;
pub(crate) mod presence;
mod reading;
mod worker;

pub(crate) use message::Read;
pub use message::{Aside, Batch, BranchBase, Ingested, Message, Record};
pub use reading::{THINGS, read};
pub use worker::{Trouble, Worker, WorkerEvent, WorkerState};
