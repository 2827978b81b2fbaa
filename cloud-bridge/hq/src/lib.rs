//! Headquarters: ingest, storage, policy, live dashboards.

pub mod store;
pub mod view;
