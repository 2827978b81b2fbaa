//! What a receipt says of itself to a machine, signed: the code that goods are taken back by, also
//! in a store that never heard of the sale.
//!
//! `RC1:` and base 32 (RFC 4648, no padding) of the message in [`bytes`] and its Ed25519 signature:
//! capital letters and digits only, so that no keyboard layout between a scanner and a browser
//! can change it. The sums are done by whoever holds a library for them: [`verify`] is handed the
//! check.

mod base32;
mod bytes;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::transaction::{LineKind, RetailTransaction};
use crate::{BusinessDay, ItemId, LineNumber, Money, Quantity, StoreId, TransactionId};

/// What a return code begins with.
pub const RETURN_CODE_PREFIX: &str = "RC1:";
/// Most characters of a return code: what a QR code of version 9 holds at level L in letters and
/// digits. With its margin it is 61 modules, at three dots 183, less than half of a 58 mm roll.
pub const RETURN_CODE_CHARACTERS_MAX: usize = 335;
/// Bytes of a signature.
pub const SIGNATURE_BYTES: usize = 64;

/// Which of a chain's keys signed: the first bytes of the public key's SHA-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ReturnKeyId(pub [u8; 4]);

impl std::fmt::Display for ReturnKeyId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// A line that may come back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SoldLine {
    /// Its number in the sale.
    pub line: LineNumber,
    /// What was sold.
    pub item: ItemId,
    /// How much of it.
    pub quantity: Quantity,
    /// What the customer paid for it after everything that was taken off, without added tax.
    pub net: Money,
}

/// What a return code says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnCode {
    /// Whose signature it bears.
    pub key: ReturnKeyId,
    /// Where the sale was.
    pub store: StoreId,
    /// Which sale.
    pub transaction: TransactionId,
    /// The day that it was booked on.
    pub business_day: BusinessDay,
    /// What it came to.
    pub total: Money,
    /// What was sold; nothing where the lines have no room in the code.
    pub lines: Option<Vec<SoldLine>>,
}

/// Why a code is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReturnCodeError {
    /// It is some other code.
    #[error("this is not the return code of a receipt")]
    NotAReturnCode,
    /// It is one, but torn or misread.
    #[error("the return code is damaged")]
    Damaged,
    /// Signed by a key that is not known.
    #[error("the return code is signed by the key {0}, which is not known")]
    UnknownKey(ReturnKeyId),
    /// Somebody changed it.
    #[error("the signature of the return code does not hold")]
    BadSignature,
}

impl ReturnCode {
    /// What a sale's code says: the lines too where they fit.
    #[must_use]
    pub fn of(sale: &RetailTransaction, key: ReturnKeyId) -> Self {
        let sold = sale.live_lines().filter(|line| line.kind == LineKind::Sale);
        let lines = sold.map(|line| SoldLine {
            line: line.line,
            item: line.item.clone(),
            quantity: line.quantity,
            net: line.net,
        });
        let mut code = Self {
            key,
            store: sale.store.clone(),
            transaction: sale.id,
            business_day: sale.business_day,
            total: sale.totals.total,
            lines: Some(lines.collect()),
        };
        if code.characters() > RETURN_CODE_CHARACTERS_MAX {
            code.lines = None;
        }
        code
    }

    /// The bytes that are signed.
    #[must_use]
    pub fn message(&self) -> Vec<u8> {
        bytes::write(self)
    }

    /// The code with a signature of its [`Self::message`].
    #[must_use]
    pub fn text(&self, signature: &[u8; SIGNATURE_BYTES]) -> String {
        let mut bytes = self.message();
        bytes.extend(signature);
        format!("{RETURN_CODE_PREFIX}{}", base32::write(&bytes))
    }

    fn characters(&self) -> usize {
        let bytes = self.message().len() + SIGNATURE_BYTES;
        RETURN_CODE_PREFIX.len() + (bytes * 8).div_ceil(5)
    }
}

/// Reads a code and checks its signature.
///
/// `public_key` knows the keys that are trusted; `holds` says whether a key (32 bytes) signed a
/// message (Ed25519).
///
/// # Errors
/// Why the code is not taken; nothing of it may then be believed.
pub fn verify(
    text: &str,
    public_key: impl Fn(ReturnKeyId) -> Option<[u8; 32]>,
    holds: impl Fn(&[u8; 32], &[u8], &[u8; SIGNATURE_BYTES]) -> bool,
) -> Result<ReturnCode, ReturnCodeError> {
    let body =
        text.trim().strip_prefix(RETURN_CODE_PREFIX).ok_or(ReturnCodeError::NotAReturnCode)?;
    if text.len() > RETURN_CODE_CHARACTERS_MAX {
        return Err(ReturnCodeError::Damaged);
    }
    let bytes = base32::read(body).ok_or(ReturnCodeError::Damaged)?;
    let (message, signature) =
        bytes.split_last_chunk::<SIGNATURE_BYTES>().ok_or(ReturnCodeError::Damaged)?;
    let code = bytes::read(message).ok_or(ReturnCodeError::Damaged)?;
    let key = public_key(code.key).ok_or(ReturnCodeError::UnknownKey(code.key))?;
    if !holds(&key, message, signature) {
        return Err(ReturnCodeError::BadSignature);
    }
    Ok(code)
}
