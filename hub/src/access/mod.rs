//! Who may do what: people, browsers and sessions, kept in memory and written through.

mod approvals;
mod asked;
pub mod authority;
mod caller;
mod config;
mod denied;
mod doors;
mod ends;
mod extract;
mod own;
mod people;
mod sessions;
mod tables;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Instant;

use jiff::Timestamp;
use service_kit::security::{SetupCode, hashing, pin, token};
use store_core::permission::{Permission, Permissions, Role};
use store_core::{OperatorId, WorkstationId};
use store_journal::{AccessChange, Operator, ReadError, Reader, Session as StoredSession, Write};
use tokio::sync::{Semaphore, broadcast, oneshot};

use approvals::Approvals;
pub use approvals::{APPROVAL_S, Deed};
use asked::Asked;
pub use authority::{
    MayKeepStock, MayManagePeople, MayReadJournal, MayReprint, MaySetTime, MaySetUpDevices,
};
pub use caller::Caller;
pub use config::{AccessConfig, NewOperator, SessionLimits};
pub use denied::Denied;
use ends::Ended;
pub use ends::SessionWatch;
pub use extract::{AnySession, AtRegister, Session};
use tables::Tables;

/// PINs hashed at once: each takes 19 MiB, and a Pi has little memory.
const HASHING_MAX: usize = 2;

/// Sessions that end while a screen is slow to hear of it.
const ENDS_MAX: usize = 64;

impl OperatorView {
    /// Of somebody who works here.
    #[must_use]
    pub fn of(operator: &Operator) -> Self {
        let (id, name) = (operator.id.clone(), operator.name.clone());
        Self { id, name, role: operator.role.code(), has_badge: operator.badge_hash.is_some() }
    }
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
    /// Whether they can sign in with a badge.
    pub has_badge: bool,
}

/// How somebody says who they are.
pub enum Proof {
    /// By what they know.
    Pin {
        /// Who they say they are.
        operator: OperatorId,
        /// Their PIN, in clear.
        pin: String,
    },
    /// By what they have: the code that a scanner read from their badge.
    Badge(String),
}

/// A browser that has just been let in: the secret for its cookie.
pub struct Admitted {
    /// What the cookie holds; only its hash is kept here.
    pub secret: String,
    /// Whose session it is.
    pub session: Session,
}

/// Who may do what in one store.
#[derive(Clone)]
pub struct Access(Arc<Inner>);

struct Inner {
    tables: Mutex<Tables>,
    /// Held by whoever reads the tables, decides and writes: of two at once the second sees the
    /// first.
    turn: tokio::sync::Mutex<()>,
    /// Waiting is measured from here.
    started: Instant,
    config: AccessConfig,
    /// Those of the settings, until headquarters decides others.
    limits: RwLock<SessionLimits>,
    /// Those of the settings, until headquarters decides others.
    permissions: RwLock<Arc<Permissions>>,
    approvals: Mutex<Approvals>,
    asked: Mutex<Asked>,
    hashing: Arc<Semaphore>,
    ends: broadcast::Sender<Ended>,
    setup: Mutex<Option<SetupCode>>,
}

/// Longest name of a person, in characters.
const NAME_CHARS_MAX: usize = 64;

impl Access {
    /// Reads the tables.
    ///
    /// # Errors
    /// Where the journal cannot be read.
    pub fn load(reader: &Reader, config: AccessConfig) -> Result<Self, ReadError> {
        let now = Self::now_ms();
        let mut tables = Tables::read(reader, config.limits, now)?;
        let sessions = std::mem::take(&mut tables.sessions).into_iter();
        let (open, over): (BTreeMap<_, _>, BTreeMap<_, _>) =
            sessions.partition(|(_, session)| session.expires_ms > now);
        tables.sessions = open;
        let (ends, _) = broadcast::channel(ENDS_MAX);
        let setup = tables.operators.is_empty().then(SetupCode::new);
        let access = Self(Arc::new(Inner {
            tables: Mutex::new(tables),
            turn: tokio::sync::Mutex::new(()),
            started: Instant::now(),
            limits: RwLock::new(config.limits),
            permissions: RwLock::new(Arc::new(config.permissions.clone())),
            approvals: Mutex::default(),
            asked: Mutex::default(),
            config,
            hashing: Arc::new(Semaphore::new(HASHING_MAX)),
            ends,
            setup: Mutex::new(setup),
        }));
        for token_hash in over.into_keys() {
            access.write_behind(AccessChange::CloseSession(token_hash));
        }
        Ok(access)
    }

