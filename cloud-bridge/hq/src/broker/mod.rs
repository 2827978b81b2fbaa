//! The broker: the one of this process, and how any is reached.

mod access;
mod address;
mod front;
mod gate;
mod guests;
mod own;
#[cfg(test)]
mod tests;

pub use access::{Admission, HQ_USER, Later, Topics};
pub use address::{BrokerAddress, BrokerUrl, BrokerUrlError, Encryption};
pub use own::{BrokerError, BrokerOptions, OwnBroker, Served};
