//! The tables of people, browsers and sessions, in memory.

use std::collections::BTreeMap;

use service_kit::security::Lockouts;
use store_core::{OperatorId, WorkstationId};
use store_journal::{
    AccessChange, LedgerReads as _, Lockout, Operator, ReadError, Reader, Session, WorkstationClaim,
};

use super::SessionLimits;

/// The tables as the journal's file holds them.
#[derive(Debug)]
pub(super) struct Tables {
    pub operators: BTreeMap<OperatorId, Operator>,
    pub claims: BTreeMap<WorkstationId, WorkstationClaim>,
    pub sessions: BTreeMap<String, Session>,
    pub lockouts: Lockouts,
}

impl Tables {
    /// Reads them. What ends at a time is cut to what it can be at most: the clock may have been
    /// ahead when it was written.
    pub fn read(reader: &Reader, limits: SessionLimits, now_ms: i64) -> Result<Self, ReadError> {
        let operators = reader.operators()?.into_iter().map(|one| (one.id.clone(), one));
        let claims = reader.claims()?.into_iter().map(|one| (one.workstation.clone(), one));
        let sessions = reader.sessions()?.into_iter().map(|mut one| {
            let latest_ms = now_ms.saturating_add(limits.idle_ms(one.workstation.is_some()));
            one.expires_ms = one.expires_ms.min(latest_ms);
            (one.token_hash.clone(), one)
        });
        let mut lockouts = Lockouts::default();
        for Lockout { key, failures, locked_until_ms } in reader.lockouts()? {
            let wait_ms = u64::try_from(locked_until_ms.saturating_sub(now_ms)).unwrap_or(0);
            lockouts.restore(key, failures, wait_ms, 0);
        }
        Ok(Self {
            operators: operators.collect(),
            claims: claims.collect(),
            sessions: sessions.collect(),
            lockouts,
        })
    }

    /// The workstation that the browser with this token is.
    pub fn workstation_of(&self, token_hash: &str) -> Option<&WorkstationId> {
        let mut claims = self.claims.values();
        claims.find(|claim| claim.token_hash == token_hash).map(|claim| &claim.workstation)
    }

    /// Applies what was written down.
    pub fn apply(&mut self, change: &AccessChange) {
        match change {
            AccessChange::PutOperator(operator) => {
                self.operators.insert(operator.id.clone(), operator.clone());
            }
            AccessChange::RemoveOperator(operator) => {
                self.operators.remove(operator);
            }
            AccessChange::Claim(claim) => {
                self.claims.insert(claim.workstation.clone(), claim.clone());
            }
            AccessChange::ReleaseClaim(workstation) => {
                self.claims.remove(workstation);
            }
            AccessChange::OpenSession(session) => {
                self.sessions.insert(session.token_hash.clone(), session.clone());
            }
            AccessChange::TouchSession { token_hash, last_seen_ms, expires_ms } => {
                if let Some(session) = self.sessions.get_mut(token_hash) {
                    session.last_seen_ms = *last_seen_ms;
                    session.expires_ms = *expires_ms;
                }
            }
            AccessChange::LockSession { token_hash, is_locked } => {
                if let Some(session) = self.sessions.get_mut(token_hash) {
                    session.is_locked = *is_locked;
                }
            }
            AccessChange::CloseSession(token_hash) => {
                self.sessions.remove(token_hash);
            }
            AccessChange::CloseSessionsAt(workstation) => {
                self.sessions.retain(|_, one| one.workstation.as_ref() != Some(workstation));
            }
            AccessChange::CloseSessionsOf(operator) => {
                self.sessions.retain(|_, one| one.operator != *operator);
            }
            // Counted before they are written down.
            AccessChange::PutLockout(_) | AccessChange::ClearLockout(_) => {}
            AccessChange::PutSetting { .. } | AccessChange::RemoveSetting(_) => {}
            AccessChange::Together(changes) => {
                for change in changes {
                    self.apply(change);
                }
            }
        }
    }
}
