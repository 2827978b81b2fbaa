//! Logs: for a person on a terminal, or as JSON for a journal. Never secrets, never names.

mod seldom;

use std::io::IsTerminal;

use serde::{Deserialize, Serialize};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer as _};

use seldom::Seldom;

/// How a line of the log looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For a person.
    #[default]
    Human,
    /// One JSON object per line.
    Json,
}

/// Why logging could not begin.
#[derive(Debug, thiserror::Error)]
pub enum LoggingError {
    /// The level is neither a word such as `info` nor a list such as `info,hub=debug`.
    #[error("the log level {level:?} is not understood: {reason}")]
    BadLevel {
        /// What was set.
        level: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Logging was begun before.
    #[error("logging had begun already")]
    Begun(#[source] tracing_subscriber::util::TryInitError),
}

/// Takes a level apart: `info`, or `info,hub=debug`.
///
/// # Errors
/// [`LoggingError::BadLevel`].
pub fn parse_level(level: &str) -> Result<EnvFilter, LoggingError> {
    let bad = |reason: String| LoggingError::BadLevel { level: level.to_owned(), reason };
    // A lone word that is no level would count as a module's name and silence everything.
    let words = ["off", "error", "warn", "info", "debug", "trace"];
    for part in level.split(',').filter(|part| !part.contains('=')) {
        if !words.contains(&part.trim()) {
            return Err(bad(format!("{part:?} is none of {}", words.join(", "))));
        }
    }
    EnvFilter::try_new(level).map_err(|error| bad(error.to_string()))
}

/// Begins logging to standard error; once per process.
///
/// # Errors
/// A level that is not understood, or a second call.
pub fn begin(format: LogFormat, level: &str) -> Result<(), LoggingError> {
    let registry = tracing_subscriber::registry().with(parse_level(level)?);
    // A line that nobody takes is lost; saying so in the same place would end the process.
    let lines =
        tracing_subscriber::fmt::layer().with_writer(std::io::stderr).log_internal_errors(false);
    match format {
        LogFormat::Human => {
            let is_coloured =
                std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
            registry.with(lines.with_ansi(is_coloured).with_filter(Seldom::default())).try_init()
        }
        LogFormat::Json => {
            let lines = lines.json().flatten_event(true);
            registry.with(lines.with_filter(Seldom::default())).try_init()
        }
    }
    .map_err(LoggingError::Begun)
}

#[cfg(test)]
mod tests;
