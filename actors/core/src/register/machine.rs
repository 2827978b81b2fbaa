use std::collections::VecDeque;
use std::sync::Arc;

use jiff::civil::Date;
use serde::Serialize;

use super::awaiting::Awaiting;
use super::basket::Basket;
use super::card::{Answered, CardState, NOT_WRITTEN};
use super::draft::{Draft, DraftError};
use super::event::CommandAnswer;
use super::protocol::{RegisterEffect, RegisterInput, Request, Ticket};
use super::rules::{InForce, RegisterRules};
use super::till::TillAnswer;
use super::view::{LastSale, Phase, RegisterView};
use crate::catalogue::Catalogue;
use crate::till::Till;
use crate::{Machine, Now, OperatorId, Refusal, RefusalCode, TransactionNumber, WorkstationId};

/// Most requests that wait for one register: a scanner at full speed during one slow commit.
pub const WAITING_MAX: usize = 32;

/// Somebody who works at a register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedOn {
    /// Who.
    pub operator: OperatorId,
    /// The name that the screen shows.
    pub name: Arc<str>,
}

/// What a register starts from: what the journal and the drafts hold of it.
#[derive(Clone, Debug)]
pub struct RegisterState {
    /// Who works here.
    pub signed_on: Option<SignedOn>,
    /// The body of the draft, if a basket was open.
    pub draft: Option<String>,
    /// The last printed number.
    pub last_number: TransactionNumber,
    /// Its tills.
    pub till: Till,
}

/// What a terminal gets for a request that was not refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Answer {
    /// To a command.
    Command(CommandAnswer),
    /// To signing on or off.
    Register(RegisterView),
    /// To what was done with the till.
    Till(TillAnswer),
}

/// One register: its operator, its basket, and the requests that wait for it.
#[derive(Debug)]
pub struct RegisterMachine {
    pub(super) workstation: WorkstationId,
    /// What the next basket follows.
    pub(super) in_force: InForce,
    pub(super) signed_on: Option<SignedOn>,
    pub(super) basket: Option<Basket>,
    pub(super) last_number: TransactionNumber,
    pub(super) till: Till,
    pub(super) last_sale: Option<LastSale>,
    pub(super) awaiting: Awaiting,
    /// The last day on which the clock was trusted.
    pub(super) last_trusted: Option<Date>,
    waiting: VecDeque<(Ticket, Request)>,
    /// What a terminal said, until nothing else is under way.
    pub(super) card_answer: Option<Answered>,
    /// The newest draft could not be written: nothing more is taken in before it is.
    pub(super) is_draft_behind: bool,
    /// The hub closes: a draft that is behind is tried once more when nothing else is under way.
    is_closing: bool,
    drafts_tried: u64,
    pub(super) notices: Vec<&'static str>,
    pub(super) revision: u64,
    /// Nothing that it does counts.
    pub(super) is_training: bool,
}

impl RegisterMachine {
    /// A register as it was left.
    ///
    /// # Errors
    /// Where the draft cannot be read.
    pub fn restore(
        workstation: WorkstationId,
        rules: Arc<RegisterRules>,
        catalogue: Arc<Catalogue>,
        state: RegisterState,
    ) -> Result<Self, DraftError> {
        let in_force = InForce { revision: 0, catalogue, rules };
        let draft = state.draft.as_deref();
        let basket = draft.map(|body| Draft::open(body, in_force.clone())).transpose()?;
        Ok(Self {
            workstation,
            in_force,
            signed_on: state.signed_on,
            basket,
            last_number: state.last_number,
            till: state.till,
            last_sale: None,
            awaiting: Awaiting::Nothing,
            last_trusted: None,
            waiting: VecDeque::new(),
            card_answer: None,
            is_draft_behind: false,
            is_closing: false,
            drafts_tried: 0,
            notices: Vec::new(),
            revision: 0,
            is_training: false,
        })
    }

    /// The same register for training: nothing that it does counts, and its screens say so.
    #[must_use]
    pub const fn in_training(mut self) -> Self {
        self.is_training = true;
        self
    }

    /// The same register, which knows the last day on which the store's clock was trusted: the day
    /// whose prices it keeps to as long as the clock is not.
    #[must_use]
    pub const fn with_last_trusted(mut self, day: Option<Date>) -> Self {
        self.last_trusted = day;
        self
    }

