use std::io;

use serde::{Deserialize, Serialize};

/// What kind of code was read, as far as a till cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Symbology {
    /// EAN-13, and UPC-A as an EAN-13 that begins with 0.
    Ean13,
    /// EAN-8.
    Ean8,
    /// Code 39: carriers and proofs of Taiwan's electronic invoices.
    Code39,
    /// Code 128 of no agreed meaning.
    Code128,
    /// GS1-128.
    Gs1Code128,
    /// GS1 `DataBar`.
    DataBar,
    /// QR code.
    Qr,
}

impl Symbology {
    const ALL: [(Self, &'static str); 7] = [
        (Self::Ean13, "]E0"),
        (Self::Ean8, "]E4"),
        (Self::Code39, "]A0"),
        (Self::Code128, "]C0"),
        (Self::Gs1Code128, "]C1"),
        (Self::DataBar, "]e0"),
        (Self::Qr, "]Q1"),
    ];

    /// The identifier that a scanner sends before the code, if it is told to.
    #[must_use]
    pub fn aim_id(self) -> &'static str {
        Self::ALL.iter().find(|(symbology, _)| *symbology == self).map_or("", |(_, id)| id)
    }

    /// What an identifier stands for; nothing for one that tills do not meet.
    #[must_use]
    pub fn from_aim_id(id: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == id).map(|(symbology, _)| *symbology)
    }
}

/// One code that was read, free of everything that framed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scan {
    /// The code.
    pub code: String,
    /// What kind, where the scanner said so.
    pub symbology: Option<Symbology>,
}

impl Scan {
    /// Takes an AIM identifier (`]`, a letter, a letter or digit) off the front of what was read,
    /// if one is there and something is left behind it.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let plain = || Self { code: text.to_owned(), symbology: None };
        let is_id = matches!(text.as_bytes(), [b']', letter, modifier, _, ..]
            if letter.is_ascii_alphabetic() && modifier.is_ascii_alphanumeric());
        match (is_id, text.split_at_checked(3)) {
            (true, Some((id, code))) => {
                Self { code: code.to_owned(), symbology: Symbology::from_aim_id(id) }
            }
            _ => plain(),
        }
    }
}

/// A scanner is gone.
#[derive(Debug, thiserror::Error)]
#[error("reading from a scanner")]
pub struct ScannerError(#[from] io::Error);

impl ScannerError {
    /// The stable code.
    pub const CODE: &'static str = "scanner_failed";
}

/// Something that reads barcodes.
pub trait BarcodeScanner: Send {
    /// Waits for the next code; nothing when the scanner was closed.
    ///
    /// # Errors
    /// Where the port is gone.
    fn next_scan(&mut self) -> Result<Option<Scan>, ScannerError>;
}
