//! The gate of the broker: who is let in, what each may do, and who has to go.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::time::{Duration, Instant};

use hq_wire::link::v1::is_level;
use mqtt5::broker::router::MessageRouter;
use mqtt5::broker::{
    AuthProvider, AuthResult, BrokerEventHandler, ClientConnectEvent, ClientPublishEvent,
    PublishAction,
};
use mqtt5::packet::connect::ConnectPacket;
use mqtt5::packet::publish::PublishPacket;
use mqtt5::protocol::v5::reason_codes::ReasonCode;
use service_kit::security::token;
use tokio::time::{MissedTickBehavior, interval};

use super::access::{Admission, HQ_USER, Later, Topics};
use super::guests::{Guests, Standing};

/// How often to look whether those who are connected still may be: whoever takes a store's
/// credentials away may be another process.
const LOOK_INTERVAL: Duration = Duration::from_secs(1);

/// The gate.
pub(super) struct Gate {
    topics: Topics,
    /// What headquarters is known by at its own broker.
    secret: String,
    admission: Arc<dyn Admission>,
    guests: Mutex<Guests>,
    /// The broker that it stands before; there is none before it has been made.
    router: OnceLock<Weak<MessageRouter>>,
}

impl Gate {
    pub fn new(topics: Topics, secret: String, admission: Arc<dyn Admission>) -> Self {
        Self { topics, secret, admission, guests: Mutex::default(), router: OnceLock::new() }
    }

    /// Stands before this broker.
    pub fn stand_before(&self, router: &Arc<MessageRouter>) {
        // It stands before one broker in its life.
        let _ = self.router.set(Arc::downgrade(router));
    }

    /// Ends the connections of stores that are not known any more, or by another secret, for as
    /// long as it runs.
    pub async fn watch(self: Arc<Self>) {
        let mut ticks = interval(LOOK_INTERVAL);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            // Where it cannot be read, whoever is connected stays.
            let Some(secret_hashes) = self.admission.secret_hashes().await else { continue };
            let connected = self.connected(None).await;
            let ending = self.guests().check(&secret_hashes, &connected, Instant::now());
            self.end(ending).await;
        }
    }

    async fn check(&self, connect: &ConnectPacket) -> AuthResult {
        let bad = AuthResult::fail(ReasonCode::BadUsernameOrPassword);
        let (Some(user), Some(secret)) = (&connect.username, &connect.password) else {
            return bad;
        };
        let Ok(secret) = std::str::from_utf8(secret) else { return bad };
        if user == HQ_USER {
            let is_ours = token::are_equal(secret, &self.secret);
            return if is_ours { AuthResult::success_with_user(user) } else { refused(user, bad) };
        }
        let Some(secret_hash) = self.hash_of(user, secret).await else {
            return refused(user, bad);
        };
        if !Topics::is_client_of(user, &connect.client_id) {
            return AuthResult::fail(ReasonCode::ClientIdentifierNotValid);
        }
        if let Some(will) = &connect.will
            && !self.topics.may_leave(user, &will.topic, &will.payload)
        {
            return refused(user, AuthResult::fail(ReasonCode::NotAuthorized));
        }
        let connected = self.connected(Some(user)).await;
        let (whose, now) = ((user.as_str(), connect.client_id.as_str()), Instant::now());
        let ending = self.guests().let_in(whose, secret_hash, &connected, now);
        if !ending.is_empty() {
            tracing::warn!(store = user, "too many connections of one store: the oldest ends");
        }
        self.end(ending).await;
        AuthResult::success_with_user(user)
    }

    /// The hash of a store's secret, where it is the store's.
    async fn hash_of(&self, store: &str, secret: &str) -> Option<String> {
        let shown = token::hash(secret);
        if !is_level(store) {
            return None;
        }
        // Nobody has an empty hash; to compare with it takes as long as with any.
        let known = self.admission.secret_hash(store).await;
        let expected = known.unwrap_or_else(|| "-".repeat(shown.len()));
        token::are_equal(&expected, &shown).then_some(expected)
    }

    /// Which connections of one user, or of all, the broker has.
    async fn connected(&self, user: Option<&str>) -> BTreeSet<String> {
        let mut connected = BTreeSet::new();
        let Some(router) = self.router.get().and_then(Weak::upgrade) else { return connected };
        let clients = self.guests().clients(user);
        for client in clients {
            if router.is_connected(&client).await {
                connected.insert(client);
            }
        }
        connected
    }

    /// Ends connections: without its entry the broker closes each as soon as it looks.
    async fn end(&self, clients: Vec<String>) {
        let Some(router) = self.router.get().and_then(Weak::upgrade) else { return };
        for client in clients {
            tracing::info!(client, "a connection to the broker is ended");
            router.unregister_client(&client).await;
        }
    }

    fn standing(&self, user: &str, client: &str) -> Standing {
        if user == HQ_USER { Standing::LetIn } else { self.guests().standing(user, client) }
    }

    fn guests(&self) -> MutexGuard<'_, Guests> {
        self.guests.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn refused(user: &str, answer: AuthResult) -> AuthResult {
    tracing::warn!(user = ?user.chars().take(64).collect::<String>(), "not admitted");
    answer
}

