//! Barcode scanners: at a serial line, or as a keyboard that the hub keeps to itself.

mod contract;
mod driver;
mod frame;
mod keyboard;
mod simulated;
#[cfg(test)]
mod tests;

pub use contract::{Scan, Symbology};
pub use driver::{ScannerDriver, ScannerTask, UNREADABLE_CODE};
pub use frame::{
    FRAME_BYTES_MAX, FrameDecoder, Framing, IDLE_GAP, ScannerSettings, UNFINISHED_GAP,
};
pub use keyboard::{EVENT_BYTES, KeyDecoder};
pub use simulated::{SimulatedScanner, Speaks, Trigger, type_keys};
