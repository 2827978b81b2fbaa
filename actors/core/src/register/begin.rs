//! What a register does with a request, and with the replies that carry it on.

use super::awaiting::{Awaiting, Then};
use super::basket::{AbsorbedCommand, Basket};
use super::buyer;
use super::change::{self, Change};
use super::command::{Command, CommandEnvelope};
use super::draft::Draft;
use super::event::{BasketEvent, CommandAnswer, Outcome};
use super::machine::{Answer, Effects, RegisterMachine, SignedOn, refuse};
use super::protocol::{Attached, DraftChange, RegisterEffect, Request, Ticket};
use crate::fact::Fact;
use crate::invariants::check_sale;
use crate::transaction::{Customer, RetailTransaction, Totals, Weighing};
use crate::{CommandId, Now, OperatorId, Refusal, RefusalCode, TransactionId};

impl RegisterMachine {
    pub(super) fn begin(
        &mut self,
        now: Now,
        ticket: Ticket,
        request: Request,
        effects: &mut Effects,
    ) {
        match request {
            Request::SignOn { id, operator, name, instead_of } => {
                let signed_on = SignedOn { operator, name };
                self.sign_on(now, ticket, id, (signed_on, instead_of), effects);
            }
            Request::ChangeOperator { id, operator, name, before, takes_payment } => {
                let who = (SignedOn { operator, name }, (before, takes_payment));
                self.change_operator(now, ticket, id, who, effects);
            }
            Request::SignOff { id, operator } => self.sign_off(now, ticket, id, &operator, effects),
            Request::Command { operator, attached, envelope } => {
                if let Err(refusal) = self.may_work(&operator) {
                    return refuse(ticket, refusal, effects);
                }
                self.command(now, ticket, (operator, attached), envelope, effects);
            }
            Request::Till(ask) => self.till(ticket, ask, effects),
        }
    }

    pub(super) fn may_work(&self, operator: &OperatorId) -> Result<(), Refusal> {
        match &self.signed_on {
            Some(signed_on) if signed_on.operator == *operator => Ok(()),
            Some(_) => Err(RefusalCode::OtherOperatorSignedOn.into()),
            None => Err(RefusalCode::NotSignedOn.into()),
        }
    }

    fn command(
        &mut self,
        now: Now,
        ticket: Ticket,
        (operator, attached): (OperatorId, Attached),
        envelope: CommandEnvelope,
        effects: &mut Effects,
    ) {
        let is_current = |basket: &&Basket| basket.transaction.id == envelope.transaction_id;
        let Some(basket) = self.basket.as_ref().filter(is_current) else {
            // Not the basket here: it may be over. Only the journal knows.
            let transaction = envelope.transaction_id;
            let with_sale = matches!(envelope.command, Command::PostVoid { .. });
            effects.push(RegisterEffect::LookUp { ticket, transaction, with_sale });
            self.awaiting = Awaiting::LookUp { ticket, operator, attached, envelope };
            return;
        };
        if let Some(absorbed) = basket.absorbed(envelope.command_id) {
            let absorbed = absorbed.clone();
            return self.repeat(now, ticket, &envelope, &absorbed, effects);
        }
        if let Err(refusal) = self.may_be_paid(basket, &envelope.command, &operator) {
            return refuse(ticket, refusal, effects);
        }
        let mut working = basket.working_copy();
        working.approve(attached.approval);
        let said = attached.said.as_deref();
        self.apply(now, ticket, (&operator, said), envelope, working, effects);
    }

    pub(super) fn open(
        &mut self,
        now: Now,
        ticket: Ticket,
        (operator, attached): (&OperatorId, Attached),
        envelope: CommandEnvelope,
        effects: &mut Effects,
    ) {
        if self.basket.is_some() {
            return refuse(ticket, RefusalCode::OtherBasketOpen.into(), effects);
        }
        let opens = matches!(
            envelope.command,
            Command::ScanItem { .. }
                | Command::KeyItem { .. }
                | Command::WeighItem { .. }
                | Command::ReturnItem { .. }
                | Command::KeyDepartment { .. }
                | Command::ShowCoupon { .. }
                | Command::NameMember { .. }
                | Command::EmployeePurchase { .. }
                | Command::NameBuyer { .. }
                | Command::Tender { .. }
        );
        if !opens {
            return refuse(ticket, RefusalCode::NoBasket.into(), effects);
        }
        if let Err(refusal) = self.may_sell(operator) {
            return refuse(ticket, refusal, effects);
        }
        let mut basket = self.empty_basket(now, operator, envelope.transaction_id);
        basket.approve(attached.approval);
        let said = attached.said.as_deref();
        self.apply(now, ticket, (operator, said), envelope, basket, effects);
    }

