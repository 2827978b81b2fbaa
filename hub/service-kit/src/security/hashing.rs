//! How what a person knows — a PIN, a password — is kept.

use std::sync::OnceLock;

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};

/// Memory of one hash, in KiB, and rounds: the least that OWASP names for Argon2id.
const MEMORY_KIB: u32 = 19 * 1024;
const ROUNDS: u32 = 2;
/// Bytes of a hash.
const HASH_BYTES: usize = 32;
/// Room asked for a hash, in blocks of 1 KiB, of which only the memory above is touched. The C
/// library's allocator maps what is larger than 32 MiB for itself and gives it back at once; the
/// 19 MiB of a hash it would keep, for each thread that ever hashed.
const MAPPED_BLOCKS: usize = 33 * 1024;

/// A secret could not be hashed.
#[derive(Debug, thiserror::Error)]
#[error("hashing a secret: {0}")]
pub struct HashError(String);

fn params() -> Params {
    Params::new(MEMORY_KIB, ROUNDS, 1, Some(HASH_BYTES)).unwrap_or_default()
}

/// The hash itself, in memory that is given back.
fn digest(secret: &str, salt: &[u8], params: Params) -> Result<Output, argon2::Error> {
    let blocks_needed = params.block_count();
    let mut blocks = Vec::with_capacity(blocks_needed.max(MAPPED_BLOCKS));
    blocks.resize(blocks_needed, Block::default());
    let mut output = [0; HASH_BYTES];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password_into_with_memory(
        secret.as_bytes(),
        salt,
        &mut output,
        blocks.as_mut_slice(),
    )?;
    Output::new(&output).map_err(|_| argon2::Error::OutputTooShort)
}

/// Hashes a secret with a salt of its own, in the PHC string format. Takes about 50 ms and 19 MiB.
///
/// # Errors
/// Where the salt or the parameters are refused.
pub fn hash(secret: &str) -> Result<String, HashError> {
    let salt: [u8; 16] = super::random();
    let failed = |error: &dyn std::fmt::Display| HashError(error.to_string());
    let hash = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(&params()).map_err(|error| failed(&error))?,
        salt: Some(Salt::new(&salt).map_err(|error| failed(&error))?),
        hash: Some(digest(secret, &salt, params()).map_err(|error| failed(&error))?),
    };
    Ok(hash.to_string())
}

/// Whether a secret fits a hash that [`hash`] made, maybe with the memory and rounds of another
/// version of this program.
fn fits(secret: &str, expected: &str) -> bool {
    let Ok(expected) = PasswordHash::new(expected) else {
        return false;
    };
    let (Some(salt), Some(output), Ok(params)) =
        (expected.salt, expected.hash, Params::try_from(&expected))
    else {
        return false;
    };
    // Two outputs are compared in a time that does not depend on where they differ.
    digest(secret, &salt, params).is_ok_and(|found| found == output)
}

/// Whether a secret fits a hash. Without a hash (nobody has that id) it takes as long and is
/// false, so that time does not tell who is known here.
#[must_use]
pub fn verify(secret: &str, hash: Option<&str>) -> bool {
    static NOBODY: OnceLock<String> = OnceLock::new();
    let expected = match hash {
        Some(hash) => hash,
        None => NOBODY.get_or_init(|| self::hash("000000").unwrap_or_default()),
    };
    fits(secret, expected) && hash.is_some()
}
