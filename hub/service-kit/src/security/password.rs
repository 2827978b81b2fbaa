//! Passwords: which are good enough.

/// Fewest characters.
pub const CHARS_MIN: usize = 10;
/// Most characters: a sentence; hashing takes no longer for it.
pub const CHARS_MAX: usize = 128;

/// The password is not 10 to 128 characters, or far too simple.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a password has 10 to 128 characters, at least 5 of them different")]
pub struct WeakPassword;

/// Fewest different characters: `aaaaaaaaaa` is no password.
const DIFFERENT_MIN: usize = 5;

/// Refuses what is too short, too long or one thing over and over.
///
/// # Errors
/// [`WeakPassword`].
pub fn check(password: &str) -> Result<(), WeakPassword> {
    let mut characters: Vec<char> = password.chars().collect();
    if !(CHARS_MIN..=CHARS_MAX).contains(&characters.len()) {
        return Err(WeakPassword);
    }
    characters.sort_unstable();
    characters.dedup();
    if characters.len() < DIFFERENT_MIN { Err(WeakPassword) } else { Ok(()) }
}
