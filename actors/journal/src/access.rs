//! People, browsers and settings: kept beside the journal, never chained, never sent.

use store_core::permission::Role;
use store_core::{JournalSequence, OperatorId, StreamId, WorkstationId};

use crate::Digest;

/// Somebody who works in the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operator {
    /// The id that stands in rows.
    pub id: OperatorId,
    /// The name on the screen.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// The PIN's hash, with its own salt and parameters.
    pub pin_hash: String,
    /// The digest of their badge, where they have one.
    pub badge_hash: Option<String>,
    /// The PIN's hash that headquarters decided last: as long as it decides no other, a PIN that
    /// they chose themselves stays.
    pub decided_pin_hash: Option<String>,
}

/// Which browser is a workstation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkstationClaim {
    /// The workstation.
    pub workstation: WorkstationId,
    /// The hash of the browser's token.
    pub token_hash: String,
    /// Since when, in milliseconds since 1970.
    pub claimed_ms: i64,
}

/// Somebody signed in with a browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The hash of the session's token.
    pub token_hash: String,
    /// Who.
    pub operator: OperatorId,
    /// At which workstation, where the browser is one.
    pub workstation: Option<WorkstationId>,
    /// Since when, in milliseconds since 1970.
    pub created_ms: i64,
    /// Last seen, in milliseconds since 1970.
    pub last_seen_ms: i64,
    /// Over at, in milliseconds since 1970.
    pub expires_ms: i64,
    /// Whether the screen is locked: whoever goes on has to say who they are.
    pub is_locked: bool,
}

/// Failed attempts to sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lockout {
    /// Whose, or from where.
    pub key: String,
    /// How many in a row.
    pub failures: u32,
    /// Locked until, in milliseconds since 1970.
    pub locked_until_ms: i64,
}

/// How far headquarters has a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkCursor {
    /// The stream.
    pub stream: StreamId,
    /// Its last row that headquarters acknowledged.
    pub through: JournalSequence,
    /// That row's digest, as headquarters has it.
    pub digest: Digest,
}

/// A change beside the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccessChange {
    /// Somebody is new, or has another name, role or PIN.
    PutOperator(Operator),
    /// Somebody does not work here any more; rows go on naming them by id.
    RemoveOperator(OperatorId),
    /// A browser becomes a workstation; one that was it before is not any more.
    Claim(WorkstationClaim),
    /// A browser stops being this workstation.
    ReleaseClaim(WorkstationId),
    /// Somebody signed in.
    OpenSession(Session),
    /// A session was used.
    TouchSession {
        /// Which.
        token_hash: String,
        /// When, in milliseconds since 1970.
        last_seen_ms: i64,
        /// Over at, in milliseconds since 1970.
        expires_ms: i64,
    },
    /// A screen was locked or unlocked.
    LockSession {
        /// Which.
        token_hash: String,
        /// Whether it is locked now.
        is_locked: bool,
    },
    /// A session is over.
    CloseSession(String),
    /// All sessions at a workstation are over.
    CloseSessionsAt(WorkstationId),
    /// All sessions of somebody are over.
    CloseSessionsOf(OperatorId),
    /// Failed attempts were counted.
    PutLockout(Lockout),
    /// The attempts are forgotten.
    ClearLockout(String),
    /// A setting has this value now.
    PutSetting {
        /// Its name.
        key: String,
        /// Its value.
        value: String,
    },
    /// A setting is gone.
    RemoveSetting(String),
    /// Several at once: all of them or none.
    Together(Vec<Self>),
}
