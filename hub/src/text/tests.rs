use std::collections::{BTreeMap, BTreeSet};

use service_kit::language::Language;
use store_core::RefusalCode;

use super::{EN, ZH_TW, sentences};
use crate::http::problem::CODES;

fn texts() -> [BTreeMap<String, String>; 2] {
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
fn details_stand_in_the_sentence() {
    let details = [("code".to_owned(), "471".to_owned())].into();
    assert!(sentences().sentence(Language::En, "unknown_barcode", &details).contains("471"));
}
