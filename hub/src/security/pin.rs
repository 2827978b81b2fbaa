//! PINs: which are good enough, and how they are kept.

use std::sync::OnceLock;

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};

/// Fewest digits.
pub const DIGITS_MIN: usize = 6;
/// Most digits.
pub const DIGITS_MAX: usize = 12;

/// Memory of one hash, in KiB, and rounds: the least that OWASP names for Argon2id.
const MEMORY_KIB: u32 = 19 * 1024;
const ROUNDS: u32 = 2;
/// Bytes of a hash.
const HASH_BYTES: usize = 32;
/// Room asked for a hash, in blocks of 1 KiB, of which only the memory above is touched. The C
/// library's allocator maps what is larger than 32 MiB for itself and gives it back at once; the
/// 19 MiB of a hash it would keep, for each thread that ever hashed.
const MAPPED_BLOCKS: usize = 33 * 1024;

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

fn params() -> Params {
    Params::new(MEMORY_KIB, ROUNDS, 1, Some(HASH_BYTES)).unwrap_or_default()
}

/// The hash itself, in memory that is given back.
fn digest(pin: &str, salt: &[u8], params: Params) -> Result<Output, argon2::Error> {
    let blocks_needed = params.block_count();
    let mut blocks = Vec::with_capacity(blocks_needed.max(MAPPED_BLOCKS));
    blocks.resize(blocks_needed, Block::default());
    let mut output = [0; HASH_BYTES];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password_into_with_memory(
        pin.as_bytes(),
        salt,
        &mut output,
        blocks.as_mut_slice(),
    )?;
    Output::new(&output).map_err(|_| argon2::Error::OutputTooShort)
}

/// Hashes a PIN with a salt of its own, in the PHC string format. Takes about 50 ms and 19 MiB.
///
/// # Errors
/// Where the salt or the parameters are refused.
pub fn hash(pin: &str) -> Result<String, HashError> {
    let salt: [u8; 16] = super::random();
    let failed = |error: &dyn std::fmt::Display| HashError(error.to_string());
    let hash = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(&params()).map_err(|error| failed(&error))?,
        salt: Some(Salt::new(&salt).map_err(|error| failed(&error))?),
        hash: Some(digest(pin, &salt, params()).map_err(|error| failed(&error))?),
    };
    Ok(hash.to_string())
}

/// Whether a PIN fits a hash that [`hash`] made, maybe with the memory and rounds of another
/// version of this program.
fn fits(pin: &str, expected: &str) -> bool {
    let Ok(expected) = PasswordHash::new(expected) else {
        return false;
    };
    let (Some(salt), Some(output), Ok(params)) =
        (expected.salt, expected.hash, Params::try_from(&expected))
    else {
        return false;
    };
    // Two outputs are compared in a time that does not depend on where they differ.
    digest(pin, &salt, params).is_ok_and(|found| found == output)
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
    fits(pin, expected) && hash.is_some()
}
