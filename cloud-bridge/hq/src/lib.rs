//! Headquarters: ingest, storage, policy, live dashboards.

pub mod ingest;
pub mod store;
pub mod view;
