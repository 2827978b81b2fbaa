//! Publishes policy: to all stores when something changes, to one when it comes, or says that it
//! lacks something. One store after another, so that a push is never in memory for all of them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hq_wire::link::v1::{Place, PolicyStanding, PolicyState};
use tokio::time::{Instant, MissedTickBehavior, interval};

use super::Publisher;
use super::due::Due;
use crate::database::{AskError, Database};
use crate::people::now_ms;
use crate::policy::{PolicyWatch, Publication, offered};
use crate::store::{HqStore, StoreError};

/// How often to look whether another bundle was pushed, or the moment of one has come.
const LOOK_INTERVAL: Duration = Duration::from_millis(500);
/// How long a store may take to put together what the broker keeps for it, before it is sent again
/// what it still lacks: its broker may have kept nothing.
const PATIENCE: Duration = Duration::from_secs(5);

/// Publishes policy; a clone publishes the same way.
#[derive(Clone)]
pub(super) struct PolicyLine {
    chain: String,
    database: Database,
    publisher: Publisher,
    /// Stores that came.
    born: Due,
    /// Stores that said that they lack something, and when they first did.
    lacking: Arc<Mutex<BTreeMap<String, Instant>>>,
}

impl PolicyLine {
    /// Of the stores of a chain.
    pub fn new(chain: String, database: Database, publisher: Publisher) -> Self {
        Self { chain, database, publisher, born: Due::default(), lacking: Arc::default() }
    }

    /// Watches for changes and for stores that go on lacking something, as long as it runs.
    pub async fn watch(self) {
        let mut ticks = interval(LOOK_INTERVAL);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut watch = PolicyWatch::default();
        loop {
            ticks.tick().await;
            match self.look(watch).await {
                Ok(next) => watch = next,
                Err(AskError::Closing) => return,
                Err(error) => tracing::warn!(%error, "looking for policy to publish"),
            }
        }
    }

    /// Publishes what has changed since the last look, and again what is still lacking.
    async fn look(&self, mut watch: PolicyWatch) -> Result<PolicyWatch, AskError> {
        let look = move |store: &mut HqStore| {
            let has_changed = watch.has_changed(store, now_ms())?;
            Ok((watch, if has_changed { store.stores()? } else { Vec::new() }))
        };
        let (watch, stores) = self.database.ask(look).await?;
        for place in stores {
            self.publish(place.store, false).await?;
        }
        for store in self.still_lacking() {
            if let Err(error) = self.publish(store.clone(), true).await {
                tracing::warn!(%error, "publishing the policy of a store again");
                self.lacking().insert(store, Instant::now());
            }
        }
        Ok(watch)
    }

    /// Tells every store that is born what is on offer, as long as it runs. The pieces wait for it
    /// at the broker.
    pub async fn serve(self) {
        loop {
            let store = self.born.next().await;
            if let Err(error) = self.publish(store, false).await {
                tracing::warn!(%error, "publishing the policy of a store");
            }
        }
    }

    /// A store was born.
    pub fn born(&self, store: String) {
        self.born.add(store);
    }

    /// A store said how it stands to policy.
    pub fn stated(&self, store: &str, payload: &[u8]) {
        let state: PolicyState = serde_json::from_slice(payload).unwrap_or_default();
        let mut lacking = self.lacking();
        if state.offered.iter().any(PolicyStanding::lacks_pieces) {
            lacking.entry(store.to_owned()).or_insert_with(Instant::now);
        } else {
            lacking.remove(store);
        }
    }

    /// The stores that have lacked something for too long; each has as long again from now on.
    fn still_lacking(&self) -> Vec<String> {
        let late = |_: &String, since: &mut Instant| since.elapsed() >= PATIENCE;
        self.lacking().extract_if(.., late).map(|(store, _)| store).collect()
    }

    fn lacking(&self) -> MutexGuard<'_, BTreeMap<String, Instant>> {
        self.lacking.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Publishes what a store is to have, and `again` what it says it lacks; then waits until most
    /// of it is gone.
    async fn publish(&self, store: String, again: bool) -> Result<(), AskError> {
        let place = Place { chain: self.chain.clone(), store };
        let found = self.database.ask(move |store| {
            let lacking = if again { lacked_by(store, &place.store)? } else { BTreeSet::new() };
            store.policy_publications(&place, now_ms(), &lacking)
        });
        for Publication { topic, payload } in found.await? {
            self.publisher.retain(topic, payload);
        }
        self.publisher.room().await;
        Ok(())
    }
}

