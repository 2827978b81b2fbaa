use store_core::permission::{Permissions, Role};
use store_core::{OperatorId, WorkstationId};
use store_journal::WriterHandle;

/// What access is built with.
pub struct AccessConfig {
    /// The workstations of the store.
    pub workstations: Vec<WorkstationId>,
    /// How long a session lives unused.
    pub limits: SessionLimits,
    /// What each role may do.
    pub permissions: Permissions,
    /// Writes changes down.
    pub writer: WriterHandle,
}

/// How long a session lives without being used, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionLimits {
    /// At a workstation.
    pub workstation_idle_ms: i64,
    /// At any other browser.
    pub roaming_idle_ms: i64,
    /// After which the screen of a workstation locks; 0 for never.
    pub lock_ms: i64,
}

impl SessionLimits {
    /// The limit of a session, in milliseconds.
    pub(super) const fn idle_ms(self, is_at_workstation: bool) -> i64 {
        if is_at_workstation { self.workstation_idle_ms } else { self.roaming_idle_ms }
    }
}

/// Somebody to be added.
pub struct NewOperator {
    /// The id.
    pub id: OperatorId,
    /// The name.
    pub name: String,
    /// The role.
    pub role: Role,
    /// The PIN, in clear; it is hashed and forgotten.
    pub pin: String,
}
