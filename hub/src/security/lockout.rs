//! How long somebody waits after failing.

/// Failures that cost nothing: a cashier with cold fingers.
const FREE_FAILURES: u32 = 4;
/// The first wait, in milliseconds; each further failure doubles it.
const FIRST_MS: i64 = 60_000;
/// The longest wait, in milliseconds: a shop must be able to open again.
const LONGEST_MS: i64 = 15 * 60_000;

/// How long the next attempt has to wait after so many failures in a row, in milliseconds.
#[must_use]
pub fn lock_ms(failures: u32) -> i64 {
    let Some(doublings) = failures.checked_sub(FREE_FAILURES + 1) else { return 0 };
    FIRST_MS.checked_shl(doublings.min(16)).map_or(LONGEST_MS, |wait| wait.min(LONGEST_MS))
}
