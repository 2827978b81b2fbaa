use super::*;

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
fn details_stand_in_the_sentence_and_an_unknown_code_is_an_error_of_ours() {
    let texts = Sentences::of("{}", r#"{"a": "no {b}", "internal": "a fault"}"#);
    let details = [("b".to_owned(), "bread".to_owned())].into();
    assert_eq!(texts.sentence(Language::En, "a", &details), "no bread");
    assert_eq!(texts.sentence(Language::En, "z", &details), "a fault");
    assert_eq!(texts.sentence(Language::ZhTw, "a", &details), "");
}
