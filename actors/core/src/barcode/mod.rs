//! What a barcode says.
//!
//! A scanner or a keyboard delivers text; [`read`] says whether it is the number of an article
//! ([`Gtin`]), a label that carries its own price or weight, or some other code. It knows nothing
//! of the items there are: the catalogue decides what is sold.

mod elements;
mod gtin;
mod layout;
mod link;
mod marks;
mod member_card;
mod scanned;
mod symbol;
mod symbology;
#[cfg(test)]
mod tests;

pub use gtin::{Gtin, check_digit};
pub use layout::{LabelValue, LayoutError, VariableMeasureLayout};
pub use marks::Marks;
pub use member_card::MemberCard;
pub use scanned::{InvoiceProof, ScanRules, Scanned, scanned};
pub use symbol::{Measure, Symbol, kept, marks, read};
pub use symbology::Symbology;

pub(crate) use symbol::{clean, read_cleaned};

/// Longest code that is read, in characters: the 48 of the longest GS1-128 symbol, with room.
pub const CODE_CHARS_MAX: usize = 64;
/// Longest message of GS1 elements, in characters: a Data Matrix that says article, lot, serial
/// number, two dates, weight and price has 120. It stands in the journal as it was read.
pub const ELEMENTS_CHARS_MAX: usize = 256;
/// Longest text that a scanner may send, in bytes: a QR code has less than 3 kB.
pub const SCAN_BYTES_MAX: usize = 4_096;

/// Why a text is no barcode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BarcodeError {
    /// Nothing but white space.
    #[error("the code is empty")]
    Empty,
    /// More than 64 characters, or than element strings and their links may have.
    #[error("the code is too long")]
    TooLong,
    /// A control character other than the separator of element strings.
    #[error("the code contains a control character")]
    BadCharacter,
    /// Not 8, 12, 13 or 14 digits, or nothing but noughts.
    #[error("an article number has 8, 12, 13 or 14 digits, not all of them noughts")]
    NotGtin,
    /// The check digit, or the verifier digit of a printed price or weight, does not fit.
    #[error("the check digit does not fit")]
    BadCheckDigit,
    /// The label's price is finer than the currency, or its weight finer than a thousandth.
    #[error("the label's price or weight cannot be expressed in this store")]
    BadMeasure,
    /// A GS1 element string breaks off, or says what cannot be.
    #[error("the GS1 element string is malformed")]
    BadElementString,
}
