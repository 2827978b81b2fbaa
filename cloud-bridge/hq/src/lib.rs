//! Headquarters: ingest, storage, policy, live dashboards.

pub mod view;