    /// What the register is doing.
    #[must_use]
    pub fn phase(&self) -> Phase {
        match (&self.awaiting, &self.basket, &self.signed_on) {
            (Awaiting::Append { .. }, _, _) => Phase::Committing,
            (_, Some(Basket { card: Some(card), .. }), _) => match &card.state {
                CardState::Awaiting => Phase::AwaitingCard,
                CardState::Unknown(_) => Phase::CardUnknown,
            },
            (_, Some(basket), _) if basket.is_tender_begun() => Phase::Tendering,
            (_, Some(_), _) => Phase::Selling,
            (_, None, Some(_)) => Phase::Idle,
            (_, None, None) => Phase::SignedOff,
        }
    }

    /// Rises with every change that a screen would show.
    #[must_use]
    pub const fn revision(&self) -> u64 {
        self.revision
    }

    /// The basket in progress.
    #[must_use]
    pub const fn basket(&self) -> Option<&Basket> {
        self.basket.as_ref()
    }

    /// How many requests wait, the one under way included.
    #[must_use]
    pub fn queue_length(&self) -> usize {
        self.waiting.len() + usize::from(!matches!(self.awaiting, Awaiting::Nothing))
    }

    /// Raises or clears something that the cashier should know.
    pub fn set_notice(&mut self, notice: &'static str, is_raised: bool) {
        if self.notices.contains(&notice) == is_raised {
            return;
        }
        self.notices.retain(|known| *known != notice);
        if is_raised {
            self.notices.push(notice);
        }
        self.changed();
    }

    pub(super) const fn changed(&mut self) {
        self.revision += 1;
    }

    fn take_awaiting(&mut self) -> Awaiting {
        std::mem::replace(&mut self.awaiting, Awaiting::Nothing)
    }

    /// Takes what was awaited if the reply fits it; a stale reply leaves everything as it is.
    fn take_if(&mut self, fits: impl Fn(&Awaiting) -> bool) -> Option<Awaiting> {
        fits(&self.awaiting).then(|| self.take_awaiting())
    }

    fn on_request(&mut self, ticket: Ticket, request: Request, effects: &mut Effects) {
        if self.waiting.len() >= WAITING_MAX {
            return refuse(ticket, RefusalCode::RegisterBusy.into(), effects);
        }
        self.waiting.push_back((ticket, request));
    }

    fn take_draft(&mut self, attempt: u64) -> Option<Awaiting> {
        self.take_if(
            |awaiting| matches!(awaiting, Awaiting::Draft { attempt: of } if *of == attempt),
        )
    }

    fn take_append(&mut self, ticket: Ticket) -> Option<Awaiting> {
        self.take_if(
            |awaiting| matches!(awaiting, Awaiting::Append { ticket: of, .. } if *of == ticket),
        )
    }

    fn take_price(&mut self, ticket: Ticket) -> Option<Awaiting> {
        self.take_if(|awaiting| match awaiting {
            Awaiting::Price { ticket: of, .. } | Awaiting::Hold { ticket: of, .. } => *of == ticket,
            _ => false,
        })
    }

    /// Takes what the till waits for: an entry's look-up and a day follow each other under one
    /// ticket.
    fn take_till(&mut self, ticket: Ticket) -> Option<Awaiting> {
        self.take_if(|awaiting| match awaiting {
            Awaiting::Entry { ticket: of, .. } | Awaiting::Day { ticket: of, .. } => *of == ticket,
            _ => false,
        })
    }

    fn on_append_failed(&mut self, ticket: Ticket, code: RefusalCode, effects: &mut Effects) {
        let Some(awaited) = self.take_append(ticket) else { return };
        self.set_notice("disk_full", code == RefusalCode::DiskFull);
        self.on_not_entered(&awaited, effects);
        if awaited.is_card() {
            self.card_unknown(NOT_WRITTEN);
        }
        refuse(ticket, code.into(), effects);
    }

    fn on_draft_saved(&mut self) {
        self.is_draft_behind = false;
        self.set_notice("disk_full", false);
    }

    fn on_draft_failed(&mut self, code: RefusalCode, effects: &mut Effects) {
        let was_behind = self.is_draft_behind;
        self.is_draft_behind = true;
        self.set_notice("disk_full", code == RefusalCode::DiskFull);
        // A repeated attempt was made for the request at the head: it is the one to be told.
        if was_behind && let Some((ticket, _)) = self.waiting.pop_front() {
            refuse(ticket, code.into(), effects);
        }
    }

