//! A payment terminal: what is asked of it, and what it says.
//!
//! It blocks for as long as a customer takes. What it does not say clearly is unknown: a request
//! is never sent twice, and nothing is guessed.

mod codec;
mod contract;
mod driver;
mod simulated;
#[cfg(test)]
mod tests;

pub use codec::{CodecError, FRAME_BYTES, Frames, Message, Received, framed};
pub use contract::{PaymentTerminal, TerminalAsk};
pub use driver::{LineTerminal, TerminalTimes};
pub use simulated::{SimulatedTerminal, Trick};
