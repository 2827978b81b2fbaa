use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The names of what headquarters asks of a store. A store that lacks one, as one that is no
/// demonstration lacks `background_trade`, refuses it with `unknown_command`.
pub const COMMANDS: [&str; 3] = ["background_trade", "describe", "verify"];

/// The names of what a store asks of headquarters.
pub const QUERIES: [&str; 2] = ["receipt", "stock"];

/// `command/{name}`: asked of a store. It is repeated at every birth until it is answered or
/// expires; a store answers a repeated one from memory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Command {
    /// Names it: a UUID.
    pub id: String,
    /// Not after this, in milliseconds since 1970.
    pub expires_ms: i64,
    /// What is asked; its form depends on the name.
    #[serde(default)]
    pub body: Value,
}

/// `query/{name}`: asked of headquarters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Query {
    /// Names it: a UUID.
    pub id: String,
    /// What is asked; its form depends on the name.
    #[serde(default)]
    pub body: Value,
}

/// `reply/{name}` and `answer/{name}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// Which command or query.
    pub id: String,
    /// Why it was refused, as a code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
    /// What came of it.
    #[serde(default)]
    pub body: Value,
}
