//! What a register does with its till. The tills are the register's own part, so that sales and
//! money stand in one queue.

use serde::Serialize;

use super::awaiting::{Awaiting, Then};
use super::basket::Basket;
use super::buyer;
use super::command::Command;
use super::event::BasketEvent;
use super::machine::{Answer, Effects, RegisterMachine, refuse};
use super::protocol::{DraftChange, RegisterEffect, Ticket, TillAsk, TillNews};
use super::record;
use super::view::{LastSale, RegisterView};
use crate::fact::Fact;
use crate::permission::Permission;
use crate::till::{
    ClosingLine, TillCommand, TillEntry, TillEvent, TillNumber, TillPolicy, TillRules,
};
use crate::{BusinessDay, CommandId, Now, OperatorId, ReasonCode, Refusal, RefusalCode};

/// Why a basket was given up that was open when the day was closed.
const DAY_CLOSED: &str = "day_closed";

/// The answer to what was done with a till.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TillAnswer {
    /// The command.
    pub command_id: CommandId,
    /// Whether it had been carried out before and nothing was done now.
    pub repeated: bool,
    /// The kind of fact that it became.
    pub kind: &'static str,
    /// Which till.
    pub till: Option<TillNumber>,
    /// The day that it is booked on.
    pub business_day: BusinessDay,
    /// At a close: what was expected and what was there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closing: Option<Vec<ClosingLine>>,
    /// The register as it is now.
    pub view: RegisterView,
}

impl RegisterMachine {
    /// Whether something may be sold here now.
    pub(super) fn may_sell(&self, operator: &OperatorId) -> Result<(), Refusal> {
        let policy = self.till_rules().policy;
        match (policy, &self.till.open) {
            (TillPolicy::None, _) => Ok(()),
            (_, None) => Err(RefusalCode::TillNotOpen.into()),
            (TillPolicy::PerOperator, Some(open)) if open.operator != *operator => {
                let refusal = Refusal::new(RefusalCode::TillOfOther);
                Err(refusal.with("operator", &open.operator))
            }
            _ => Ok(()),
        }
    }

    /// Whether somebody may take payment for a basket: what they take lies in the till of whoever
    /// opened it. Who took the basket over with what was paid already ends it there.
    pub(super) fn may_be_paid(
        &self,
        basket: &Basket,
        command: &Command,
        operator: &OperatorId,
    ) -> Result<(), Refusal> {
        let takes_money = matches!(command, Command::Tender { .. } | Command::Complete);
        let mut approvals = basket.transaction.approvals.iter();
        let is_taken_over = approvals
            .any(|one| one.permission == Permission::ResolveCard && one.approved_by == *operator);
        match self.may_sell(operator) {
            Err(refusal)
                if takes_money && !is_taken_over && refusal.code == RefusalCode::TillOfOther =>
            {
                Err(refusal)
            }
            _ => Ok(()),
        }
    }

    /// What tills follow here: an open one what held when it was opened.
    pub(super) fn till_rules(&self) -> TillRules {
        let own = self.till.open.as_ref().and_then(|open| open.rules);
        own.unwrap_or(self.in_force.rules.till)
    }

    /// The day that a basket which opens now is booked on.
    pub(super) fn business_day(&self, now: Now) -> BusinessDay {
        self.till.open.as_ref().map_or_else(|| now.business_day(), |open| open.business_day)
    }

    /// Something is to be done with the till: the journal is asked first whether it was done.
    pub(super) fn till(&mut self, ticket: Ticket, mut ask: TillAsk, effects: &mut Effects) {
        if ask.command.is_none() {
            ask.id = self.forced_id(ask.id);
        } else if let Err(refusal) = self.may_work(&ask.operator) {
            return refuse(ticket, refusal, effects);
        }
        effects.push(RegisterEffect::LookUpEntry { ticket, id: ask.id });
        self.awaiting = Awaiting::Entry { ticket, ask };
    }

    /// The id under which a till is closed with the day. A close that is tried again finds the till
    /// that it closed before; one that was opened since is another.
    fn forced_id(&self, id: CommandId) -> CommandId {
        let number = self.till.last_number.0.to_be_bytes();
        CommandId::new(uuid::Uuid::new_v5(&id.uuid(), &number))
    }

