//! What follows from a commit: acknowledgements, commands that wait, views that change.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hq_wire::link::v1::{Place, Topic};
use tokio::runtime::Handle;

use super::Publisher;
use super::due::Due;
use super::policy::PolicyLine;
use super::tidying::Tidier;
use crate::ingest::{Ingested, WorkerEvent};
use crate::live::Live;
use crate::metrics::Metrics;
use crate::store::StoreError;

/// Hears of the commits of one worker.
#[derive(Clone)]
pub(super) struct Told {
    pub chain: String,
    pub runtime: Handle,
    pub publisher: Publisher,
    pub policy: PolicyLine,
    /// Stores that were born, to be asked again what they have not answered.
    pub born: Due,
    pub live: Live,
    pub metrics: Metrics,
    pub said: Said,
    pub tidier: Tidier,
}

/// The turn of what was last said on each topic: of two workers' commits the later one counts, in
/// whatever order their threads come to say it.
#[derive(Clone, Debug, Default)]
pub(super) struct Said(Arc<Mutex<HashMap<String, u64>>>);

impl Said {
    /// Says what had its turn then, unless something newer was said.
    fn say(&self, topic: String, turn: u64, say: impl FnOnce(String)) {
        let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match turns.get_mut(&topic) {
            Some(said) if *said > turn => return,
            Some(said) => *said = turn,
            None => _ = turns.insert(topic.clone(), turn),
        }
        // Under the lock, so that nobody says something older after it.
        say(topic);
    }
}

impl Told {
    /// Does what follows; `messages` is how many of them the commit took in.
    pub fn hear(&self, event: &WorkerEvent<'_>, messages: u64) {
        match event {
            WorkerEvent::Committed(ingested, took) => self.committed(ingested, messages, *took),
            WorkerEvent::Stuck(error) => {
                tracing::error!(%error, "nothing is taken in, and the stores keep selling");
                self.metrics.failed(matches!(error, StoreError::Full { .. }));
                self.live.changed();
            }
            WorkerEvent::Recovered => {
                tracing::info!("what stores send is taken in again");
                self.live.changed();
            }
        }
    }

    fn committed(&self, ingested: &Ingested, messages: u64, took: Duration) {
        self.metrics.committed(messages, ingested.folded_rows, ingested.folded_sales, took);
        for (store, ack) in &ingested.acks {
            let place = Place { chain: self.chain.clone(), store: store.clone() };
            // What goes out here always has a JSON form.
            let payload = serde_json::to_vec(ack).unwrap_or_default();
            let topic = place.topic(&Topic::Ack(ack.stream.clone()));
            self.said.say(topic, ingested.turn, |topic| self.publisher.retain(topic, payload));
        }
        self.metrics.acknowledged(ingested.acks.len() as u64);
        if ingested.changed {
            self.live.changed();
        }
        self.tidier.nudge();
        for store in &ingested.born {
            self.born.add(store.clone());
            self.policy.born(store.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_older_is_not_said_after_what_is_newer() {
        let (said, mut heard) = (Said::default(), Vec::new());
        for (topic, turn) in [("a", 2), ("a", 1), ("b", 1), ("a", 3), ("a", 3)] {
            said.say(topic.to_owned(), turn, |topic| heard.push((topic, turn)));
        }
        let heard: Vec<_> = heard.iter().map(|(topic, turn)| (topic.as_str(), *turn)).collect();
        assert_eq!(heard, [("a", 2), ("b", 1), ("a", 3), ("a", 3)]);
    }
}
