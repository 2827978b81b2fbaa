use std::collections::VecDeque;
use std::future::pending;
use std::sync::PoisonError;
use std::time::{Duration, Instant};

use hq_wire::link::v1::{Ack, Command, Query, Reply, Status, Topic, read_json};
use hq_wire::row::v1::digest_from_hex;
use serde::de::DeserializeOwned;
use tokio::sync::{mpsc, watch};
use tokio::time::MissedTickBehavior;
use uuid::Uuid;

use super::bridge::{BridgeHandle, BridgeOptions, Inbound, LinkStatus, Order, Peers};
use super::commands::{Received, Step};
use super::queries::{AnswerTo, Queries};
use super::session::{Message, News, Opening, Session};
use crate::pump::{AckSeen, Input, Pump, TICK_MS};
use crate::{Outbox, QueryError};

/// How often the journal is looked at without a nudge: a net for one that was lost.
const LOOK_EVERY_MS: u64 = 1_000;
/// How long a goodbye may take.
const GOODBYE: Duration = Duration::from_millis(300);
/// After which headquarters need not answer a question any more, in seconds.
const QUERY_EXPIRES_S: u32 = 1;

/// Drives the pump: one thread, which alone touches the outbox and the connection.
pub(super) struct Driver {
    pub(super) options: BridgeOptions,
    pub(super) outbox: Box<dyn Outbox>,
    pub(super) peers: Peers,
    pub(super) pump: Pump,
    /// What the pump is to be told, in order.
    pub(super) inputs: VecDeque<Input>,
    pub(super) session: Option<Session>,
    /// What was handed down and is not taken yet.
    pub(super) handed_down: Option<Inbound>,
    /// When the next connection is made.
    pub(super) connects_at_ms: Option<u64>,
    /// Names the present connection.
    pub(super) boot: String,
    pub(super) handle: BridgeHandle,
    pub(super) queries: Queries,
    pub(super) status: LinkStatus,
    received: Received,
    publisher: watch::Sender<LinkStatus>,
    is_subscribed: bool,
    started: Instant,
    looked_ms: u64,
    published_ms: u64,
}

impl Driver {
    pub(super) fn new(
        options: BridgeOptions,
        outbox: Box<dyn Outbox>,
        mut peers: Peers,
        handle: BridgeHandle,
        publisher: watch::Sender<LinkStatus>,
    ) -> Self {
        let received = Received::new(std::mem::take(&mut peers.commands));
        let since_ms = (options.wall_ms)();
        let diverged = options.diverged.clone();
        Self {
            pump: Pump::new(options.pacing),
            options,
            outbox,
            peers,
            inputs: VecDeque::new(),
            session: None,
            handed_down: None,
            connects_at_ms: None,
            boot: String::new(),
            handle,
            queries: Queries::default(),
            status: LinkStatus { since_ms, diverged, ..LinkStatus::default() },
            received,
            publisher,
            is_subscribed: false,
            started: Instant::now(),
            looked_ms: 0,
            published_ms: 0,
        }
    }

    pub(super) fn now_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    pub(super) async fn run(mut self, mut orders: mpsc::Receiver<Order>) {
        let nudge = self.handle.nudge.clone();
        let mut ticks = tokio::time::interval(Duration::from_millis(TICK_MS));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        self.look(true);
        loop {
            self.work();
            tokio::select! {
                () = hand_on(&self.peers.inbound, &mut self.handed_down),
                    if self.handed_down.is_some() => {}
                news = next(&mut self.session), if self.handed_down.is_none() => self.on_news(news),
                () = nudge.notified() => self.look(false),
                _ = ticks.tick() => self.on_tick(),
                order = orders.recv() => match order {
                    None | Some(Order::Stop) => break,
                    Some(Order::Query { name, body, answer }) => self.ask(name, body, answer),
                    Some(Order::Done { name, reply }) => {
                        self.received.on_done(&reply);
                        self.answer(&name, &reply);
                    }
                },
            }
        }
        self.inputs.push_back(Input::Stopping);
        self.work();
        self.say_goodbye().await;
    }

    /// Tells the pump everything that it has not been told, and does what it wants.
    pub(super) fn work(&mut self) {
        let mut effects = Vec::new();
        while let Some(input) = self.inputs.pop_front() {
            self.pump.step(self.now_ms(), input, &mut effects);
            effects.drain(..).for_each(|effect| self.perform(effect));
        }
        self.say_states();
        self.publish_status();
    }

