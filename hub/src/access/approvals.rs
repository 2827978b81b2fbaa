//! What a second person allowed at somebody's session: once, for a minute, for one permission.
//! What it was used for may be sent again, word for word: nothing else may.

use std::collections::BTreeMap;

use ring::digest::{SHA256, digest};
use serde::Serialize;
use service_kit::security::{Token, token};
use store_core::permission::Permission;
use store_core::{CommandId, OperatorId, TransactionId};

use super::Session;

/// How long an approval waits to be used.
pub const APPROVAL_S: u64 = 60;
/// How long a used one is remembered: its command may be sent again where its answer was lost.
const REMEMBERED_MS: u64 = 60 * 60 * 1000;
/// Most approvals that are remembered; the oldest makes room.
const APPROVALS_MAX: usize = 1000;

/// Approvals that wait or were used, by the hash of their token.
#[derive(Debug, Default)]
pub(super) struct Approvals(BTreeMap<String, Approved>);

#[derive(Debug)]
struct Approved {
    session: String,
    permission: Permission,
    /// Given in training: it is good for nothing that is real.
    is_training: bool,
    by: OperatorId,
    given_ms: u64,
    used_for: Option<Deed>,
}

/// What an approval is used for. A command's id alone does not say it: a basket remembers only its
/// own, and a command that was refused is remembered by none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deed {
    command: CommandId,
    transaction: Option<TransactionId>,
    body: Vec<u8>,
}

impl Deed {
    /// Of a command, the basket that it is for, and what it says; not the version that it was made
    /// for, which is another when it is made again.
    pub fn new(
        command: CommandId,
        transaction: Option<TransactionId>,
        body: &impl Serialize,
    ) -> Self {
        // What was read from JSON always has a JSON form.
        let body = serde_json::to_vec(body).unwrap_or_default();
        Self { command, transaction, body: digest(&SHA256, &body).as_ref().to_vec() }
    }
}

impl Approvals {
    /// Takes one in; answers the token's secret.
    pub fn give(
        &mut self,
        session: &Session,
        (permission, is_training): (Permission, bool),
        by: OperatorId,
        now_ms: u64,
    ) -> String {
        self.0.retain(|_, one| now_ms.saturating_sub(one.given_ms) < REMEMBERED_MS);
        if self.0.len() >= APPROVALS_MAX {
            let oldest = self.0.iter().min_by_key(|(_, one)| one.given_ms);
            let oldest = oldest.map(|(hash, _)| hash.clone());
            oldest.map(|hash| self.0.remove(&hash));
        }
        let token = Token::new();
        let session = session.token_hash.clone();
        let given_ms = now_ms;
        let used_for = None;
        let approved = Approved { session, permission, is_training, by, given_ms, used_for };
        self.0.insert(token.hash(), approved);
        token.into_secret()
    }

    /// Uses one up for a deed; answers who gave it. For the same deed it is used again: that is the
    /// same thing done once.
    pub fn redeem(
        &mut self,
        secret: &str,
        session: &Session,
        (permission, is_training): (Permission, bool),
        deed: Deed,
        now_ms: u64,
    ) -> Option<OperatorId> {
        let one = self.0.get_mut(&token::hash(secret))?;
        let is_fresh = now_ms.saturating_sub(one.given_ms) < APPROVAL_S * 1000;
        let is_free = one.used_for.as_ref().map_or(is_fresh, |used| *used == deed);
        let is_here = one.session == session.token_hash && one.is_training == is_training;
        let fits = is_here && one.permission == permission && is_free;
        fits.then(|| {
            one.used_for = Some(deed);
            one.by.clone()
        })
    }

    /// Forgets what was given to a session that is over.
    pub fn forget(&mut self, session: &str) {
        self.0.retain(|_, one| one.session != session);
    }
}

#[cfg(test)]
mod tests {
    use store_core::permission::Role;
    use uuid::Uuid;

    use super::*;

