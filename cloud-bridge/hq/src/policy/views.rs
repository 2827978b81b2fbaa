//! Who has which policy, as headquarters shows it.

use std::collections::BTreeMap;

use hq_wire::link::v1::PolicyState;

use crate::store::{HqStore, StoreError};
use crate::view::PolicyView;

impl HqStore {
    /// Every bundle, the newest first, with how each store that it is for stands to it.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn policy_views(&mut self) -> Result<Vec<PolicyView>, StoreError> {
        let stores = self.policy_stores()?;
        let states: BTreeMap<String, PolicyState> = self.policy_states()?.into_iter().collect();
        let bundles = self.policy_bundles()?.into_iter().rev();
        let view = |bundle: super::Bundle| {
            let own = stores.iter().map(|(store, _)| store).filter(|store| bundle.is_for(store));
            let standings = own.map(|store| {
                let (standing, reason) = standing(&bundle, states.get(store));
                (store.clone(), standing, reason)
            });
            let standings = standings.collect();
            let manifest = bundle.manifest;
            PolicyView {
                id: manifest.id,
                version: manifest.version,
                pushed_ms: bundle.pushed_ms,
                effective_ms: manifest.effective_ms,
                withdrawn_ms: bundle.withdrawn_ms,
                stores: manifest.stores,
                parts: manifest.parts.into_iter().map(|part| (part.name, part.size)).collect(),
                standings,
            }
        };
        Ok(bundles.map(view).collect())
    }
}

fn standing(bundle: &super::Bundle, state: Option<&PolicyState>) -> (String, Option<String>) {
    let (id, version) = (&bundle.manifest.id, bundle.manifest.version);
    let said = state.and_then(|state| state.offered.iter().find(|one| one.id == *id));
    if let Some(said) = said {
        return (said.standing.clone(), said.reason.clone());
    }
    let standing = match (bundle.withdrawn_ms, state.and_then(|state| state.in_force)) {
        (Some(_), _) => "withdrawn",
        // A store does not speak of what is over.
        (None, Some(in_force)) if in_force > version => "superseded",
        _ => "unreported",
    };
    (standing.to_owned(), None)
}
