//! Which bundles are offered to a store, and what is published of them.

use std::collections::{BTreeMap, BTreeSet};

use hq_wire::link::v1::{BundleManifest, Place, PolicyOffer, Signed, Topic};

/// A bundle as it was pushed.
#[derive(Clone, Debug)]
pub struct Bundle {
    /// The manifest with its signature.
    pub signed: Signed,
    /// The manifest, read.
    pub manifest: BundleManifest,
    /// When it was pushed, in milliseconds since 1970.
    pub pushed_ms: i64,
    /// When it was withdrawn, in milliseconds since 1970.
    pub withdrawn_ms: Option<i64>,
}

impl Bundle {
    /// Whether it is for a store.
    #[must_use]
    pub fn is_for(&self, store: &str) -> bool {
        let stores = &self.manifest.stores;
        stores.is_empty() || stores.iter().any(|one| one == store)
    }
}

/// A retained message: an empty one takes back what the broker keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publication {
    /// Where.
    pub topic: String,
    /// What.
    pub payload: Vec<u8>,
}

/// The bundles that are meant for a store at a moment, by version: those to come, and of those
/// whose moment has come the ones of which a part counts, because no higher version has it.
#[must_use]
pub fn offered<'a>(bundles: &'a [Bundle], store: &str, now_ms: i64) -> Vec<&'a Bundle> {
    let mut own: Vec<&Bundle> = bundles
        .iter()
        .filter(|bundle| bundle.withdrawn_ms.is_none() && bundle.is_for(store))
        .collect();
    own.sort_by_key(|bundle| bundle.manifest.version);
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for bundle in own.iter().filter(|bundle| bundle.manifest.effective_ms <= now_ms) {
        let parts = bundle.manifest.parts.iter().map(|part| part.name.as_str());
        counts.extend(parts.map(|part| (part, bundle.manifest.version)));
    }
    let counting: BTreeSet<u64> = counts.into_values().collect();
    own.retain(|bundle| {
        let BundleManifest { version, effective_ms, .. } = &bundle.manifest;
        *effective_ms > now_ms || counting.contains(version)
    });
    own
}

/// What says that these bundles are on offer.
#[must_use]
pub fn offer(place: &Place, bundles: &[&Bundle]) -> Publication {
    let bundles = bundles.iter().map(|bundle| bundle.signed.clone()).collect();
    let payload = serde_json::to_vec(&PolicyOffer { bundles }).unwrap_or_default();
    Publication { topic: place.topic(&Topic::Policy), payload }
}

/// A piece of a bundle; none takes it back.
#[must_use]
pub fn piece(place: &Place, id: &str, piece: u32, content: Option<Vec<u8>>) -> Publication {
    let topic = place.topic(&Topic::PolicyPiece { id: id.to_owned(), piece });
    Publication { topic, payload: content.unwrap_or_default() }
}
