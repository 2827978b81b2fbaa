use std::io::Read as _;

use flate2::read::GzDecoder;
use ring::signature::{ED25519, Ed25519KeyPair, UnparsedPublicKey};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};

use crate::row::v1::hex;

/// Most bytes of a piece of a bundle.
pub const PIECE_MAX: usize = 100_000;

/// `policy`: the bundles that are meant for a store, the one in force and those to come.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct PolicyOffer {
    /// Each with its signature, in the order in which they come into force.
    pub bundles: Vec<Signed>,
}

/// A manifest with its signature over the manifest's very text.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Signed {
    /// A [`BundleManifest`], exactly as it was signed.
    pub manifest: Box<RawValue>,
    /// Ed25519, in hexadecimal.
    pub signature: String,
}

/// What a bundle is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundleManifest {
    /// Names it: a UUID.
    pub id: String,
    /// 1, 2, 3 … within the chain; a store goes to a higher one only.
    pub version: u64,
    /// The chain it is for.
    pub chain: String,
    /// The stores it is for; all of the chain where it names none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stores: Vec<String>,
    /// From when, in milliseconds since 1970.
    pub effective_ms: i64,
    /// ISO 4217: the currency of its prices, where it has any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// Its parts, in the order in which their pieces are numbered.
    pub parts: Vec<BundlePart>,
}

/// A part of a bundle: a file, compressed and cut into pieces of at most [`PIECE_MAX`] bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundlePart {
    /// Which: `catalogue.csv`, `people.json` …
    pub name: String,
    /// Bytes before compression.
    pub size: u64,
    /// SHA-256 of the bytes before compression, in hexadecimal.
    pub digest: String,
    /// SHA-256 of each piece as it travels, in hexadecimal: one that is damaged is known at once,
    /// and never takes the place of a good one.
    pub pieces: Vec<String>,
}

/// Why pieces do not make the part that was signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PartError {
    /// More or fewer pieces than the manifest names.
    #[error("there are more or fewer pieces than were signed")]
    PieceCount,
    /// A piece is not the one that was signed.
    #[error("piece {0} is not the one that was signed")]
    Piece(usize),
    /// The pieces are not gzip, or not of that size and digest.
    #[error("the content is not the one that was signed")]
    Content,
}

impl BundlePart {
    /// Describes a file and cuts it up.
    #[must_use]
    pub fn cut(name: &str, content: &[u8]) -> (Self, Vec<Vec<u8>>) {
        let packed = super::compressed(content);
        let pieces: Vec<Vec<u8>> = packed.chunks(PIECE_MAX).map(<[u8]>::to_vec).collect();
        let part = Self {
            name: name.to_owned(),
            size: content.len() as u64,
            digest: hex(&Sha256::digest(content)),
            pieces: pieces.iter().map(|piece| hex(&Sha256::digest(piece))).collect(),
        };
        (part, pieces)
    }

    /// Whether these bytes are the piece with this number, from 0.
    #[must_use]
    pub fn is_piece(&self, number: usize, piece: &[u8]) -> bool {
        self.pieces.get(number).is_some_and(|digest| *digest == hex(&Sha256::digest(piece)))
    }

    /// Puts the pieces together again, in order.
    ///
    /// # Errors
    /// Where they are not those that were cut. Never unpacks more than `size` bytes.
    pub fn join<P: AsRef<[u8]>>(&self, pieces: &[P]) -> Result<Vec<u8>, PartError> {
        if pieces.len() != self.pieces.len() {
            return Err(PartError::PieceCount);
        }
        let mut packed = Vec::new();
        for (number, piece) in pieces.iter().enumerate() {
            if !self.is_piece(number, piece.as_ref()) {
                return Err(PartError::Piece(number));
            }
            packed.extend_from_slice(piece.as_ref());
        }
        let mut content = Vec::new();
        let mut unpacked = GzDecoder::new(packed.as_slice()).take(self.size.saturating_add(1));
        unpacked.read_to_end(&mut content).map_err(|_| PartError::Content)?;
        let fits =
            content.len() as u64 == self.size && hex(&Sha256::digest(&content)) == self.digest;
        if fits { Ok(content) } else { Err(PartError::Content) }
    }
}

impl BundleManifest {
    /// How many pieces all its parts have.
    #[must_use]
    pub fn piece_count(&self) -> usize {
        self.parts.iter().map(|part| part.pieces.len()).sum()
    }

    /// The part that a piece belongs to, with the piece's number in that part.
    #[must_use]
    pub fn part_of(&self, piece: u32) -> Option<(&BundlePart, usize)> {
        let mut number = usize::try_from(piece).ok()?;
        for part in &self.parts {
            match number.checked_sub(part.pieces.len()) {
                Some(rest) => number = rest,
                None => return Some((part, number)),
            }
        }
        None
    }
}

/// How a store stands to the bundles it was offered: `state/policy`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyState {
    /// The version in force; none where the store follows its own settings alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_force: Option<u64>,
    /// Its id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Every bundle on offer.
    pub offered: Vec<PolicyStanding>,
}

/// How one bundle stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyStanding {
    /// Which version.
    pub version: u64,
    /// Which bundle.
    pub id: String,
    /// `incomplete`, `waiting`, `in_force`, `superseded` or `refused`.
    pub standing: String,
    /// Why it was refused, in a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl PolicyStanding {
    /// Whether it may hold when its pieces are sent again: some are missing, or one is not what was
    /// signed.
    #[must_use]
    pub fn lacks_pieces(&self) -> bool {
        let is_bad = |reason: &String| reason.ends_with("(bad_piece)");
        self.standing == "incomplete" || self.reason.as_ref().is_some_and(is_bad)
    }
}

/// Signs a manifest's text.
#[must_use]
pub fn sign_manifest(key: &Ed25519KeyPair, manifest: &str) -> String {
    hex(key.sign(manifest.as_bytes()).as_ref())
}

/// Whether a manifest's signature is that of the key: 32 bytes in hexadecimal.
#[must_use]
pub fn verify_manifest(public_key: &str, signed: &Signed) -> bool {
    let (Some(key), Some(signature)) = (bytes(public_key, 32), bytes(&signed.signature, 64)) else {
        return false;
    };
    let key = UnparsedPublicKey::new(&ED25519, key);
    key.verify(signed.manifest.get().as_bytes(), &signature).is_ok()
}

/// Bytes of hexadecimal in the one way that we write it: small letters.
fn bytes(text: &str, count: usize) -> Option<Vec<u8>> {
    let is_ours = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    if text.len() != count * 2 || !text.bytes().all(is_ours) {
        return None;
    }
    (0..count).map(|at| u8::from_str_radix(text.get(at * 2..at * 2 + 2)?, 16).ok()).collect()
}
