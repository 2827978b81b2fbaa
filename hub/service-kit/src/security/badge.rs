//! Badges: codes that a scanner reads. A code is a secret of 80 bits that only a hub makes, so its
//! digest needs no salt, and it looks like no barcode of goods.

use super::{random, token};

/// What every badge begins with: letters, which no number of goods has.
const BEGINNING: &str = "SB";
/// Digits of the rest: none that is mistaken for another, all of them in the alphabet of Code 39.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// How many of them: five bits each.
const LENGTH: usize = 16;

/// A new code that nobody else has.
#[must_use]
pub fn new() -> String {
    let digits = random::<LENGTH>();
    let digits = digits.iter().map(|byte| char::from(DIGITS[usize::from(byte % 32)]));
    BEGINNING.chars().chain(digits).collect()
}

/// The code as it is kept in mind while it is compared: scanners may send small letters. Nothing
/// where it is no badge at all.
#[must_use]
pub fn read(text: &str) -> Option<String> {
    let text = text.trim().to_ascii_uppercase();
    let digits = text.strip_prefix(BEGINNING)?;
    let is_badge = digits.len() == LENGTH && digits.bytes().all(|byte| DIGITS.contains(&byte));
    is_badge.then_some(text)
}

/// What is kept of a badge.
#[must_use]
pub fn hash(code: &str) -> String {
    token::hash(code)
}

/// Whether a text can be what is kept of a badge.
#[must_use]
pub fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_badge_is_read_as_it_was_made_and_nothing_else_is_one() {
        let code = new();
        assert_eq!(read(&code), Some(code.clone()));
        assert_eq!(read(&code.to_lowercase()), Some(code.clone()), "a scanner with caps lock");
        assert!(is_hash(&hash(&code)) && !is_hash(&code));
        assert_ne!(new(), code);
        for other in
            ["4711111111119", "", "SB", "SBILOU0123456789", &code[1..], &format!("{code}0")]
        {
            assert_eq!(read(other), None, "{other}");
        }
    }
}
