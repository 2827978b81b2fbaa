//! Receipt printers, and the drawers that hang on them.
//!
//! [`PrinterDriver`] drives a printer of either family; its bytes come from [`codec`], and
//! [`SimulatedPrinter`] reads them again with [`decode`].

mod bitmap;
pub mod codec;
mod contract;
pub mod decode;
mod driver;
mod font;
mod job;
mod link;
mod paint;
mod profile;
mod reply;
pub mod sample;
mod settings;
mod simulated;
#[cfg(test)]
mod tests;

pub use bitmap::Bitmap;
pub use codec::{Charset, Code, Encoder, Part};
pub use contract::{Paper, PrintError, PrintFault, PrintJob, PrintJobId, PrinterStatus};
pub use driver::{PrintReply, PrinterDriver, PrinterTask};
pub use font::FontStack;
pub use profile::{Buzzer, Confirmation, DrawerPin, PROFILES, PrinterFamily, PrinterProfile};
pub use settings::{DrawerSense, Mode, PrinterSettings};
pub use simulated::{SimulatedPrinter, SimulatedSettings};

/// Reads bytes as a printer's answers: the reader is this module's own.
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) fn fuzz_replies(family: PrinterFamily, bytes: &[u8]) {
    let mut reader = reply::ReplyReader::new(family);
    for byte in bytes {
        let _ = reader.push(*byte);
    }
}
