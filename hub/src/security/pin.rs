//! PINs: which are good enough, and how they are kept.

use std::sync::OnceLock;

use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};

/// Fewest digits.
pub const DIGITS_MIN: usize = 6;
/// Most digits.
pub const DIGITS_MAX: usize = 12;

/// Memory of one hash, in KiB, and rounds: the least that OWASP names for Argon2id.
const MEMORY_KIB: u32 = 19 * 1024;
const ROUNDS: u32 = 2;

/// The PIN is not 6 to 12 digits, or one that is tried first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a PIN is 6 to 12 digits, not all alike and not in a row")]
pub struct WeakPin;

/// Refuses what would be guessed first: one digit repeated, digits in a row up or down.
///
/// # Errors
/// [`WeakPin`].
pub fn check(pin: &str) -> Result<(), WeakPin> {
    let digits = pin.as_bytes();
    if !(DIGITS_MIN..=DIGITS_MAX).contains(&digits.len()) || !digits.iter().all(u8::is_ascii_digit)
    {
        return Err(WeakPin);
    }
    let steps = |step: i16| {
        digits
            .windows(2)
            .all(|pair| (i16::from(pair[1]) - i16::from(pair[0]) - step).rem_euclid(10) == 0)
    };
    if steps(0) || steps(1) || steps(-1) { Err(WeakPin) } else { Ok(()) }
}

/// A PIN could not be hashed.
#[derive(Debug, thiserror::Error)]
#[error("hashing a PIN: {0}")]
pub struct HashError(String);

fn hasher() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, ROUNDS, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Hashes a PIN with a salt of its own, in the PHC string format. Takes about 50 ms and 19 MiB.
///
/// # Errors
/// Where the memory cannot be had.
pub fn hash(pin: &str) -> Result<String, HashError> {
    let salt: [u8; 16] = super::random();
    hasher()
        .hash_password_with_salt(pin.as_bytes(), &salt)
        .map(|hash| hash.to_string())
        .map_err(|error| HashError(error.to_string()))
}

/// Whether a PIN fits a hash. Without a hash (nobody has that id) it takes as long and is false, so
/// that time does not tell who works here.
#[must_use]
pub fn verify(pin: &str, hash: Option<&str>) -> bool {
    static NOBODY: OnceLock<String> = OnceLock::new();
    let expected = match hash {
        Some(hash) => hash,
        None => NOBODY.get_or_init(|| self::hash("000000").unwrap_or_default()),
    };
    let fits = PasswordHash::new(expected)
        .is_ok_and(|expected| hasher().verify_password(pin.as_bytes(), &expected).is_ok());
    fits && hash.is_some()
}
