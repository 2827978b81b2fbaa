//! What follows from a commit: acknowledgements, commands that wait, views that change.

use std::time::Duration;

use hq_wire::link::v1::{Place, Topic};
use tokio::runtime::Handle;

use super::Publisher;
use super::due::Due;
use super::policy::PolicyLine;
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
            self.publisher.retain(place.topic(&Topic::Ack(ack.stream.clone())), payload);
        }
        self.metrics.acknowledged(ingested.acks.len() as u64);
        if ingested.changed {
            self.live.changed();
        }
        for store in &ingested.born {
            self.born.add(store.clone());
            self.policy.born(store.clone());
        }
    }
}
