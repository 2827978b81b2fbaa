//! Which topics are whose, and who is asked whether a store may connect.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;

use hq_wire::link::v1::{COMMANDS, Place, QUERIES, Status, Topic, read_json};
use uuid::Uuid;

use crate::ingest::THINGS;

/// The user that headquarters itself is at its broker. No store has this id.
pub const HQ_USER: &str = "hq";

/// What is answered later.
pub type Later<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What the stores are known by: the SHA-256 of each one's secret, in hexadecimal.
pub trait Admission: Send + Sync {
    /// That of one store, as it is now; none where it may not connect. Asked at every connection,
    /// never of headquarters itself.
    fn secret_hash<'a>(&'a self, store: &'a str) -> Later<'a, Option<String>>;

    /// Those of all stores, as they are now; none where that cannot be read. Asked all the time,
    /// so that who is connected does not stay longer than it may.
    fn secret_hashes(&self) -> Later<'_, Option<BTreeMap<String, String>>>;
}

/// Which topics are whose, in one chain.
#[derive(Clone, Debug)]
pub struct Topics {
    chain: String,
}

impl Topics {
    /// Those of a chain.
    #[must_use]
    pub const fn of(chain: String) -> Self {
        Self { chain }
    }

    /// Whether somebody may publish there. A store may what the protocol has and nothing else: a
    /// topic of its own making would stay on headquarters' disk for ever.
    #[must_use]
    pub fn may_publish(&self, user: &str, topic: &str) -> bool {
        // Headquarters also takes back what a store that was removed left behind.
        self.topic_of(user, topic).is_some_and(|topic| user == HQ_USER || is_of_stores(&topic))
    }

    /// Whether the broker keeps what somebody publishes there, for whoever comes later.
    #[must_use]
    pub fn may_retain(&self, user: &str, topic: &str) -> bool {
        let is_last_known = |topic| matches!(topic, Topic::State(_) | Topic::Status);
        user == HQ_USER || self.topic_of(user, topic).is_some_and(is_last_known)
    }

    /// Whether somebody may leave this behind as a last will: that it is gone, and nothing else.
    #[must_use]
    pub fn may_leave(&self, user: &str, topic: &str, payload: &[u8]) -> bool {
        let says_gone = || read_json(payload).is_ok_and(|status: Status| !status.is_online());
        user == HQ_USER || (self.is_status_of(user, topic) && says_gone())
    }

    /// Whether it is where a store says that it is there, or gone.
    #[must_use]
    pub fn is_status_of(&self, user: &str, topic: &str) -> bool {
        self.topic_of(user, topic) == Some(Topic::Status)
    }

    /// A topic of this chain as its store has it; to headquarters every store's is its own.
    fn topic_of(&self, user: &str, topic: &str) -> Option<Topic> {
        let (Place { chain, store }, topic) = Topic::read(topic).ok()?;
        let is_own = chain == self.chain && (user == HQ_USER || store == user);
        is_own.then_some(topic)
    }

    /// Whether somebody may listen there: what the filter names must be theirs, whatever its
    /// wildcards stand for.
    #[must_use]
    pub fn may_subscribe(&self, user: &str, filter: &str) -> bool {
        if user == HQ_USER {
            let shared = filter.strip_prefix("$share/").and_then(|rest| rest.split_once('/'));
            let filter = shared.map_or(filter, |(_, filter)| filter);
            return filter.starts_with(&format!("v1/{}/", self.chain));
        }
        let levels: Vec<&str> = filter.split('/').collect();
        let ["v1", chain, store, kind, ..] = levels.as_slice() else { return false };
        *chain == self.chain
            && *store == user
            && ["ack", "policy", "command", "answer"].contains(kind)
    }

    /// Whether a store may have this client id: its own with the stream of its journal, so that no
    /// store takes another's session over.
    #[must_use]
    pub fn is_client_of(user: &str, client_id: &str) -> bool {
        let stream = client_id.strip_prefix(user).and_then(|rest| rest.strip_prefix('-'));
        user == HQ_USER || stream.is_some_and(|stream| stream.parse::<Uuid>().is_ok())
    }
}

