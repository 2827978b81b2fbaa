//! Putting a basket aside, and going on with it at this register or another.

use super::awaiting::Then;
use super::basket::Basket;
use super::change::Change;
use super::command::CommandEnvelope;
use super::draft::Draft;
use super::event::BasketEvent;
use super::machine::{Effects, RegisterMachine, refuse};
use super::protocol::{DraftChange, Ticket};
use crate::fact::Fact;
use crate::transaction::Approval;
use crate::{Now, OperatorId, Refusal, RefusalCode};

/// Puts a basket aside. What was taken as payment lies in this register's drawer and has to be
/// handed back first; a basket without goods is given up, not kept.
pub(super) fn put_aside(basket: &Basket, operator: &OperatorId) -> Result<Change, Refusal> {
    if basket.is_tender_begun() {
        return Err(RefusalCode::TenderTaken.into());
    }
    if basket.transaction.live_lines().next().is_none() {
        return Err(RefusalCode::BasketEmpty.into());
    }
    let transaction = Box::new(basket.transaction.clone());
    let fact = Fact::BasketSuspended { transaction, operator: operator.clone() };
    Ok(Change::Suspend(BasketEvent::BasketSuspended, fact))
}

impl RegisterMachine {
    /// Goes on with a basket that lies aside. Its lines keep their prices, so that it comes to
    /// what the customer was told; it is booked on the day on which it goes on. Whether nobody
    /// else was first the writer decides.
    pub(super) fn retrieve(
        &mut self,
        now: Now,
        ticket: Ticket,
        (operator, approval): (&OperatorId, Option<Approval>),
        (envelope, body): (CommandEnvelope, &str),
        effects: &mut Effects,
    ) {
        if self.basket.is_some() {
            return refuse(ticket, RefusalCode::OtherBasketOpen.into(), effects);
        }
        if let Err(refusal) = self.may_sell(operator) {
            return refuse(ticket, refusal, effects);
        }
        let Ok(mut basket) = Draft::open(body, self.in_force.clone()) else {
            return refuse(ticket, RefusalCode::JournalFailed.into(), effects);
        };
        if envelope.version != basket.version {
            let refusal = Refusal::new(RefusalCode::BasketChanged).with("version", basket.version);
            return refuse(ticket, refusal, effects);
        }
        basket.transaction.workstation = self.workstation.clone();
        basket.transaction.operator = operator.clone();
        basket.approve(approval);
        basket.transaction.business_day = self.business_day(now);
        let event = BasketEvent::BasketRetrieved;
        let basket = self.absorb(basket, &envelope, &event);
        let Ok(draft) = Draft::of(&basket) else {
            return refuse(ticket, RefusalCode::JournalFailed.into(), effects);
        };
        let fact = Fact::BasketRetrieved {
            transaction: basket.transaction.id,
            workstation: self.workstation.clone(),
            operator: operator.clone(),
        };
        let id = envelope.command_id;
        let then = Then::BasketGoesOn { envelope, basket, event };
        self.promise(now, ticket, id, (fact, DraftChange::Retrieve(draft)), then, effects);
    }
}
