use std::collections::{BTreeMap, BTreeSet};

use hq_wire::link::v1::{BundleManifest, Signed, is_level, verify_manifest};
use store_core::Currency;
use store_core::policy::{Bundle, Fault, Part};

/// Who receives: what a bundle is verified against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The chain.
    pub chain: String,
    /// The store.
    pub store: String,
    /// The currency of every price in it.
    pub currency: Currency,
    /// Headquarters' key for policy: 32 bytes in hexadecimal.
    pub public_key: String,
}

/// Why a bundle is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The offer cannot be read at all.
    #[error("the offer cannot be read: {0}")]
    Unreadable(String),
    /// The signature is not headquarters'.
    #[error("the signature is not headquarters'")]
    Signature,
    /// Signed, but not of this form.
    #[error("the manifest has a form that is not known here: {0}")]
    Form(String),
    /// For another chain.
    #[error("it is for the chain {0}")]
    Chain(String),
    /// For other stores.
    #[error("it is not for this store")]
    Store,
    /// Its prices are in another currency.
    #[error("its prices are in {0}")]
    Currency(String),
    /// It has a part that this version does not know.
    #[error("it has a part {0:?}, which this version does not know: update the hub")]
    Part(String),
    /// It has the version of another one that is here.
    #[error("another bundle has its version")]
    Version,
    /// There are more bundles with higher versions than a store takes up.
    #[error("too many bundles with higher versions are on offer")]
    TooMany,
    /// A piece is not the one that was signed.
    #[error("piece {0} is not the one that was signed")]
    Piece(u32),
    /// Its parts do not hold.
    #[error("{}", said(.0))]
    Faults(Vec<Fault>),
}

impl Refused {
    /// A stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "unreadable_offer",
            Self::Signature => "bad_signature",
            Self::Form(_) => "unknown_form",
            Self::Chain(_) => "other_chain",
            Self::Store => "other_store",
            Self::Currency(_) => "other_currency",
            Self::Part(_) => "unknown_part",
            Self::Version => "version_taken",
            Self::TooMany => "too_many_bundles",
            Self::Piece(_) => "bad_piece",
            Self::Faults(_) => "bad_part",
        }
    }
}

fn said(faults: &[Fault]) -> String {
    let first = faults.first().map(ToString::to_string).unwrap_or_default();
    match faults.len() {
        0 | 1 => first,
        count => format!("{first}, and {} more", count - 1),
    }
}

/// Reads a manifest that this store may believe.
pub(super) fn manifest(identity: &Identity, signed: &Signed) -> Result<BundleManifest, Refused> {
    if !verify_manifest(&identity.public_key, signed) {
        return Err(Refused::Signature);
    }
    let manifest: BundleManifest = serde_json::from_str(signed.manifest.get())
        .map_err(|error| Refused::Form(error.to_string()))?;
    if manifest.chain != identity.chain {
        return Err(Refused::Chain(manifest.chain));
    }
    if !manifest.stores.is_empty() && !manifest.stores.contains(&identity.store) {
        return Err(Refused::Store);
    }
    if let Some(currency) = &manifest.currency
        && currency != identity.currency.code()
    {
        return Err(Refused::Currency(currency.clone()));
    }
    // The id names a directory and a topic.
    let is_name = |id: &str| is_level(id) && uuid::Uuid::try_parse(id).is_ok();
    if !is_name(&manifest.id) || manifest.version == 0 {
        return Err(Refused::Form("it has no id or no version".to_owned()));
    }
    let mut seen = BTreeSet::new();
    for part in &manifest.parts {
        let Some(known) = Part::named(&part.name) else {
            return Err(Refused::Part(part.name.clone()));
        };
        if !seen.insert(known) || part.size > known.size_max() {
            return Err(Refused::Form(format!("{} is there twice or too large", part.name)));
        }
    }
    Ok(manifest)
}

/// Reads the parts of a bundle of which every piece is there.
pub(super) fn bundle(
    identity: &Identity,
    manifest: &BundleManifest,
    pieces: &BTreeMap<u32, Vec<u8>>,
) -> Result<Bundle, Refused> {
    let mut parts = BTreeMap::new();
    let mut pieces = pieces.values();
    for part in &manifest.parts {
        let Some(known) = Part::named(&part.name) else {
            return Err(Refused::Part(part.name.clone()));
        };
        let own: Vec<&Vec<u8>> = pieces.by_ref().take(part.pieces.len()).collect();
        let content = part.join(&own);
        let content = content.map_err(|error| Refused::Form(format!("{}: {error}", part.name)))?;
        parts.insert(known, content);
    }
    Bundle::read(&parts, identity.currency).map_err(Refused::Faults)
}
