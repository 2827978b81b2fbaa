//! Letting in: set-up, signing in and out, and what a wrong password costs.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::Arc;

use service_kit::http::address::network_of;
use service_kit::security::{Token, hashing, password, token};
use tokio::sync::broadcast::error::RecvError;

use super::tables::{self, User};
use super::{Denied, People, Role, Session, UserView, now_ms};
use crate::database::AskError;

/// Longest id and name, in characters.
const NAME_CHARS_MAX: usize = 64;
/// Most regions or stores of one person.
const SCOPES_MAX: usize = 1_000;
/// How often the use of a session is written down.
const TOUCH_INTERVAL_MS: i64 = 60_000;

/// Somebody to be added.
pub struct NewUser {
    /// The id to sign in with.
    pub id: String,
    /// The name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// The regions or stores that they read.
    pub scopes: Vec<String>,
    /// The password, in clear; it is hashed and forgotten.
    pub password: String,
}

/// A browser that has just been let in.
pub struct Admitted {
    /// What the cookie holds; only its hash is kept here.
    pub secret: String,
    /// Whose session it is.
    pub user: UserView,
}

/// What fails when somebody's password is wrong: that person at that address, and the address
/// whoever is tried. A person alone is never locked, or anybody could keep an administrator out;
/// this machine is a place of its own, because its owner must always get in by it.
fn keys_of(id: &str, address: Option<IpAddr>) -> Vec<String> {
    let place = match address.map(network_of) {
        Some(address) if address.is_loopback() => return vec![format!("user {id} here")],
        Some(address) => format!("address {address}"),
        None => "an unknown address".to_owned(),
    };
    vec![format!("user {id} at {place}"), place]
}

/// A name or an id without what surrounds it.
pub(super) fn named(text: &str) -> Result<String, Denied> {
    let text = text.trim();
    let is_name =
        (1..=NAME_CHARS_MAX).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    if is_name { Ok(text.to_owned()) } else { Err(Denied::BadName) }
}

/// Whether a role has the scopes that it needs, and none that it cannot have.
pub(super) fn fits(role: Role, scopes: &[String]) -> Result<(), Denied> {
    let fits = role.is_scoped() != scopes.is_empty() && scopes.len() <= SCOPES_MAX;
    if fits { Ok(()) } else { Err(Denied::BadScopes) }
}

impl People {
    /// Makes the first administrator. The code is good for one, however many use it at once.
    ///
    /// # Errors
    /// [`Denied`]: another code, a weak password, or somebody was quicker.
    pub async fn set_up(
        &self,
        code: &str,
        user: NewUser,
        address: Option<IpAddr>,
    ) -> Result<(), Denied> {
        let keys = keys_of("set-up", address);
        self.begin_attempt(&keys)?;
        let _turn = self.0.turn.lock().await;
        if !self.needs_setup() {
            self.take_back(&keys);
            return Err(Denied::AlreadySetUp);
        }
        if !self.setup().as_ref().is_some_and(|expected| expected.fits(code)) {
            self.fail(&keys).await?;
            return Err(Denied::BadCredentials);
        }
        self.take_back(&keys);
        let user = NewUser { role: Role::Admin, scopes: Vec::new(), ..user };
        let user = self.hashed(user).await?;
        let database = &self.0.database;
        let is_first =
            database.ask(move |store| tables::add_first(store.sql(), &user, now_ms())).await?;
        *self.setup() = None;
        // Another process of headquarters may have been quicker.
        if is_first { Ok(()) } else { Err(Denied::AlreadySetUp) }
    }

    /// Adds somebody.
    ///
    /// # Errors
    /// [`Denied`]: a weak password, a bad name, scopes that do not fit the role, a taken id.
    pub async fn add(&self, user: NewUser) -> Result<(), Denied> {
        let user = self.hashed(user).await?;
        let added = self.0.database.ask(move |store| tables::add(store.sql(), &user, now_ms()));
        if added.await? { Ok(()) } else { Err(Denied::UserExists) }
    }

    async fn hashed(&self, user: NewUser) -> Result<User, Denied> {
        let NewUser { id, name, role, scopes, password } = user;
        // In an address these two are no names: nobody could be looked after by them.
        let id = Some(named(&id)?).filter(|id| ![".", ".."].contains(&id.as_str()));
        let (id, name) = (id.ok_or(Denied::BadName)?, named(&name)?);
        fits(role, &scopes)?;
        let password_hash = self.hash(password).await?;
        Ok(User { id, name, role, scopes, password_hash })
    }

    /// What a password is known by.
    pub(super) async fn hash(&self, password: String) -> Result<String, Denied> {
        password::check(&password).map_err(|_| Denied::WeakPassword)?;
        let hash = self.hashing(move || hashing::hash(&password)).await?;
        hash.map_err(|_| Denied::Asking(AskError::Closing))
    }

    /// Lets somebody in.
    ///
    /// # Errors
    /// [`Denied`].
    pub async fn sign_in(
        &self,
        id: &str,
        password: String,
        address: Option<IpAddr>,
    ) -> Result<Admitted, Denied> {
        let id = id.trim().chars().take(NAME_CHARS_MAX).collect::<String>();
        let keys = keys_of(&id, address);
        self.begin_attempt(&keys)?;
        let user = self.0.database.ask(move |store| tables::user(store.sql(), &id)).await;
        let user = user.inspect_err(|_| self.take_back(&keys))?;
        let hash = user.as_ref().map(|user| user.password_hash.clone());
        let fits = self.hashing(move || hashing::verify(&password, hash.as_deref())).await;
        let fits = fits.inspect_err(|_| self.take_back(&keys))?;
        let (Some(user), true) = (user, fits) else {
            self.fail(&keys).await?;
            return Err(Denied::BadCredentials);
        };
        self.succeed(&keys).await?;
        let token = Token::new();
        let (hash, view, now) = (token.hash(), user.view(), now_ms());
        let expires_ms = now + self.0.idle_ms;
        let opened = self
            .0
            .database
            .ask(move |store| tables::open_session(store.sql(), &hash, &user, now, expires_ms));
        // While the password was looked at they may have been taken off, or given another one.
        if !opened.await? {
            return Err(Denied::BadCredentials);
        }
        Ok(Admitted { secret: token.into_secret(), user: view })
    }

