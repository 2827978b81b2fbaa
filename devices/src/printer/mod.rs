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
