//! The line: what headquarters hears besides facts, and all that it says.

use std::sync::Arc;

use hq_wire::link::v1::{Place, Query, Reply, Topic, read_json};
use rumqttc::v5::AsyncClient;
use rumqttc::v5::mqttbytes::v5::Publish;
use tokio::task::JoinHandle;

use super::answers::Answers;
use super::connection::{Listener, topic_of};
use super::newest::Newest;
use super::told::Told;
use super::turns::{Turns, TurnsMax};
use super::worker;
use crate::asking::Asking;
use crate::database::Database;
use crate::ingest::{self, Aside, Message, Worker};
use crate::store::HqStore;
use crate::wiring::StartError;

/// What stores answer is written down one after another. What is beyond, a store says again when it
/// is asked again, at its next birth.
const REPLIES_MAX: TurnsMax = TurnsMax { of_one: 64, of_all: 1_024, at_once: 1 };

/// Hears who is there and how it goes, what was answered and what is asked; publishes.
pub(super) struct Line {
    chain: String,
    told: Told,
    worker: Arc<Worker>,
    newest: Newest,
    asking: Asking,
    replies: Turns,
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
        Ok(Self {
            chain: chain.to_owned(),
            newest: Newest::start(&told.runtime, worker.clone()),
            answers: Answers::new(database, told.publisher.clone()),
            replies: Turns::at_most(&REPLIES_MAX),
            told,
            worker,
            asking,
            publishing: None,
            is_lost: false,
        })
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
                    self.answered(place, reply);
                }
            }
            Topic::Query(name) => {
                if let Some(query) = self.read::<Query>(topic, &place.store, payload) {
                    self.answers.answer(&self.told.runtime, place, name, query);
                }
            }
            Topic::State(thing) if thing == "policy" => {
                self.told.policy.stated(&place.store, payload);
                // It is kept besides.
                return false;
            }
            _ => return false,
        }
        true
    }

    fn answered(&self, place: Place, reply: Reply) {
        let Some(queued) = self.replies.queue(&place.store) else {
            return tracing::warn!(store = place.store, "it answers too much at once");
        };
        let asking = self.asking.clone();
        self.told.runtime.spawn(async move {
            let _turn = queued.turn().await;
            asking.answered(place, reply).await;
        });
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
                self.newest.give(Message::Aside(aside));
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
        // A birth may come before the subscription is confirmed.
        self.is_lost = false;
        let topic = topic_of(&message);
        if !self.passing(&topic, &message.payload) {
            self.newest.give(ingest::read(&self.chain, &topic, &message.payload));
        }
    }

    fn disconnected(&mut self) {
        self.end_publishing();
        // Who is there is said again with the next connection, by what the broker retains.
        if !self.is_lost {
            self.is_lost = true;
            self.newest.give(Message::Unreachable);
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.end_publishing();
    }
}
