//! Text in the bytes that a printer for Taiwan has letters for.

use store_core::receipt::char_columns;

/// Whether a Big5 code is one of the 13,053 characters that every Traditional Chinese printer has.
/// The ranges between and behind were filled by each vendor in its own way.
#[must_use]
pub const fn is_safe_pair(lead: u8, trail: u8) -> bool {
    let code = u16::from_be_bytes([lead, trail]);
    matches!(code, 0xa440..=0xc67e | 0xc940..=0xf9d5)
}

/// The text in ASCII and safe Big5, or nothing where a character has neither.
pub(super) fn encode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    for character in text.chars() {
        push(character, &mut bytes)?;
    }
    Some(bytes)
}

/// The same with question marks, as wide as what they stand for.
pub(super) fn encode_lossy(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    for character in text.chars() {
        if push(character, &mut bytes).is_none() {
            bytes.extend(std::iter::repeat_n(b'?', char_columns(character)));
        }
    }
    bytes
}

fn push(character: char, bytes: &mut Vec<u8>) -> Option<()> {
    if let ' '..='~' = character {
        bytes.push(u8::try_from(character).ok()?);
        return Some(());
    }
    if let Some(folded) = folded(character) {
        bytes.extend(folded);
        return Some(());
    }
    let mut buffer = [0; 4];
    let (encoded, _, has_errors) = encoding_rs::BIG5.encode(character.encode_utf8(&mut buffer));
    match (has_errors, &*encoded) {
        (false, [lead, trail]) if is_safe_pair(*lead, *trail) => {
            bytes.extend([*lead, *trail]);
            Some(())
        }
        _ => None,
    }
}

/// Chinese punctuation as ASCII of the same two columns: its own codes are not among the safe ones.
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
