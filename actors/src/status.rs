use serde::Serialize;

/// An actor as somebody looking into it sees it.
#[derive(Clone, Debug, Serialize)]
pub struct ActorStatus {
    /// Which actor.
    pub actor: String,
    /// How many inputs it has taken: what rises while it makes progress.
    pub inputs: u64,
    /// How many announcements it could not pass on; the receivers read them from the journal.
    pub announcements_lost: u64,
    /// What it holds.
    pub state: serde_json::Value,
}
