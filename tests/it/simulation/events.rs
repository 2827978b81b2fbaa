//! What is on its way: every message, timer and disaster.

use std::sync::Arc;

use store_core::fact::{CommittedFact, Fact, RowPosition};
use store_core::register::{
    Answer, CommandEnvelope, Outcome, RegisterInput, RegisterView, Request, Ticket,
};
use store_core::safety_stock::SafetyStockInput;
use store_core::{CommandId, Now, Refusal, RefusalCode, TransactionId};
use store_journal::{Write, WriteError, Written};

use super::faults::Fault;
use super::queue::Arrives;

/// What a terminal or the back office asks of the hub.
#[derive(Clone, Debug)]
pub enum Ask {
    /// Something at the terminal's own register.
    Request(Request),
    /// What became of a command.
    Outcome(TransactionId, CommandId),
    /// How the register looks.
    Look,
    /// A movement or level of stock.
    Append(CommandId, Box<Fact>),
}

impl Ask {
    pub const fn envelope(&self) -> Option<&CommandEnvelope> {
        match self {
            Self::Request(Request::Command { envelope, .. }) => Some(envelope),
            _ => None,
        }
    }
}

/// What comes back.
#[derive(Clone, Debug)]
pub enum Reply {
    Answered(Answer),
    Refused(Refusal, RegisterView),
    Outcome(Option<Outcome>, RegisterView),
    View(RegisterView),
    Appended(Result<(), RefusalCode>),
}

/// Who asked, and for which time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Attempt {
    /// A terminal's register, or [`super::office::OFFICE`].
    pub client: usize,
    pub number: u64,
}

/// What the network did to a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carriage {
    Plain,
    Second,
    Late,
}

/// Who waits for a write.
#[derive(Clone, Debug)]
pub enum Waiting {
    Draft { register: usize, attempt: u64 },
    Promise { register: usize, ticket: Ticket, now: Now, fact: Box<Fact> },
    Office { attempt: Attempt, now: Now, fact: Box<Fact> },
    PrintBegun(TransactionId),
    PrintDone(TransactionId),
    Nobody,
}

pub type Outcomes = Vec<(Waiting, Result<Written, WriteError>)>;

#[derive(Clone, Debug)]
pub enum Event {
    /// To a client.
    Cashier(usize),
    NoAnswer(Attempt),
    Resend(Attempt),
    Reply(Attempt, Box<Reply>),
    /// To the hub, over the network.
    Ask(Attempt, Box<Ask>, Carriage),
    /// Inside the hub.
    Register(usize, Box<RegisterInput>, Carriage),
    LookUp(usize, Ticket, TransactionId, bool),
    Write(Box<(Write, Waiting)>),
    CommitDone,
    Written(Outcomes),
    Announced(Arc<CommittedFact>, Carriage),
    ReadAfter(RowPosition),
    FactsRead(Box<Result<Vec<CommittedFact>, RefusalCode>>),
    News(Vec<SafetyStockInput>),
    ReceiptQueued(TransactionId, Carriage),
    PrinterRetry,
    /// To the world.
    Disaster,
    Over(Fault),
    PowerBack,
}

impl Arrives for Event {
    fn dies_with_process(&self) -> bool {
        !matches!(
            self,
            Self::Cashier(_)
                | Self::NoAnswer(_)
                | Self::Resend(_)
                | Self::Reply(..)
                | Self::Disaster
                | Self::Over(_)
                | Self::PowerBack
        )
    }
}
