use store_core::permission::Permission;
use store_journal::WriteError;

/// Why somebody may not.
#[derive(Debug, thiserror::Error)]
pub enum Denied {
    /// No such person, or another PIN.
    #[error("bad credentials")]
    BadCredentials,
    /// Too many failures; seconds to wait.
    #[error("locked out for {0} s")]
    LockedOut(u64),
    /// The PIN is right and the role is not enough.
    #[error("the permission {0} is needed")]
    Lacks(Permission),
    /// The PIN is too short, too long or too easy.
    #[error("the PIN is too easy")]
    WeakPin,
    /// What was read is no badge.
    #[error("this is no badge")]
    NotABadge,
    /// Badges are read at workstations.
    #[error("a badge is for a workstation")]
    BadgeElsewhere,
    /// There is nobody with this id.
    #[error("there is nobody with this id")]
    NoSuchOperator,
    /// There is a manager already.
    #[error("the store is set up already")]
    AlreadySetUp,
    /// There is no such workstation.
    #[error("there is no such workstation")]
    NoSuchWorkstation,
    /// There is somebody with this id.
    #[error("the id is taken")]
    OperatorExists,
    /// A name or an id that cannot be one.
    #[error("a name of 1 to 64 characters is needed")]
    BadName,
    /// It could not be written down.
    #[error("writing access down")]
    Journal(#[source] WriteError),
    /// The hub is closing.
    #[error("the hub is closing")]
    Stopping,
}
