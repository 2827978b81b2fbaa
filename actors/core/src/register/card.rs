//! Paying through a terminal: what is asked of it is promised first, and what became of it is known
//! only from its answer, from an inquiry, or from somebody who looked. Nothing is asked twice.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::awaiting::Then;
use super::basket::Basket;
use super::change::Change;
use super::command::{Command, CommandEnvelope};
use super::draft::Draft;
use super::event::BasketEvent;
use super::machine::{Effects, RegisterMachine};
use super::protocol::{DraftChange, RegisterEffect, Ticket};
use super::tender;
use crate::card::{CardAnswer, CardApproval, CardDecision, CardRequest, CardRequestKind, CardSlip};
use crate::fact::Fact;
use crate::transaction::Tender;
use crate::{CardRequestId, CommandId, Money, Now, OperatorId, Refusal, RefusalCode};

/// Why nobody knows what became of a request: the hub stopped while it was under way.
const RESTARTED: &str = "hub_restarted";
/// Likewise: it was in the journal already when it was to be asked, by whom is not known.
const ASKED_BEFORE: &str = "asked_before";
/// Likewise: the answer came and could not be written down.
pub(super) const NOT_WRITTEN: &str = "journal_failed";
/// What a person says of a request that was not carried out.
const RESOLVED: &str = "resolved";
/// Why nobody knows whether something was given back: a terminal knows a tender by the numbers of
/// its slip, and this one has none.
const NO_SLIP_NUMBER: &str = "no_slip_number";

/// A request whose outcome is not known yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PendingCard {
    /// What was asked.
    pub request: CardRequest,
    /// The tender that comes of it; none for a reversal.
    pub tender: Option<Tender>,
    /// Where it stands. What is read from a draft is unknown: the hub was away.
    #[serde(skip)]
    pub state: CardState,
}

/// Where a request stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum CardState {
    /// The terminal was asked and has not answered.
    Awaiting,
    /// Nobody knows, for this reason, until an inquiry or a person says.
    Unknown(Arc<str>),
}

impl Default for CardState {
    fn default() -> Self {
        Self::Unknown(Arc::from(RESTARTED))
    }
}

/// What a terminal said, until the register comes to it.
#[derive(Debug)]
pub(super) struct Answered {
    pub ticket: Ticket,
    pub id: CommandId,
    pub request: CardRequestId,
    pub answer: CardAnswer,
    pub is_inquiry: bool,
}

/// What is done about a request that is open, and nothing else is.
pub(super) fn while_pending(
    basket: &mut Basket,
    pending: PendingCard,
    command: &Command,
    operator: &OperatorId,
) -> Result<Change, Refusal> {
    let named = |code| Refusal::new(code).with("request", pending.request.id);
    let (Command::InquireCard { request } | Command::ResolveCard { request, .. }) = command else {
        return Err(match &pending.state {
            CardState::Awaiting => named(RefusalCode::CardPending),
            CardState::Unknown(_) => named(RefusalCode::CardUnknown),
        });
    };
    if *request != pending.request.id {
        return Err(Refusal::new(RefusalCode::NoSuchCardRequest).with("request", request));
    }
    if pending.state == CardState::Awaiting {
        return Err(named(RefusalCode::CardPending));
    }
    let Command::ResolveCard { is_approved, reason, .. } = command else {
        basket.card = Some(PendingCard { state: CardState::Awaiting, ..pending });
        return Ok(Change::Inquire(BasketEvent::CardInquired { request: *request }));
    };
    if !basket.in_force.rules.reasons.card.contains(reason) {
        return Err(Refusal::new(RefusalCode::UnknownReason).with("reason", reason));
    }
    let decision = CardDecision::Person { operator: operator.clone(), reason: reason.clone() };
    let (event, fact) = if *is_approved {
        approved(basket, pending, CardApproval::default(), decision, operator)?
    } else {
        declined(basket, pending, Arc::from(RESOLVED), decision, operator)?
    };
    Ok(Change::Promise(event, fact))
}

/// A command about a request where none is open.
pub(super) fn nothing_pending(request: CardRequestId) -> Refusal {
    Refusal::new(RefusalCode::NoSuchCardRequest).with("request", request)
}

