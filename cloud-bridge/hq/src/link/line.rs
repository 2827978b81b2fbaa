//! The line: what headquarters hears besides facts, and all that it says.

use std::sync::Arc;

use hq_wire::link::v1::{Query, Reply, Topic, read_json};
use rumqttc::v5::AsyncClient;
use rumqttc::v5::mqttbytes::v5::Publish;
use tokio::task::JoinHandle;

use super::answers::Answers;
use super::connection::{Listener, topic_of};
use super::told::Told;
use super::worker;
use crate::asking::Asking;
use crate::database::Database;
use crate::ingest::{self, Aside, Message, Worker};
use crate::store::HqStore;
use crate::wiring::StartError;

/// Hears who is there and how it goes, what was answered and what is asked; publishes.
pub(super) struct Line {
    chain: String,
    told: Told,
    worker: Arc<Worker>,
    asking: Asking,
    answers: Answers,
    publishing: Option<JoinHandle<()>>,
    /// Whether it was said that the broker is out of reach.
    is_lost: bool,
}

impl Line {
    /// Starts the worker that takes presence and states in, apart from facts: who is there is
    /// seen at once however much has to be caught up with.
    pub fn start(
        chain: &str,
        store: HqStore,
        told: Told,
        database: Database,
        asking: Asking,
    ) -> Result<Self, StartError> {
        let mut before = 0;
        let worker = worker::start(store, told.clone(), move |written| {
            let more = written - before;
            before = written;
            more
        })?;
        let answers = Answers { database, publisher: told.publisher.clone() };
        let chain = chain.to_owned();
        Ok(Self { chain, told, worker, asking, answers, publishing: None, is_lost: false })
    }

    /// Its worker.
    pub fn worker(&self) -> Arc<Worker> {
        self.worker.clone()
    }

    fn end_publishing(&mut self) {
        if let Some(publishing) = self.publishing.take() {
            publishing.abort();
        }
    }

    /// What is answered or asked; false where it is neither.
    fn passing(&self, topic: &str, payload: &[u8]) -> bool {
        let Ok((place, about)) = Topic::read(topic) else { return false };
        if place.chain != self.chain {
            return false;
        }
        match about {
            Topic::Reply(_) => {
                if let Some(reply) = self.read::<Reply>(topic, &place.store, payload) {
                    let asking = self.asking.clone();
                    self.told.runtime.spawn(async move { asking.answered(place, reply).await });
                }
            }
            Topic::Query(name) => {
                if let Some(query) = self.read::<Query>(topic, &place.store, payload) {
                    let answers = self.answers.clone();
                    self.told
                        .runtime
                        .spawn(async move { answers.answer(place, name, query).await });
                }
            }
            Topic::State(thing) if thing == "policy" => {
                let (policy, payload) = (self.told.policy.clone(), payload.to_vec());
                self.told.runtime.spawn(async move { policy.stated(place.store, &payload).await });
                // It is kept besides.
                return false;
            }
            _ => return false,
        }
        true
    }

    fn read<T: serde::de::DeserializeOwned>(
        &self,
        topic: &str,
        store: &str,
        payload: &[u8],
    ) -> Option<T> {
        match read_json(payload) {
            Ok(read) => Some(read),
            Err(error) => {
                let reason = error.to_string();
                let aside = Aside::new(topic, Some(store), error.code(), reason, payload);
                let _ = self.worker.try_take(Message::Aside(aside));
                None
            }
        }
    }
}

impl Listener for Line {
    fn connected(&mut self, client: &AsyncClient) {
        self.is_lost = false;
        let publisher = self.told.publisher.clone();
        let publishing = self.told.runtime.spawn(publisher.publish_by(client.clone()));
        if let Some(before) = self.publishing.replace(publishing) {
            before.abort();
        }
    }

    fn message(&mut self, _client: &AsyncClient, message: Publish) {
        let topic = topic_of(&message);
        if !self.passing(&topic, &message.payload) {
            // Where there is no room, the next of its kind replaces it anyway.
            let _ = self.worker.try_take(ingest::read(&self.chain, &topic, &message.payload));
        }
    }

    fn disconnected(&mut self) {
        self.end_publishing();
        // Who is there is said again with the next connection, by what the broker retains.
        if !self.is_lost {
            self.is_lost = self.worker.try_take(Message::Unreachable).is_ok();
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.end_publishing();
    }
}