    fn empty_basket(&self, now: Now, operator: &OperatorId, id: TransactionId) -> Basket {
        let transaction = RetailTransaction {
            id,
            store: self.in_force.rules.store.clone(),
            workstation: self.workstation.clone(),
            operator: operator.clone(),
            business_day: self.business_day(now),
            opened: now,
            currency: self.in_force.rules.currency,
            number: None,
            lines: Vec::new(),
            basket_modifiers: Vec::new(),
            tenders: Vec::new(),
            ban: None,
            totals: Totals::zero(self.in_force.rules.currency),
            approvals: Vec::new(),
            pricing: None,
        };
        Basket {
            transaction,
            version: 0,
            absorbed: Vec::new(),
            recorded_modifiers: Vec::new(),
            customer: Customer::default(),
            wish: buyer::unsaid(),
            pricing: None,
            evaluated: None,
            priced: 0,
            prompts: Vec::new(),
            offers: Vec::new(),
            prompts_made: Vec::new(),
            rules: Vec::new(),
            digest: None,
            card: None,
            day_in_force: now.day_in_force(self.last_trusted),
            undo: Vec::new(),
            age_seen: 0,
            in_force: self.in_force.clone(),
        }
    }

    /// Answers a command that was carried out before.
    pub(super) fn repeat(
        &mut self,
        now: Now,
        ticket: Ticket,
        envelope: &CommandEnvelope,
        absorbed: &AbsorbedCommand,
        effects: &mut Effects,
    ) {
        if !envelope.command.is_again(&absorbed.command) || absorbed.version != envelope.version {
            return refuse(ticket, RefusalCode::CommandIdReused.into(), effects);
        }
        self.answer_command(now, ticket, envelope.command_id, (true, &absorbed.outcome), effects);
    }

    fn apply(
        &mut self,
        now: Now,
        ticket: Ticket,
        (operator, said): (&OperatorId, Option<&Weighing>),
        envelope: CommandEnvelope,
        basket: Basket,
        effects: &mut Effects,
    ) {
        if envelope.version != basket.version {
            let refusal = Refusal::new(RefusalCode::BasketChanged).with("version", basket.version);
            return refuse(ticket, refusal, effects);
        }
        if Self::begins_payment(&basket, &envelope.command) {
            return self.secure(ticket, operator, envelope, basket, effects);
        }
        self.carry_out(now, ticket, (operator, said), envelope, basket, effects);
    }

    /// Does what a command asks, as far as a change of the basket or a promise.
    pub(super) fn carry_out(
        &mut self,
        now: Now,
        ticket: Ticket,
        (operator, said): (&OperatorId, Option<&Weighing>),
        envelope: CommandEnvelope,
        mut basket: Basket,
        effects: &mut Effects,
    ) {
        match change::apply(&mut basket, &envelope, (operator, said), self.last_number) {
            Err(refusal) => refuse(ticket, refusal, effects),
            Ok(Change::Lines(event)) => self.price(ticket, envelope, basket, event, effects),
            Ok(Change::Noted(event)) => {
                self.note(now, ticket, (&envelope, event), basket, effects);
            }
            Ok(Change::Inquire(event)) => {
                self.inquire(now, ticket, (&envelope, event), basket, effects);
            }
            Ok(Change::Promise(event, fact)) => {
                let basket = self.absorb(basket, &envelope, &event);
                let Ok(draft) = Draft::of(&basket) else {
                    return refuse(ticket, RefusalCode::JournalFailed.into(), effects);
                };
                let id = envelope.command_id;
                let then = Then::BasketGoesOn { envelope, basket, event };
                self.promise(now, ticket, id, (fact, DraftChange::Save(draft)), then, effects);
            }
            Ok(Change::End(event, fact)) => {
                if let Fact::SaleCompleted(sale) = &fact {
                    debug_assert_eq!(check_sale(sale), Ok(()), "what is promised adds up");
                }
                let ended = self.absorb(basket, &envelope, &event);
                let change = buyer::ending(&ended);
                self.end(now, ticket, (envelope, event), ended, (fact, change), effects);
            }
            Ok(Change::Suspend(event, fact)) => {
                let aside = self.absorb(basket, &envelope, &event);
                let Ok(draft) = Draft::of(&aside) else {
                    return refuse(ticket, RefusalCode::JournalFailed.into(), effects);
                };
                let promised = (fact, DraftChange::Suspend(draft));
                self.end(now, ticket, (envelope, event), aside, promised, effects);
            }
        }
    }