    /// Looks what the journal has.
    fn look(&mut self, is_start: bool) {
        self.looked_ms = self.now_ms();
        match self.outbox.streams() {
            Ok(heads) if is_start => self.inputs.push_back(Input::Started(heads)),
            Ok(heads) => self.inputs.push_back(Input::Written(heads)),
            // The next nudge or the net tries again.
            Err(error) => {
                tracing::error!(%error, "reading the journal for headquarters");
                if is_start {
                    self.inputs.push_back(Input::Started(Vec::new()));
                }
            }
        }
    }

    fn on_tick(&mut self) {
        let now_ms = self.now_ms();
        if now_ms >= self.looked_ms + LOOK_EVERY_MS {
            self.look(false);
        }
        if self.connects_at_ms.is_some_and(|at| now_ms >= at) {
            self.connect();
        }
        self.inputs.push_back(Input::Tick);
    }

    /// Makes a connection, named after the journal's stream: of two hubs on copies of one journal
    /// only one can be connected, and each hears so.
    pub(super) fn connect(&mut self) {
        let Some(head) = self.pump.current() else { return };
        self.connects_at_ms = None;
        self.boot = Uuid::now_v7().to_string();
        let account = &self.options.account;
        let client = format!("{}-{}", account.place().store, head.stream);
        self.session = Some(Session::open(Opening { account, client, will: self.will() }));
    }

    fn will(&self) -> Vec<u8> {
        let will = Status::Will { online: false, boot: self.boot.clone() };
        // A value of this type always has a text.
        serde_json::to_vec(&will).unwrap_or_default()
    }

    /// The connection is over.
    pub(super) fn drop_session(&mut self) {
        self.session = None;
        self.is_subscribed = false;
        self.queries.give_up();
    }

    /// Ends a connection that holds, without a last will: one that came late would stand in the
    /// birth's place at the broker.
    pub(super) fn leave(&mut self) {
        if let Some(session) = self.session.take() {
            tokio::spawn(tokio::time::timeout(GOODBYE, session.close()));
        }
        self.drop_session();
    }

    fn on_news(&mut self, news: News) {
        match news {
            News::Subscribed => {
                tracing::info!(broker = %self.options.account.broker(), "linked to headquarters");
                self.is_subscribed = true;
                self.status.last_error = None;
                self.states().forget();
                self.inputs.push_back(Input::Subscribed);
            }
            News::Confirmed(token) => self.inputs.push_back(Input::Confirmed(token)),
            News::Message(topic, payload) => self.on_message(topic, &payload),
            News::TakenOver => {
                tracing::error!(
                    "another hub has connected to headquarters as this store with this journal: \
                     one of the two runs on a copy"
                );
                self.on_disconnected("taken_over".to_owned());
            }
            News::Ended(reason) => {
                if self.status.last_error.as_ref() != Some(&reason) {
                    tracing::warn!(reason, "not linked to headquarters");
                }
                self.on_disconnected(reason);
            }
        }
    }

    pub(super) fn on_disconnected(&mut self, reason: String) {
        self.drop_session();
        self.status.last_error = Some(reason);
        let random = Uuid::now_v7().as_u128() & 0xffff_ffff;
        let jitter = u16::try_from(random % 1000).unwrap_or_default();
        self.inputs.push_back(Input::Disconnected { jitter });
    }

    fn on_message(&mut self, topic: Topic, payload: &[u8]) {
        match topic {
            Topic::Ack(_) => self.on_ack(payload),
            Topic::Command(name) => self.on_command(&name, payload),
            Topic::Answer(_) => {
                if let Some(reply) = read::<Reply>("an answer", payload) {
                    self.queries.on_answer(reply);
                }
            }
            Topic::Policy => self.handed_down = Some(Inbound::PolicyOffer(payload.to_vec())),
            Topic::PolicyPiece { id, piece } => {
                let content = payload.to_vec();
                self.handed_down = Some(Inbound::PolicyPiece { id, piece, content });
            }
            _ => {}
        }
    }

    fn on_ack(&mut self, payload: &[u8]) {
        let Some(ack) = read::<Ack>("an acknowledgement", payload) else { return };
        match (ack.stream.parse(), digest_from_hex(&ack.digest)) {
            (Ok(wire), Some(digest)) => {
                let Ack { through, frozen, .. } = ack;
                let ack = AckSeen { wire, through, digest, frozen };
                self.inputs.push_back(Input::Acknowledged(ack));
            }
            _ => tracing::warn!("an acknowledgement of headquarters names no stream or digest"),
        }
    }

