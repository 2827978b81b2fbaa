//! Secrets of cookies: the browser has the secret, the hub only its hash.

use sha2::{Digest, Sha256};

/// A new secret of 256 bits.
pub struct Token(String);

impl Token {
    /// A secret that nobody else has.
    #[must_use]
    pub fn new() -> Self {
        Self(hex(&super::random::<32>()))
    }

    /// What is kept of it.
    #[must_use]
    pub fn hash(&self) -> String {
        hash(&self.0)
    }

    /// The secret itself, for the cookie.
    #[must_use]
    pub fn into_secret(self) -> String {
        self.0
    }
}

impl Default for Token {
    fn default() -> Self {
        Self::new()
    }
}

/// What is kept of a secret: its SHA-256. A secret of 256 bits needs no salt.
#[must_use]
pub fn hash(secret: &str) -> String {
    hex(&Sha256::digest(secret.as_bytes()))
}

/// Whether two secrets are the same, in a time that tells nothing of either: their digests are
/// compared, all of them, whatever differs.
#[must_use]
pub fn are_equal(one: &str, other: &str) -> bool {
    let (one, other) = (Sha256::digest(one.as_bytes()), Sha256::digest(other.as_bytes()));
    let differences = one.iter().zip(other.iter()).map(|(one, other)| one ^ other);
    differences.fold(0, |all, difference| all | difference) == 0
}

/// Bytes as lower-case hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    bytes
        .iter()
        .flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]])
        .collect()
}
