//! The pump on a real connection: MQTT 5 through rumqttc, in a thread of its own.
//!
//! Every connection has a client and an event loop of its own and begins clean: what one connection
//! had under way the next one knows nothing of, because the journal and the pump do.

mod address;
mod bridge;
mod commands;
mod driver;
mod perform;
mod queries;
mod session;
mod states;
#[cfg(test)]
mod tests;

pub use address::{Account, AddressError};
pub use bridge::{Bridge, BridgeHandle, BridgeOptions, Description, Inbound, LinkStatus, Peers};
pub use commands::Commands;
pub use queries::{QUERY_TIMEOUT, QueryError};
