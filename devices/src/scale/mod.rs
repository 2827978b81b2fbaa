//! Scales at the counter.
//!
//! A [`ScaleProtocol`] is what a scale is set to speak: its bytes, read by a [`FrameDecoder`]. The
//! [`ScaleDriver`] asks, has a weight said twice where the protocol cannot prove its bytes, and
//! hands on a [`Reading`] with the very frame that it was read from. The [`SimulatedScale`] stands
//! at the other end.
//!
//! Goods are sold by the kilogram here: a scale that shows pounds or ounces is refused, not
//! converted.

mod confirm;
mod contract;
mod driver;
pub mod protocol;
mod simulated;
#[cfg(test)]
mod tests;
mod weight;

pub use contract::{
    Reading, ReadingState, ScaleCommand, ScaleRefusal, ScaleSettings, ScaleTask, Trouble,
};
pub use driver::{POLL, ScaleDriver};
pub use protocol::{FrameDecoder, ScaleProtocol};
pub use simulated::{CAPACITY_G, DIVISION_G, SimulatedScale};
pub use weight::Weight;
