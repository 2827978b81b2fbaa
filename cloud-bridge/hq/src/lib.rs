//! Headquarters: ingest, storage, policy, live dashboards.

pub mod broker;
pub mod mqtt;
pub mod policy;
pub mod settings;
pub mod store;
pub mod view;
