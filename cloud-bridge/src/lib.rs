//! The store's end of the link to headquarters. This version has only its place in the workspace:
//! the journal is already the outbox, and `hq-wire` already fixes what its rows look like.

pub mod policy;
