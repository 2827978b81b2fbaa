use crate::{MoneyError, QuantityError, TextIdError};

/// What is wrong with a row of a catalogue file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportReason {
    /// Nothing in it.
    #[error("the file is empty")]
    EmptyFile,
    /// More than is read at once.
    #[error("the file is larger than {0} MiB")]
    FileTooLarge(usize),
    /// More items than a catalogue holds.
    #[error("there are more than {0} items")]
    TooManyItems(usize),
    /// Bytes that are no text.
    #[error("the text is not UTF-8; save the file again as UTF-8, not as Big5 or another encoding")]
    NotUtf8,
    /// A column that has to be there.
    #[error("the column is missing from the header")]
    MissingColumn,
    /// A column that nobody knows, perhaps a slip of the pen.
    #[error("the header has a column that is not known")]
    UnknownColumn,
    /// A column twice.
    #[error("the header has the column twice")]
    DuplicateColumn,
    /// Another number of fields than the header.
    #[error("the row has {found} fields and the header {expected}")]
    FieldCount {
        /// Fields of the header.
        expected: u64,
        /// Fields of the row.
        found: u64,
    },
    /// The CSV itself.
    #[error("the row is not CSV: {0}")]
    NotCsv(String),
    /// Nothing where something has to be.
    #[error("the field may not be empty")]
    EmptyField,
    /// A text longer than its limit.
    #[error("the text is longer than {0} bytes")]
    TextTooLong(usize),
    /// A line break or another control character, often of a quote that is not closed.
    #[error("the text contains a line break or another control character")]
    BadCharacter,
    /// More entries than a field may list.
    #[error("the field lists more than {0} entries")]
    TooManyEntries(usize),
    /// Not an id.
    #[error("{0}")]
    BadId(#[from] TextIdError),
    /// An id that another row has, or that is another item's barcode.
    #[error("the id {0} is an earlier row's, or another item's barcode")]
    DuplicateItem(String),
    /// A barcode that has been listed before, or that is another item's id.
    #[error("the barcode {0} is listed twice, or is another item's id")]
    DuplicateBarcode(String),
    /// A price look-up code that another item has, or that is another item's id.
    #[error("the price look-up code {0} is listed twice, or is another item's id")]
    DuplicatePlu(String),
    /// Thirteen digits that fit no article number.
    #[error("the check digit of the barcode {0} does not fit")]
    BadCheckDigit(String),
    /// Not a code.
    #[error("the barcode {0} is no code, or its pack is not a whole number from 1 to 10000")]
    BadBarcode(String),
    /// Not a price look-up code.
    #[error("a price look-up code is 1 to 6 digits, not all of them noughts")]
    BadPlu,
    /// Not an age.
    #[error("an age is a whole number of years from 1 to 99")]
    BadAge,
    /// Not one of the units.
    #[error("the unit is not known")]
    UnknownUnit,
    /// Not an amount of the catalogue's currency.
    #[error("{0}")]
    BadAmount(#[from] MoneyError),
    /// Below nothing.
    #[error("the amount or quantity is negative")]
    Negative,
    /// Not a date, or two prices from one day.
    #[error("a price starts on a date as in 59@2026-12-01, and no two prices on the same")]
    BadPriceDate,
    /// Not a quantity of the item's unit.
    #[error("{0}")]
    BadQuantity(#[from] QuantityError),
    /// An alert that would go away before it came.
    #[error("the alert has to clear above the safety stock, and there has to be one")]
    BadClearAt,
    /// Not a percentage.
    #[error("a tax rate is a percentage from 0 to 100")]
    BadTaxRate,
    /// A tax of its own and a class at once, or how to take a tax that is not there.
    #[error("an item has either a tax class or a tax_rate, and tax_included goes with the latter")]
    TwoTaxes,
    /// Neither yes nor no.
    #[error("true or false is expected")]
    BadFlag,
    /// Not an item and a number of pieces.
    #[error("a pack is an item and how many pieces of it, as in M1*6, from 2 to 10000")]
    BadPack,
    /// A deposit that is no piece of the catalogue.
    #[error("{0} is no item that is sold by the piece and bears no deposit itself")]
    UnknownDeposit(String),
    /// Neither nothing nor `required`.
    #[error("serial is empty or required, and only for goods that are counted in pieces")]
    BadSerial,
    /// A tare of what is not weighed, or none.
    #[error("tare is a weight above 0 in kilograms, of goods that are sold in kilograms")]
    BadTare,
    /// A pack of what is no piece of the catalogue.
    #[error("{0} is no item that is sold by the piece and no pack itself")]
    UnknownPack(String),
}

impl ImportReason {
    /// A stable code, free of language.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::EmptyFile => "empty_file",
            Self::FileTooLarge(_) => "file_too_large",
            Self::TooManyItems(_) => "too_many_items",
            Self::NotUtf8 => "not_utf8",
            Self::MissingColumn => "missing_column",
            Self::UnknownColumn => "unknown_column",
            Self::DuplicateColumn => "duplicate_column",
            Self::FieldCount { .. } => "field_count",
            Self::NotCsv(_) => "not_csv",
            Self::EmptyField => "empty_field",
            Self::TextTooLong(_) => "text_too_long",
            Self::BadCharacter => "bad_character",
            Self::TooManyEntries(_) => "too_many_entries",
            Self::BadId(_) => "bad_id",
            Self::DuplicateItem(_) => "duplicate_item",
            Self::DuplicateBarcode(_) => "duplicate_barcode",
            Self::DuplicatePlu(_) => "duplicate_plu",
            Self::BadCheckDigit(_) => "bad_check_digit",
            Self::BadBarcode(_) => "bad_barcode",
            Self::BadPlu => "bad_plu",
            Self::UnknownUnit => "unknown_unit",
            Self::BadAmount(_) => "bad_amount",
            Self::Negative => "negative",
            Self::BadPriceDate => "bad_price_date",
            Self::BadQuantity(_) => "bad_quantity",
            Self::BadClearAt => "bad_clear_at",
            Self::BadTaxRate => "bad_tax_rate",
            Self::TwoTaxes => "two_taxes",
            Self::BadFlag => "bad_flag",
            Self::BadPack => "bad_pack",
            Self::UnknownPack(_) => "unknown_pack",
            Self::BadAge => "bad_age",
            Self::UnknownDeposit(_) => "unknown_deposit",
            Self::BadSerial => "bad_serial",
            Self::BadTare => "bad_tare",
        }
    }
}

