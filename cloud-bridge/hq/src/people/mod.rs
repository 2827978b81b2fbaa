//! Who may see and do what at headquarters: people, sessions, and what a wrong password costs.
//! All of it is in the database, where another process of headquarters finds it too.

mod changes;
mod denied;
mod doors;
mod reach;
mod tables;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use jiff::Timestamp;
use serde::Serialize;
use service_kit::security::{Lockouts, SetupCode};
use tokio::sync::{Semaphore, broadcast};
use utoipa::ToSchema;

pub use changes::Change;
pub use denied::Denied;
pub use doors::{Admitted, NewUser};
pub use reach::{Reach, Role};
pub use tables::User;

use crate::database::{AskError, Database};

/// Passwords hashed at once: each takes 19 MiB.
const HASHING_MAX: usize = 2;
/// Times that sessions end while a page is slow to hear of it.
const ENDS_MAX: usize = 64;

/// The sessions that ended at once.
type Ended = Arc<BTreeSet<String>>;

/// A person, as others may see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct UserView {
    /// The id to sign in with.
    pub id: String,
    /// The name.
    pub name: String,
    /// `admin`, `chain`, `region` or `store`.
    pub role: Role,
    /// The regions or stores that they read, where the role has some.
    pub scope: Vec<String>,
}

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct Session {
    /// Who.
    pub user: UserView,
    /// What they may see.
    pub reach: Reach,
    pub(crate) token_hash: String,
}

/// Who may do what.
#[derive(Clone)]
pub struct People(Arc<Inner>);

struct Inner {
    database: Database,
    lockouts: Mutex<Lockouts>,
    /// Waiting is measured from here: by a clock that only runs forward.
    started: Instant,
    idle_ms: i64,
    hashing: Arc<Semaphore>,
    ends: broadcast::Sender<Ended>,
    setup: Mutex<Option<SetupCode>>,
    /// Of two who set up at once the second sees the first.
    turn: tokio::sync::Mutex<()>,
}

impl People {
    /// Reads what an earlier run left. `idle_ms` is how long a session lives unused.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub async fn load(database: Database, idle_ms: i64) -> Result<Self, AskError> {
        let now = now_ms();
        let (lockouts, has_users) = database
            .ask(move |store| {
                tables::forget_sessions_before(store.sql(), now)?;
                let mut lockouts = Lockouts::default();
                for (key, failures, until_ms) in tables::lockouts(store.sql())? {
                    let wait = u64::try_from(until_ms.saturating_sub(now)).unwrap_or(0);
                    lockouts.restore(key, failures, wait, 0);
                }
                Ok((lockouts, tables::has_users(store.sql())?))
            })
            .await?;
        let (ends, _) = broadcast::channel(ENDS_MAX);
        let setup = (!has_users).then(SetupCode::new);
        Ok(Self(Arc::new(Inner {
            database,
            lockouts: Mutex::new(lockouts),
            started: Instant::now(),
            idle_ms,
            hashing: Arc::new(Semaphore::new(HASHING_MAX)),
            ends,
            setup: Mutex::new(setup),
            turn: tokio::sync::Mutex::new(()),
        })))
    }

    /// The code that makes the first administrator; none when there is one. It lives as long as
    /// this process: a new start prints a new one.
    #[must_use]
    pub fn setup_code(&self) -> Option<String> {
        self.setup().as_ref().map(|code| code.text().to_owned())
    }

    /// Whether headquarters waits for its first administrator.
    #[must_use]
    pub fn needs_setup(&self) -> bool {
        self.setup().is_some()
    }

    /// Everybody who may sign in.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub async fn users(&self) -> Result<Vec<UserView>, AskError> {
        let users = self.0.database.ask(|store| tables::users(store.sql())).await?;
        Ok(users.iter().map(User::view).collect())
    }

    fn setup(&self) -> MutexGuard<'_, Option<SetupCode>> {
        self.0.setup.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lockouts(&self) -> MutexGuard<'_, Lockouts> {
        self.0.lockouts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Milliseconds since the start.
    fn running_ms(&self) -> u64 {
        u64::try_from(self.0.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// Milliseconds since 1970.
pub(crate) fn now_ms() -> i64 {
    Timestamp::now().as_millisecond()
}
