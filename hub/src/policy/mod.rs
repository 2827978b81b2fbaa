//! What headquarters decided: kept as files, in force between two baskets, over a restart too.

mod apply;
mod clerk;
mod files;
mod identity;
mod over;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use cloud_bridge::policy::{Identity, InForce, PolicyDesk};
use rust_decimal::Decimal;
use store_core::policy::{Favourites, Part};
use store_core::{Currency, Money, Now, OperatorId};

pub use clerk::{Clerk, keep_applying};
pub use files::PolicyFiles;
pub use identity::{identity, kept};
pub use over::{receipt_header, register_rules, session_limits};

use crate::places;
use crate::settings::Settings;
use crate::start_error::StartError;

/// The policy in force as the routes see it.
#[derive(Clone, Debug, Default)]
pub struct Board(Arc<RwLock<Shown>>);

#[derive(Debug, Default)]
struct Shown {
    /// What the store itself chose, where headquarters names nothing.
    own: Arc<Favourites>,
    favourites: Arc<Favourites>,
    decided: BTreeSet<Part>,
    leaving: BTreeSet<OperatorId>,
    denominations: Option<Vec<Decimal>>,
}

impl Board {
    /// With what is in force at the start, and the store's own favourites.
    #[must_use]
    pub fn new(in_force: &InForce, own: Arc<Favourites>) -> Self {
        let board = Self(Arc::new(RwLock::new(Shown { own, ..Shown::default() })));
        board.show(in_force);
        board
    }

    fn read(&self) -> RwLockReadGuard<'_, Shown> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a cashier taps: as headquarters chose it, or the store itself.
    #[must_use]
    pub fn favourites(&self) -> Arc<Favourites> {
        self.read().favourites.clone()
    }

    /// The notes and coins that a count of a till asks for, largest first.
    #[must_use]
    pub fn denominations(&self, currency: Currency) -> Vec<Money> {
        over::denominations(currency, self.read().denominations.as_deref())
    }

    /// The parts that headquarters decides.
    #[must_use]
    pub fn decided(&self) -> BTreeSet<Part> {
        self.read().decided.clone()
    }

    /// Whether the store may change a part itself.
    ///
    /// # Errors
    /// The part, where headquarters decides it: what the store changed would be undone.
    pub fn check(&self, part: Part) -> Result<(), Part> {
        if self.read().decided.contains(&part) { Err(part) } else { Ok(()) }
    }

    /// Whether somebody is not among the people any more, and only has a basket to finish.
    #[must_use]
    pub fn is_leaving(&self, operator: &OperatorId) -> bool {
        self.read().leaving.contains(operator)
    }

    /// Shows what is in force; answers whether screens have to look again.
    pub fn show(&self, in_force: &InForce) -> bool {
        let decided = in_force.parts.keys().copied().collect();
        let settings = in_force.bundle.settings.as_deref();
        let till = settings.and_then(|settings| settings.till.as_ref());
        let denominations = till.and_then(|till| till.denominations.clone());
        let mut shown = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let favourites = in_force.bundle.favourites.clone();
        let favourites = favourites.unwrap_or_else(|| shown.own.clone());
        let is_other = *shown.favourites != *favourites
            || shown.decided != decided
            || shown.denominations != denominations;
        shown.denominations = denominations;
        (shown.favourites, shown.decided) = (favourites, decided);
        is_other
    }

    /// Shows who only has a basket to finish.
    pub fn show_leaving(&self, leaving: BTreeSet<OperatorId>) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).leaving = leaving;
    }
}

/// Reads and verifies the policy that was kept; none where there is nothing to verify it against.
///
/// # Errors
/// Where the files cannot be read.
pub fn open(
    settings: &Settings,
    identity: Option<Identity>,
    now: Now,
) -> Result<Option<PolicyDesk>, StartError> {
    let Some(identity) = identity else { return Ok(None) };
    let files = PolicyFiles::new(places::policy(&settings.data.dir));
    let desk = PolicyDesk::open(identity, Box::new(files), now)?;
    Ok(Some(desk))
}
