use crate::database::AskError;

/// Why somebody may not.
#[derive(Debug, thiserror::Error)]
pub enum Denied {
    /// No such person, or another password.
    #[error("bad credentials")]
    BadCredentials,
    /// Too many failures; seconds to wait.
    #[error("locked out for {0} s")]
    LockedOut(u64),
    /// The password is too short, too long or too simple.
    #[error("the password is too weak")]
    WeakPassword,
    /// There is an administrator already.
    #[error("headquarters is set up already")]
    AlreadySetUp,
    /// There is somebody with this id.
    #[error("the id is taken")]
    UserExists,
    /// There is nobody with this id.
    #[error("there is nobody with this id")]
    NoSuchUser,
    /// Without them nobody could look after headquarters.
    #[error("they are the last administrator")]
    LastAdmin,
    /// A name or an id that cannot be one.
    #[error("an id and a name of 1 to 64 characters are needed")]
    BadName,
    /// A role without the scopes that it needs, or with some that it cannot have.
    #[error("a region's or a store's reader needs scopes, and nobody else has any")]
    BadScopes,
    /// It could not be written down.
    #[error("writing it down")]
    Asking(#[from] AskError),
}
