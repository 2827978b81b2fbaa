//! One push: read, check, sign, keep.

use std::path::PathBuf;

use hq_wire::link::v1::{BundleManifest, BundlePart, Signed, sign_manifest};
use ring::signature::Ed25519KeyPair;
use serde_json::value::to_raw_value;
use store_core::Currency;
use store_core::policy::Part;
use uuid::Uuid;

use super::directory::{Draft, FileFault, read_directory};
use super::offer::Bundle;
use super::shares;
use super::stored::Made;
use crate::store::{HqStore, StoreError};

/// What is to be pushed.
#[derive(Clone, Debug)]
pub struct Order {
    /// The directory.
    pub directory: PathBuf,
    /// The chain.
    pub chain: String,
    /// The currency of its prices; that of the stores if none.
    pub currency: Option<Currency>,
    /// From when, in milliseconds since 1970; at once if none.
    pub effective_ms: Option<i64>,
    /// For which stores; all of the chain if none.
    pub stores: Vec<String>,
    /// Now, in milliseconds since 1970.
    pub now_ms: i64,
}

/// What was pushed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pushed {
    /// The bundle's id.
    pub id: String,
    /// Its version.
    pub version: u64,
    /// From when, in milliseconds since 1970.
    pub effective_ms: i64,
    /// Its parts and their sizes in bytes.
    pub parts: Vec<(String, u64)>,
}

/// Why nothing was pushed.
#[derive(Debug, thiserror::Error)]
pub enum PushError {
    /// The directory does not hold.
    #[error("the policy is not pushed:\n{}", listed(.0))]
    Faults(Vec<FileFault>),
    /// There is no such store.
    #[error("headquarters knows no store {0}: see `hq store list`")]
    UnknownStore(String),
    /// It would come into force before an older one of the same kind.
    #[error(
        "version {version} holds the same and comes into force later: withdraw it with \
         `hq policy withdraw {version}`, or choose a later moment"
    )]
    Overtaken {
        /// The older one.
        version: u64,
    },
    /// It is in force, or was never pushed.
    #[error("version {version} cannot be withdrawn: {reason}")]
    NotWithdrawn {
        /// Which.
        version: u64,
        /// Why.
        reason: &'static str,
    },
    /// The database does not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl PushError {
    /// A stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Faults(_) => "bad_policy",
            Self::UnknownStore(_) => "unknown_store",
            Self::Overtaken { .. } => "policy_overtaken",
            Self::NotWithdrawn { .. } => "policy_not_withdrawn",
            Self::Store(error) => error.code(),
        }
    }
}

fn listed(faults: &[FileFault]) -> String {
    let lines: Vec<String> = faults.iter().map(|fault| format!("  {fault}")).collect();
    lines.join("\n")
}

/// Reads a directory, checks all of it, signs it as the next version and keeps it: the running
/// headquarters publishes it within a second.
///
/// # Errors
/// [`PushError`]; then nothing has changed.
pub fn push(store: &mut HqStore, key: &Ed25519KeyPair, order: &Order) -> Result<Pushed, PushError> {
    let known_stores = store.policy_stores()?;
    let unknown = |id: &&String| known_stores.iter().all(|(store, _)| store != *id);
    if let Some(unknown) = order.stores.iter().find(unknown) {
        return Err(PushError::UnknownStore(unknown.clone()));
    }
    let meant = |store: &str| order.stores.is_empty() || order.stores.iter().any(|id| id == store);
    let currency = order.currency.or_else(|| currency_of(&known_stores, meant));
    let known = store.policy_known(&order.stores, currency)?;
    let mut draft =
        read_directory(&order.directory, currency, &known).map_err(PushError::Faults)?;
    let effective_ms = order.effective_ms.unwrap_or(order.now_ms);
    store.keep_bundle(|sql, version, bundles| {
        if let Some(later) = overtaken(bundles, &draft, &order.stores, effective_ms) {
            return Err(PushError::Overtaken { version: later });
        }
        // Of two who push at once the second knows what the first has dealt out.
        shares::deal_out(sql, bundles, order, currency, &mut draft)?;
        signed(key, order, &draft, currency, version)
    })
}

/// The one currency of the stores that are meant; none where it is not known, or there are two.
fn currency_of(stores: &[(String, String)], is_meant: impl Fn(&str) -> bool) -> Option<Currency> {
    let meant = stores.iter().filter(|(store, _)| is_meant(store));
    let mut codes: Vec<&str> = meant.map(|(_, currency)| currency.as_str()).collect();
    codes.retain(|code| !code.is_empty());
    codes.sort_unstable();
    codes.dedup();
    match codes.as_slice() {
        [code] => Currency::new(code).ok(),
        _ => None,
    }
}

/// An older bundle that a new one would come before: the higher version counts, so the older one
/// would never have its day.
fn overtaken(
    bundles: &[Bundle],
    draft: &Draft,
    stores: &[String],
    effective_ms: i64,
) -> Option<u64> {
    let overlaps = |bundle: &&Bundle| {
        let named = &bundle.manifest.stores;
        let shares_a_store = stores.is_empty()
            || named.is_empty()
            || stores.iter().any(|store| named.contains(store));
        let mut parts = bundle.manifest.parts.iter().filter_map(|part| Part::named(&part.name));
        shares_a_store && parts.any(|part| draft.parts.contains_key(&part))
    };
    let later = bundles.iter().filter(|bundle| {
        bundle.withdrawn_ms.is_none() && bundle.manifest.effective_ms > effective_ms
    });
    later.filter(overlaps).map(|bundle| bundle.manifest.version).max()
}

/// A bundle that is ready to be kept, with its pieces.
pub(super) fn signed(
    key: &Ed25519KeyPair,
    order: &Order,
    draft: &Draft,
    currency: Option<Currency>,
    version: u64,
) -> Result<Made, PushError> {
    let cut = draft.parts.iter().map(|(part, content)| BundlePart::cut(part.name(), content));
    let (parts, pieces): (Vec<BundlePart>, Vec<Vec<Vec<u8>>>) = cut.unzip();
    let has_amounts =
        [Part::Catalogue, Part::Promotions].iter().any(|part| draft.parts.contains_key(part));
    let manifest = BundleManifest {
        id: Uuid::now_v7().to_string(),
        version,
        chain: order.chain.clone(),
        stores: order.stores.clone(),
        effective_ms: order.effective_ms.unwrap_or(order.now_ms),
        currency: currency.filter(|_| has_amounts).map(|currency| currency.code().to_owned()),
        parts,
    };
    let text = to_raw_value(&manifest)
        .map_err(|error| StoreError::Sql { reason: format!("writing a manifest: {error}") })?;
    let signature = sign_manifest(key, text.get());
    let signed = Signed { manifest: text, signature };
    let bundle = Bundle { signed, manifest, pushed_ms: order.now_ms, withdrawn_ms: None };
    Ok((bundle, pieces.concat()))
}
