//! What is on its way: every message, timer and disaster, by the moment at which it arrives.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::sync::Arc;

use store_core::fact::{CommittedFact, Fact, RowPosition};
use store_core::register::{
    Answer, CommandEnvelope, Outcome, RegisterInput, RegisterView, Request, Ticket,
};
use store_core::safety_stock::SafetyStockInput;
use store_core::{CommandId, Now, Refusal, RefusalCode, TransactionId};
use store_journal::{Write, WriteError, Written};

use super::faults::Fault;

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
    LookUp(usize, Ticket, TransactionId),
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

impl Event {
    /// Whether it dies with the process that it was meant for.
    pub const fn is_inside_hub(&self) -> bool {
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

#[derive(Debug)]
struct Due {
    at_ms: u64,
    order: u64,
    run: u32,
    event: Event,
}

impl PartialEq for Due {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Due {}
impl PartialOrd for Due {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Due {
    /// The heap gives the greatest first: that is to be the earliest.
    fn cmp(&self, other: &Self) -> Ordering {
        (other.at_ms, other.order).cmp(&(self.at_ms, self.order))
    }
}

/// Everything that is on its way.
#[derive(Debug, Default)]
pub struct Queue {
    heap: BinaryHeap<Due>,
    order: u64,
    pub now_ms: u64,
    /// How often the hub was started: what was inside an earlier run is gone.
    pub run: u32,
}

impl Queue {
    pub fn after(&mut self, delay_ms: u64, event: Event) {
        self.order += 1;
        let (at_ms, order, run) = (self.now_ms + delay_ms, self.order, self.run);
        self.heap.push(Due { at_ms, order, run, event });
    }

    /// The next event; time goes on to it.
    pub fn next(&mut self) -> Option<Event> {
        while let Some(due) = self.heap.pop() {
            self.now_ms = due.at_ms;
            if due.run == self.run || !due.event.is_inside_hub() {
                return Some(due.event);
            }
        }
        None
    }

    /// What was being told to clients is lost.
    pub fn drop_replies(&mut self) {
        self.heap.retain(|due| !matches!(due.event, Event::Reply(..)));
    }

    /// Whether anything like this is still under way.
    pub fn holds(&self, wanted: impl Fn(&Event) -> bool) -> bool {
        self.heap.iter().any(|due| due.run == self.run && wanted(&due.event))
    }
}
