//! Who may do what: people, browsers and sessions, kept in memory and written through.

mod config;
mod denied;
mod ends;
mod extract;
mod tables;

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use store_core::{OperatorId, WorkstationId};
use store_journal::{
    AccessChange, Lockout, Operator, ReadError, Reader, Role, Session as StoredSession,
    WorkstationClaim, Write,
};
use tokio::sync::{Semaphore, broadcast, oneshot};

pub use config::{AccessConfig, NewOperator, SessionLimits};
pub use denied::Denied;
use ends::Ended;
pub use ends::SessionWatch;
pub use extract::{AtRegister, Manager, Session, Supervisor};
use tables::Tables;

use crate::security::{SetupCode, Token, lockout, pin, token};

/// PINs hashed at once: each takes 19 MiB, and a Pi has little memory.
const HASHING_MAX: usize = 2;

/// Sessions that end while a screen is slow to hear of it.
const ENDS_MAX: usize = 64;

impl OperatorView {
    fn of(operator: &Operator) -> Self {
        let (id, name) = (operator.id.clone(), operator.name.clone());
        Self { id, name, role: operator.role.code() }
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
    config: AccessConfig,
    hashing: Semaphore,
    ends: broadcast::Sender<Ended>,
    setup: Mutex<Option<SetupCode>>,
}

/// Longest name of a person, in characters.
const NAME_CHARS_MAX: usize = 64;

/// How often the use of a session is written down.
const TOUCH_INTERVAL_MS: i64 = 60_000;

impl Access {
    /// Reads the tables.
    ///
    /// # Errors
    /// Where the journal cannot be read.
    pub fn load(reader: &Reader, config: AccessConfig) -> Result<Self, ReadError> {
        let tables = Tables::read(reader)?;
        let (ends, _) = broadcast::channel(ENDS_MAX);
        let setup = tables.operators.is_empty().then(SetupCode::new);
        Ok(Self(Arc::new(Inner {
            tables: Mutex::new(tables),
            config,
            hashing: Semaphore::new(HASHING_MAX),
            ends,
            setup: Mutex::new(setup),
        })))
    }

