//! Headquarters' own connections to the broker: workers that take facts, and a line for the rest.

mod connection;
mod publisher;

pub use publisher::Publisher;
