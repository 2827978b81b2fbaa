//! Letting in: claims, signing in and out, and what a wrong PIN costs.

use service_kit::security::{Token, badge, hashing};
use store_core::permission::Permission;
use store_core::{OperatorId, WorkstationId};
use store_journal::{AccessChange, Lockout, Operator, Session as StoredSession, WorkstationClaim};

use super::caller::Place;
use super::{Access, Admitted, Caller, Denied, Proof, Session};

impl Access {
    /// Makes a browser a workstation, with a manager's PIN; the one before is told. Answers the
    /// browser's secret and whether it took over.
    ///
    /// # Errors
    /// [`Denied`].
    pub async fn claim(
        &self,
        workstation: &WorkstationId,
        operator: &OperatorId,
        pin: String,
        caller: &Caller,
    ) -> Result<(String, bool), Denied> {
        if !self.0.config.workstations.contains(workstation) {
            return Err(Denied::NoSuchWorkstation);
        }
        let person = self.check_pin(operator, pin, caller).await?;
        if !self.permissions().allows(person.role, Permission::ManagePeople) {
            return Err(Denied::Lacks(Permission::ManagePeople));
        }
        // Of two claims at once, the second sees the first and takes over from it.
        let _turn = self.0.turn.lock().await;
        let token = Token::new();
        let claim = WorkstationClaim {
            workstation: workstation.clone(),
            token_hash: token.hash(),
            claimed_ms: Self::now_ms(),
        };
        let (before, took_over) = {
            let tables = self.tables();
            let sessions = tables.sessions.values();
            let here = sessions.filter(|one| one.workstation.as_ref() == Some(workstation));
            let before: Vec<String> = here.map(|one| one.token_hash.clone()).collect();
            (before, tables.claims.contains_key(workstation))
        };
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
    pub async fn sign_in(&self, proof: Proof, caller: &Caller) -> Result<Admitted, Denied> {
        let person = self.prove(proof, caller).await?;
        self.admit(&person, caller).await
    }

    /// Opens a session for somebody who has said who they are.
    ///
    /// # Errors
    /// [`Denied`].
    pub async fn admit(&self, person: &Operator, caller: &Caller) -> Result<Admitted, Denied> {
        // Nobody takes the workstation over between the question and the session.
        let _turn = self.0.turn.lock().await;
        let browser = caller.browser.as_deref();
        let workstation = browser.and_then(|secret| self.workstation_of(secret));
        let token = Token::new();
        let now = Self::now_ms();
        let stored = StoredSession {
            token_hash: token.hash(),
            operator: person.id.clone(),
            workstation,
            created_ms: now,
            last_seen_ms: now,
            expires_ms: now,
            is_locked: false,
        };
        let stored = StoredSession { expires_ms: now + self.idle_ms(&stored), ..stored };
        let session = Session::of(&stored, person);
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

    pub(super) fn place_of(&self, caller: &Caller) -> Place {
        let browser = caller.browser.as_deref();
        let workstation = browser.and_then(|secret| self.workstation_of(secret));
        Place::of(workstation, caller.address)
    }

    /// Locks the screen of a session: it is locked, whatever becomes of writing it down.
    pub async fn lock(&self, session: &Session) {
        let token_hash = session.token_hash.clone();
        let change = AccessChange::LockSession { token_hash, is_locked: true };
        self.tables().apply(&change);
        if let Err(denied) = self.change(change).await {
            tracing::warn!(?denied, "a locked screen does not outlast a restart");
        }
    }

    /// Unlocks the screen of a session, which is used by it.
    ///
    /// # Errors
    /// [`Denied`] where it could not be written down.
    pub async fn unlock(&self, session: &Session) -> Result<(), Denied> {
        let token_hash = session.token_hash.clone();
        let last_seen_ms = Self::now_ms();
        let idle_ms = self.limits().idle_ms(session.workstation.is_some());
        let expires_ms = last_seen_ms + idle_ms;
        let open = AccessChange::LockSession { token_hash: token_hash.clone(), is_locked: false };
        let touch = AccessChange::TouchSession { token_hash, last_seen_ms, expires_ms };
        self.change(AccessChange::Together(vec![open, touch])).await
    }

    /// Finds out who somebody is.
    ///
    /// # Errors
    /// [`Denied`].
    pub async fn prove(&self, proof: Proof, caller: &Caller) -> Result<Operator, Denied> {
        match proof {
            Proof::Pin { operator, pin } => self.check_pin(&operator, pin, caller).await,
            Proof::Badge(code) => self.check_badge(&code, caller).await,
        }
    }

    /// Finds whose badge it is. Goods that were scanned instead are no attempt; a badge that is
    /// nobody's is one, and locks badges at this workstation like wrong PINs.
    async fn check_badge(&self, code: &str, caller: &Caller) -> Result<Operator, Denied> {
        let code = badge::read(code).ok_or(Denied::NotABadge)?;
        let keys = self.place_of(caller).badge_keys().ok_or(Denied::BadgeElsewhere)?;
        self.begin_attempt(&keys)?;
        let hash = badge::hash(&code);
        let found = {
            let tables = self.tables();
            let mut people = tables.operators.values();
            people.find(|one| one.badge_hash.as_deref() == Some(hash.as_str())).cloned()
        };
        match found {
            Some(person) => {
                self.succeed(&keys).await?;
                Ok(person)
            }
            None => {
                self.fail(&keys).await?;
                Err(Denied::BadCredentials)
            }
        }
    }

    /// Checks a PIN. An unknown person takes as long as a wrong PIN, and is locked like one.
    pub(super) async fn check_pin(
        &self,
        operator: &OperatorId,
        pin: String,
        caller: &Caller,
    ) -> Result<Operator, Denied> {
        let keys = self.place_of(caller).keys_of(operator);
        self.begin_attempt(&keys)?;
        let person = self.tables().operators.get(operator).cloned();
        let hash = person.as_ref().map(|person| person.pin_hash.clone());
        let fits = self.hashing(move || hashing::verify(&pin, hash.as_deref())).await;
        match (person, fits) {
            (Some(person), Ok(true)) => {
                self.succeed(&keys).await?;
                Ok(person)
            }
            (_, Err(denied)) => {
                self.take_back(&keys);
                Err(denied)
            }
            (_, Ok(_)) => {
                self.fail(&keys).await?;
                Err(Denied::BadCredentials)
            }
        }
    }

    /// Counts an attempt as failed until [`Self::succeed`] or [`Self::take_back`] says otherwise.
    pub(super) fn begin_attempt(&self, keys: &[String]) -> Result<(), Denied> {
        let now = self.running_ms();
        let begun = self.tables().lockouts.begin(keys, now);
        let forgotten = begun.map_err(|wait_ms| Denied::LockedOut(wait_ms.div_ceil(1000)))?;
        for key in forgotten {
            // Not waited for: at worst a restart remembers it longer than this run.
            self.write_behind(AccessChange::ClearLockout(key));
        }
        Ok(())
    }

    pub(super) fn take_back(&self, keys: &[String]) {
        let now = self.running_ms();
        let mut tables = self.tables();
        for key in keys {
            tables.lockouts.take_back(key, now);
        }
    }

    /// The attempt was none. The person's own failures are forgotten; those of the address are
    /// not, or one who works here could guess the PINs of the others for ever.
    async fn succeed(&self, keys: &[String]) -> Result<(), Denied> {
        self.take_back(keys);
        let Some(own) = keys.first() else { return Ok(()) };
        let had_failed = self.tables().lockouts.get(own).is_some_and(|tries| tries.failures > 0);
        self.tables().lockouts.forget(own);
        if had_failed {
            self.change(AccessChange::ClearLockout(own.clone())).await?;
        }
        Ok(())
    }

    /// Writes failures down, so that a restart does not forgive them.
    pub(super) async fn fail(&self, keys: &[String]) -> Result<(), Denied> {
        let (now, wall) = (self.running_ms(), Self::now_ms());
        let lockouts = {
            let tables = self.tables();
            let known = keys.iter().filter_map(|key| Some((key, tables.lockouts.get(key)?)));
            let lockouts = known.map(|(key, tries)| {
                let wait = i64::try_from(tries.free_at_ms.saturating_sub(now)).unwrap_or(i64::MAX);
                let locked_until_ms = wall.saturating_add(wait);
                let (key, failures) = (key.clone(), tries.failures);
                AccessChange::PutLockout(Lockout { key, failures, locked_until_ms })
            });
            lockouts.collect()
        };
        self.change(AccessChange::Together(lockouts)).await
    }
}
