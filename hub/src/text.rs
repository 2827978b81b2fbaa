//! What people read: stable codes on one side, sentences in their language on the other.

use std::collections::BTreeMap;
use std::sync::OnceLock;

const ZH_TW: &str = include_str!("../text/refusals.zh-TW.json");
const EN: &str = include_str!("../text/refusals.en.json");

/// The languages, the first where nothing else is asked for.
pub const LANGUAGES: [&str; 2] = ["zh-TW", "en"];

/// A language that the store's people read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Chinese as in Taiwan.
    ZhTw,
    /// English.
    En,
}

type Catalogue = BTreeMap<String, String>;

fn catalogue(language: Language) -> &'static Catalogue {
    static TEXTS: [OnceLock<Catalogue>; 2] = [OnceLock::new(), OnceLock::new()];
    let (slot, json) = match language {
        Language::ZhTw => (&TEXTS[0], ZH_TW),
        Language::En => (&TEXTS[1], EN),
    };
    // The texts are part of the program and a test reads both: no parse error gets here.
    slot.get_or_init(|| serde_json::from_str(json).unwrap_or_default())
}

impl Language {
    /// Its tag, as in a `Content-Language` header.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::ZhTw => LANGUAGES[0],
            Self::En => LANGUAGES[1],
        }
    }

    /// The language that an `Accept-Language` header likes best; Chinese where it says nothing that
    /// we speak.
    #[must_use]
    pub fn of_header(header: &str) -> Self {
        let mut best = (Self::ZhTw, 0);
        for part in header.split(',') {
            let (tag, quality) = match part.split_once(";q=") {
                Some((tag, quality)) => (tag, thousandths(quality)),
                None => (part, 1000),
            };
            let language = match tag.trim().to_ascii_lowercase() {
                tag if tag.starts_with("zh") => Self::ZhTw,
                tag if tag.starts_with("en") => Self::En,
                _ => continue,
            };
            if quality > best.1 {
                best = (language, quality);
            }
        }
        best.0
    }

    /// The sentence of a code, with its details put in. An unknown code reads as an error of ours.
    #[must_use]
    pub fn sentence(self, code: &str, details: &BTreeMap<String, String>) -> String {
        let texts = catalogue(self);
        let mut sentence =
            texts.get(code).or_else(|| texts.get("internal")).cloned().unwrap_or_default();
        for (name, value) in details {
            sentence = sentence.replace(&format!("{{{name}}}"), value);
        }
        sentence
    }
}

/// `0.8` as 800; what does not parse is not liked at all.
fn thousandths(quality: &str) -> u32 {
    let (whole, fraction) = quality.trim().split_once('.').unwrap_or((quality.trim(), ""));
    let digits: String = fraction.chars().chain("000".chars()).take(3).collect();
    match (whole.parse::<u32>(), digits.parse::<u32>()) {
        (Ok(whole), Ok(fraction)) if whole <= 1 => whole * 1000 + fraction,
        _ => 0,
    }
}

#[cfg(test)]
mod tests;
