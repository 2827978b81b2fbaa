//! What was sold, as the file says it: both formats, plain or compressed, line by line.

mod derived;
mod synthetic;
mod tenders;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use jiff::Timestamp;
use jiff::tz::Offset;
use serde::Deserialize;
use serde::de::IgnoredAny;
use store_core::{Currency, StoreId};

use super::ReplayError;

pub use derived::written_time;

/// Longest line of a file, in bytes: the longest real basket takes 20,000; a hundred times that.
const FILE_LINE_BYTES_MAX: u64 = 2_000_000;

/// Which of the two formats a file has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileFormat {
    /// The real trade: one basket a line, with its store, its time and its discounts.
    Derived,
    /// The synthetic year: one receipt a line, of one store, to the hour.
    Synthetic,
}

impl FileFormat {
    /// The currency of the amounts.
    #[must_use]
    pub const fn currency(self) -> Currency {
        match self {
            Self::Derived => Currency::USD,
            Self::Synthetic => Currency::EUR,
        }
    }

    /// The time zone of the stores, by its IANA name.
    #[must_use]
    pub const fn zone(self) -> &'static str {
        match self {
            Self::Derived => "America/New_York",
            Self::Synthetic => "Europe/Berlin",
        }
    }
}

/// A moment with the offset that was written beside it, so that its hour stays the written one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileTime {
    /// When.
    pub instant: Timestamp,
    /// What the store's clock was ahead of UTC, in seconds.
    pub utc_offset_s: i32,
}

impl FileTime {
    /// The written hour, 0 to 23.
    #[must_use]
    pub fn hour(self) -> i8 {
        let offset = Offset::from_seconds(self.utc_offset_s).unwrap_or(Offset::UTC);
        offset.to_datetime(self.instant).hour()
    }
}

/// One basket of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileBasket {
    /// Where it stands in the file, from 1.
    pub file_line: u64,
    /// Whose it is.
    pub store: StoreId,
    /// Its name in that store; no other basket of the file has it there.
    pub key: String,
    /// When it was sold.
    pub time: FileTime,
    /// Who bought, where the file says.
    pub member: Option<String>,
    /// The way of paying for what is due beside coupons.
    pub tender: &'static str,
    /// What was sold; at least one line.
    pub lines: Vec<FileLine>,
}

/// One line of a basket. Amounts are minor units; `reg` = `net` + `disc` + `matched`.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct FileLine {
    /// The item's id in the catalogue.
    pub item: String,
    /// The item's code as written here, where it is.
    pub ean: Option<String>,
    /// How many; of fuel, how many thousandths of a gallon.
    pub quantity: i64,
    /// The shelf amount.
    pub reg: i64,
    /// The loyalty discount.
    pub disc: i64,
    /// The store's coupon match.
    pub matched: i64,
    /// What was booked.
    pub net: i64,
    /// The manufacturer's coupon given with it.
    pub coupon: i64,
    /// The price labels that were scanned, one a piece.
    pub labels: Vec<String>,
    /// Why it came back, where it did: `refund` or `void`.
    pub return_reason: Option<String>,
}

impl FileLine {
    /// Whether it is a coupon that is tied to no item. Judged by the amounts: the file's own mark
    /// also stands on lines that carry a discount.
    #[must_use]
    pub const fn is_coupon_alone(&self) -> bool {
        self.coupon != 0
            && self.quantity == 0
            && self.reg == 0
            && self.disc == 0
            && self.matched == 0
    }
}

/// Reads a file basket by basket.
pub struct FileReader {
    path: PathBuf,
    text: Box<dyn BufRead>,
    line: u64,
    format: Option<FileFormat>,
    /// How often a store used a basket's name.
    seen: HashMap<(StoreId, String), u32>,
}

#[derive(Deserialize)]
struct Shape {
    basket: Option<IgnoredAny>,
    receipt: Option<IgnoredAny>,
}

impl FileReader {
    /// Opens a file; compressed ones are known by their first two bytes, not by their name.
    ///
    /// # Errors
    /// [`ReplayError::Read`].
    pub fn open(path: &Path) -> Result<Self, ReplayError> {
        let read = |source| ReplayError::Read { path: path.to_owned(), source };
        Self::over(path, Box::new(BufReader::new(File::open(path).map_err(read)?)))
    }

    /// Reads what is there already; the path is what an error names.
    ///
    /// # Errors
    /// [`ReplayError::Read`].
    pub fn over(path: &Path, mut plain: Box<dyn BufRead>) -> Result<Self, ReplayError> {
        let read = |source| ReplayError::Read { path: path.to_owned(), source };
        let is_compressed = plain.fill_buf().map_err(read)?.starts_with(&[0x1f, 0x8b]);
        let text: Box<dyn BufRead> = if is_compressed {
            Box::new(BufReader::new(MultiGzDecoder::new(plain)))
        } else {
            plain
        };
        Ok(Self { path: path.to_owned(), text, line: 0, format: None, seen: HashMap::new() })
    }

    /// The format, once a basket has been read.
    #[must_use]
    pub const fn format(&self) -> Option<FileFormat> {
        self.format
    }

    fn read_line(&mut self) -> Result<Option<String>, ReplayError> {
        let mut bytes = Vec::new();
        let limited = &mut self.text.by_ref().take(FILE_LINE_BYTES_MAX);
        let read = |source| ReplayError::Read { path: self.path.clone(), source };
        if limited.read_until(b'\n', &mut bytes).map_err(read)? == 0 {
            return Ok(None);
        }
        self.line += 1;
        if bytes.len() as u64 == FILE_LINE_BYTES_MAX {
            return Err(self.bad(format!("longer than {FILE_LINE_BYTES_MAX} bytes")));
        }
        String::from_utf8(bytes).map(Some).map_err(|_| self.bad("not UTF-8".to_owned()))
    }

    fn bad(&self, reason: String) -> ReplayError {
        ReplayError::BadLine { path: self.path.clone(), line: self.line, reason }
    }

    fn parse(&mut self, text: &str) -> Result<FileBasket, String> {
        let shape: Shape = serde_json::from_str(text).map_err(|fault| fault.to_string())?;
        let (format, mut basket) = match (shape.basket, shape.receipt) {
            (Some(_), None) => (FileFormat::Derived, derived::parse(text)?),
            (None, Some(_)) => (FileFormat::Synthetic, synthetic::parse(text)?),
            _ => return Err("neither a `basket` nor a `receipt`".to_owned()),
        };
        if *self.format.get_or_insert(format) != format {
            return Err("another format than the lines before".to_owned());
        }
        if basket.lines.is_empty() {
            return Err("a basket without lines is no sale".to_owned());
        }
        basket.file_line = self.line;
        // Each line of the file is one sale, whatever it calls itself.
        let uses = self.seen.entry((basket.store.clone(), basket.key.clone())).or_insert(0);
        *uses += 1;
        if *uses > 1 {
            basket.key = format!("{}#{uses}", basket.key);
        }
        Ok(basket)
    }
}

impl Iterator for FileReader {
    type Item = Result<FileBasket, ReplayError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.read_line() {
                Ok(None) => return None,
                Ok(Some(text)) if text.trim().is_empty() => {}
                Ok(Some(text)) => {
                    let basket = self.parse(&text);
                    return Some(basket.map_err(|reason| self.bad(reason)));
                }
                Err(fault) => return Some(Err(fault)),
            }
        }
    }
}

/// A name that some files write as a number and others as a text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Name {
    Number(i64),
    Text(String),
}

impl Name {
    fn into_text(self) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::Text(text) => text,
        }
    }
}
