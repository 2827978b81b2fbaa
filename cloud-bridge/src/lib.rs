//! The store's end of the link to headquarters.
//!
//! * [`pump`] decides, without a clock, a file or a network, which rows of the journal go up when,
//!   and what an acknowledgement means. The link's simulation drives the same code.
//! * [`Outbox`] is what it needs of a journal.
//! * [`policy`] decides in the same way what becomes of a bundle that comes down.

mod outbox;
pub mod policy;
pub mod pump;

pub use outbox::{Cursor, Digest, Outbox, OutboxError, Pending, StreamHead};
