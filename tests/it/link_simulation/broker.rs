//! The broker: what it retains, who is connected.

use std::collections::BTreeMap;

use hq_wire::link::v1::Ack;
use uuid::Uuid;

use super::events::{Link, Message};

/// A store's connection.
#[derive(Clone, Debug)]
pub struct Session {
    pub hub: usize,
    pub store: usize,
    /// As in `hub`'s client id: a younger connection with the same name ends this one.
    pub client: (usize, Uuid),
    pub will: Message,
}

#[derive(Default)]
pub struct Broker {
    pub is_up: bool,
    /// By topic: births, wills, states.
    pub retained: BTreeMap<String, Message>,
    /// By store and stream.
    pub acks: BTreeMap<(String, String), Ack>,
    pub sessions: BTreeMap<Link, Session>,
    /// The run of headquarters that has subscribed.
    pub hq: Option<u32>,
    pub last_link: Link,
}

impl Broker {
    /// A connection that nobody had before.
    pub fn accept(&mut self, session: Session) -> Link {
        self.last_link += 1;
        self.sessions.insert(self.last_link, session);
        self.last_link
    }

    /// The connection that has this name.
    pub fn named(&self, client: (usize, Uuid)) -> Option<Link> {
        self.sessions.iter().find(|(_, session)| session.client == client).map(|(link, _)| *link)
    }
}
