//! Who works at a register.

use super::awaiting::Then;
use super::basket::Basket;
use super::draft::Draft;
use super::machine::{Effects, RegisterMachine, SignedOn, refuse};
use super::protocol::{DraftChange, Ticket};
use crate::fact::Fact;
use crate::permission::Permission;
use crate::transaction::Approval;
use crate::{CommandId, Now, OperatorId, Refusal, RefusalCode};

impl RegisterMachine {
    /// Somebody signs on. A basket that is open stays with whoever opened it, unless they cannot
    /// come back: then it is theirs who signs on, and so is what becomes of it.
    pub(super) fn sign_on(
        &mut self,
        now: Now,
        ticket: Ticket,
        id: CommandId,
        (signed_on, instead_of): (SignedOn, Option<OperatorId>),
        effects: &mut Effects,
    ) {
        let here = self.signed_on.as_ref().map(|here| &here.operator);
        if here == Some(&signed_on.operator) {
            return self.answer_register(now, ticket, effects);
        }
        if here.is_some() && here != instead_of.as_ref() && self.basket.is_some() {
            return refuse(ticket, RefusalCode::OtherOperatorSignedOn.into(), effects);
        }
        let fact = Fact::OperatorSignedOn {
            workstation: self.workstation.clone(),
            operator: signed_on.operator.clone(),
        };
        self.take_over(now, ticket, id, (signed_on, fact), false, effects);
    }

    /// Somebody takes over in mid-shift. What has been taken as payment is in the other's hands:
    /// who took it ends the sale, or hands it back. Where they do not come back it takes somebody
    /// who may say what became of payments; that stands in the sale.
    pub(super) fn change_operator(
        &mut self,
        now: Now,
        ticket: Ticket,
        id: CommandId,
        (signed_on, (before, takes_payment)): (SignedOn, (OperatorId, bool)),
        effects: &mut Effects,
    ) {
        let here = self.signed_on.as_ref().map(|here| &here.operator);
        if here == Some(&signed_on.operator) {
            return self.answer_register(now, ticket, effects);
        }
        if here != Some(&before) {
            return refuse(ticket, RefusalCode::OtherOperatorSignedOn.into(), effects);
        }
        if !takes_payment && self.basket.as_ref().is_some_and(Basket::is_tender_begun) {
            let refusal = Refusal::new(RefusalCode::PaymentOfAnother).with("operator", before);
            return refuse(ticket, refusal, effects);
        }
        let fact = Fact::OperatorChanged {
            workstation: self.workstation.clone(),
            operator: signed_on.operator.clone(),
            before,
            transaction: self.basket.as_ref().map(|basket| basket.transaction.id),
        };
        self.take_over(now, ticket, id, (signed_on, fact), takes_payment, effects);
    }

    /// Promises that somebody works here now, and that an open basket is theirs, with what was paid
    /// of it where they may take that.
    fn take_over(
        &mut self,
        now: Now,
        ticket: Ticket,
        id: CommandId,
        (signed_on, fact): (SignedOn, Fact),
        takes_payment: bool,
        effects: &mut Effects,
    ) {
        let taken_over = self.basket.as_ref().map(|basket| {
            let mut basket = basket.clone();
            basket.transaction.operator = signed_on.operator.clone();
            if takes_payment && basket.is_tender_begun() {
                let (permission, approved_by) =
                    (Permission::ResolveCard, signed_on.operator.clone());
                basket.approve(Some(Approval { permission, approved_by }));
            }
            basket
        });
        let Ok(draft) = taken_over.as_ref().map(Draft::of).transpose() else {
            return refuse(ticket, RefusalCode::JournalFailed.into(), effects);
        };
        let then = Then::SignedOn(Some(signed_on), taken_over);
        let change = draft.map_or(DraftChange::Keep, DraftChange::Save);
        self.promise(now, ticket, id, (fact, change), then, effects);
    }

    pub(super) fn sign_off(
        &mut self,
        now: Now,
        ticket: Ticket,
        id: CommandId,
        operator: &OperatorId,
        effects: &mut Effects,
    ) {
        if self.may_work(operator).is_err() {
            return self.answer_register(now, ticket, effects);
        }
        if self.basket.is_some() {
            return refuse(ticket, RefusalCode::BasketOpen.into(), effects);
        }
        let fact = Fact::OperatorSignedOff {
            workstation: self.workstation.clone(),
            operator: operator.clone(),
        };
        let then = Then::SignedOn(None, None);
        self.promise(now, ticket, id, (fact, DraftChange::Keep), then, effects);
    }

    /// It is durable who works here, and whose the basket is.
    pub(super) fn on_signed(&mut self, signed_on: Option<SignedOn>, taken_over: Option<Basket>) {
        self.signed_on = signed_on;
        if taken_over.is_some() {
            self.basket = taken_over;
            self.is_draft_behind = false;
        }
    }
}
