//! A recorded day of trade, entered again: every basket, line by line, over the HTTP API.
//!
//! [`file`](mod@file) reads what was sold, [`plan`] turns a basket into the commands of a cashier,
//! [`client`] sends them and repeats what was not answered, [`run`] drives many registers and
//! stores. [`totals`] adds up the file on one side and, through [`stores`], the journals on the
//! other, and where the stores are linked to [`headquarters`] it is asked over its API what it
//! has; the replay succeeds only where all agree. The sides share no code but the names of the
//! sums.

pub mod agreement;
pub mod catalogue;
pub mod client;
pub mod command;
mod error;
pub mod file;
pub mod headquarters;
pub mod here;
pub mod journals;
pub mod plan;
pub mod run;
pub mod stores;
pub mod totals;

pub use error::ReplayError;
