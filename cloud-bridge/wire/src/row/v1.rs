//! Version 1 of a journal's row and of its digest.
//!
//! # The digest
//!
//! A row's digest is SHA-256 over the digest of the row before it in the same stream (32 bytes;
//! 32 zero bytes for the first row) followed by eleven fields in this order, each as its length
//! in bytes (unsigned, 4 bytes, big-endian) and then its bytes:
//!
//! | field | bytes |
//! |---|---|
//! | stream | the UUID's 16 bytes |
//! | sequence | unsigned, 8 bytes, big-endian |
//! | id | the UUID's 16 bytes |
//! | kind | UTF-8 |
//! | body version | unsigned, 4 bytes, big-endian |
//! | transaction | the UUID's 16 bytes, or none at all |
//! | wall time in milliseconds | two's complement, 8 bytes, big-endian |
//! | offset from UTC in seconds | two's complement, 4 bytes, big-endian |
//! | monotonic milliseconds | unsigned, 8 bytes, big-endian |
//! | boot, then whether the clock was trusted | the UUID's 16 bytes and one byte, 1 or 0 |
//! | body | UTF-8, exactly as stored |
//!
//! The lengths make it impossible to move a byte from one field to the next without a trace.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

/// The digest that stands before the first row of a stream.
pub const NO_DIGEST: [u8; 32] = [0; 32];

/// What a digest is taken of, borrowed from wherever the row is.
#[derive(Clone, Copy, Debug)]
pub struct Fields<'a> {
    /// The stream's id.
    pub stream: &'a [u8; 16],
    /// The row's number in the stream.
    pub sequence: u64,
    /// The append's id.
    pub id: &'a [u8; 16],
    /// The body's kind.
    pub kind: &'a str,
    /// The body's version.
    pub body_version: u32,
    /// The transaction the row speaks of.
    pub transaction: Option<&'a [u8; 16]>,
    /// Wall time, in milliseconds since 1970.
    pub wall_ms: i64,
    /// The local offset, in seconds.
    pub utc_offset_s: i32,
    /// The monotonic reading, in milliseconds.
    pub monotonic_ms: u64,
    /// The boot's id.
    pub boot: &'a [u8; 16],
    /// Whether the clock was trusted.
    pub clock_trusted: bool,
    /// The body as stored.
    pub body: &'a str,
}

/// The digest of a row that follows a row with the digest `previous`.
#[must_use]
pub fn digest(previous: &[u8; 32], fields: &Fields<'_>) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(previous);
    let mut boot = [0_u8; 17];
    for (target, source) in boot.iter_mut().zip(fields.boot) {
        *target = *source;
    }
    if let Some(last) = boot.last_mut() {
        *last = u8::from(fields.clock_trusted);
    }
    field(&mut hasher, fields.stream);
    field(&mut hasher, &fields.sequence.to_be_bytes());
    field(&mut hasher, fields.id);
    field(&mut hasher, fields.kind.as_bytes());
    field(&mut hasher, &fields.body_version.to_be_bytes());
    field(&mut hasher, fields.transaction.map_or(&[], <[u8; 16]>::as_slice));
    field(&mut hasher, &fields.wall_ms.to_be_bytes());
    field(&mut hasher, &fields.utc_offset_s.to_be_bytes());
    field(&mut hasher, &fields.monotonic_ms.to_be_bytes());
    field(&mut hasher, &boot);
    field(&mut hasher, fields.body.as_bytes());
    hasher.finalize().into()
}

fn field(hasher: &mut Sha256, bytes: &[u8]) {
    // A body is bounded by the lines of a basket, far below 4 GiB.
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    hasher.update(length.to_be_bytes());
    hasher.update(bytes);
}

/// A row as it is exported, one per line.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Row {
    /// The stream, a UUID.
    pub stream: String,
    /// The number in the stream: 1, 2, 3 …
    pub sequence: u64,
    /// The append's id, a UUID: the idempotency key.
    pub id: String,
    /// The body's kind.
    pub kind: String,
    /// The body's version: the number of a module of [`crate::facts`].
    pub body_version: u32,
    /// The transaction the row speaks of.
    pub transaction: Option<String>,
    /// Wall time, in milliseconds since 1970.
    pub wall_ms: i64,
    /// The local offset, in seconds.
    pub utc_offset_s: i32,
    /// The monotonic reading, in milliseconds.
    pub monotonic_ms: u64,
    /// The run of the machine, a UUID.
    pub boot: String,
    /// Whether the clock was trusted.
    pub clock_trusted: bool,
    /// The body, exactly as stored.
    pub body: Box<RawValue>,
    /// The digest, in lower-case hexadecimal.
    pub digest: String,
}

/// Bytes as lower-case hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A digest from its hexadecimal text; nothing where it is not 64 hexadecimal digits.
#[must_use]
pub fn digest_from_hex(text: &str) -> Option<[u8; 32]> {
    let mut digest = [0_u8; 32];
    // The parser of numbers would take a sign.
    if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    for (index, byte) in digest.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(index * 2..index * 2 + 2)?, 16).ok()?;
    }
    Some(digest)
}
