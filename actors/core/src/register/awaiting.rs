//! What a register waits for before it takes the next request.

use super::basket::Basket;
use super::command::CommandEnvelope;
use super::event::{BasketEvent, Outcome};
use super::machine::SignedOn;
use super::protocol::{Attached, Ticket, TillAsk};
use crate::till::{TillEntry, TillEvent};
use crate::transaction::RetailTransaction;
use crate::{CommandId, OperatorId};

/// What the register waits for before it takes the next request.
#[derive(Debug)]
pub(super) enum Awaiting {
    Nothing,
    LookUp {
        ticket: Ticket,
        operator: OperatorId,
        attached: Attached,
        envelope: CommandEnvelope,
    },
    Price {
        ticket: Ticket,
        envelope: CommandEnvelope,
        basket: Box<Basket>,
        event: BasketEvent,
    },
    /// The price once more, before payment begins.
    Hold {
        ticket: Ticket,
        operator: OperatorId,
        envelope: CommandEnvelope,
        basket: Box<Basket>,
    },
    Draft {
        attempt: u64,
    },
    /// Whether what is to be done with the till was done.
    Entry {
        ticket: Ticket,
        ask: TillAsk,
    },
    /// The day that the till books on.
    Day {
        ticket: Ticket,
        ask: TillAsk,
        event: TillEvent,
    },
    Append {
        ticket: Ticket,
        then: Box<Then>,
    },
}

impl Awaiting {
    /// Whether it is what a terminal said that is to become durable.
    pub(super) fn is_card(&self) -> bool {
        matches!(self, Self::Append { then, .. } if matches!(**then, Then::CardSettled(_)))
    }
}

/// What becomes of the register when its promise is durable.
#[derive(Debug)]
pub(super) enum Then {
    /// With the basket that they take over.
    SignedOn(Option<SignedOn>, Option<Basket>),
    BasketGoesOn {
        envelope: CommandEnvelope,
        basket: Basket,
        event: BasketEvent,
    },
    /// What a terminal said of a request stands in the basket.
    CardSettled(Box<Basket>),
    BasketEnds {
        envelope: CommandEnvelope,
        version: u64,
        event: BasketEvent,
        ended: Basket,
    },
    /// Without a basket.
    SaleUndone {
        envelope: CommandEnvelope,
        outcome: Outcome,
        sale: Box<RetailTransaction>,
    },
    Till {
        id: CommandId,
        entry: Box<TillEntry>,
    },
    /// The basket is over, so that the till can be closed from elsewhere.
    GivenUp(TillAsk),
}
