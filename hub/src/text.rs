//! What people read: the sentences of the hub's stable codes.

use std::sync::OnceLock;

use service_kit::language::Sentences;

const ZH_TW: &str = include_str!("../text/refusals.zh-TW.json");
const EN: &str = include_str!("../text/refusals.en.json");

/// The sentence of every code.
pub fn sentences() -> &'static Sentences {
    static SENTENCES: OnceLock<Sentences> = OnceLock::new();
    SENTENCES.get_or_init(|| Sentences::of(ZH_TW, EN))
}

#[cfg(test)]
mod tests;
