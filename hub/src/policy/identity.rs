//! What policy is verified against: kept beside the policy, so that a store whose link file is
//! spoilt goes on by the taxes and ways of paying that headquarters decided.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use cloud_bridge::policy::Identity;
use serde::{Deserialize, Serialize};
use service_kit::files::{make_private, replace_file};
use store_core::Currency;

use crate::link::Membership;
use crate::places;
use crate::settings::Settings;

#[derive(Serialize, Deserialize)]
struct Kept {
    chain: String,
    store: String,
    currency: Currency,
    public_key: String,
}

/// What this store's policy is verified against: what the link file says, or said last where it
/// does not hold; nothing for a store that works alone.
#[must_use]
pub fn identity(settings: &Settings, membership: &Membership) -> Option<Identity> {
    if settings.policy.is_some() {
        return settings.policy.clone();
    }
    let data_dir = &settings.data.dir;
    match membership {
        Membership::Linked(enrolment) => {
            let identity = enrolment.identity(settings.store.currency);
            told("keeping", keep(data_dir, &identity));
            Some(identity)
        }
        Membership::Cut(_) => kept(data_dir),
        Membership::Alone => {
            told("forgetting", forget(data_dir));
            None
        }
    }
}

/// What was kept of it, where it can be read.
#[must_use]
pub fn kept(data_dir: &Path) -> Option<Identity> {
    let text = fs::read(places::policy_identity(data_dir)).ok()?;
    let Kept { chain, store, currency, public_key } = serde_json::from_slice(&text).ok()?;
    Some(Identity { chain, store, currency, public_key })
}

fn keep(data_dir: &Path, identity: &Identity) -> io::Result<()> {
    if kept(data_dir).as_ref() == Some(identity) {
        return Ok(());
    }
    let Identity { chain, store, currency, public_key } = identity.clone();
    let text = serde_json::to_vec(&Kept { chain, store, currency, public_key })?;
    make_private(&places::policy(data_dir))?;
    replace_file(&places::policy_identity(data_dir), &text)
}

fn forget(data_dir: &Path) -> io::Result<()> {
    // Nothing that could be read stands there; a directory that is closed to us is said elsewhere.
    if kept(data_dir).is_none() {
        return Ok(());
    }
    match fs::remove_file(places::policy_identity(data_dir)) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// The store opens either way.
fn told(doing: &str, done: io::Result<()>) {
    if let Err(error) = done {
        tracing::warn!(%error, "{doing} what policy is verified against");
    }
}
