//! Customer displays on a pole: two lines of twenty characters that the customer reads.
//!
//! A [`DisplayDialect`] is what a display obeys. The [`DisplayDriver`] keeps what is shown and
//! shows it again, because displays never answer: that their cable takes bytes is all that is ever
//! known of them. A display that hangs, or that is set to another speed, is not noticed here but by
//! whoever looks at it.

mod dialect;
mod driver;
mod screen;
mod simulated;
#[cfg(test)]
mod tests;
mod text;

pub use dialect::{Brightness, DisplayDialect};
pub use driver::{DisplayDriver, DisplaySettings, DisplayTask};
pub use screen::Screen;
pub use simulated::SimulatedDisplay;
pub use text::{DisplayLetters, DisplayLine, fit};

/// Characters of a line.
pub const COLUMNS: usize = 20;
/// Lines.
pub const LINES: usize = 2;
