//! A payment terminal: what is asked of it, and what it says.
//!
//! It blocks for as long as a customer takes. What it does not say clearly is unknown: a request
//! is never sent twice, and nothing is guessed.

mod codec;
mod contract;
mod dialect;
mod driver;
mod owed;
mod presence;
mod simulated;
#[cfg(test)]
mod tests;

pub use codec::{CodecError, Frames, Message, Received, framed};
pub use contract::{PaymentTerminal, TerminalAsk};
pub use dialect::{AmountForm, Codes, Dialect, DialectError, FRAME_BYTES_MAX, Place};
pub use driver::{ANSWERED_MIN, EXTENDED_MAX, LineTerminal, TerminalTimes, UNDERSTOOD};
pub use simulated::{Shown, SimulatedTerminal, Trick};
