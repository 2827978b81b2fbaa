//! The web: who may ask, what they get, and in which words they are refused.

pub mod assets;
pub mod authority;
pub mod cookies;
pub mod guard;
pub mod health;
pub mod input;
pub mod online;
pub mod openapi;
pub mod problem;
pub mod rate;
pub mod routes;
pub mod server;
