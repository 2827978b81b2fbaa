//! The store's peripherals.
//!
//! A driver is three things: a codec (pure: values to bytes and back), a transport (a port that
//! bytes go through) and a simulator, which stands at the other end of the bytes and is part of
//! the product. What the store asks of a device is a task of its driver, and one thread belongs to
//! one device ([`worker`]).

mod charset;
pub mod customer_display;
pub mod discovery;
#[cfg(any(test, feature = "fuzzing"))]
pub mod fuzzing;
pub mod port;
pub mod printer;
pub mod scale;
pub mod scanner;
pub mod signal;
pub mod simulated;
pub mod terminal;
pub mod worker;
