//! Dialects: which text stands where in a terminal's frames. They are a file, so that a bank's own
//! variant is a few lines more there.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, LazyLock};

use serde::Deserialize;

use crate::port::Line;

/// The dialects that the program knows by itself.
const KNOWN: &str = include_str!("../../data/ecr-dialects.toml");
/// The same, read once.
static READ: LazyLock<Result<Vec<Arc<Dialect>>, DialectError>> =
    LazyLock::new(|| Dialect::read_all(KNOWN));
/// The longest text of a frame: the longest dialect that was heard of has 600 bytes.
pub const FRAME_BYTES_MAX: usize = 1_024;
/// Digits of an amount: more than any sale has, and what is counted with has room for them.
const AMOUNT_DIGITS_MAX: usize = 15;
/// What has to have a place.
const REQUIRED: [&str; 3] = ["type", "amount", "response"];

/// A dialect that cannot be spoken, or is not known.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DialectError {
    /// The file is none.
    #[error("the dialects of payment terminals cannot be read: {0}")]
    Form(String),
    /// What is said of a field cannot be.
    #[error("the dialect {dialect:?} of payment terminals: its field {field:?} {fault}")]
    Field {
        /// Which dialect.
        dialect: String,
        /// Which field.
        field: String,
        /// What is wrong with it.
        fault: &'static str,
    },
    /// Another setting cannot be.
    #[error("the dialect {dialect:?} of payment terminals: {fault}")]
    Setting {
        /// Which dialect.
        dialect: String,
        /// What is wrong.
        fault: &'static str,
    },
    /// None has this name.
    #[error("no dialect of payment terminals is named {0:?}; there are: {1}")]
    Unknown(String, String),
}

/// A field's place: where it begins, counted from 1, and its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "(usize, usize)")]
pub struct Place {
    /// Of its first byte.
    pub position: usize,
    /// How many.
    pub length: usize,
}

impl Place {
    /// Where it is in the text, counted from nought.
    #[must_use]
    pub const fn range(self) -> Range<usize> {
        let start = self.position.saturating_sub(1);
        start..start.saturating_add(self.length)
    }
}

impl From<(usize, usize)> for Place {
    fn from((position, length): (usize, usize)) -> Self {
        Self { position, length }
    }
}

/// How an amount is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AmountForm {
    /// Digits after the point, which is not written.
    pub decimals: u32,
    /// What stands before its first digit: a blank or a nought.
    pub fill: char,
}

/// What is asked for, as a dialect says it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Codes {
    /// To take an amount.
    pub sale: String,
    /// To give it back when its day is over.
    pub refund: String,
    /// To give it back by its slip, on its day.
    pub void: String,
    /// To say the last slip again.
    pub inquiry: String,
}

/// How a kind of terminal is spoken to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dialect {
    /// As settings call it.
    pub name: String,
    /// Bytes of a frame's text.
    pub length: usize,
    /// The settings of serial lines it is met with, the usual one first: `9600,8N1`.
    lines: Vec<String>,
    /// Where each field stands.
    pub fields: BTreeMap<String, Place>,
    /// The field that carries the name of a request there and back.
    #[serde(default)]
    pub reference: Option<String>,
    /// What the response says of what was carried out.
    pub approved: Vec<String>,
    /// What it says while the terminal is still at it.
    #[serde(default)]
    pub keep_alive: Vec<String>,
    /// How amounts are written.
    pub amount: AmountForm,
    /// What can be asked.
    pub codes: Codes,
    /// What stands in every request.
    #[serde(default)]
    pub always: BTreeMap<String, String>,
    /// Whose card a card type is.
    #[serde(default)]
    pub schemes: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    dialect: Vec<Dialect>,
}

impl Dialect {
    /// Reads dialects and finds out whether they can be spoken.
    ///
    /// # Errors
    /// [`DialectError`], which names the dialect and the field.
    pub fn read_all(text: &str) -> Result<Vec<Arc<Self>>, DialectError> {
        let file: File =
            toml::from_str(text).map_err(|error| DialectError::Form(error.to_string()))?;
        for dialect in &file.dialect {
            dialect.check()?;
        }
        Ok(file.dialect.into_iter().map(Arc::new).collect())
    }