    /// The session with this secret, if it has not run out; it is used by asking.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub async fn session(&self, secret: &str) -> Result<Option<Session>, AskError> {
        let (hash, idle_ms) = (token::hash(secret), self.0.idle_ms);
        let found = self.0.database.ask(move |store| {
            let now = now_ms();
            let Some((session, expires_ms)) = tables::session(store.sql(), &hash)? else {
                return Ok(None);
            };
            if expires_ms <= now {
                return Ok(None);
            }
            if now + idle_ms - expires_ms > TOUCH_INTERVAL_MS.min(idle_ms / 2) {
                // Where it cannot be written the session ends earlier, and is one now.
                let _ = tables::extend_session(store.sql(), &hash, now + idle_ms);
            }
            Ok(Some(session))
        });
        found.await
    }

    /// Whether a session is still open. Asking does not use it.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub async fn is_open(&self, session: &Session) -> Result<bool, AskError> {
        let hash = session.token_hash.clone();
        let found = self.0.database.ask(move |store| tables::session(store.sql(), &hash)).await?;
        Ok(found.is_some_and(|(_, expires_ms)| expires_ms > now_ms()))
    }

    /// Ends a session.
    ///
    /// # Errors
    /// Where it could not be written down.
    pub async fn sign_out(&self, session: &Session) -> Result<(), Denied> {
        let hash = session.token_hash.clone();
        self.0.database.ask(move |store| tables::close_session(store.sql(), &hash)).await?;
        self.tell_ended(BTreeSet::from([session.token_hash.clone()]));
        Ok(())
    }

    /// Tells the streams of these sessions that they are over.
    pub(super) fn tell_ended(&self, sessions: BTreeSet<String>) {
        // Nobody may be looking.
        let _ = self.0.ends.send(Arc::new(sessions));
    }

    /// Waits until a session is ended by somebody: from this call on, not from the first poll.
    pub(crate) fn ended(&self, session: &Session) -> impl Future<Output = ()> + use<> {
        let (people, session) = (self.clone(), session.clone());
        let mut ends = self.0.ends.subscribe();
        async move {
            loop {
                match ends.recv().await {
                    Ok(ended) if !ended.contains(&session.token_hash) => {}
                    // More than are remembered: whether this is one of them is written down. Where
                    // the database does not answer nobody is thrown out for it.
                    Err(RecvError::Lagged(_)) if people.is_open(&session).await.unwrap_or(true) => {
                    }
                    _ => return,
                }
            }
        }
    }

    /// Counts an attempt as failed until [`Self::succeed`] or [`Self::take_back`] says otherwise: a
    /// thousand guesses at once are a thousand.
    fn begin_attempt(&self, keys: &[String]) -> Result<(), Denied> {
        let begun = self.lockouts().begin(keys, self.running_ms());
        // What had to be forgotten to make room stays written down: a restart remembers it.
        begun.map(drop).map_err(|wait_ms| Denied::LockedOut(wait_ms.div_ceil(1000)))
    }

    fn take_back(&self, keys: &[String]) {
        let now = self.running_ms();
        let mut lockouts = self.lockouts();
        for key in keys {
            lockouts.take_back(key, now);
        }
    }

    /// The attempt was none. The person's own failures are forgotten; those of the address are not,
    /// or one who may sign in could guess the passwords of the others for ever.
    async fn succeed(&self, keys: &[String]) -> Result<(), Denied> {
        self.take_back(keys);
        let Some(own) = keys.first().cloned() else { return Ok(()) };
        let had_failed = self.lockouts().get(&own).is_some_and(|tries| tries.failures > 0);
        self.lockouts().forget(&own);
        if had_failed {
            let cleared =
                self.0.database.ask(move |store| tables::clear_lockout(store.sql(), &own));
            cleared.await?;
        }
        Ok(())
    }

    /// Writes failures down, so that a restart does not forgive them.
    async fn fail(&self, keys: &[String]) -> Result<(), Denied> {
        let (running, wall) = (self.running_ms(), now_ms());
        let failed: Vec<(String, u32, i64)> = {
            let lockouts = self.lockouts();
            let known = keys.iter().filter_map(|key| Some((key, lockouts.get(key)?)));
            let row = known.map(|(key, tries)| {
                let wait = tries.free_at_ms.saturating_sub(running);
                let until = wall.saturating_add(i64::try_from(wait).unwrap_or(i64::MAX));
                (key.clone(), tries.failures, until)
            });
            row.collect()
        };
        let written = self.0.database.ask(move |store| {
            for (key, failures, until_ms) in &failed {
                tables::put_lockout(store.sql(), key, *failures, *until_ms)?;
            }
            Ok(())
        });
        Ok(written.await?)
    }

    async fn hashing<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Denied> {
        let closing = |_| Denied::Asking(AskError::Closing);
        let turn = self.0.hashing.clone().acquire_owned().await;
        let turn = turn.map_err(|_| Denied::Asking(AskError::Closing))?;
        // The turn goes with the work: whoever asked may have gone, and the work goes on.
        let work = move || {
            let _turn = turn;
            work()
        };
        tokio::task::spawn_blocking(work).await.map_err(closing)
    }
}