    fn on_command(&mut self, name: &str, payload: &[u8]) {
        let Some(command) = read::<Command>("a command", payload) else { return };
        tracing::info!(name, id = command.id, "a command of headquarters");
        let wall_ms = (self.options.wall_ms)();
        match self.received.on_command(name, command, wall_ms) {
            Step::Wait => {}
            Step::Answer(reply) => self.answer(name, &reply),
            Step::CarryOut(work) => {
                let (orders, name) = (self.handle.orders.clone(), name.to_owned());
                tokio::task::spawn_blocking(move || {
                    // At a stop nobody waits for the answer.
                    let _ = orders.blocking_send(Order::Done { name, reply: work() });
                });
            }
        }
    }

    fn answer(&mut self, name: &str, reply: &Reply) {
        let Ok(text) = serde_json::to_vec(reply) else { return };
        // Without a connection headquarters asks again at the next birth.
        self.send(Message::passing(Topic::Reply(name.to_owned()), text));
    }

    fn ask(&mut self, name: &'static str, body: serde_json::Value, answer: AnswerTo) {
        let query = Query { id: Uuid::now_v7().to_string(), body };
        let text = serde_json::to_vec(&query).unwrap_or_default();
        let message = Message::passing(Topic::Query(name.to_owned()), text);
        if self.is_subscribed && self.send(Message { expires_s: Some(QUERY_EXPIRES_S), ..message })
        {
            self.queries.add(query.id, answer);
        } else {
            // Whoever asked may have stopped waiting.
            let _ = answer.send(Err(QueryError::Unreachable));
        }
    }

    /// Sends a message, where there is a connection with room for it.
    pub(super) fn send(&mut self, message: Message) -> bool {
        self.session.as_mut().is_some_and(|session| session.publish(message))
    }

    fn say_states(&mut self) {
        if !self.is_subscribed {
            return;
        }
        let (now_ms, wall_ms) = (self.now_ms(), (self.options.wall_ms)());
        let due = self.states().take_due(now_ms, wall_ms);
        for (thing, text) in due {
            self.send(Message::retained(Topic::State(thing.to_owned()), text));
        }
    }

    pub(super) fn states(&self) -> std::sync::MutexGuard<'_, super::states::States> {
        self.handle.states.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells whoever watches: at once where the link came or went, figures ten times a second. Each
    /// screen of the store wakes for it, and a week's rows would wake them thousands of times.
    fn publish_status(&mut self) {
        let standing = self.pump.standing();
        if standing.is_connected != self.status.is_connected {
            self.status.is_connected = standing.is_connected;
            self.status.since_ms = (self.options.wall_ms)();
        }
        self.status.standing = standing;
        if let Some(head) = self.pump.current() {
            self.status.stream = head.stream;
            self.status.head = head.sequence;
            let mut cursors = self.pump.cursors();
            let of_stream = cursors.find(|cursor| cursor.wire == head.stream);
            self.status.acknowledged = of_stream.map_or(0, |cursor| cursor.through);
        }
        let now_ms = self.now_ms();
        let is_time = now_ms >= self.published_ms + TICK_MS;
        let is_published = self.publisher.send_if_modified(|published| {
            let has_turned = published.is_connected != self.status.is_connected
                || published.diverged != self.status.diverged;
            let is_new = has_turned || (is_time && *published != self.status);
            if is_new {
                published.clone_from(&self.status);
            }
            is_new
        });
        if is_published {
            self.published_ms = now_ms;
        }
    }

    async fn say_goodbye(mut self) {
        let will = self.will();
        if self.is_subscribed {
            self.send(Message::retained(Topic::Status, will));
        }
        if let Some(session) = self.session.take() {
            // One that hangs is left behind, and the broker says goodbye instead.
            let _ = tokio::time::timeout(GOODBYE, session.close()).await;
        }
    }
}

/// Hands on what was handed down, when there is room for it; nobody may be there to take it.
async fn hand_on(inbound: &mpsc::Sender<Inbound>, handed_down: &mut Option<Inbound>) {
    let room = inbound.reserve().await;
    if let (Some(inbound), Ok(room)) = (handed_down.take(), room) {
        room.send(inbound);
    }
}

/// What comes of the connection, if there is one.
async fn next(session: &mut Option<Session>) -> News {
    match session {
        Some(session) => session.next().await,
        None => pending().await,
    }
}

fn read<T: DeserializeOwned>(what: &str, payload: &[u8]) -> Option<T> {
    let read = read_json(payload);
    if let Err(error) = &read {
        tracing::warn!(%error, "{what} of headquarters cannot be read");
    }
    read.ok()
}