    /// The code that makes the first manager; none when there is one. It lives as long as this
    /// process: a new start prints a new one.
    #[must_use]
    pub fn setup_code(&self) -> Option<String> {
        let setup = self.0.setup.lock().unwrap_or_else(PoisonError::into_inner);
        setup.as_ref().map(|code| code.text().to_owned())
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

    /// Makes the first manager.
    ///
    /// # Errors
    /// [`Denied`]: another code, an easy PIN, or somebody was quicker.
    pub async fn set_up(&self, code: &str, person: NewOperator, peer: &str) -> Result<(), Denied> {
        let key = format!("address {peer}");
        self.check_lockout(&key)?;
        if !self.needs_setup() {
            return Err(Denied::AlreadySetUp);
        }
        let fits = {
            let setup = self.0.setup.lock().unwrap_or_else(PoisonError::into_inner);
            setup.as_ref().is_some_and(|expected| expected.fits(code))
        };
        if !fits {
            self.count_failure(&key).await?;
            return Err(Denied::BadCredentials);
        }
        let person = NewOperator { role: Role::Manager, ..person };
        self.put_operator(person, true).await?;
        *self.0.setup.lock().unwrap_or_else(PoisonError::into_inner) = None;
        Ok(())
    }

    /// Adds a person.
    ///
    /// # Errors
    /// [`Denied`]: an easy PIN, a bad name, a taken id.
    pub async fn add_operator(&self, person: NewOperator) -> Result<(), Denied> {
        self.put_operator(person, false).await
    }

    async fn put_operator(&self, person: NewOperator, is_first: bool) -> Result<(), Denied> {
        let NewOperator { id, name, role, pin } = person;
        let name = name.trim().to_owned();
        if name.is_empty() || name.chars().count() > NAME_CHARS_MAX {
            return Err(Denied::BadName);
        }
        pin::check(&pin).map_err(|_| Denied::WeakPin)?;
        let pin_hash =
            self.hashing(move || pin::hash(&pin)).await?.map_err(|_| Denied::Stopping)?;
        {
            let tables = self.tables();
            if is_first && !tables.operators.is_empty() {
                return Err(Denied::AlreadySetUp);
            }
            if tables.operators.contains_key(&id) {
                return Err(Denied::OperatorExists);
            }
        }
        self.change(AccessChange::PutOperator(Operator { id, name, role, pin_hash })).await
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

    /// Makes a browser a workstation, with a manager's PIN; the one before is told.
    ///
    /// # Errors
    /// [`Denied`].
    pub async fn claim(
        &self,
        workstation: &WorkstationId,
        operator: &OperatorId,
        pin: String,
        peer: &str,
    ) -> Result<(String, bool), Denied> {
        if !self.0.config.workstations.contains(workstation) {
            return Err(Denied::NoSuchWorkstation);
        }
        let person = self.check_pin(operator, pin, peer).await?;
        if person.role != Role::Manager {
            return Err(Denied::Forbidden);
        }
        let token = Token::new();
        let now = Self::now_ms();
        let claim = WorkstationClaim {
            workstation: workstation.clone(),
            token_hash: token.hash(),
            claimed_ms: now,
        };
        let before: Vec<String> = {
            let tables = self.tables();
            let sessions = tables.sessions.values();
            let here = sessions.filter(|one| one.workstation.as_ref() == Some(workstation));
            here.map(|one| one.token_hash.clone()).collect()
        };
        let took_over = self.tables().claims.contains_key(workstation);
        let change = AccessChange::Together(vec![
            AccessChange::Claim(claim),
            AccessChange::CloseSessionsAt(workstation.clone()),
        ]);
        self.change(change).await?;
        self.end(before, "workstation_taken_over");
        Ok((token.into_secret(), took_over))
    }

    /// Lets somebody in at a browser.
    ///
    /// # Errors
    /// [`Denied`].
    pub async fn sign_in(
        &self,
        operator: &OperatorId,
        pin: String,
        browser: Option<&str>,
        peer: &str,
    ) -> Result<Admitted, Denied> {
        let person = self.check_pin(operator, pin, peer).await?;
        let workstation = browser.and_then(|secret| self.workstation_of(secret));
        let token = Token::new();
        let now = Self::now_ms();
        let stored = StoredSession {
            token_hash: token.hash(),
            operator: operator.clone(),
            workstation,
            created_ms: now,
            last_seen_ms: now,
            expires_ms: now,
        };
        let stored = StoredSession { expires_ms: now + self.idle_ms(&stored), ..stored };
        let session = Session::of(&stored, &person);
        self.change(AccessChange::OpenSession(stored)).await?;
        Ok(Admitted { secret: token.into_secret(), session })
    }

    /// Ends a session.
    ///
    /// # Errors
    /// [`Denied::Journal`] where it could not be written down.
    pub async fn sign_out(&self, session: &Session) -> Result<(), Denied> {
        self.change(AccessChange::CloseSession(session.token_hash.clone())).await?;
        self.end(vec![session.token_hash.clone()], "session_ended");
        Ok(())
    }

    /// The session with this secret, if it has not run out; it is used by asking.
    #[must_use]
    pub fn session(&self, secret: &str) -> Option<Session> {
        let hash = token::hash(secret);
        let now = Self::now_ms();
        let mut tables = self.tables();
        let stored = tables.sessions.get(&hash)?.clone();
        if stored.expires_ms <= now {
            tables.sessions.remove(&hash);
            return None;
        }
        let person = tables.operators.get(&stored.operator)?.clone();
        let expires_ms = now + self.idle_ms(&stored);
        if let Some(used) = tables.sessions.get_mut(&hash) {
            used.last_seen_ms = now;
            used.expires_ms = expires_ms;
        }
        drop(tables);
        if now - stored.last_seen_ms > TOUCH_INTERVAL_MS {
            let touch =
                AccessChange::TouchSession { token_hash: hash, last_seen_ms: now, expires_ms };
            // Not waited for: at worst the session runs out a minute early after a restart.
            let _ = self.0.config.writer.submit(Write::Access(touch), Box::new(|_| {}));
        }
        Some(Session::of(&stored, &person))
    }

    /// The workstation that a browser with this secret is.
    #[must_use]
    pub fn workstation_of(&self, secret: &str) -> Option<WorkstationId> {
        self.tables().workstation_of(&token::hash(secret)).cloned()
    }

    /// Tells when a session ends.
    #[must_use]
    pub fn watch(&self, session: &Session) -> SessionWatch {
        SessionWatch::new(session.token_hash.clone(), self.0.ends.subscribe())
    }

    fn idle_ms(&self, session: &StoredSession) -> i64 {
        match session.workstation {
            Some(_) => self.0.config.limits.workstation_idle_ms,
            None => self.0.config.limits.roaming_idle_ms,
        }
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
            // Nobody may be looking.
            let _ = self.0.ends.send(Ended { token_hash, notice });
        }
    }

    /// Writes a change down, then applies it here.
    async fn change(&self, change: AccessChange) -> Result<(), Denied> {
        let (reply, written) = oneshot::channel();
        let write = Write::Access(change.clone());
        let submitted = self.0.config.writer.submit(
            write,
            Box::new(move |result| {
                let _ = reply.send(result);
            }),
        );
        if submitted.is_err() {
            return Err(Denied::Stopping);
        }
        match written.await {
            Ok(Ok(_)) => self.tables().apply(&change),
            Ok(Err(error)) => return Err(Denied::Journal(error)),
            Err(_) => return Err(Denied::Stopping),
        }
        Ok(())
    }

    async fn hashing<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Denied> {
        let _turn = self.0.hashing.acquire().await.map_err(|_| Denied::Stopping)?;
        actix_web::web::block(work).await.map_err(|_| Denied::Stopping)
    }

    /// Checks a PIN. An unknown person takes as long as a wrong PIN.
    async fn check_pin(
        &self,
        operator: &OperatorId,
        pin: String,
        peer: &str,
    ) -> Result<Operator, Denied> {
        let keys = [format!("operator {operator}"), format!("address {peer}")];
        for key in &keys {
            self.check_lockout(key)?;
        }
        let person = self.tables().operators.get(operator).cloned();
        let hash = person.as_ref().map(|person| person.pin_hash.clone());
        let fits = self.hashing(move || pin::verify(&pin, hash.as_deref())).await?;
        match person {
            Some(person) if fits => {
                if self.tables().lockouts.contains_key(&keys[0]) {
                    self.change(AccessChange::ClearLockout(keys[0].clone())).await?;
                }
                Ok(person)
            }
            _ => {
                for key in &keys {
                    self.count_failure(key).await?;
                }
                Err(Denied::BadCredentials)
            }
        }
    }

    fn check_lockout(&self, key: &str) -> Result<(), Denied> {
        let now = Self::now_ms();
        let tables = self.tables();
        let left = tables.lockouts.get(key).map_or(0, |known| known.locked_until_ms - now);
        match u64::try_from(left) {
            Ok(left) if left > 0 => Err(Denied::LockedOut(left.div_ceil(1000))),
            _ => Ok(()),
        }
    }

    async fn count_failure(&self, key: &str) -> Result<(), Denied> {
        let failures = self.tables().lockouts.get(key).map_or(0, |known| known.failures) + 1;
        let locked_until_ms = Self::now_ms() + lockout::lock_ms(failures);
        let lockout = Lockout { key: key.to_owned(), failures, locked_until_ms };
        self.change(AccessChange::PutLockout(lockout)).await
    }
}
