use std::collections::BTreeSet;

use store_core::RefusalCode;

use super::{Catalogue, EN, Language, ZH_TW};
use crate::http::problem::CODES;

fn texts() -> [Catalogue; 2] {
    [ZH_TW, EN].map(|json| serde_json::from_str(json).unwrap())
}

fn placeholders(sentence: &str) -> BTreeSet<&str> {
    let parts = sentence.split('{').skip(1);
    parts.map(|part| part.split_once('}').expect("a closing brace").0).collect()
}

#[test]
fn every_code_has_a_sentence_in_both_languages_and_no_sentence_is_left_over() {
    let refusals = RefusalCode::ALL.iter().map(|code| code.as_str());
    let codes: BTreeSet<&str> = refusals.chain(CODES.iter().map(|(code, _)| *code)).collect();
    for texts in texts() {
        let known: BTreeSet<&str> = texts.keys().map(String::as_str).collect();
        assert_eq!(known, codes);
    }
}

#[test]
fn both_languages_name_the_same_things() {
    let [chinese, english] = texts();
    for (code, sentence) in &chinese {
        assert_eq!(placeholders(sentence), placeholders(&english[code]), "{code}");
    }
}

#[test]
fn the_language_is_the_one_that_is_liked_best() {
    for (header, language) in [
        ("", Language::ZhTw),
        ("fr", Language::ZhTw),
        ("en", Language::En),
        ("en-US,zh;q=0.9", Language::En),
        ("zh-TW,zh;q=0.9,en;q=0.8", Language::ZhTw),
        ("fr,en;q=0.5,zh;q=0.25", Language::En),
        ("en;q=nonsense", Language::ZhTw),
    ] {
        assert_eq!(Language::of_header(header), language, "{header}");
    }
}

#[test]
fn details_stand_in_the_sentence() {
    let details = [("code".to_owned(), "471".to_owned())].into();
    assert!(Language::En.sentence("unknown_barcode", &details).contains("471"));
}
