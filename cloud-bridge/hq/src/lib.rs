//! Headquarters: ingest, storage, policy, live dashboards.

pub mod broker;
pub mod database;
pub mod enrolment;
pub mod ingest;
pub mod keys;
pub mod mqtt;
pub mod people;
pub mod policy;
pub mod settings;
pub mod store;
pub mod view;
