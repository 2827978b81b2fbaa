//! Receipt printers.
//!
//! [`EscPosPrinter`] drives any printer of the ESC/POS family through a [`Transport`]; its bytes
//! come from [`codec`], and [`SimulatedPrinter`] reads them again with [`decode`].

mod bitmap;
pub mod codec;
mod contract;
pub mod decode;
mod driver;
mod font;
mod paint;
mod reply;
mod simulated;
#[cfg(test)]
mod tests;

pub use bitmap::Bitmap;
pub use codec::{Encoder, Mode};
pub use contract::{
    Paper, PrintError, PrintFault, PrintJob, PrintJobId, PrinterStatus, ReceiptPrinter,
};
pub use driver::{DrawerSense, EscPosPrinter, Transport};
pub use font::FontStack;
pub use simulated::{SimulatedPort, SimulatedPrinter, SimulatedSettings};

/// Reads bytes as a printer's answers: the reader is this module's own.
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) fn fuzz_replies(bytes: &[u8]) {
    let mut reader = reply::ReplyReader::default();
    for byte in bytes {
        let _ = reader.push(*byte);
    }
}
