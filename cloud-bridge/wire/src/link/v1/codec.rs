use std::io::{Read as _, Write as _};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde::de::DeserializeOwned;

/// Most bytes of a message on the wire, so that every broker takes it.
pub const PAYLOAD_MAX: usize = 256 * 1024;

/// Most bytes of a message's text, compressed or not: a basket of 2,000 lines is about one MiB.
pub const TEXT_MAX: usize = 4 * 1024 * 1024;

/// Most rows of a batch.
pub const ROWS_MAX: usize = 256;

/// Why a message could not be read.
#[derive(Debug, thiserror::Error)]
pub enum CodecError {
    /// More bytes than [`PAYLOAD_MAX`] or [`TEXT_MAX`].
    #[error("the message is larger than any that we send")]
    Oversized,
    /// Not gzip.
    #[error("the message is not the gzip it should be")]
    NotCompressed(#[source] std::io::Error),
    /// Not JSON of that form.
    #[error("the message does not have the form of its topic: {0}")]
    Malformed(String),
    /// A form that is not known here.
    #[error("the message is of type {0:?}, which is not known here")]
    UnknownType(String),
}

impl CodecError {
    /// A stable code: `oversized`, `not_compressed`, `malformed`, `unknown_type`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Oversized => "oversized",
            Self::NotCompressed(_) => "not_compressed",
            Self::Malformed(_) => "malformed",
            Self::UnknownType(_) => "unknown_type",
        }
    }
}

/// Bytes as gzip.
#[must_use]
pub fn compressed(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(text.len() / 4), Compression::fast());
    // A Vec takes all that is written.
    let _ = encoder.write_all(text);
    encoder.finish().unwrap_or_default()
}

/// The text of a gzip message.
///
/// # Errors
/// [`CodecError::Oversized`] before it is unpacked further than [`TEXT_MAX`], or where it is not
/// gzip.
pub fn text_of(payload: &[u8]) -> Result<Vec<u8>, CodecError> {
    if payload.len() > PAYLOAD_MAX {
        return Err(CodecError::Oversized);
    }
    let mut text = Vec::with_capacity(payload.len().saturating_mul(4).min(TEXT_MAX));
    let mut decoder = GzDecoder::new(payload).take(TEXT_MAX as u64 + 1);
    decoder.read_to_end(&mut text).map_err(CodecError::NotCompressed)?;
    if text.len() > TEXT_MAX {
        return Err(CodecError::Oversized);
    }
    Ok(text)
}

/// A message that is plain JSON.
///
/// # Errors
/// Where it is too large or not of that form.
pub fn read_json<T: DeserializeOwned>(payload: &[u8]) -> Result<T, CodecError> {
    if payload.len() > PAYLOAD_MAX {
        return Err(CodecError::Oversized);
    }
    serde_json::from_slice(payload).map_err(|error| CodecError::Malformed(error.to_string()))
}