impl AuthProvider for Gate {
    fn authenticate<'a>(
        &'a self,
        connect: &'a ConnectPacket,
        _address: SocketAddr,
    ) -> Later<'a, mqtt5::error::Result<AuthResult>> {
        Box::pin(async move { Ok(self.check(connect).await) })
    }

    fn authorize_publish<'a>(
        &'a self,
        client_id: &str,
        user_id: Option<&'a str>,
        topic: &'a str,
    ) -> Later<'a, bool> {
        let may = user_id.is_some_and(|user| match self.standing(user, client_id) {
            Standing::LetIn => self.topics.may_publish(user, topic),
            // Its last will, which was looked at when it was let in: it may come when the
            // connection is forgotten. What else it publishes then goes nowhere.
            Standing::Ended | Standing::Unknown => self.topics.is_status_of(user, topic),
        });
        Box::pin(std::future::ready(may))
    }

    fn authorize_subscribe<'a>(
        &'a self,
        client_id: &str,
        user_id: Option<&'a str>,
        topic_filter: &'a str,
    ) -> Later<'a, bool> {
        let may = user_id.is_some_and(|user| {
            self.standing(user, client_id) == Standing::LetIn
                && self.topics.may_subscribe(user, topic_filter)
        });
        Box::pin(std::future::ready(may))
    }
}

impl BrokerEventHandler for Gate {
    /// A connection began that was told to end before the broker had it: it ends now.
    fn on_client_connect<'a>(&'a self, event: ClientConnectEvent) -> Later<'a, ()> {
        Box::pin(async move {
            let user = event.user_id.as_deref().unwrap_or_default();
            if self.standing(user, &event.client_id) != Standing::LetIn {
                self.end(vec![event.client_id.to_string()]).await;
            }
        })
    }

    /// What somebody says, which it may say there. A last will does not come by here.
    fn on_client_publish<'a>(&'a self, event: ClientPublishEvent) -> Later<'a, PublishAction> {
        let user = event.user_id.as_deref().unwrap_or_default();
        let action = if self.standing(user, &event.client_id) != Standing::LetIn {
            // Its last word is its will.
            PublishAction::Handled
        } else if event.retain && !self.topics.may_retain(user, &event.topic) {
            // A broker may keep what is to be retained for as short as it likes: not at all.
            let mut passing = PublishPacket::new(&*event.topic, event.payload, event.qos);
            passing.packet_id = event.packet_id;
            PublishAction::Transform(passing)
        } else {
            PublishAction::Continue
        };
        Box::pin(std::future::ready(action))
    }
}
