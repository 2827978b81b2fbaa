//! The stack light, the buzzer, and what is felt on single wires: the door, a button, the drawer.
//!
//! What is shown follows from how the store is, by patterns that are settings. Everything up to the
//! kernel's own records is pure; the last step, where a line is asked of the system, is one
//! function each in [`gpio`] and was not run on a machine without such lines.

mod debounce;
mod driver;
mod event;
pub mod gpio;
mod pattern;
#[cfg(feature = "rppal")]
pub mod raspberry;
mod rules;
mod sequencer;
mod settings;
mod simulated;
#[cfg(test)]
mod tests;

pub use debounce::Debouncer;
pub use driver::{SignalDriver, SignalEvent, SignalTask};
pub use event::{Edge, EventDecoder, LineEvent, OutputCommand, RECORD_BYTES};
pub use pattern::{Pattern, PatternError};
pub use rules::{Lamp, Rules, SignalState, Signs};
pub use sequencer::{Levels, Sequencer, Turn};
pub use settings::{GpioLine, Input, Lines, SettingsError, SignalSettings};
pub use simulated::SimulatedSignal;
