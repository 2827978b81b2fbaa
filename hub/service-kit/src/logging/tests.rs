use super::*;

#[test]
fn a_level_is_a_word_or_a_list() {
    for level in ["info", "warn,hub=debug", "off"] {
        parse_level(level).unwrap();
    }
    for level in ["verbose", "info,verbose", "", "hub=loud"] {
        assert!(matches!(parse_level(level), Err(LoggingError::BadLevel { .. })), "{level}");
    }
}
