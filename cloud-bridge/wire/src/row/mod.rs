//! A row of a journal as it is exported and sent, by version.

pub mod v1;
