use super::{SetupCode, Token, hashing, password, pin, token};

#[test]
fn easy_pins_are_refused() {
    for weak in ["", "12345", "1234567890123", "111111", "123456", "654321", "890123", "12345a"] {
        assert!(pin::check(weak).is_err(), "{weak}");
    }
    for good in ["135790", "274951", "901827364501"] {
        assert!(pin::check(good).is_ok(), "{good}");
    }
}

#[test]
fn easy_passwords_are_refused() {
    let endless = "abcdefg ".repeat(17);
    for weak in ["", "short one", "aaaaaaaaaaaa", "abababababab", endless.as_str()] {
        assert!(password::check(weak).is_err(), "{weak}");
    }
    for good in ["four words of mine", "正確的馬電池訂書針好"] {
        assert!(password::check(good).is_ok(), "{good}");
    }
}

#[test]
fn a_pin_fits_its_own_hash_only_and_nobody_has_none() {
    let hash = hashing::hash("274951").unwrap();
    assert!(hash.starts_with("$argon2id$"));
    assert!(hashing::verify("274951", Some(&hash)));
    assert!(!hashing::verify("274952", Some(&hash)));
    assert!(!hashing::verify("000000", None), "an unknown person has no PIN that fits");
    assert_ne!(hash, hashing::hash("274951").unwrap(), "each hash has a salt of its own");
}

#[test]
fn secrets_differ_and_are_kept_as_hashes() {
    let (one, other) = (Token::new(), Token::new());
    let hash = one.hash();
    let secret = one.into_secret();
    assert_eq!(token::hash(&secret), hash);
    assert_ne!(secret, other.into_secret());
    assert_ne!(secret, hash);
}

#[test]
fn a_setup_code_may_be_typed_carelessly() {
    let code = SetupCode::new();
    let typed = code.text().to_lowercase().replace('-', " ");
    assert!(code.fits(&typed));
    assert!(!code.fits("AAAA-AAAA"));
    assert!(!code.fits(""));
}

#[test]
fn secrets_are_compared_as_a_whole() {
    assert!(token::are_equal("0123456789abcdef", "0123456789abcdef"));
    assert!(!token::are_equal("0123456789abcdef", "0123456789abcdeg"));
    assert!(!token::are_equal("", "x"));
}

#[test]
fn a_pin_fits_a_hash_that_the_library_made_by_itself() {
    use argon2::password_hash::PasswordHasher as _;
    let hash = argon2::Argon2::default().hash_password_with_salt(b"274951", &[7; 16]).unwrap();
    assert!(hashing::verify("274951", Some(&hash.to_string())));
    assert!(!hashing::verify("274952", Some(&hash.to_string())));
    let ours = hashing::hash("274951").unwrap();
    assert!(ours.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{ours}");
}
