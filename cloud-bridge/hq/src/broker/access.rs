//! Who may connect to the broker, and which topics are whose.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;

use hq_wire::link::v1::{Place, Topic, is_level};
use mqtt5::broker::{AuthProvider, AuthResult};
use mqtt5::packet::connect::ConnectPacket;
use mqtt5::protocol::v5::reason_codes::ReasonCode;
use uuid::Uuid;

/// The user that headquarters itself is at its broker. No store has this id.
pub const HQ_USER: &str = "hq";

/// Whether a store is known by a secret. Asked at every connection, never of headquarters itself.
pub trait Admission: Send + Sync {
    /// Whether this store exists and has this secret.
    fn admits<'a>(
        &'a self,
        store: &'a str,
        secret: &'a str,
    ) -> Pin<Box<dyn Future<Output = bool> + Send + 'a>>;

    /// Whether this store is still one of ours.
    fn knows(&self, store: &str) -> bool;
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

    /// Whether somebody may publish there.
    #[must_use]
    pub fn may_publish(&self, user: &str, topic: &str) -> bool {
        let Ok((Place { chain, store }, topic)) = Topic::read(topic) else { return false };
        if chain != self.chain {
            return false;
        }
        let is_up = match topic {
            Topic::Facts(_)
            | Topic::State(_)
            | Topic::Status
            | Topic::Reply(_)
            | Topic::Query(_) => true,
            Topic::Ack(_)
            | Topic::Policy
            | Topic::PolicyPiece { .. }
            | Topic::Command(_)
            | Topic::Answer(_) => false,
        };
        // Headquarters clears what a store that was removed left behind.
        user == HQ_USER || (store == user && is_up)
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

/// The gate of the broker.
pub(super) struct Gate {
    pub topics: Topics,
    /// What headquarters is known by at its own broker.
    pub secret: String,
    pub admission: Arc<dyn Admission>,
}

impl Gate {
    async fn check(&self, connect: &ConnectPacket) -> AuthResult {
        let bad = AuthResult::fail(ReasonCode::BadUsernameOrPassword);
        let (Some(user), Some(secret)) = (&connect.username, &connect.password) else {
            return bad;
        };
        let Ok(secret) = std::str::from_utf8(secret) else { return bad };
        let is_known = if user == HQ_USER {
            service_kit::security::token::are_equal(secret, &self.secret)
        } else {
            is_level(user) && self.admission.admits(user, secret).await
        };
        if !is_known {
            tracing::warn!(user = ?user.chars().take(64).collect::<String>(), "not admitted");
            return bad;
        }
        if !Topics::is_client_of(user, &connect.client_id) {
            return AuthResult::fail(ReasonCode::ClientIdentifierNotValid);
        }
        AuthResult::success_with_user(user)
    }

    fn is_still_known(&self, user: &str) -> bool {
        user == HQ_USER || self.admission.knows(user)
    }
}

type Answer<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

impl AuthProvider for Gate {
    fn authenticate<'a>(
        &'a self,
        connect: &'a ConnectPacket,
        _address: SocketAddr,
    ) -> Answer<'a, mqtt5::error::Result<AuthResult>> {
        Box::pin(async move { Ok(self.check(connect).await) })
    }

    fn authorize_publish<'a>(
        &'a self,
        _client_id: &str,
        user_id: Option<&'a str>,
        topic: &'a str,
    ) -> Answer<'a, bool> {
        let may = user_id
            .is_some_and(|user| self.topics.may_publish(user, topic) && self.is_still_known(user));
        Box::pin(std::future::ready(may))
    }

    fn authorize_subscribe<'a>(
        &'a self,
        _client_id: &str,
        user_id: Option<&'a str>,
        topic_filter: &'a str,
    ) -> Answer<'a, bool> {
        let may = user_id.is_some_and(|user| {
            self.topics.may_subscribe(user, topic_filter) && self.is_still_known(user)
        });
        Box::pin(std::future::ready(may))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn topics() -> Topics {
        Topics::of("c".to_owned())
    }

    #[test]
    fn a_store_writes_what_goes_up_of_its_own_and_nothing_else() {
        for own in ["facts/x", "state/link", "status", "reply/verify", "query/stock"] {
            assert!(topics().may_publish("s", &format!("v1/c/s/{own}")), "{own}");
            assert!(!topics().may_publish("t", &format!("v1/c/s/{own}")), "{own}");
            assert!(!topics().may_publish("s", &format!("v1/d/s/{own}")), "{own}");
        }
        for not_own in ["ack/x", "policy", "policy/x/0", "command/verify", "answer/stock", "x"] {
            assert!(!topics().may_publish("s", &format!("v1/c/s/{not_own}")), "{not_own}");
        }
        assert!(!topics().may_publish("s", "$SYS/x"));
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
        let stream = "0199aa00-0000-7000-8000-000000000000";
        assert!(Topics::is_client_of("a", &format!("a-{stream}")));
        assert!(Topics::is_client_of("a-b", &format!("a-b-{stream}")));
        for foreign in [format!("a-b-{stream}"), "a".to_owned(), String::new(), stream.to_owned()] {
            assert!(!Topics::is_client_of("a", &foreign), "{foreign}");
        }
    }
}
