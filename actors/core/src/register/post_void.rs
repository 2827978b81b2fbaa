//! Undoing a completed sale as a whole, within its business day.

use super::awaiting::Then;
use super::command::{Command, CommandEnvelope};
use super::event::{BasketEvent, Outcome};
use super::machine::{Effects, RegisterMachine, refuse};
use super::protocol::{DraftChange, Known, RegisterEffect, Ticket};
use crate::fact::{Fact, PostVoid};
use crate::transaction::{Approval, RetailTransaction};
use crate::{Now, OperatorId, Refusal, RefusalCode};

impl RegisterMachine {
    /// Undoes a sale of this business day: its goods are back, its numbers stay, and what was paid
    /// goes back as it came. The sale's version is 0 for this: nothing of it changes any more.
    pub(super) fn post_void(
        &mut self,
        now: Now,
        ticket: Ticket,
        (operator, approval): (&OperatorId, Option<Approval>),
        (envelope, known): (CommandEnvelope, Known),
        effects: &mut Effects,
    ) {
        let Command::PostVoid { reason } = &envelope.command else { return };
        let sale = match known {
            Known::Ended { post_void: Some(_), .. } => {
                return refuse(ticket, RefusalCode::AlreadyPostVoided.into(), effects);
            }
            Known::Ended { sale: Some(sale), .. } => sale,
            Known::Suspended(_) => {
                return refuse(ticket, RefusalCode::BasketSuspended.into(), effects);
            }
            Known::Elsewhere(_) => {
                return refuse(ticket, RefusalCode::OpenElsewhere.into(), effects);
            }
            Known::Ended { .. } | Known::Nothing => {
                return refuse(ticket, RefusalCode::UnknownSale.into(), effects);
            }
        };
        let may = self.may_sell(operator).and_then(|()| self.may_undo(now, &envelope, &sale));
        if let Err(refusal) = may {
            return refuse(ticket, refusal, effects);
        }
        let outcome = Outcome { version: envelope.version, event: BasketEvent::undoing(&sale) };
        let fact = Fact::SalePostVoided(Box::new(PostVoid {
            sale: RetailTransaction::clone(&sale),
            workstation: self.workstation.clone(),
            operator: operator.clone(),
            approved_by: approval.map(|approval| approval.approved_by),
            reason: reason.clone(),
        }));
        let id = envelope.command_id;
        let then = Then::SaleUndone { envelope, outcome, sale };
        self.promise(now, ticket, id, (fact, DraftChange::Keep), then, effects);
    }

    /// A sale is undone: its money goes back out of this register's till.
    pub(super) fn on_undone(
        &mut self,
        now: Now,
        ticket: Ticket,
        (envelope, outcome): (CommandEnvelope, &Outcome),
        (repeated, sale): (bool, &RetailTransaction),
        effects: &mut Effects,
    ) {
        if !repeated {
            let undone = self.till.take_back(sale);
            debug_assert_eq!(undone, Ok(()), "what was undone is money");
        }
        self.last_sale = None;
        effects.push(RegisterEffect::Release { transaction: envelope.transaction_id });
        self.answer_command(now, ticket, envelope.command_id, (repeated, outcome), effects);
    }

    fn may_undo(
        &self,
        now: Now,
        envelope: &CommandEnvelope,
        sale: &RetailTransaction,
    ) -> Result<(), Refusal> {
        let Command::PostVoid { reason } = &envelope.command else { return Ok(()) };
        if self.basket.is_some() {
            return Err(RefusalCode::BasketOpen.into());
        }
        if envelope.version != 0 {
            return Err(Refusal::new(RefusalCode::BasketChanged).with("version", 0));
        }
        if !self.in_force.rules.reasons.abandon.contains(reason) {
            return Err(Refusal::new(RefusalCode::UnknownReason).with("reason", reason));
        }
        // What a terminal took only the terminal gives back, asked of it tender by tender.
        if let Some(paid) = sale.live_tenders().find(|tender| tender.card.is_some()) {
            return Err(Refusal::new(RefusalCode::CardPaid).with("tender", &paid.tender_type));
        }
        if sale.business_day != self.business_day(now) {
            let day = sale.business_day;
            return Err(Refusal::new(RefusalCode::PostVoidTooLate).with("business_day", day));
        }
        Ok(())
    }
}

impl BasketEvent {
    /// That a sale is undone.
    #[must_use]
    pub fn undoing(sale: &RetailTransaction) -> Self {
        Self::SalePostVoided { number: sale.number.unwrap_or_default(), total: sale.totals.total }
    }
}
