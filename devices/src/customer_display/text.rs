//! Text in the bytes that a display has letters for.

use serde::{Deserialize, Serialize};
use store_core::receipt::char_columns;

use super::COLUMNS;

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
        match self {
            Self::Big5 => encoding_rs::BIG5.decode_without_bom_handling(bytes).0.into_owned(),
            Self::Ascii => bytes
                .iter()
                .map(|byte| if byte.is_ascii() { char::from(*byte) } else { '\u{fffd}' })
                .collect(),
        }
    }

    fn bytes(self, text: &str) -> Option<Vec<u8>> {
        let mut bytes = Vec::with_capacity(COLUMNS);
        for character in text.chars() {
            bytes.extend(self.letter(character)?);
        }
        Some(bytes)
    }

    fn nearest(self, character: char) -> Vec<u8> {
        let marks = || vec![b'?'; char_columns(character)];
        self.letter(character).unwrap_or_else(marks)
    }

    /// A character's bytes, as many as its columns.
    fn letter(self, character: char) -> Option<Vec<u8>> {
        match (self, character) {
            (_, ' '..='~') => Some(vec![u8::try_from(character).ok()?]),
            (Self::Ascii, _) => None,
            // Each vendor filled the rows of punctuation in its own way: the wide forms of ASCII
            // are written in ASCII, the rest of Chinese punctuation is a gap.
            (Self::Big5, '\u{ff01}'..='\u{ff5e}') => {
                let ascii = u32::from(character) - 0xff01 + u32::from(b'!');
                Some(vec![u8::try_from(ascii).ok()?, b' '])
            }
            (Self::Big5, '\u{3000}'..='\u{301f}') => Some(vec![b' '; char_columns(character)]),
            (Self::Big5, _) => {
                let mut buffer = [0; 4];
                let text: &str = character.encode_utf8(&mut buffer);
                let (encoded, _, has_errors) = encoding_rs::BIG5.encode(text);
                let is_letter = match &*encoded {
                    [lead, trail] => is_standard(*lead, *trail),
                    _ => false,
                };
                (!has_errors && is_letter && char_columns(character) == 2)
                    .then(|| encoded.into_owned())
            }
        }
    }
}

/// Whether a Big5 code is one of the 13,053 characters of the standard.
const fn is_standard(lead: u8, trail: u8) -> bool {
    let code = u16::from_be_bytes([lead, trail]);
    matches!(code, 0xa440..=0xc67e | 0xc940..=0xf9d5)
}