    /// Promises what leaves the register without a basket.
    fn end(
        &mut self,
        now: Now,
        ticket: Ticket,
        (envelope, event): (CommandEnvelope, BasketEvent),
        ended: Basket,
        promised: (Fact, DraftChange),
        effects: &mut Effects,
    ) {
        let (id, version) = (envelope.command_id, ended.version);
        let then = Then::BasketEnds { envelope, version, event, ended };
        self.promise(now, ticket, id, promised, then, effects);
    }

    /// The working copy as the basket's next version, with the command among those absorbed.
    pub(super) fn absorb(
        &self,
        mut working: Basket,
        envelope: &CommandEnvelope,
        event: &BasketEvent,
    ) -> Basket {
        working.version += 1;
        // A basket that comes from elsewhere brings its own.
        if let Some(basket) = &self.basket {
            working.absorbed.clone_from(&basket.absorbed);
        }
        working.absorbed.push(AbsorbedCommand {
            id: envelope.command_id,
            version: envelope.version,
            command: envelope.command.clone(),
            outcome: Outcome { version: working.version, event: event.clone() },
        });
        working
    }

    pub(super) fn promise(
        &mut self,
        now: Now,
        ticket: Ticket,
        id: CommandId,
        (fact, draft): (Fact, DraftChange),
        then: Then,
        effects: &mut Effects,
    ) {
        self.awaiting = Awaiting::Append { ticket, then: Box::new(then) };
        effects.push(RegisterEffect::Append { ticket, id, now, fact: Box::new(fact), draft });
    }

    pub(super) fn on_committed(
        &mut self,
        now: Now,
        awaited: Awaiting,
        repeated: bool,
        effects: &mut Effects,
    ) {
        let Awaiting::Append { ticket, then } = awaited else {
            return;
        };
        self.set_notice("disk_full", false);
        self.changed();
        match *then {
            Then::SignedOn(signed_on, taken_over) => {
                // A late twin of an earlier request: what came after it holds.
                if !repeated {
                    self.on_signed(signed_on, taken_over);
                }
                self.answer_register(now, ticket, effects);
            }
            Then::BasketGoesOn { envelope, basket, event } => {
                let is_asked = matches!(event, BasketEvent::CardRequested { .. });
                let outcome = Outcome { version: basket.version, event };
                if !basket.is_tender_begun() {
                    release(&basket, effects);
                }
                self.basket = Some(basket);
                self.last_sale = None;
                self.is_draft_behind = false;
                if is_asked {
                    self.ask_terminal(repeated, effects);
                }
                self.answer_command(now, ticket, envelope.command_id, (false, &outcome), effects);
                self.suggest(effects);
                // An append that stood there already has left the draft as it was.
                if repeated {
                    self.save_draft(effects);
                }
            }
            Then::CardSettled(basket) => {
                if !basket.is_tender_begun() {
                    release(&basket, effects);
                }
                self.basket = Some(*basket);
                self.is_draft_behind = false;
                self.suggest(effects);
                if repeated {
                    self.save_draft(effects);
                }
            }
            Then::BasketEnds { envelope, version, event, ended } => {
                self.on_sold(&event, &ended);
                self.basket_over(&ended, effects);
                let outcome = Outcome { version, event };
                self.answer_command(now, ticket, envelope.command_id, (false, &outcome), effects);
            }
            Then::Till { id, entry } => {
                self.on_entered(now, ticket, id, (repeated, &entry), effects);
            }
            Then::GivenUp(ask) => {
                if let Some(basket) = self.basket.take() {
                    self.basket_over(&basket, effects);
                }
                self.force_closed(now, ticket, ask, effects);
            }
            Then::SaleUndone { envelope, outcome, sale } => {
                self.on_undone(now, ticket, (envelope, &outcome), (repeated, &sale), effects);
            }
        }
    }

    pub(super) fn basket_over(&mut self, ended: &Basket, effects: &mut Effects) {
        release(ended, effects);
        self.basket = None;
        self.is_draft_behind = false;
    }

    pub(super) fn answer_command(
        &self,
        now: Now,
        ticket: Ticket,
        command_id: CommandId,
        (repeated, outcome): (bool, &Outcome),
        effects: &mut Effects,
    ) {
        let outcome = outcome.clone();
        let view = self.view(now);
        let answer = Answer::Command(CommandAnswer { command_id, repeated, outcome, view });
        effects.push(RegisterEffect::Answer { ticket, answer: Box::new(Ok(answer)) });
    }

    pub(super) fn answer_register(&self, now: Now, ticket: Ticket, effects: &mut Effects) {
        let answer = Answer::Register(self.view(now));
        effects.push(RegisterEffect::Answer { ticket, answer: Box::new(Ok(answer)) });
    }
}

/// What was held for a basket is free: it is over, or not being paid for any more.
fn release(basket: &Basket, effects: &mut Effects) {
    effects.push(RegisterEffect::Release { transaction: basket.transaction.id });
}
