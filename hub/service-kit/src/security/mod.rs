//! PINs, passwords, tokens, lock-outs: the small decisions that access rests on.

pub mod badge;
pub mod hashing;
pub mod lockout;
pub mod password;
pub mod pin;
mod setup;
pub mod token;

pub use lockout::Lockouts;
pub use setup::SetupCode;
pub use token::Token;

#[cfg(test)]
mod tests;

/// Fills a buffer from the system's source of randomness.
fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    if let Err(error) = getrandom::fill(&mut bytes) {
        // Without randomness there are no secrets, and without secrets no access.
        tracing::error!(%error, "the system has no random numbers");
        std::process::abort();
    }
    bytes
}