/// Asks for a tender through the register's terminal.
pub(super) fn request(
    basket: &mut Basket,
    (id, operator): (CommandId, &OperatorId),
    terminal: crate::TerminalId,
    tender: Tender,
) -> Change {
    let request = CardRequest {
        id: CardRequestId::new(id.uuid()),
        kind: CardRequestKind::Sale,
        tender_type: tender.tender_type.clone(),
        amount: tender.amount,
        terminal,
    };
    ask(basket, operator, request, Some(tender))
}

/// Asks for the reversal of a tender that a terminal took.
pub(super) fn reverse(
    basket: &mut Basket,
    (id, operator): (CommandId, &OperatorId),
    tender: &Tender,
    slip: &CardSlip,
) -> Result<Change, Refusal> {
    // Where it could not be voided there is nothing to ask for.
    tender::void(&mut basket.working_copy(), tender.number)?;
    let request = CardRequest {
        id: CardRequestId::new(id.uuid()),
        kind: CardRequestKind::Reversal {
            tender: tender.number,
            of: slip.request,
            receipt: slip.approval.receipt.clone(),
            approval: slip.approval.approval.clone(),
        },
        tender_type: tender.tender_type.clone(),
        amount: tender.amount,
        terminal: slip.terminal.clone(),
    };
    Ok(ask(basket, operator, request, None))
}

fn ask(
    basket: &mut Basket,
    operator: &OperatorId,
    request: CardRequest,
    tender: Option<Tender>,
) -> Change {
    let fact = Fact::CardRequested {
        transaction: basket.transaction.id,
        workstation: basket.transaction.workstation.clone(),
        operator: operator.clone(),
        request: request.clone(),
    };
    let event = BasketEvent::CardRequested { request: request.id };
    basket.card = Some(PendingCard { request, tender, state: CardState::Awaiting });
    Change::Promise(event, fact)
}

/// It was carried out: the tender stands, or does not any more.
fn approved(
    basket: &mut Basket,
    pending: PendingCard,
    approval: CardApproval,
    decision: CardDecision,
    operator: &OperatorId,
) -> Result<(BasketEvent, Fact), Refusal> {
    let terminal = pending.request.terminal;
    let slip = CardSlip { request: pending.request.id, terminal, approval, decision };
    basket.card = None;
    let transaction = basket.transaction.id;
    let workstation = basket.transaction.workstation.clone();
    let operator = operator.clone();
    match (pending.request.kind, pending.tender) {
        (CardRequestKind::Reversal { tender: number, .. }, _) => {
            let event = tender::void(basket, number)?;
            let card = Some(slip);
            Ok((event, Fact::TenderVoided { transaction, workstation, operator, number, card }))
        }
        (CardRequestKind::Sale, Some(tender)) => {
            let tender = Tender { card: Some(slip), ..tender };
            let (number, change) = (tender.number, tender.change);
            basket.transaction.tenders.push(tender.clone());
            tender::settle(&mut basket.transaction).map_err(|_| RefusalCode::BadAmount)?;
            let due = basket.transaction.totals.due;
            let fact = Fact::TenderTaken { transaction, workstation, operator, tender };
            Ok((BasketEvent::TenderTaken { number, change, due }, fact))
        }
        (CardRequestKind::Sale, None) => Err(RefusalCode::NoSuchTender.into()),
    }
}

/// It was not carried out: everything is as it was before it was asked.
fn declined(
    basket: &mut Basket,
    pending: PendingCard,
    code: Arc<str>,
    decision: CardDecision,
    operator: &OperatorId,
) -> Result<(BasketEvent, Fact), Refusal> {
    basket.card = None;
    tender::reopen(basket);
    let request = pending.request.id;
    let fact = Fact::CardDeclined {
        transaction: basket.transaction.id,
        workstation: basket.transaction.workstation.clone(),
        operator: operator.clone(),
        request,
        code: code.clone(),
        decision,
    };
    Ok((BasketEvent::CardDeclined { request, code: code.to_string() }, fact))
}

