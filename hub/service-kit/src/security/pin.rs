//! PINs: which are good enough.

/// Fewest digits.
pub const DIGITS_MIN: usize = 6;
/// Most digits.
pub const DIGITS_MAX: usize = 12;

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
