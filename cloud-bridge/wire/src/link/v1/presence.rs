use serde::{Deserialize, Serialize};

/// `status`: a store's birth, or the last will of its connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Status {
    /// It is there.
    Birth {
        /// True.
        online: bool,
        /// Its connection: a UUID made for each, which the will of the same connection repeats, so
        /// that the late will of an old connection is told from the present one.
        boot: String,
        /// The software with its version.
        version: String,
        /// The stream that rows are added to.
        stream: String,
        /// Its last row.
        head: u64,
        /// The store's name for people.
        name: String,
        /// The currency of its amounts.
        currency: String,
        /// Its time zone, an IANA name.
        time_zone: String,
    },
    /// It went away.
    Will {
        /// False.
        online: bool,
        /// The connection that ended.
        boot: String,
    },
}

impl Status {
    /// Whether the store is there.
    #[must_use]
    pub const fn is_online(&self) -> bool {
        match self {
            Self::Birth { online, .. } | Self::Will { online, .. } => *online,
        }
    }

    /// The connection that it speaks of.
    #[must_use]
    pub fn boot(&self) -> &str {
        match self {
            Self::Birth { boot, .. } | Self::Will { boot, .. } => boot,
        }
    }
}

/// `state/{thing}`: the last known of something, with the moment it was said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State<T> {
    /// When, in milliseconds since 1970 by the store's clock.
    pub at_ms: i64,
    /// What.
    #[serde(flatten)]
    pub value: T,
}

/// What a store has that headquarters has not acknowledged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// Rows.
    pub rows: u64,
    /// Completed sales among them.
    pub sales: u64,
    /// When the oldest of them was written, in milliseconds since 1970; none where none waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since_ms: Option<i64>,
}

/// `state/link`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkState {
    /// The stream that rows are added to.
    pub stream: String,
    /// Its last row.
    pub head: u64,
    /// What waits.
    pub waiting: Waiting,
    /// Why the journal of this store goes on in a new stream, where it had to, as a code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub diverged: Option<String>,
}

/// `state/registers`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterState {
    /// The registers in order: workstation and who is signed on, by id.
    pub registers: Vec<(String, Option<String>)>,
}

/// `state/stock`: a summary; the levels themselves are folded from the facts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockState {
    /// Items that ever moved.
    pub items: u64,
    /// Of those, items below nothing.
    pub negative: u64,
}

/// `state/alerts`: the alerts of safety stock that are up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertState {
    /// Items with since when, in milliseconds since 1970.
    pub alerts: Vec<(String, i64)>,
}

/// `state/trade`: of a store of the demonstration.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TradeState {
    /// Whether simulated trade goes on.
    pub on: bool,
}
