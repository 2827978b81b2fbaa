//! Headquarters: ingest, storage, policy, live dashboards.

pub mod broker;
pub mod ingest;
pub mod mqtt;
pub mod settings;
pub mod store;
pub mod view;
