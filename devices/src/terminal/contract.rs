use store_core::card::{CardAnswer, CardRequest};

use crate::worker::Condition;

/// What is asked of a terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TerminalAsk {
    /// The request.
    pub request: CardRequest,
    /// Whether it is only asked what became of it.
    pub is_inquiry: bool,
}

/// A payment terminal.
pub trait PaymentTerminal: Send {
    /// Asks it, once, and waits for what it says. A request that could not be sent at all is
    /// declined with the code `terminal_offline`; one that may have been sent and got no answer
    /// is unknown.
    fn ask(&mut self, ask: &TerminalAsk) -> CardAnswer;

    /// How it is, for whoever watches over devices: as the last request found it, and otherwise
    /// whether its port is there. It is told nothing by that. Cheap enough to be called every
    /// second between requests: now and then half a second passes where it is not there.
    fn look(&mut self) -> Condition;
}
