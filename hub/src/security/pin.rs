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

/// Room that is asked for where less is used, in KiB, which are the blocks of Argon2: the C
/// library keeps for later what is smaller, one block for every thread that ever hashed a PIN,
/// and gives back at once what is larger. What is not used is never given by the system.
const ROOM_KIB: usize = 33 * 1024;

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

/// A step of hashing that failed.
fn failed(error: &impl std::fmt::Display) -> HashError {
    HashError(error.to_string())
}

/// The hash itself.
fn derive(pin: &str, salt: &Salt, params: &Params) -> Result<Output, HashError> {
    let blocks = params.block_count();
    let mut memory: Vec<Block> = Vec::with_capacity(blocks.max(ROOM_KIB));
    memory.resize(blocks, Block::default());
    let mut hash = [0_u8; Params::DEFAULT_OUTPUT_LEN];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone())
        .hash_password_into_with_memory(pin.as_bytes(), salt, &mut hash, &mut memory)
        .map_err(|error| failed(&error))?;
    Output::new(&hash).map_err(|error| failed(&error))
}

/// Hashes a PIN with a salt of its own, in the PHC string format. Takes about 50 ms and 19 MiB.
///
/// # Errors
/// Where the parameters do not hold.
pub fn hash(pin: &str) -> Result<String, HashError> {
    let params = Params::new(MEMORY_KIB, ROUNDS, 1, None).map_err(|error| failed(&error))?;
    let salt: [u8; 16] = super::random();
    let salt = Salt::new(&salt).map_err(|error| failed(&error))?;
    let hash = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(&params).map_err(|error| failed(&error))?,
        hash: Some(derive(pin, &salt, &params)?),
        salt: Some(salt),
    };
    Ok(hash.to_string())
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

fn fits(pin: &str, expected: &str) -> bool {
    let Ok(expected) = PasswordHash::new(expected) else { return false };
    let Ok(params) = Params::try_from(&expected) else { return false };
    let Some(salt) = &expected.salt else { return false };
    let is_ours = expected.algorithm == Algorithm::Argon2id.ident()
        && expected.version == Some(Version::V0x13.into());
    // Outputs are compared in a time that does not depend on where they differ.
    is_ours && derive(pin, salt, &params).is_ok_and(|hash| expected.hash == Some(hash))
}
