//! The store's end of the link to headquarters.
//!
//! * [`pump`] decides, without a clock, a file or a network, which rows of the journal go up when,
//!   and what an acknowledgement means. The link's simulation drives the same code.
//! * [`Outbox`] is what it needs of a journal.
//! * [`Bridge`] is the pump on a real connection, with presence, states, commands and queries.
//! * [`policy`] decides in the same way what becomes of a bundle that comes down.

mod link;
mod outbox;
pub mod policy;
pub mod pump;
mod stand_back;

pub use link::{
    Account, AddressError, Bridge, BridgeHandle, BridgeOptions, Commands, Description, Inbound,
    LinkStatus, Peers, QUERY_TIMEOUT, QueryError,
};
pub use outbox::{Cursor, Digest, Outbox, OutboxError, Pending, StreamHead};
pub use stand_back::stand_back;
