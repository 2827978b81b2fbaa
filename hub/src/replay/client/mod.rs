//! A terminal without a screen: signs on as a browser does, sends commands over HTTP and repeats
//! what was not answered.

mod connection;
mod credentials;
mod latency;
mod register;
mod repeat;
mod sign_on;

use std::path::PathBuf;

pub use connection::{Connection, Reply};
pub use credentials::{Credentials, Crew};
pub use latency::{LatencyReport, LatencySamples};
pub(in crate::replay) use latency::{microseconds, thousandths};
pub use register::{Entered, Refused, RegisterClient};
pub use repeat::{AnsweredCommand, Repeat, RepeatCounts, Repeater};
pub use sign_on::{StoreAccess, office, sign_on, sign_on_at, sign_on_each};

/// Why a terminal cannot go on: a fault that an operator reads.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// No answer for as long as anybody would wait.
    #[error("no answer to {what} within {seconds} s, but {last}")]
    NoAnswer {
        /// What was asked.
        what: String,
        /// How long it was repeated.
        seconds: u64,
        /// What came instead of an answer, the last time.
        last: String,
    },
    /// The answer says no where there is nothing to be refused.
    #[error("{what} was answered {status}: {body}")]
    Unexpected {
        /// What was asked.
        what: String,
        /// The HTTP status.
        status: u16,
        /// The answer's text, shortened.
        body: String,
    },
    /// The answer is not what the contract says.
    #[error("the answer to {what} cannot be read")]
    BadAnswer {
        /// What was asked.
        what: String,
        /// Why.
        source: serde_json::Error,
    },
    /// A repeated command was not answered as before.
    #[error("a repeated command was answered differently: {before} and then {after}")]
    RepeatDiffers {
        /// The first outcome.
        before: String,
        /// The later one.
        after: String,
    },
    /// The hub has operators and this data directory does not know them.
    #[error("the store is set up already and {} is missing", path.display())]
    NoCredentials {
        /// Where they should be.
        path: PathBuf,
    },
    /// The hub wants to be set up and gave no code.
    #[error("the store is not set up and there is no set-up code")]
    NoSetupCode,
    /// The credentials could not be kept.
    #[error("cannot keep the credentials in {}", path.display())]
    Credentials {
        /// Where.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The machine gives no random numbers.
    #[error("no random numbers for a PIN")]
    NoRandom,
    /// A stream that cannot be read.
    #[error("reading {what}")]
    Stream {
        /// What was asked.
        what: String,
        /// Why.
        source: std::io::Error,
    },
    /// An amount that was answered cannot be added.
    #[error("the change that was answered")]
    BadChange(#[from] store_core::MoneyError),
}
