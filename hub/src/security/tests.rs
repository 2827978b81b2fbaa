use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};

use super::{SetupCode, Token, lockout, pin, token};

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
fn a_pin_fits_its_own_hash_only_and_nobody_has_none() {
    let hash = pin::hash("274951").unwrap();
    assert!(hash.starts_with("$argon2id$"));
    assert!(pin::verify("274951", Some(&hash)));
    assert!(!pin::verify("274952", Some(&hash)));
    assert!(!pin::verify("000000", None), "an unknown person has no PIN that fits");
    assert_ne!(hash, pin::hash("274951").unwrap(), "each hash has a salt of its own");
}

#[test]
fn a_hash_is_the_one_that_argon2_makes_and_reads() {
    let ours = PasswordHash::new(&pin::hash("274951").unwrap()).unwrap();
    assert!(Argon2::default().verify_password(b"274951", &ours).is_ok());
    let theirs = Argon2::default().hash_password_with_salt(b"274951", &[7; 16]).unwrap();
    assert!(pin::verify("274951", Some(&theirs.to_string())));
    assert!(!pin::verify("274952", Some(&theirs.to_string())));
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
fn failures_cost_more_and_more_time_up_to_a_quarter_of_an_hour() {
    let waits: Vec<i64> = [1, 4, 5, 6, 7, 8, 9, 100].map(lockout::lock_ms).into();
    assert_eq!(waits, [0, 0, 60_000, 120_000, 240_000, 480_000, 900_000, 900_000]);
}