    pub(super) fn on_entry_looked_up(
        &mut self,
        now: Now,
        awaited: Awaiting,
        entry: Result<Option<Box<TillEntry>>, RefusalCode>,
        effects: &mut Effects,
    ) {
        let Awaiting::Entry { ticket, ask } = awaited else { return };
        let entry = match entry {
            Err(code) => return refuse(ticket, code.into(), effects),
            Ok(Some(entry)) => entry,
            Ok(None) => return self.till_afresh(now, ticket, ask, effects),
        };
        let is_it = match &ask.command {
            Some(command) => command.is_done_by(&entry.event) && entry.operator == ask.operator,
            None => matches!(&entry.event, TillEvent::Closed { closing } if closing.is_forced),
        };
        if !is_it || entry.workstation != self.workstation {
            return refuse(ticket, RefusalCode::CommandIdReused.into(), effects);
        }
        self.answer_till(now, ticket, ask.id, (true, &entry), effects);
    }

    fn till_afresh(&mut self, now: Now, ticket: Ticket, ask: TillAsk, effects: &mut Effects) {
        let Some(command) = &ask.command else {
            return self.force(now, ticket, ask, effects);
        };
        match self.decide(now, command) {
            Err(refusal) => refuse(ticket, refusal, effects),
            Ok(Decision::Day(event)) => {
                effects.push(RegisterEffect::OpenDay { ticket });
                self.awaiting = Awaiting::Day { ticket, ask, event };
            }
            Ok(Decision::Entry(day, till, event)) => {
                self.enter(now, ticket, ask, (day, till, event), effects);
            }
        }
    }

    fn decide(&self, now: Now, command: &TillCommand) -> Result<Decision, Refusal> {
        let rules = &*self.in_force.rules;
        let open = self.till.open.as_ref();
        match (rules.till.policy, open, command) {
            (TillPolicy::None, None, TillCommand::NoSale { reason }) => {
                let reason = crate::till::known(reason, rules)?;
                let event = TillEvent::DrawerOpened { reason };
                Ok(Decision::Entry(now.business_day(), None, event))
            }
            (TillPolicy::None, None, _) => Err(RefusalCode::TillsNotUsed.into()),
            (_, None, TillCommand::Open { float }) => {
                TillCommand::opening(*float, rules).map(Decision::Day)
            }
            (_, None, _) => Err(RefusalCode::TillNotOpen.into()),
            (_, Some(_), TillCommand::Count { .. } | TillCommand::Close)
                if self.basket.is_some() =>
            {
                Err(RefusalCode::BasketOpen.into())
            }
            (_, Some(open), command) => {
                let event = command.event(open, rules)?;
                Ok(Decision::Entry(open.business_day, Some(open.number), event))
            }
        }
    }

    pub(super) fn on_day(
        &mut self,
        now: Now,
        awaited: Awaiting,
        day: Result<BusinessDay, RefusalCode>,
        effects: &mut Effects,
    ) {
        let Awaiting::Day { ticket, ask, event } = awaited else { return };
        match day {
            Err(code) => refuse(ticket, code.into(), effects),
            Ok(day) => {
                let number = self.till.last_number.next();
                self.enter(now, ticket, ask, (day, Some(number), event), effects);
            }
        }
    }

    fn enter(
        &mut self,
        now: Now,
        ticket: Ticket,
        ask: TillAsk,
        (business_day, till, event): (BusinessDay, Option<TillNumber>, TillEvent),
        effects: &mut Effects,
    ) {
        let entry = Box::new(TillEntry {
            workstation: self.workstation.clone(),
            operator: ask.operator,
            approved_by: ask.approved_by,
            business_day,
            till,
            event,
        });
        let fact = Fact::Till(entry.clone());
        let then = Then::Till { id: ask.id, entry };
        self.promise(now, ticket, ask.id, (fact, DraftChange::Keep), then, effects);
    }

