use store_core::card::{CardAnswer, CardRequest};

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
}
