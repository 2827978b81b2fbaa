//! Barcode scanners.

mod contract;
pub mod serial;
#[cfg(test)]
mod tests;
pub mod wedge;

pub use contract::{BarcodeScanner, Scan, ScannerError, Symbology};
