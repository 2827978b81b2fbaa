//! The sessions that are open: who has one, whether its screen is locked, and when it was used.

use service_kit::security::token;
use store_journal::AccessChange;

use super::{Access, Session, SessionWatch};

/// How often the use of a session is written down.
const TOUCH_INTERVAL_MS: i64 = 60_000;

impl Access {
    /// The session with this secret, if it has not run out. Asking is a use of it where `is_use`,
    /// not what a page reads by itself, and never where its screen is locked.
    #[must_use]
    pub fn session(&self, secret: &str, is_use: bool) -> Option<Session> {
        let hash = token::hash(secret);
        let now = Self::now_ms();
        let mut tables = self.tables();
        let mut stored = tables.sessions.get(&hash)?.clone();
        if stored.expires_ms <= now {
            tables.sessions.remove(&hash);
            return None;
        }
        let person = tables.operators.get(&stored.operator)?.clone();
        let expires_ms = now + self.idle_ms(&stored);
        let lock_ms = self.limits().lock_ms;
        let is_left = lock_ms > 0 && now - stored.last_seen_ms > lock_ms;
        let locks_now = is_left && stored.workstation.is_some() && !stored.is_locked;
        stored.is_locked |= locks_now;
        let is_use = is_use && !stored.is_locked;
        if let Some(used) = tables.sessions.get_mut(&hash) {
            used.is_locked = stored.is_locked;
            if is_use {
                (used.last_seen_ms, used.expires_ms) = (now, expires_ms);
            }
        }
        drop(tables);
        if locks_now {
            let token_hash = hash.clone();
            self.write_behind(AccessChange::LockSession { token_hash, is_locked: true });
        }
        if is_use && now - stored.last_seen_ms > TOUCH_INTERVAL_MS {
            let touch =
                AccessChange::TouchSession { token_hash: hash, last_seen_ms: now, expires_ms };
            // Not waited for: at worst the session runs out a minute early after a restart.
            self.write_behind(touch);
        }
        Some(Session::of(&stored, &person))
    }

    /// Whether a session's screen is locked; also one that is not open any more.
    #[must_use]
    pub fn is_locked(&self, session: &Session) -> bool {
        self.tables().sessions.get(&session.token_hash).is_none_or(|stored| stored.is_locked)
    }

    /// Whether a session is still open: it neither ended nor ran out. Asking does not use it.
    #[must_use]
    pub fn is_open(&self, session: &Session) -> bool {
        let now = Self::now_ms();
        let tables = self.tables();
        tables.sessions.get(&session.token_hash).is_some_and(|stored| stored.expires_ms > now)
    }

    /// Tells when a session ends.
    #[must_use]
    pub fn watch(&self, session: &Session) -> SessionWatch {
        SessionWatch::new(session.token_hash.clone(), self.0.ends.subscribe())
    }
}
