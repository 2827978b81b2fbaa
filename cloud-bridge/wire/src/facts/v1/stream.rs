use serde::{Deserialize, Serialize};

/// The first row of every stream: `stream_started`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamStarted {
    /// The store the journal belongs to.
    pub store: String,
    /// Where the journal stood before; there is none for a journal that was just created.
    pub parent: Option<Parent>,
    /// Why there is a new stream.
    pub cause: StreamCause,
    /// The software that started it, with its version.
    pub software: String,
}

/// The last row of the stream before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parent {
    /// Its stream.
    pub stream: String,
    /// Its number.
    pub through: u64,
    /// Its digest, in hexadecimal.
    pub digest: String,
}

/// Why a stream was started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StreamCause {
    /// The journal is new.
    Created,
    /// The journal was restored from a backup.
    Restored,
    /// The journal was found to be rolled back or copied.
    Diverged,
}
