//! What headquarters decided: kept as files, in force between two baskets, over a restart too.

mod apply;
mod clerk;
mod files;
mod over;
#[cfg(test)]
mod tests;

use std::sync::{Arc, PoisonError, RwLock};

use cloud_bridge::policy::{Identity, InForce, PolicyDesk};
use store_core::Now;
use store_core::policy::Favourites;

pub use clerk::{Clerk, keep_applying};
pub use files::PolicyFiles;
pub use over::{receipt_header, register_rules, session_limits};

use crate::places;
use crate::settings::Settings;
use crate::start_error::StartError;

/// The policy in force as the routes see it.
#[derive(Clone, Debug, Default)]
pub struct Board {
    favourites: Arc<RwLock<Arc<Favourites>>>,
}

impl Board {
    /// What a cashier taps; nothing where headquarters names nothing.
    #[must_use]
    pub fn favourites(&self) -> Arc<Favourites> {
        self.favourites.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Shows what is in force.
    pub fn show(&self, in_force: &InForce) {
        let favourites = in_force.bundle.favourites.clone().unwrap_or_default();
        *self.favourites.write().unwrap_or_else(PoisonError::into_inner) = favourites;
    }
}

/// Reads and verifies the policy that was kept; none where the store has no link, and so nothing
/// to verify it against.
///
/// # Errors
/// Where the files cannot be read.
pub fn open(
    settings: &Settings,
    identity: Option<Identity>,
    now: Now,
) -> Result<Option<PolicyDesk>, StartError> {
    let Some(identity) = identity.or_else(|| settings.policy.clone()) else { return Ok(None) };
    let files = PolicyFiles::new(places::policy(&settings.data.dir));
    let desk = PolicyDesk::open(identity, Box::new(files), now)?;
    Ok(Some(desk))
}
