//! The languages that people read here, and the sentences of stable codes in each.

use std::collections::BTreeMap;

/// The languages, the first where nothing else is asked for.
pub const LANGUAGES: [&str; 2] = ["zh-TW", "en"];

/// A language that people read here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Chinese as in Taiwan.
    ZhTw,
    /// English.
    En,
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
}

/// The sentence of every code, in each language.
#[derive(Debug)]
pub struct Sentences {
    zh_tw: BTreeMap<String, String>,
    en: BTreeMap<String, String>,
}

impl Sentences {
    /// Reads two JSON objects, each from codes to sentences. The texts are part of a program and a
    /// test of that program reads both: what does not parse has no sentences.
    #[must_use]
    pub fn of(zh_tw: &str, en: &str) -> Self {
        let read = |json| serde_json::from_str(json).unwrap_or_default();
        Self { zh_tw: read(zh_tw), en: read(en) }
    }

    /// The sentence of a code, with its details put in. An unknown code reads as an error of ours.
    #[must_use]
    pub fn sentence(
        &self,
        language: Language,
        code: &str,
        details: &BTreeMap<String, String>,
    ) -> String {
        let texts = match language {
            Language::ZhTw => &self.zh_tw,
            Language::En => &self.en,
        };
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
