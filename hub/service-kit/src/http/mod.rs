//! A web that may stand on a hostile network.

pub mod address;
pub mod assets;
pub mod caller;
pub mod connections;
pub mod cookies;
pub mod docs;
pub mod guard;
pub mod input;
pub mod openapi;
pub mod problem;
pub mod server;
