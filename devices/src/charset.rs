//! Text in the bytes that a printer or a display with Chinese inside has letters for.

use serde::{Deserialize, Serialize};
use store_core::receipt::char_columns;

/// The set of two-byte characters that a device has inside. No command asks for it: settings say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Charset {
    /// Traditional Chinese.
    #[default]
    Big5,
    /// Simplified Chinese. Only its two-byte codes of GB 2312 are used: the four-byte ones confuse
    /// a printer that has an older set.
    Gb18030,
}

impl Charset {
    /// Whether every device of this set has the character of a code.
    ///
    /// Of Big5 these are the 13,053 characters of the standard: the ranges between and behind were
    /// filled by each vendor in its own way. Of GB 18030 they are the 6,763 of GB 2312 and its
    /// punctuation.
    #[must_use]
    pub const fn is_safe_pair(self, lead: u8, trail: u8) -> bool {
        match self {
            Self::Big5 => {
                let code = u16::from_be_bytes([lead, trail]);
                let is_trail = matches!(trail, 0x40..=0x7e | 0xa1..=0xfe);
                is_trail && matches!(code, 0xa440..=0xc67e | 0xc940..=0xf9d5)
            }
            Self::Gb18030 => {
                let is_trail = matches!(trail, 0xa1..=0xfe);
                let is_last_row = lead == 0xd7 && trail > 0xf9;
                // Row 1 is punctuation, row 3 the wide letters of ASCII, 16 to 87 the characters.
                is_trail && matches!(lead, 0xa1 | 0xa3 | 0xb0..=0xf7) && !is_last_row
            }
        }
    }

    /// The character of a code, as the device would show it.
    pub(crate) fn decode(self, lead: u8, trail: u8) -> char {
        self.text(&[lead, trail]).chars().next().unwrap_or(char::REPLACEMENT_CHARACTER)
    }

    /// What bytes of ASCII and of this set say.
    pub(crate) fn text(self, bytes: &[u8]) -> String {
        self.encoding().decode_without_bom_handling(bytes).0.into_owned()
    }

    const fn encoding(self) -> &'static encoding_rs::Encoding {
        match self {
            Self::Big5 => encoding_rs::BIG5,
            Self::Gb18030 => encoding_rs::GB18030,
        }
    }

    fn push(self, character: char, bytes: &mut Vec<u8>) -> Option<()> {
        if self == Self::Big5
            && let Some(folded) = folded(character)
        {
            bytes.extend(folded);
            return Some(());
        }
        let mut buffer = [0; 4];
        let (encoded, _, has_errors) = self.encoding().encode(character.encode_utf8(&mut buffer));
        match (has_errors, &*encoded) {
            // What is counted as narrow a pair of bytes would show wide.
            (false, [lead, trail])
                if self.is_safe_pair(*lead, *trail) && char_columns(character) == 2 =>
            {
                bytes.extend([*lead, *trail]);
                Some(())
            }
            _ => None,
        }
    }
}

/// The text in ASCII and safe pairs of the set, or nothing where a character has neither.
pub(crate) fn encode(charset: Option<Charset>, text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    for character in text.chars() {
        if let ' '..='~' = character {
            bytes.push(u8::try_from(character).ok()?);
        } else {
            charset?.push(character, &mut bytes)?;
        }
    }
    Some(bytes)
}

/// Chinese punctuation as ASCII of the same two columns: its own codes are not among the safe ones
/// of Big5.
fn folded(character: char) -> Option<[u8; 2]> {
    let ascii = |code: u8| {
        if matches!(code, b'(' | b'[' | b'{' | b'<') { [b' ', code] } else { [code, b' '] }
    };
    match character {
        '\u{ff01}'..='\u{ff5e}' => {
            let code = u32::from(character) - 0xff01 + u32::from(b'!');
            u8::try_from(code).ok().map(ascii)
        }
        '\u{3000}' => Some(*b"  "),
        '、' => Some(*b", "),
        '。' => Some(*b". "),
        '「' | '『' => Some(*b" \""),
        '」' | '』' => Some(*b"\" "),
        '《' | '〈' => Some(*b" <"),
        '》' | '〉' => Some(*b"> "),
        '【' => Some(*b" ["),
        '】' => Some(*b"] "),
        _ => None,
    }
}
