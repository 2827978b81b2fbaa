//! Text in the bytes that a display has letters for.

use serde::{Deserialize, Serialize};
use store_core::receipt::char_columns;

use super::COLUMNS;
use crate::charset::{self, Charset};

/// The letters that a display has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DisplayLetters {
    /// ASCII alone: what every display shows alike.
    #[default]
    Ascii,
    /// ASCII and Big5, of a display for Taiwan.
    Big5,
}

/// A line, and what to show instead where the display has not all of its letters.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisplayLine {
    /// The line.
    pub text: String,
    /// The same in ASCII, such as a Latin name and the price.
    pub latin: String,
}

impl From<&str> for DisplayLine {
    fn from(text: &str) -> Self {
        Self { text: text.to_owned(), latin: text.to_owned() }
    }
}

/// The text cut or filled with blanks to so many columns. A wide character is never halved, and
/// what has no width is left out.
#[must_use]
pub fn fit(text: &str, columns: usize) -> String {
    let mut fitted = String::new();
    let mut left = columns;
    for character in text.chars() {
        let width = char_columns(character);
        if width > left {
            break;
        }
        if width > 0 {
            fitted.push(character);
            left -= width;
        }
    }
    fitted.extend(std::iter::repeat_n(' ', left));
    fitted
}

impl DisplayLetters {
    /// The twenty bytes of a line: its text where the display has every letter of what fits, its
    /// Latin otherwise, with question marks for what even that has not.
    #[must_use]
    pub fn encode(self, line: &DisplayLine) -> Vec<u8> {
        let text = self.bytes(&fit(&line.text, COLUMNS));
        text.unwrap_or_else(|| {
            let latin = fit(&line.latin, COLUMNS);
            latin.chars().flat_map(|character| self.nearest(character)).collect()
        })
    }

    /// What bytes on a display are.
    #[must_use]
    pub fn decode(self, bytes: &[u8]) -> String {
        let letter = |byte: &u8| if byte.is_ascii() { char::from(*byte) } else { '\u{fffd}' };
        match self.charset() {
            Some(charset) => charset.text(bytes),
            None => bytes.iter().map(letter).collect(),
        }
    }

    const fn charset(self) -> Option<Charset> {
        match self {
            Self::Ascii => None,
            Self::Big5 => Some(Charset::Big5),
        }
    }

    fn bytes(self, text: &str) -> Option<Vec<u8>> {
        charset::encode(self.charset(), text)
    }

    /// A character's bytes, as many as its columns.
    fn nearest(self, character: char) -> Vec<u8> {
        let marks = || vec![b'?'; char_columns(character)];
        self.bytes(character.encode_utf8(&mut [0; 4])).unwrap_or_else(marks)
    }
}
