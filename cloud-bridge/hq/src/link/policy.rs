//! Publishes policy: to all stores when something changes, to one when it may lack something.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hq_wire::link::v1::{Place, PolicyState};
use tokio::time::{Instant, MissedTickBehavior, interval};

use super::Publisher;
use crate::database::{AskError, Database};
use crate::people::now_ms;
use crate::policy::{PolicyWatch, Publication, offered};
use crate::store::{HqStore, StoreError};

/// How often to look whether another bundle was pushed, or the moment of one has come.
const LOOK_INTERVAL: Duration = Duration::from_millis(500);
/// How long a store may take to put together what it was sent before it is sent all of it again.
const AGAIN_AFTER: Duration = Duration::from_secs(10);

/// Publishes policy.
#[derive(Clone)]
pub(super) struct PolicyLine {
    pub chain: String,
    pub database: Database,
    pub publisher: Publisher,
    /// When all pieces were last published to a store.
    pub sent: Arc<Mutex<BTreeMap<String, Instant>>>,
}

impl PolicyLine {
    /// Watches for changes, as long as it runs.
    pub async fn watch(self) {
        let mut ticks = interval(LOOK_INTERVAL);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut watch = PolicyWatch::default();
        loop {
            ticks.tick().await;
            let (mut next, chain) = (watch, self.chain.clone());
            let looked = self.database.ask(move |store| {
                let mut changes = Vec::new();
                if next.has_changed(store, now_ms())? {
                    for one in store.stores()? {
                        let place = Place { chain: chain.clone(), store: one.store };
                        changes.extend(store.policy_publications(&place, now_ms(), false)?);
                    }
                }
                Ok((next, changes))
            });
            match looked.await {
                Ok((next, changes)) => {
                    watch = next;
                    self.publish(changes);
                }
                Err(AskError::Closing) => return,
                Err(error) => tracing::warn!(%error, "looking for policy to publish"),
            }
        }
    }

    /// A store was born: it is told what is on offer, and sent what it is not known to have.
    pub async fn born(&self, store: String) {
        let place = Place { chain: self.chain.clone(), store };
        let found = self.database.ask(move |store| {
            let is_anew = !has_all(store, &place.store)?;
            store.policy_publications(&place, now_ms(), is_anew)
        });
        match found.await {
            Ok(found) => self.publish(found),
            Err(error) => tracing::warn!(%error, "reading the policy of a store"),
        }
    }

    /// A store said how it stands to policy: where it lacks pieces, it is sent all of them again.
    pub async fn stated(&self, store: String, payload: &[u8]) {
        let state: PolicyState = serde_json::from_slice(payload).unwrap_or_default();
        if !state.offered.iter().any(|one| one.standing == "incomplete") || !self.is_due(&store) {
            return;
        }
        let place = Place { chain: self.chain.clone(), store };
        let found =
            self.database.ask(move |store| store.policy_publications(&place, now_ms(), true));
        match found.await {
            Ok(found) => self.publish(found),
            Err(error) => tracing::warn!(%error, "reading the policy of a store"),
        }
    }

    /// Whether it is long enough ago that a store was sent everything; it counts as sent now.
    fn is_due(&self, store: &str) -> bool {
        let mut sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = sent.get(store).is_none_or(|at| at.elapsed() > AGAIN_AFTER);
        if is_due {
            sent.insert(store.to_owned(), Instant::now());
        }
        is_due
    }

    fn publish(&self, found: Vec<Publication>) {
        for Publication { topic, payload } in found {
            self.publisher.retain(topic, payload);
        }
    }
}

/// Whether a store is known to have every bundle that is on offer to it.
fn has_all(database: &mut HqStore, store: &str) -> Result<bool, StoreError> {
    let bundles = database.policy_bundles()?;
    let mut states = database.policy_states()?.into_iter();
    let state = states.find(|(known, _)| known == store).map(|(_, state)| state);
    let state = state.unwrap_or_default();
    let has =
        |id: &str| state.offered.iter().any(|one| one.id == id && one.standing != "incomplete");
    Ok(offered(&bundles, store, now_ms()).iter().all(|bundle| has(&bundle.manifest.id)))
}
