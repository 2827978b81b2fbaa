//! The messages of the link: their golden files, their description, and what is refused.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by panicking"
)]

mod description;

mod described;
mod golden;
mod limits;
mod signature;
mod topics;
