use serde::{Deserialize, Serialize};

use super::CODE_CHARS_MAX;

/// How a chain's members' cards look to a scanner: what their numbers begin with, and how long
/// they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberCard {
    /// What every number begins with.
    pub prefix: String,
    /// How many characters every number has, its beginning included.
    pub characters: usize,
}

impl MemberCard {
    /// Whether there can be such cards: every number of theirs is more than its beginning, and
    /// short enough for a code.
    #[must_use]
    pub fn is_possible(&self) -> bool {
        let is_plain = self.prefix.bytes().all(|byte| byte.is_ascii_graphic());
        let lengths = self.prefix.len() + 1..=CODE_CHARS_MAX;
        is_plain && !self.prefix.is_empty() && lengths.contains(&self.characters)
    }

    /// Whether a code is one of their numbers.
    #[must_use]
    pub fn fits(&self, code: &str) -> bool {
        code.len() == self.characters
            && code.starts_with(&self.prefix)
            && code.bytes().all(|byte| byte.is_ascii_graphic())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(prefix: &str, characters: usize) -> MemberCard {
        MemberCard { prefix: prefix.to_owned(), characters }
    }

    #[test]
    fn a_card_is_told_by_its_beginning_and_its_length() {
        let ours = card("29900", 13);
        assert!(ours.is_possible() && ours.fits("2990012345679"));
        for other in ["299001234567", "29900123456790", "2890012345679", "29900 2345679", ""] {
            assert!(!ours.fits(other), "{other}");
        }
        assert!(!card("29", 4).fits("29中"), "bytes are not characters");
        for not in [card("", 13), card("299", 3), card("299", 65), card("2 9", 13)] {
            assert!(!not.is_possible(), "{not:?}");
        }
        let text = r#"{ "prefix": "M", "characters": 9, "more": 1 }"#;
        assert!(serde_json::from_str::<MemberCard>(text).is_err());
    }
}