    fn advance(&mut self, now: Now, effects: &mut Effects) {
        while matches!(self.awaiting, Awaiting::Nothing) {
            if self.settle_card(now, effects) {
                return;
            }
            if self.waiting.is_empty() {
                if std::mem::take(&mut self.is_closing) && self.is_draft_behind {
                    self.save_draft(effects);
                }
                return;
            }
            let needs_draft = self.is_draft_behind && self.is_next_a_change();
            if needs_draft && self.save_draft(effects) {
                return;
            }
            if let Some((ticket, request)) = self.waiting.pop_front() {
                self.begin(now, ticket, request, effects);
            }
        }
    }

    /// Whether the request at the head would take the basket further by a draft. What was carried
    /// out before gets its answer also where nothing more can be written; a promise brings its own
    /// change of the draft, so that a basket whose draft is refused can still be given up.
    fn is_next_a_change(&self) -> bool {
        let (Some((_, Request::Command { envelope, .. })), Some(basket)) =
            (self.waiting.front(), &self.basket)
        else {
            return false;
        };
        basket.transaction.id == envelope.transaction_id
            && basket.absorbed(envelope.command_id).is_none()
            && !envelope.command.is_promise()
    }

    /// Writes the basket's draft; answers whether there is one to wait for.
    pub(super) fn save_draft(&mut self, effects: &mut Effects) -> bool {
        let Some(Ok(draft)) = self.basket.as_ref().map(Draft::of) else {
            self.is_draft_behind = false;
            return false;
        };
        self.drafts_tried += 1;
        let attempt = self.drafts_tried;
        self.awaiting = Awaiting::Draft { attempt };
        effects.push(RegisterEffect::SaveDraft { attempt, draft });
        true
    }
}

pub(super) type Effects = Vec<RegisterEffect>;

pub(super) fn refuse(ticket: Ticket, refusal: Refusal, effects: &mut Effects) {
    effects.push(RegisterEffect::Answer { ticket, answer: Box::new(Err(refusal)) });
}

impl Machine for RegisterMachine {
    type Input = RegisterInput;
    type Effect = RegisterEffect;

    fn step(&mut self, now: Now, input: RegisterInput, effects: &mut Effects) {
        if now.clock_trusted {
            self.last_trusted = Some(now.date());
        }
        match input {
            RegisterInput::Request { ticket, request } => {
                self.on_request(ticket, request, effects);
            }
            RegisterInput::LookedUp { ticket, known } => {
                let fits = |one: &Awaiting| match one {
                    Awaiting::LookUp { ticket: awaited, .. } => *awaited == ticket,
                    _ => false,
                };
                if let Some(awaited) = self.take_if(fits) {
                    self.on_looked_up(now, awaited, known, effects);
                }
            }
            RegisterInput::EntryLookedUp { ticket, entry } => {
                if let Some(awaited) = self.take_till(ticket) {
                    self.on_entry_looked_up(now, awaited, entry, effects);
                }
            }
            RegisterInput::DayOpen { ticket, day } => {
                if let Some(awaited) = self.take_till(ticket) {
                    self.on_day(now, awaited, day, effects);
                }
            }
            RegisterInput::Priced { ticket, quote } => {
                if let Some(awaited) = self.take_price(ticket) {
                    self.on_priced(now, awaited, *quote, effects);
                }
            }
            RegisterInput::NotPriced { ticket } => {
                if self.take_price(ticket).is_some() {
                    refuse(ticket, RefusalCode::Stopping.into(), effects);
                }
            }
            RegisterInput::Suggested { transaction, version, priced, prompts, offers } => {
                self.on_suggested(transaction, (version, priced), (prompts, offers));
            }
            RegisterInput::DraftSaved { attempt } => {
                if self.take_draft(attempt).is_some() {
                    self.on_draft_saved();
                }
            }
            RegisterInput::DraftFailed { attempt, code } => {
                if self.take_draft(attempt).is_some() {
                    self.on_draft_failed(code, effects);
                }
            }
            RegisterInput::Committed { ticket, repeated } => {
                if let Some(awaited) = self.take_append(ticket) {
                    self.on_committed(now, awaited, repeated, effects);
                }
            }
            RegisterInput::AppendFailed { ticket, code } => {
                self.on_append_failed(ticket, code, effects);
            }
            RegisterInput::CardAnswered { ticket, id, request, answer, is_inquiry } => {
                self.card_answer = Some(Answered { ticket, id, request, answer, is_inquiry });
            }
            RegisterInput::Closing => self.is_closing = true,
            RegisterInput::InForceChanged(in_force) => {
                self.in_force = in_force;
                // The screens of a register without a basket show it at once.
                self.changed();
            }
        }
        self.advance(now, effects);
    }
}
