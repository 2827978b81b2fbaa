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
    /// Its parts, in the order in which their pieces stand.
    pub parts: Vec<BundlePart>,
}

/// A part of a bundle: a file, compressed and cut into pieces of at most [`PIECE_MAX`] bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundlePart {
    /// Which: `catalogue.csv`, `people.toml` …
    pub name: String,
    /// How many pieces.
    pub pieces: u32,
    /// Bytes before compression.
    pub size: u64,
    /// SHA-256 of the bytes before compression, in hexadecimal.
    pub digest: String,
}

impl BundlePart {
    /// Describes a file and cuts it up.
    #[must_use]
    pub fn cut(name: &str, content: &[u8]) -> (Self, Vec<Vec<u8>>) {
        let packed = super::compressed(content);
        let pieces: Vec<Vec<u8>> = packed.chunks(PIECE_MAX).map(<[u8]>::to_vec).collect();
        let part = Self {
            name: name.to_owned(),
            pieces: u32::try_from(pieces.len()).unwrap_or(u32::MAX),
            size: content.len() as u64,
            digest: hex(&Sha256::digest(content)),
        };
        (part, pieces)
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

fn bytes(text: &str, count: usize) -> Option<Vec<u8>> {
    // The parser of numbers would take a sign.
    if text.len() != count * 2 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    (0..count).map(|at| u8::from_str_radix(text.get(at * 2..at * 2 + 2)?, 16).ok()).collect()
}