/// Why a catalogue file was refused as a whole, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportError {
    /// The line of the file on which the row begins; the header is line 1.
    pub line: u64,
    /// The column, by its name in this file's header.
    pub column: Option<String>,
    /// Why.
    pub reason: ImportReason,
}

impl std::fmt::Display for ImportError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "reading line {} of the catalogue", self.line)?;
        if let Some(column) = &self.column {
            write!(f, ", column {column}")?;
        }
        write!(f, ": {}", self.reason)
    }
}

impl std::error::Error for ImportError {}

/// A code that would mean two items, found when all rows are read.
pub(super) struct Duplicate {
    /// Position of the later item.
    pub item: u32,
    pub kind: DuplicateKind,
    pub code: String,
}

/// What was listed twice.
pub(super) enum DuplicateKind {
    Id,
    Barcode,
    Plu,
}

impl Duplicate {
    pub(super) const fn id(item: u32) -> Self {
        Self { item, kind: DuplicateKind::Id, code: String::new() }
    }

    pub(super) fn barcode(item: u32, code: &str) -> Self {
        Self { item, kind: DuplicateKind::Barcode, code: code.to_owned() }
    }

    pub(super) fn plu(item: u32, code: &str) -> Self {
        Self { item, kind: DuplicateKind::Plu, code: code.to_owned() }
    }
}