/// Whether it is one that stores write at: those are all there are, of each store and its streams.
fn is_of_stores(topic: &Topic) -> bool {
    match topic {
        // Written in one way alone, so that one stream has one topic.
        Topic::Facts(stream) => {
            stream.parse::<Uuid>().is_ok_and(|parsed| parsed.to_string() == *stream)
        }
        Topic::State(thing) => THINGS.contains(&thing.as_str()),
        Topic::Status => true,
        Topic::Reply(name) => COMMANDS.contains(&name.as_str()),
        Topic::Query(name) => QUERIES.contains(&name.as_str()),
        Topic::Ack(_)
        | Topic::Policy
        | Topic::PolicyPiece { .. }
        | Topic::Command(_)
        | Topic::Answer(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn topics() -> Topics {
        Topics::of("c".to_owned())
    }

    const STREAM: &str = "0199aa00-0000-7000-8000-000000000000";

    #[test]
    fn a_store_writes_what_the_protocol_has_of_its_own_and_nothing_else() {
        let facts = format!("facts/{STREAM}");
        for own in [&facts, "state/link", "status", "reply/verify", "query/stock"] {
            assert!(topics().may_publish("s", &format!("v1/c/s/{own}")), "{own}");
            assert!(!topics().may_publish("t", &format!("v1/c/s/{own}")), "{own}");
            assert!(!topics().may_publish("s", &format!("v1/d/s/{own}")), "{own}");
        }
        let (bare, loud) = (STREAM.replace('-', ""), STREAM.to_uppercase());
        let odd = [format!("facts/{bare}"), format!("facts/{loud}"), format!("facts/{{{STREAM}}}")];
        for none_of_its in [
            "facts/x",
            "state/spaceship",
            "reply/dance",
            "query/weather",
            "ack/x",
            "policy",
            "policy/x/0",
            "command/verify",
            "answer/stock",
            "x",
        ]
        .into_iter()
        .chain(odd.iter().map(String::as_str))
        {
            let topic = format!("v1/c/s/{none_of_its}");
            assert!(!topics().may_publish("s", &topic), "{none_of_its}");
        }
        assert!(!topics().may_publish("s", "$SYS/x"));
    }

    #[test]
    fn of_a_store_only_what_is_last_known_of_it_is_kept() {
        for (own, is_kept) in [
            ("state/link", true),
            ("status", true),
            ("reply/verify", false),
            ("query/stock", false),
            (&format!("facts/{STREAM}"), false),
        ] {
            let topic = format!("v1/c/s/{own}");
            assert_eq!(topics().may_retain("s", &topic), is_kept, "{own}");
            assert!(!topics().may_retain("t", &topic), "{own}");
            assert!(topics().may_retain(HQ_USER, &topic), "{own}");
        }
    }

    #[test]
    fn a_last_will_says_that_its_own_store_is_gone_and_nothing_else() {
        let gone: &[u8] = br#"{"online":false,"boot":"b"}"#;
        assert!(topics().may_leave("s", "v1/c/s/status", gone));
        assert!(!topics().may_leave("t", "v1/c/s/status", gone));
        assert!(!topics().may_leave("s", "v1/c/s/state/link", gone));
        let here = br#"{"online":true,"boot":"b","version":"1","stream":"x","head":0,"name":"",
            "currency":"TWD","time_zone":"UTC"}"#;
        assert!(!topics().may_leave("s", "v1/c/s/status", here));
        assert!(!topics().may_leave("s", "v1/c/s/status", b"{}"));
    }

    #[test]
    fn a_store_hears_what_comes_down_to_it_and_nothing_else() {
        for own in ["ack/+", "policy", "policy/#", "command/+", "answer/stock", "ack/#"] {
            assert!(topics().may_subscribe("s", &format!("v1/c/s/{own}")), "{own}");
            assert!(!topics().may_subscribe("t", &format!("v1/c/s/{own}")), "{own}");
        }
        for foreign in [
            "#",
            "+/#",
            "v1/#",
            "v1/c/#",
            "v1/c/s/#",
            "v1/c/+/ack/+",
            "v1/+/s/ack/+",
            "v1/c/s",
            "v1/c/s/facts/+",
            "v1/c/s/+",
            "$share/a/v1/c/s/ack/+",
            "$SYS/#",
            "",
            "v1/c/s2/ack/+",
        ] {
            assert!(!topics().may_subscribe("s", foreign), "{foreign}");
        }
    }

    #[test]
    fn headquarters_has_its_chain_and_no_other() {
        for own in ["v1/c/+/facts/+", "$share/ingest/v1/c/+/facts/+", "v1/c/#"] {
            assert!(topics().may_subscribe(HQ_USER, own), "{own}");
        }
        for foreign in ["v1/d/#", "#", "v1/+/#", "$share/ingest/v1/d/#", "$SYS/#"] {
            assert!(!topics().may_subscribe(HQ_USER, foreign), "{foreign}");
        }
        assert!(topics().may_publish(HQ_USER, "v1/c/s/ack/x"));
        assert!(!topics().may_publish(HQ_USER, "v1/d/s/ack/x"));
    }

    #[test]
    fn a_client_id_is_the_stores_own() {
        assert!(Topics::is_client_of("a", &format!("a-{STREAM}")));
        assert!(Topics::is_client_of("a-b", &format!("a-b-{STREAM}")));
        for foreign in [format!("a-b-{STREAM}"), "a".to_owned(), String::new(), STREAM.to_owned()] {
            assert!(!Topics::is_client_of("a", &foreign), "{foreign}");
        }
    }
}
