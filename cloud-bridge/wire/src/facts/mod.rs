//! The bodies of journal rows, by version.

pub mod v1;