/// The bundles on offer to a store that it says it has not put together.
fn lacked_by(database: &mut HqStore, store: &str) -> Result<BTreeSet<String>, StoreError> {
    let bundles = database.policy_bundles()?;
    let state = database.policy_state_of(store)?.unwrap_or_default();
    let is_lacking = |id: &str| state.offered.iter().any(|one| one.id == id && one.lacks_pieces());
    let ids = offered(&bundles, store, now_ms()).into_iter().map(|it| it.manifest.id.clone());
    Ok(ids.filter(|id| is_lacking(id)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{StoreAt, StorePlace};

    const INCOMPLETE: &[u8] = br#"{"offered":[{"version":1,"id":"x","standing":"incomplete"}]}"#;
    const IN_FORCE: &[u8] = br#"{"offered":[{"version":1,"id":"x","standing":"in_force"}]}"#;

    fn line() -> PolicyLine {
        let mut store = HqStore::open(&StoreAt::Memory).unwrap();
        for id in ["a", "b"] {
            store.add_store(&StorePlace { store: id.to_owned(), ..Default::default() }).unwrap();
        }
        let database = Database::of(&store).unwrap();
        PolicyLine::new("c".to_owned(), database, Publisher::default())
    }

    #[tokio::test(start_paused = true)]
    async fn a_push_waits_for_one_store_before_it_is_made_for_the_next() {
        let line = line();
        line.publisher.fill();
        let looking = line.look(PolicyWatch::default());
        let waited = tokio::time::timeout(Duration::from_secs(60), looking).await;
        assert!(waited.is_err(), "nobody took what the first one is to have");
        assert_eq!(line.publisher.retained(), ["v1/c/z/policy/full/0", "v1/c/a/policy"]);
        line.publisher.retain("v1/c/z/policy/full/0".to_owned(), Vec::new());
        line.look(PolicyWatch::default()).await.unwrap();
        assert!(line.publisher.retained().contains(&"v1/c/b/policy".to_owned()));
    }

    #[tokio::test(start_paused = true)]
    async fn a_store_is_sent_again_what_it_goes_on_lacking_and_nothing_that_it_has() {
        let line = line();
        line.stated("a", INCOMPLETE);
        line.stated("b", INCOMPLETE);
        assert_eq!(line.still_lacking(), [""; 0], "it is on its way");
        tokio::time::advance(PATIENCE / 2).await;
        assert_eq!(line.still_lacking(), [""; 0], "it is still on its way");
        line.stated("a", INCOMPLETE);
        line.stated("b", IN_FORCE);
        tokio::time::advance(PATIENCE / 2).await;
        assert_eq!(line.still_lacking(), ["a"]);
        assert_eq!(line.still_lacking(), [""; 0], "it was just sent");
    }

    #[tokio::test]
    async fn of_what_is_on_offer_only_what_lacks_pieces_is_lacking() {
        let mut store = HqStore::open(&StoreAt::Memory).unwrap();
        for (version, id) in [(1_u64, "x"), (2, "y"), (3, "z")] {
            let manifest = format!(
                r#"{{"id":"{id}","version":{version},"chain":"c","stores":[],
                    "effective_ms":{version},
                    "parts":[{{"name":"people{version}","size":0,"digest":"","pieces":[]}}]}}"#
            );
            let text = "insert into policy_bundles
                (id, version, pushed_ms, effective_ms, manifest, signature, withdrawn_ms)
                values (?1, ?2, 1, ?2, ?3, '', null)";
            let values = crate::store::sql::params![id, version, manifest.as_str()];
            store.sql().execute(text, values).unwrap();
        }
        let said = r#"{"at_ms":1,"offered":[{"version":1,"id":"x","standing":"in_force"},
            {"version":2,"id":"y","standing":"incomplete"},
            {"version":3,"id":"z","standing":"refused","reason":"piece 1 … (bad_piece)"}]}"#;
        let topic = "v1/c/s/state/policy";
        store.add_store(&StorePlace { store: "s".to_owned(), ..Default::default() }).unwrap();
        store.ingest(&[crate::ingest::read("c", topic, said.as_bytes())], 1).unwrap();
        let lacked = ["y", "z"].map(str::to_owned);
        assert_eq!(lacked_by(&mut store, "s").unwrap(), BTreeSet::from(lacked));
    }
}