    /// Closes the till from elsewhere, because the day is closed: uncounted, and what lies in an
    /// open basket is given up. What was paid for is nobody's to give up.
    fn force(&mut self, now: Now, ticket: Ticket, ask: TillAsk, effects: &mut Effects) {
        let Some(basket) = &self.basket else {
            return self.force_closed(now, ticket, ask, effects);
        };
        if basket.is_tender_begun() {
            return refuse(ticket, RefusalCode::TenderTaken.into(), effects);
        }
        let mut transaction = Box::new(basket.transaction.clone());
        transaction.pricing = record::sale_pricing(basket);
        let (given_up, reason) = (transaction.id, ReasonCode::from_static(DAY_CLOSED));
        let fact = Fact::SaleAbandoned { transaction, reason };
        let change = buyer::ending(basket);
        // The close has the command's own id; this promise has one that is made of it, and of the
        // basket: where the close then fails there may be another when it is tried again.
        let id = CommandId::new(uuid::Uuid::new_v5(&ask.id.uuid(), given_up.uuid().as_bytes()));
        self.promise(now, ticket, id, (fact, change), Then::GivenUp(ask), effects);
    }

    pub(super) fn force_closed(
        &mut self,
        now: Now,
        ticket: Ticket,
        ask: TillAsk,
        effects: &mut Effects,
    ) {
        let Some(open) = &self.till.open else {
            return self.answer_register(now, ticket, effects);
        };
        match open.closing(true) {
            Err(_) => refuse(ticket, RefusalCode::BadAmount.into(), effects),
            Ok(closing) => {
                let event = TillEvent::Closed { closing };
                let (day, number) = (open.business_day, open.number);
                self.enter(now, ticket, ask, (day, Some(number), event), effects);
            }
        }
    }

    /// The entry is durable.
    pub(super) fn on_entered(
        &mut self,
        now: Now,
        ticket: Ticket,
        id: CommandId,
        (repeated, entry): (bool, &TillEntry),
        effects: &mut Effects,
    ) {
        let entered = self.till.enter(now, entry);
        debug_assert_eq!(entered, Ok(()), "what is promised follows what was");
        match entry.event {
            TillEvent::Opened { .. } => effects
                .push(RegisterEffect::Tell(TillNews::Opened { business_day: entry.business_day })),
            TillEvent::Closed { ref closing } => {
                let is_forced = closing.is_forced;
                effects.push(RegisterEffect::Tell(TillNews::Closed { is_forced }));
            }
            _ => {}
        }
        self.answer_till(now, ticket, id, (repeated, entry), effects);
    }

    /// Remembers a sale that is promised, and puts its money into the till.
    pub(super) fn on_sold(&mut self, event: &BasketEvent, ended: &Basket) {
        if let BasketEvent::SaleCompleted { number, total, change } = event {
            self.last_number = *number;
            self.last_sale = Some(LastSale {
                transaction_id: ended.transaction.id,
                number: *number,
                total: *total,
                change: *change,
            });
        }
        if ended.transaction.number.is_some() {
            let sold = self.till.sell(&ended.transaction);
            debug_assert_eq!(sold, Ok(()), "what was sold is money");
        }
    }

    /// A promise could not be written: the day that was named for it was for nothing.
    pub(super) fn on_not_entered(&self, awaited: &Awaiting, effects: &mut Effects) {
        let Awaiting::Append { then, .. } = awaited else { return };
        if let Then::Till { entry, .. } = &**then
            && matches!(entry.event, TillEvent::Opened { .. })
        {
            effects.push(RegisterEffect::Tell(TillNews::NotOpened));
        }
    }

    fn answer_till(
        &self,
        now: Now,
        ticket: Ticket,
        command_id: CommandId,
        (repeated, entry): (bool, &TillEntry),
        effects: &mut Effects,
    ) {
        let closing = match &entry.event {
            TillEvent::Closed { closing } => Some(closing.lines.clone()),
            _ => None,
        };
        let answer = Answer::Till(TillAnswer {
            command_id,
            repeated,
            kind: entry.event.kind(),
            till: entry.till,
            business_day: entry.business_day,
            closing,
            view: self.view(now),
        });
        effects.push(RegisterEffect::Answer { ticket, answer: Box::new(Ok(answer)) });
    }
}

/// What a command at the till leads to.
enum Decision {
    /// The store's business day has to be known first.
    Day(TillEvent),
    /// It is promised.
    Entry(BusinessDay, Option<TillNumber>, TillEvent),
}