    /// The code that makes the first manager; none when there is one. It lives as long as this
    /// process: a new start prints a new one.
    #[must_use]
    pub fn setup_code(&self) -> Option<String> {
        self.setup().as_ref().map(|code| code.text().to_owned())
    }

    /// Whether the store waits for its first manager.
    #[must_use]
    pub fn needs_setup(&self) -> bool {
        self.tables().operators.is_empty()
    }

    /// The workstations of the store.
    #[must_use]
    pub fn workstations(&self) -> &[WorkstationId] {
        &self.0.config.workstations
    }

    /// Makes the first manager. The code is good for one of them, however many use it at once.
    ///
    /// # Errors
    /// [`Denied`]: another code, an easy PIN, or somebody was quicker.
    pub async fn set_up(
        &self,
        code: &str,
        person: NewOperator,
        caller: &Caller,
    ) -> Result<(), Denied> {
        let keys = self.place_of(caller).setup_keys();
        self.begin_attempt(&keys)?;
        let _turn = self.0.turn.lock().await;
        if !self.needs_setup() {
            self.take_back(&keys);
            return Err(Denied::AlreadySetUp);
        }
        let fits = self.setup().as_ref().is_some_and(|expected| expected.fits(code));
        if !fits {
            self.fail(&keys).await?;
            return Err(Denied::BadCredentials);
        }
        self.take_back(&keys);
        let person = self.hashed(NewOperator { role: Role::Manager, ..person }).await?;
        self.change(AccessChange::PutOperator(person)).await?;
        *self.setup() = None;
        Ok(())
    }

    fn setup(&self) -> std::sync::MutexGuard<'_, Option<SetupCode>> {
        self.0.setup.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a person.
    ///
    /// # Errors
    /// [`Denied`]: an easy PIN, a bad name, a taken id.
    pub async fn add_operator(&self, person: NewOperator) -> Result<(), Denied> {
        let person = self.hashed(person).await?;
        let _turn = self.0.turn.lock().await;
        if self.tables().operators.contains_key(&person.id) {
            return Err(Denied::OperatorExists);
        }
        self.change(AccessChange::PutOperator(person)).await
    }

    async fn hashed(&self, person: NewOperator) -> Result<Operator, Denied> {
        let NewOperator { id, name, role, pin } = person;
        let name = name.trim().to_owned();
        if name.is_empty() || name.chars().count() > NAME_CHARS_MAX {
            return Err(Denied::BadName);
        }
        pin::check(&pin).map_err(|_| Denied::WeakPin)?;
        let pin_hash =
            self.hashing(move || hashing::hash(&pin)).await?.map_err(|_| Denied::Stopping)?;
        Ok(Operator { id, name, role, pin_hash, badge_hash: None, decided_pin_hash: None })
    }