    /// Those that the program knows by itself; a test holds them against their form.
    #[must_use]
    pub fn known() -> &'static [Arc<Self>] {
        READ.as_deref().unwrap_or_default()
    }

    /// The dialect of this name, of those that the program knows by itself.
    ///
    /// # Errors
    /// [`DialectError::Unknown`], which says which there are.
    pub fn named(name: &str) -> Result<Arc<Self>, DialectError> {
        let all = READ.as_ref().map_err(Clone::clone)?;
        let found = all.iter().find(|dialect| dialect.name == name).cloned();
        found.ok_or_else(|| {
            let names: Vec<_> = all.iter().map(|dialect| dialect.name.as_str()).collect();
            DialectError::Unknown(name.to_owned(), names.join(", "))
        })
    }

    /// The settings of the serial line that it is usually met with.
    #[must_use]
    pub fn line(&self) -> Line {
        self.lines().first().copied().unwrap_or_default()
    }

    /// All that it is met with.
    #[must_use]
    pub fn lines(&self) -> Vec<Line> {
        self.lines.iter().filter_map(|line| line.parse().ok()).collect()
    }

    /// Whether an answer says which request it is to. Where it does not, only its type and its
    /// amount tell it from another's.
    #[must_use]
    pub const fn names_requests(&self) -> bool {
        self.reference.is_some()
    }

    /// The bytes of a frame: STX, the text, ETX and the check.
    #[must_use]
    pub const fn frame_bytes(&self) -> usize {
        self.length + 3
    }

    /// As much of a request's reference as its field has room for: its end, which is the part that
    /// differs between requests of one moment.
    #[must_use]
    pub fn carried<'a>(&self, reference: &'a str) -> &'a str {
        let room = self.reference.as_ref().and_then(|name| self.fields.get(name));
        let room = room.map_or(0, |place| place.length);
        reference.get(reference.len().saturating_sub(room)..).unwrap_or_default()
    }

    fn check(&self) -> Result<(), DialectError> {
        let setting = |fault| Err(DialectError::Setting { dialect: self.name.clone(), fault });
        if !(1..=FRAME_BYTES_MAX).contains(&self.length) {
            return setting("its length is none that a frame has");
        }
        if self.lines.is_empty() || self.lines().len() != self.lines.len() {
            return setting("the settings of its lines are none");
        }
        if self.approved.is_empty() || self.approved.iter().any(String::is_empty) {
            return setting("it has no response of what was carried out");
        }
        if self.amount.decimals > 4 || !matches!(self.amount.fill, ' ' | '0') {
            return setting("its amounts cannot be written");
        }
        self.check_places()?;
        self.check_texts()
    }

    fn fault(&self, field: &str, fault: &'static str) -> DialectError {
        DialectError::Field { dialect: self.name.clone(), field: field.to_owned(), fault }
    }

    /// Every field lies inside the text and on no other.
    fn check_places(&self) -> Result<(), DialectError> {
        let mut places: Vec<_> = self.fields.iter().collect();
        places.sort_by_key(|(_, place)| place.position);
        let mut free_from = 1;
        for (name, place) in places {
            let end = place.position.checked_add(place.length);
            let Some(end) = end.filter(|end| place.length > 0 && *end <= self.length + 1) else {
                return Err(self.fault(name, "does not lie inside the text"));
            };
            if place.position < free_from {
                let fault = if place.position == 0 {
                    "is counted from 0; the first byte is 1"
                } else {
                    "lies on another field"
                };
                return Err(self.fault(name, fault));
            }
            free_from = end;
        }
        Ok(())
    }

    /// What is written has its field, and room there.
    fn check_texts(&self) -> Result<(), DialectError> {
        if let Some(field) = REQUIRED.iter().find(|name| !self.fields.contains_key(**name)) {
            return Err(self.fault(field, "is missing"));
        }
        let Codes { sale, refund, void, inquiry } = &self.codes;
        let codes = [sale, refund, void, inquiry].map(|code| ("type", code.as_str()));
        let responses = self.approved.iter().chain(&self.keep_alive);
        let responses = responses.map(|code| ("response", code.as_str()));
        let always = self.always.iter().map(|(name, text)| (name.as_str(), text.as_str()));
        for (name, text) in codes.into_iter().chain(responses).chain(always) {
            let Some(place) = self.fields.get(name) else {
                return Err(self.fault(name, "is missing, and a text is to stand there"));
            };
            if text.is_empty() || text.len() > place.length || !text.is_ascii() {
                return Err(self.fault(name, "cannot hold a text that is to stand there"));
            }
        }
        if self.fields.get("amount").is_some_and(|place| place.length > AMOUNT_DIGITS_MAX) {
            return Err(self.fault("amount", "is longer than amounts are"));
        }
        match &self.reference {
            Some(name) if !self.fields.contains_key(name) => {
                Err(self.fault(name, "is missing, and is to carry the reference"))
            }
            _ => Ok(()),
        }
    }
}
