//! Who may do what: people, browsers and sessions, kept in memory and written through.

mod extract;
mod tables;

use std::sync::{Arc, Mutex, PoisonError};

use store_actors::Clock;
use store_core::{OperatorId, WorkstationId};
use store_journal::{
    AccessChange, LedgerReads as _, Operator, ReadError, Reader, Role, Session as StoredSession,
    Write, WorkstationClaim, WriteError, WriterHandle, Written,
};
use tokio::sync::{Semaphore, broadcast, oneshot};

pub use extract::{AtRegister, Manager, Session, Supervisor};
use tables::Tables;

use crate::security::{lockout, pin, setup, token};

/// PINs hashed at once: each takes 19 MiB, and a Pi has little memory.
const HASHING_MAX: usize = 2;

/// Sessions that end while a screen is slow to hear of it.
const ENDS_MAX: usize = 64;

/// Why somebody may not.
#[derive(Debug, thiserror::Error)]
pub enum Denied {
    /// No such person, or another PIN.
    #[error("bad credentials")]
    BadCredentials,
    /// Too many failures; seconds to wait.
    #[error("locked out for {0} s")]
    LockedOut(u64),
    /// The role is not enough.
    #[error("the role is not enough")]
    Forbidden,
    /// The PIN is too short, too long or too easy.
    #[error("the PIN is too easy")]
    WeakPin,
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

/// A person, as others may see them.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct OperatorView {
    /// The id.
    pub id: OperatorId,
    /// The name.
    pub name: String,
    /// The role's code.
    pub role: &'static str,
}

/// A browser that has just been let in: the secret for its cookie.
pub struct Admitted {
    /// What the cookie holds; only its hash is kept here.
    pub secret: String,
    /// Whose session it is.
    pub session: Session,
}

/// A session that ended, and why.
#[derive(Clone, Debug)]
struct Ended {
    token_hash: String,
    notice: &'static str,
}

/// Who may do what in one store.
#[derive(Clone)]
pub struct Access(Arc<Inner>);

struct Inner {
    tables: Mutex<Tables>,
    workstations: Vec<WorkstationId>,
    limits: token::SessionLimits,
    writer: WriterHandle,
    clock: Arc<dyn Clock>,
    hashing: Semaphore,
    ends: broadcast::Sender<Ended>,
    setup: Mutex<Option<setup::SetupCode>>,
}

impl Access {
    /// Reads the tables.
    ///
    /// # Errors
    /// Where the journal cannot be read.
    pub fn load(
        reader: &Reader,
        writer: WriterHandle,
        workstations: Vec<WorkstationId>,
        limits: token::SessionLimits,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, ReadError> {
        let tables = Tables::read(reader)?;
        let (ends, _) = broadcast::channel(ENDS_MAX);
        Ok(Self(Arc::new(Inner {
            tables: Mutex::new(tables),
            workstations,
            limits,
            writer,
            clock,
            hashing: Semaphore::new(HASHING_MAX),
            ends,
            setup: Mutex::new(None),
        })))
    }
}