impl RegisterMachine {
    /// The request is durable: now, and only now, the terminal is asked. One that was durable
    /// before may have been asked before.
    pub(super) fn ask_terminal(&mut self, is_repeated: bool, effects: &mut Effects) {
        let Some(pending) = self.basket.as_mut().and_then(|basket| basket.card.as_mut()) else {
            return;
        };
        if is_repeated {
            pending.state = CardState::Unknown(Arc::from(ASKED_BEFORE));
            return self.changed();
        }
        if pending.request.kind.names_no_slip() {
            pending.state = CardState::Unknown(Arc::from(NO_SLIP_NUMBER));
            return self.changed();
        }
        let request = Box::new(pending.request.clone());
        effects.push(RegisterEffect::AskTerminal { request, is_inquiry: false });
    }

    /// The basket with what is asked about its request.
    pub(super) fn inquire(
        &mut self,
        now: Now,
        ticket: Ticket,
        (envelope, event): (&CommandEnvelope, BasketEvent),
        basket: Basket,
        effects: &mut Effects,
    ) {
        let request = basket.card.as_ref().map(|pending| Box::new(pending.request.clone()));
        self.note(now, ticket, (envelope, event), basket, effects);
        if let Some(request) = request {
            effects.push(RegisterEffect::AskTerminal { request, is_inquiry: true });
        }
    }

    /// What a terminal said is promised as soon as nothing else is under way; answers whether there
    /// is something to wait for.
    pub(super) fn settle_card(&mut self, now: Now, effects: &mut Effects) -> bool {
        let Some(answered) = self.card_answer.take() else { return false };
        let is_it = |pending: &PendingCard| {
            pending.request.id == answered.request && pending.state == CardState::Awaiting
        };
        let Some(shown) = self.basket.as_ref() else { return false };
        let Some(pending) = shown.card.clone().filter(is_it) else { return false };
        let decision =
            if answered.is_inquiry { CardDecision::Inquiry } else { CardDecision::Terminal };
        let operator = shown.transaction.operator.clone();
        let mut basket = shown.clone();
        let settled = match answered.answer {
            CardAnswer::Unknown(code) => return self.card_unknown(code),
            // The card may be given back to by hand, at the terminal or by the bank: only a person
            // knows. A tender that can neither stand nor be voided would hold up the day.
            CardAnswer::Declined(code) if pending.request.kind.is_reversal() => {
                return self.card_unknown(code);
            }
            CardAnswer::Approved(approval) => {
                approved(&mut basket, pending, approval, decision, &operator)
            }
            CardAnswer::Declined(code) => declined(&mut basket, pending, code, decision, &operator),
        };
        basket.version += 1;
        let (Ok((_, fact)), Ok(draft)) = (settled, Draft::of(&basket)) else {
            return self.card_unknown(NOT_WRITTEN);
        };
        let then = Then::CardSettled(Box::new(basket));
        let promise = (fact, DraftChange::Save(draft));
        self.promise(now, answered.ticket, answered.id, promise, then, effects);
        true
    }

    /// Nobody knows what became of the request that is open.
    pub(super) fn card_unknown(&mut self, code: impl Into<Arc<str>>) -> bool {
        if let Some(pending) = self.basket.as_mut().and_then(|basket| basket.card.as_mut()) {
            pending.state = CardState::Unknown(code.into());
            self.changed();
        }
        false
    }
}

/// A request to a terminal as a screen shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CardView {
    /// Which.
    pub request: CardRequestId,
    /// `sale` or `reversal`.
    pub kind: &'static str,
    /// The way of paying.
    pub tender_type: crate::transaction::TenderTypeId,
    /// How much.
    pub amount: Money,
    /// Which terminal.
    pub terminal: crate::TerminalId,
    /// What the terminal shows of the request.
    pub reference: String,
    /// `awaiting`, or `unknown`: then somebody has to inquire, or to say.
    pub state: &'static str,
    /// Why it is unknown; of a reversal that the terminal declined, the terminal's own code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<Arc<str>>,
}

impl CardView {
    pub(super) fn of(pending: &PendingCard) -> Self {
        let request = &pending.request;
        let (state, code) = match &pending.state {
            CardState::Awaiting => ("awaiting", None),
            CardState::Unknown(code) => ("unknown", Some(code.clone())),
        };
        Self {
            request: request.id,
            kind: request.kind.as_str(),
            tender_type: request.tender_type.clone(),
            amount: request.amount,
            terminal: request.terminal.clone(),
            reference: request.id.reference(),
            state,
            code,
        }
    }
}