    fn session(hash: &str) -> Session {
        Session {
            operator: OperatorId::new("c1").unwrap(),
            name: "Lin".to_owned(),
            role: Role::Cashier,
            workstation: None,
            has_badge: false,
            is_locked: false,
            token_hash: hash.to_owned(),
        }
    }

    fn command(number: u128) -> Deed {
        deed(number, 1, "body")
    }

    fn deed(command: u128, basket: u128, body: &str) -> Deed {
        let transaction = Some(TransactionId::new(Uuid::from_u128(basket)));
        Deed::new(CommandId::new(Uuid::from_u128(command)), transaction, &body)
    }

    #[test]
    fn an_approval_is_for_one_session_one_permission_one_command_and_one_minute() {
        let (lower, void) = (Permission::LowerPrice, Permission::PostVoid);
        let (mine, other) = (session("a"), session("b"));
        let s1 = OperatorId::new("s1").unwrap();
        let mut approvals = Approvals::default();
        let give =
            |approvals: &mut Approvals| approvals.give(&mine, (lower, false), s1.clone(), 5_000);
        let token = give(&mut approvals);
        assert_eq!(approvals.redeem(&token, &other, (lower, false), command(1), 6_000), None);
        assert_eq!(approvals.redeem(&token, &mine, (void, false), command(1), 6_000), None);
        assert_eq!(approvals.redeem("guessed", &mine, (lower, false), command(1), 6_000), None);
        assert_eq!(
            approvals.redeem(&token, &mine, (lower, false), command(1), 6_000),
            Some(s1.clone())
        );
        assert_eq!(
            approvals.redeem(&token, &mine, (lower, false), command(2), 6_000),
            None,
            "used up"
        );
        let again = approvals.redeem(&token, &mine, (lower, false), command(1), 500_000);
        assert_eq!(again, Some(s1.clone()), "the same command, sent again after its answer");
        let trained = approvals.give(&mine, (lower, true), s1.clone(), 5_000);
        let real = approvals.redeem(&trained, &mine, (lower, false), command(9), 6_000);
        assert_eq!(real, None, "it was given in training");
        let late = give(&mut approvals);
        assert_eq!(
            approvals.redeem(&late, &mine, (lower, false), command(3), 65_000),
            None,
            "too late"
        );
        let forgotten = give(&mut approvals);
        approvals.forget("a");
        assert_eq!(approvals.redeem(&forgotten, &mine, (lower, false), command(4), 5_000), None);
    }

    #[test]
    fn a_used_approval_is_good_for_the_same_words_in_the_same_basket_and_for_nothing_else() {
        let (mine, lower) = (session("a"), Permission::LowerPrice);
        let s1 = OperatorId::new("s1").unwrap();
        let mut approvals = Approvals::default();
        let token = approvals.give(&mine, (lower, false), s1.clone(), 5_000);
        let mut redeem = |deed| approvals.redeem(&token, &mine, (lower, false), deed, 6_000);
        assert_eq!(redeem(deed(1, 1, "to 90")), Some(s1.clone()));
        assert_eq!(redeem(deed(1, 2, "to 90")), None, "a later basket");
        assert_eq!(redeem(deed(1, 1, "to 10")), None, "other words");
        assert_eq!(redeem(Deed::new(deed(1, 1, "").command, None, &"to 90")), None, "no basket");
        assert_eq!(redeem(deed(1, 1, "to 90")), Some(s1), "its answer was lost");
    }

    #[test]
    fn however_many_are_given_few_are_remembered() {
        let s1 = OperatorId::new("s1").unwrap();
        let mut approvals = Approvals::default();
        for now_ms in 0..=APPROVALS_MAX as u64 {
            approvals.give(&session("a"), (Permission::LowerPrice, false), s1.clone(), now_ms);
        }
        assert_eq!(approvals.0.len(), APPROVALS_MAX);
        assert!(approvals.0.values().all(|one| one.given_ms > 0), "the oldest made room");
    }
}
