//! What the customer takes home.
//!
//! A sale becomes a [`ReceiptDocument`]: what stands on the paper, free of any printer and of any
//! width, so that a print job can be stored and printed later on another machine. Rows of a given
//! width are made of it at the last moment, the same for the screen and for every printer.

mod document;
mod labels;
mod layout;
mod promotions;
mod report;
pub mod return_code;
mod row;
mod symbol;
#[cfg(test)]
mod tests;
mod width;

pub use document::{Align, DOCUMENT_FORMAT, Element, ReceiptDocument, TextSize};
pub use labels::{ReceiptLabels, ReceiptLanguage, ReportLabels};
pub use layout::{Frame, ReceiptHeader, layout, money_text, opens_drawer};
pub use report::till_report;
pub use row::{COLUMNS_MAX, COLUMNS_MIN, Row};
pub use symbol::{COLUMN_DOTS, Symbol};
pub use width::{char_columns, text_columns};
