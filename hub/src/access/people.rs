//! What headquarters decides about people and sessions.

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError};

use store_core::OperatorId;
use store_core::permission::Permissions;
use store_core::policy::{People, Person};
use store_journal::{AccessChange, Operator};

use super::{Access, Denied, SessionLimits};

impl Access {
    /// How long sessions live unused.
    pub(super) fn limits(&self) -> SessionLimits {
        *self.0.limits.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Minutes without use after which a workstation's screen locks; 0 for never.
    #[must_use]
    pub fn lock_minutes(&self) -> i64 {
        self.limits().lock_ms / 60_000
    }

    /// Gives sessions another life; those that are open have it from their next use.
    pub fn set_limits(&self, limits: SessionLimits) {
        *self.0.limits.write().unwrap_or_else(PoisonError::into_inner) = limits;
    }

    /// Gives the roles other permissions, for everybody at once.
    pub fn set_permissions(&self, permissions: Permissions) {
        let mut held = self.0.permissions.write().unwrap_or_else(PoisonError::into_inner);
        *held = Arc::new(permissions);
    }

    /// Makes those in a list the people of the store: whoever is not in it cannot sign in any more
    /// and has no session, unless they are to be spared for now. Somebody whose PIN is another has
    /// to sign in again. All of it happens, or none.
    ///
    /// # Errors
    /// [`Denied`] where it could not be written down.
    pub async fn set_people(
        &self,
        people: &People,
        spared: &BTreeSet<OperatorId>,
    ) -> Result<(), Denied> {
        let _turn = self.0.turn.lock().await;
        let mut changes = Vec::new();
        let mut ended = BTreeSet::new();
        {
            let tables = self.tables();
            for person in &people.0 {
                let known = tables.operators.get(&person.id);
                let person = operator(person, known);
                if known == Some(&person) {
                    continue;
                }
                if known.is_some_and(|known| known.pin_hash != person.pin_hash) {
                    ended.insert(person.id.clone());
                }
                changes.push(AccessChange::PutOperator(person));
            }
            let named: BTreeSet<&OperatorId> = people.0.iter().map(|person| &person.id).collect();
            for id in tables.operators.keys() {
                if !named.contains(id) && !spared.contains(id) {
                    changes.push(AccessChange::RemoveOperator(id.clone()));
                    ended.insert(id.clone());
                }
            }
        }
        if changes.is_empty() {
            return Ok(());
        }
        changes.extend(ended.iter().cloned().map(AccessChange::CloseSessionsOf));
        let sessions = {
            let tables = self.tables();
            let sessions = tables.sessions.values().filter(|one| ended.contains(&one.operator));
            sessions.map(|one| one.token_hash.clone()).collect()
        };
        self.change(AccessChange::Together(changes)).await?;
        self.end(sessions, "session_ended");
        // There is a manager now, if not by the code.
        *self.setup() = None;
        Ok(())
    }
}

/// Somebody as headquarters decides them. A PIN that they chose themselves stays until it decides
/// another one than before.
fn operator(person: &Person, known: Option<&Operator>) -> Operator {
    let Person { id, name, role, pin_hash, badge_hash } = person.clone();
    let decided = Some(pin_hash);
    let own = known.filter(|known| known.decided_pin_hash == decided);
    let pin_hash = own.map_or_else(|| person.pin_hash.clone(), |known| known.pin_hash.clone());
    Operator { id, name, role, pin_hash, badge_hash, decided_pin_hash: decided }
}
