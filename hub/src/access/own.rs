//! What people have to show: badges that a manager makes, and a PIN that is changed by oneself.

use service_kit::security::{badge, hashing, pin};
use store_core::OperatorId;
use store_journal::{AccessChange, Operator};

use super::{Access, Caller, Denied, Session};

impl Access {
    /// Makes a badge for somebody; the one before is good for nothing any more. Answers its code,
    /// which nobody can read here again.
    ///
    /// # Errors
    /// [`Denied`].
    pub async fn give_badge(&self, operator: &OperatorId) -> Result<String, Denied> {
        let code = badge::new();
        self.set_badge(operator, Some(badge::hash(&code))).await?;
        Ok(code)
    }

    /// Makes somebody's badge good for nothing.
    ///
    /// # Errors
    /// [`Denied`].
    pub async fn take_badge(&self, operator: &OperatorId) -> Result<(), Denied> {
        self.set_badge(operator, None).await
    }

    async fn set_badge(&self, id: &OperatorId, badge_hash: Option<String>) -> Result<(), Denied> {
        let _turn = self.0.turn.lock().await;
        let known = self.tables().operators.get(id).cloned().ok_or(Denied::NoSuchOperator)?;
        self.change(AccessChange::PutOperator(Operator { badge_hash, ..known })).await
    }

    /// Gives whoever has a session another PIN. Their other sessions are over.
    ///
    /// # Errors
    /// [`Denied`]: another PIN than theirs now, or an easy one.
    pub async fn change_pin(
        &self,
        session: &Session,
        (old, new): (String, String),
        caller: &Caller,
    ) -> Result<(), Denied> {
        pin::check(&new).map_err(|_| Denied::WeakPin)?;
        self.check_pin(&session.operator, old, caller).await?;
        let hashed = self.hashing(move || hashing::hash(&new)).await?;
        let pin_hash = hashed.map_err(|_| Denied::Stopping)?;
        let _turn = self.0.turn.lock().await;
        let (known, others) = {
            let tables = self.tables();
            let known = tables.operators.get(&session.operator).cloned();
            let others = tables.sessions.values().filter(|other| {
                other.operator == session.operator && other.token_hash != session.token_hash
            });
            (known, others.map(|other| other.token_hash.clone()).collect::<Vec<_>>())
        };
        let known = known.ok_or(Denied::NoSuchOperator)?;
        let mut changes = vec![AccessChange::PutOperator(Operator { pin_hash, ..known })];
        changes.extend(others.iter().cloned().map(AccessChange::CloseSession));
        self.change(AccessChange::Together(changes)).await?;
        self.end(others, "session_ended");
        Ok(())
    }
}
