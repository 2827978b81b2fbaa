//! What headquarters publishes. Whoever publishes never waits: of what is retained only the newest
//! of each topic counts, and what is not retained is worth nothing to a store that is not there.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hq_wire::link::v1::Topic;
use rumqttc::v5::AsyncClient;
use rumqttc::v5::mqttbytes::QoS;
use rumqttc::v5::mqttbytes::v5::PublishProperties;
use tokio::sync::Notify;

/// Most messages that wait and are not retained: commands and answers of a chain's stores that come
/// back at once. What is beyond is repeated at a birth, or its asker's patience has ended.
const PASSING_MAX: usize = 10_000;

/// How much of policy may wait before whoever publishes it waits too: a push is for every store of
/// the chain, and would be in memory for each of them.
const BYTES_WAITING_MAX: usize = 4 << 20;

/// Publishes; a clone publishes the same way.
#[derive(Clone, Debug, Default)]
pub struct Publisher(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    waiting: Mutex<Waiting>,
    more: Notify,
    less: Notify,
}

#[derive(Debug, Default)]
struct Waiting {
    /// By what goes first, then by topic.
    retained: BTreeMap<(u8, String), Vec<u8>>,
    retained_bytes: usize,
    passing: VecDeque<Passing>,
}

#[derive(Debug)]
struct Passing {
    topic: String,
    payload: Vec<u8>,
    expiry: Duration,
}

/// Acknowledgements before anything, pieces of policy before the offer that names them.
fn rank(topic: &str) -> u8 {
    match Topic::read(topic) {
        Ok((_, Topic::Ack(_))) => 0,
        Ok((_, Topic::Policy)) => 2,
        _ => 1,
    }
}

enum Next {
    Retained(String, Vec<u8>),
    Passing(Passing),
}

impl Publisher {
    /// Publishes what the broker keeps; nothing at all takes back what it keeps.
    pub fn retain(&self, topic: String, payload: Vec<u8>) {
        let mut waiting = self.waiting();
        waiting.retained_bytes += payload.len();
        let before = waiting.retained.insert((rank(&topic), topic), payload);
        waiting.retained_bytes -= before.map_or(0, |payload| payload.len());
        drop(waiting);
        self.0.more.notify_one();
    }

    /// Publishes to whoever listens now, and not after `expiry`.
    pub fn pass(&self, topic: String, payload: Vec<u8>, expiry: Duration) {
        let mut waiting = self.waiting();
        if waiting.passing.len() >= PASSING_MAX {
            waiting.passing.pop_front();
        }
        waiting.passing.push_back(Passing { topic, payload, expiry });
        drop(waiting);
        self.0.more.notify_one();
    }

    /// Waits until there is room for more that is retained. Nobody has to; whoever publishes much
    /// does.
    pub(super) async fn room(&self) {
        loop {
            let less = self.0.less.notified();
            if self.waiting().retained_bytes < BYTES_WAITING_MAX {
                return;
            }
            less.await;
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn next(&self) -> Option<Next> {
        let mut waiting = self.waiting();
        if let Some(passing) = waiting.passing.pop_front() {
            return Some(Next::Passing(passing));
        }
        let ((_, topic), payload) = waiting.retained.pop_first()?;
        waiting.retained_bytes -= payload.len();
        drop(waiting);
        self.0.less.notify_waiters();
        Some(Next::Retained(topic, payload))
    }

    /// What waits and is retained: the topics.
    #[cfg(test)]
    pub(super) fn retained(&self) -> Vec<String> {
        self.waiting().retained.keys().map(|(_, topic)| topic.clone()).collect()
    }

    /// What waits and is not retained: the topics and the payloads.
    #[cfg(test)]
    pub(super) fn passing(&self) -> Vec<(String, Vec<u8>)> {
        let waiting = self.waiting();
        waiting.passing.iter().map(|it| (it.topic.clone(), it.payload.clone())).collect()
    }

    /// As much waits as may.
    #[cfg(test)]
    pub(super) fn fill(&self) {
        self.retain("v1/c/z/policy/full/0".to_owned(), vec![0; BYTES_WAITING_MAX]);
    }

    /// Publishes what waits by one client, for as long as this runs. A message that was handed to a
    /// client whose connection ends may be lost: an acknowledgement comes again at the store's next
    /// message, and all of them at its next birth.
    pub(super) async fn publish_by(self, client: AsyncClient) {
        loop {
            let Some(next) = self.next() else {
                self.0.more.notified().await;
                continue;
            };
            let sent = match next {
                Next::Retained(topic, payload) => {
                    client.publish(topic, QoS::AtLeastOnce, true, payload).await
                }
                Next::Passing(Passing { topic, payload, expiry }) => {
                    let expiry_s = u32::try_from(expiry.as_secs().max(1)).unwrap_or(u32::MAX);
                    let properties = PublishProperties {
                        message_expiry_interval: Some(expiry_s),
                        ..PublishProperties::default()
                    };
                    let qos = QoS::AtLeastOnce;
                    client.publish_with_properties(topic, qos, false, payload, properties).await
                }
            };
            if sent.is_err() {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    #[test]
    fn the_newest_of_a_topic_counts_and_what_passes_goes_first() {
        let publisher = Publisher::default();
        publisher.retain("a".to_owned(), vec![1]);
        publisher.retain("a".to_owned(), vec![2]);
        publisher.pass("c".to_owned(), vec![3], Duration::from_secs(1));
        assert!(matches!(publisher.next(), Some(Next::Passing(one)) if one.payload == [3]));
        let next = publisher.next();
        assert!(matches!(next, Some(Next::Retained(_, payload)) if payload == [2]));
        assert!(publisher.next().is_none());
    }

    #[tokio::test]
    async fn whoever_publishes_much_waits_until_some_of_it_is_gone() {
        let publisher = Publisher::default();
        let publish = |topic: &str| publisher.retain(topic.to_owned(), vec![0; BYTES_WAITING_MAX]);
        publisher.room().await;
        publish("a");
        publish("a");
        let mut waiting = std::pin::pin!(publisher.room());
        assert!(waiting.as_mut().now_or_never().is_none());
        assert!(publisher.next().is_some());
        waiting.await;
    }

    #[test]
    fn acknowledgements_go_before_policy_and_its_pieces_before_the_offer() {
        let publisher = Publisher::default();
        let topics = ["v1/c/a/policy", "v1/c/a/policy/b/0", "v1/c/z/ack/s"];
        topics.iter().for_each(|topic| publisher.retain((*topic).to_owned(), Vec::new()));
        let order = std::iter::from_fn(|| match publisher.next()? {
            Next::Retained(topic, _) => Some(topic),
            Next::Passing(_) => None,
        });
        assert_eq!(order.collect::<Vec<_>>(), [topics[2], topics[1], topics[0]]);
    }
}