    /// What each role may do.
    #[must_use]
    pub fn permissions(&self) -> Arc<Permissions> {
        self.0.permissions.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Notes that somebody allowed a command that whoever has the session may not do alone; answers
    /// the secret to do it with. It is allowed either in training or not.
    #[must_use]
    pub fn approve(
        &self,
        session: &Session,
        allowed: (Permission, bool),
        by: OperatorId,
    ) -> String {
        self.approvals().give(session, allowed, by, self.running_ms())
    }

    /// Uses an approval up; answers who gave it, if it is one.
    #[must_use]
    pub fn redeem(
        &self,
        secret: &str,
        session: &Session,
        wanted: (Permission, bool),
        deed: Deed,
    ) -> Option<OperatorId> {
        self.approvals().redeem(secret, session, wanted, deed, self.running_ms())
    }

    /// Whether a refused reading is worth writing down: the first in a minute is.
    fn is_first(&self, lacking: &authority::Lacking) -> bool {
        let mut asked = self.0.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.is_first(lacking, self.running_ms())
    }

    fn approvals(&self) -> std::sync::MutexGuard<'_, Approvals> {
        self.0.approvals.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Everybody who works here.
    #[must_use]
    pub fn operators(&self) -> Vec<OperatorView> {
        let tables = self.tables();
        tables.operators.values().map(OperatorView::of).collect()
    }

    /// The name of somebody.
    #[must_use]
    pub fn name(&self, operator: &OperatorId) -> Option<Arc<str>> {
        self.tables().operators.get(operator).map(|known| Arc::from(known.name.as_str()))
    }

    /// The workstation that a browser with this secret is.
    #[must_use]
    pub fn workstation_of(&self, secret: &str) -> Option<WorkstationId> {
        self.tables().workstation_of(&token::hash(secret)).cloned()
    }

    fn idle_ms(&self, session: &StoredSession) -> i64 {
        self.limits().idle_ms(session.workstation.is_some())
    }

    fn tables(&self) -> std::sync::MutexGuard<'_, Tables> {
        self.0.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The machine's time, not the store's: a session runs out by the clock on the wall even where
    /// a replay sets the store's.
    fn now_ms() -> i64 {
        Timestamp::now().as_millisecond()
    }

    fn end(&self, token_hashes: Vec<String>, notice: &'static str) {
        for token_hash in token_hashes {
            self.approvals().forget(&token_hash);
            // Nobody may be looking.
            let _ = self.0.ends.send(Ended { token_hash, notice });
        }
    }

    /// Milliseconds since the start, by a clock that only runs forward.
    fn running_ms(&self) -> u64 {
        u64::try_from(self.0.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Writes a change down, then applies it here.
    async fn change(&self, change: AccessChange) -> Result<(), Denied> {
        let (reply, written) = oneshot::channel();
        let inner = self.0.clone();
        let applied = change.clone();
        let submitted = self.0.config.writer.submit(
            Write::Access(change),
            Box::new(move |result| {
                // Where it is answered, in the order of the writes: memory and file agree also
                // where two change the same thing, or the one who asked has gone.
                if result.is_ok() {
                    inner.tables.lock().unwrap_or_else(PoisonError::into_inner).apply(&applied);
                }
                let _ = reply.send(result.map(drop));
            }),
        );
        if submitted.is_err() {
            return Err(Denied::Stopping);
        }
        match written.await {
            Ok(result) => result.map_err(Denied::Journal),
            Err(_) => Err(Denied::Stopping),
        }
    }

    /// Writes a setting of the hub's own down.
    ///
    /// # Errors
    /// [`Denied`] where it could not be written.
    pub async fn note(&self, change: AccessChange) -> Result<(), Denied> {
        self.change(change).await
    }

    /// Writes down what memory has already; nobody waits for it.
    fn write_behind(&self, change: AccessChange) {
        let _ = self.0.config.writer.submit(Write::Access(change), Box::new(|_| {}));
    }

    async fn hashing<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Denied> {
        let turn = self.0.hashing.clone().acquire_owned().await.map_err(|_| Denied::Stopping)?;
        // The turn goes with the work: whoever asked may have gone, and the work goes on.
        let work = move || {
            let _turn = turn;
            work()
        };
        actix_web::web::block(work).await.map_err(|_| Denied::Stopping)
    }
}
