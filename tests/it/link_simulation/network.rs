//! What travels between stores, broker and headquarters, and what becomes of it on the way.

use std::sync::Arc;

use cloud_bridge::pump::{AckSeen, Input};
use hq_wire::link::v1::{Ack, Place, Status, Topic};
use hq_wire::row::v1::digest_from_hex;
use uuid::Uuid;

use super::broker::Session;
use super::config::Plant;
use super::events::{Carriage, Down, Event, Link, Message};
use super::faults::Fault;
use super::trade::STORES;
use super::world::{CHAIN, World};

/// One way between a store and the broker; the same for all, so that messages stay in order.
const TO_BROKER_MS: u64 = 5;
/// One way between the broker and headquarters.
const TO_HQ_MS: u64 = 2;

/// What may become of a message, with how many in a thousand: never, twice, late.
struct Weather {
    lost: Option<Fault>,
    doubled: Fault,
    late: Fault,
}

const BATCH_UP: Weather =
    Weather { lost: Some(Fault::BatchLost), doubled: Fault::BatchDoubled, late: Fault::BatchLate };
const BATCH_IN: Weather = Weather { lost: None, ..BATCH_UP };
const ACK_DOWN: Weather =
    Weather { lost: Some(Fault::AckLost), doubled: Fault::AckDoubled, late: Fault::AckLate };
const ACK_OUT: Weather = Weather { lost: None, ..ACK_DOWN };

pub fn place(store: usize) -> Place {
    Place { chain: CHAIN.to_owned(), store: STORES[store].to_owned() }
}

fn seen(ack: &Ack) -> AckSeen {
    AckSeen {
        wire: ack.stream.parse().expect("a stream"),
        through: ack.through,
        digest: digest_from_hex(&ack.digest).expect("a digest"),
        frozen: ack.frozen,
    }
}

impl World {
    /// How often a message arrives, with how much delay.
    fn carry(&mut self, weather: &Weather) -> Vec<(u64, Carriage)> {
        if let Some(lost) = weather.lost
            && self.goes_wrong(lost, 20)
        {
            return Vec::new();
        }
        if self.goes_wrong(weather.doubled, 30) {
            let delay = self.random.between(1, 3_000);
            return vec![(0, Carriage::Plain), (delay, Carriage::Second)];
        }
        if self.goes_wrong(weather.late, 50) {
            return vec![(self.random.between(50, 5_000), Carriage::Late)];
        }
        vec![(0, Carriage::Plain)]
    }

    pub fn on_connect(&mut self, hub: usize, attempt: u32) {
        let Some(process) = self.hubs[hub].process.as_ref() else { return };
        if self.hubs[hub].attempt != attempt {
            return;
        }
        if !self.broker.is_up || self.hubs[hub].is_cut {
            let jitter = self.random.below(1000) as u16;
            return self.step(hub, Input::Disconnected { jitter });
        }
        let store = self.hubs[hub].store;
        let stream = process.pump.current().map_or(Uuid::nil(), |head| head.stream);
        let client = (store, stream);
        let boot = self.random.uuid().to_string();
        let will = Status::Will { online: false, boot: boot.clone() };
        if let Some(older) = self.broker.named(client) {
            self.took_effect(Fault::TakenOver);
            self.end_link(older, 0);
        }
        let session = Session { hub, store, client, will: status(store, &will) };
        let link = self.broker.accept(session);
        if let Some(process) = &mut self.hubs[hub].process {
            process.link = Some(link);
            process.boot = boot;
        }
        // What is retained may come before the subscription is confirmed.
        let delay = TO_BROKER_MS + self.random.below(3);
        self.queue.after(delay, Event::AtStore(link, Down::Subscribed));
        let kept = self.broker.acks.iter().filter(|((to, _), _)| to == STORES[store]);
        let kept: Vec<Ack> = kept.map(|(_, ack)| ack.clone()).collect();
        for ack in kept {
            let down = Down::Ack(ack, Carriage::Plain);
            self.queue.after(TO_BROKER_MS, Event::AtStore(link, down));
        }
    }

    /// A connection ends at the broker, which says so after a while; its hub hears of it unless it
    /// ended it itself.
    pub fn end_link(&mut self, link: Link, noticed_ms: u64) {
        let Some(session) = self.broker.sessions.remove(&link) else { return };
        if self.broker.is_up {
            self.queue.after(noticed_ms, Event::WillAtBroker(session.will));
        }
        let process = self.hubs[session.hub].process.as_mut();
        if let Some(process) = process.filter(|it| it.link == Some(link)) {
            process.link = None;
            process.tokens.clear();
            let jitter = self.random.below(1000) as u16;
            self.step(session.hub, Input::Disconnected { jitter });
        }
    }

    /// The hub leaves its connection, if it has one.
    pub fn leave(&mut self, hub: usize) {
        let Some(process) = &mut self.hubs[hub].process else { return };
        process.tokens.clear();
        if let Some(link) = process.link.take() {
            let noticed_ms = self.random.below(8_000);
            self.end_link(link, noticed_ms);
        }
    }

    /// A hub publishes.
    pub fn send_up(&mut self, hub: usize, message: Message) {
        let Some(link) = self.hubs[hub].process.as_ref().and_then(|it| it.link) else { return };
        if message.last.is_none() {
            let event = Event::AtBroker(link, message, Carriage::Plain);
            return self.queue.after(TO_BROKER_MS, event);
        }
        let ways = self.carry(&BATCH_UP);
        if ways.is_empty() {
            if self.hq_lacks(hub, &message) {
                self.took_effect(Fault::BatchLost);
            }
            self.breaks_soon(link);
        }
        for (delay, how) in ways {
            let event = Event::AtBroker(link, message.clone(), how);
            self.queue.after(TO_BROKER_MS + delay, event);
        }
    }

    /// What was lost was lost with its connection.
    fn breaks_soon(&mut self, link: Link) {
        let delay = self.random.below(5_000);
        self.queue.after(delay, Event::Breaks(link));
    }

    fn hq_lacks(&self, hub: usize, message: &Message) -> bool {
        let store = STORES[self.hubs[hub].store].to_owned();
        message.last.is_some_and(|last| {
            self.hq.through.get(&(store, last.wire)).is_none_or(|at| *at < last.through)
        })
    }

    pub fn on_at_broker(&mut self, link: Link, message: Message, how: Carriage) {
        if !self.broker.is_up {
            return;
        }
        if message.is_retained {
            self.broker.retained.insert(message.topic.clone(), message.clone());
        }
        if let (Some(token), true) = (message.token, self.broker.sessions.contains_key(&link))
            && how != Carriage::Second
        {
            if self.goes_wrong(Fault::PubackLost, 15) {
                self.took_effect(Fault::PubackLost);
                self.breaks_soon(link);
            } else {
                let event = Event::AtStore(link, Down::Confirmed(token));
                self.queue.after(TO_BROKER_MS, event);
            }
        }
        let ways = if message.last.is_some() && how == Carriage::Plain {
            self.carry(&BATCH_IN)
        } else {
            vec![(0, how)]
        };
        for (delay, how) in ways {
            self.tell_hq(message.clone(), TO_HQ_MS + delay, how);
        }
    }

    /// Headquarters gets a message, if it has subscribed.
    pub fn tell_hq(&mut self, message: Message, delay: u64, how: Carriage) {
        if let Some(run) = self.broker.hq {
            self.queue.after(delay, Event::AtHq(run, message, how));
        }
    }

    pub fn on_at_store(&mut self, link: Link, down: Down) {
        let Some(hub) = self.broker.sessions.get(&link).map(|session| session.hub) else { return };
        let Some(process) = &mut self.hubs[hub].process else { return };
        let input = match down {
            Down::Subscribed => Input::Subscribed,
            Down::Confirmed(token) => {
                let last = process.tokens.remove(&token);
                if let (Some(Plant::RowsFreedOnPuback), Some(last)) = (self.config.plant, last) {
                    self.step(hub, Input::Acknowledged(last));
                }
                Input::Confirmed(token)
            }
            Down::Ack(ack, how) => {
                let ack = seen(&ack);
                let cursor = process.pump.cursors().find(|it| it.wire == ack.wire);
                let goes_back = cursor.is_some_and(|it| ack.through < it.through);
                match how {
                    Carriage::Late if goes_back => self.took_effect(Fault::AckLate),
                    Carriage::Second if cursor.is_some() => self.took_effect(Fault::AckDoubled),
                    _ => {}
                }
                Input::Acknowledged(ack)
            }
        };
        self.step(hub, input);
    }

    fn would_move(&self, hub: usize, ack: &AckSeen) -> bool {
        let Some(process) = &self.hubs[hub].process else { return false };
        let mut cursors = process.pump.cursors();
        cursors.any(|it| it.wire == ack.wire && it.through != ack.through)
    }

    /// Headquarters publishes an acknowledgement.
    pub fn send_ack(&mut self, store: &str, ack: &Ack) {
        for (delay, how) in self.carry(&ACK_OUT) {
            let event = Event::AckAtBroker(store.to_owned(), ack.clone(), how);
            self.queue.after(TO_HQ_MS + delay, event);
        }
    }

    pub fn on_ack_at_broker(&mut self, store: &str, ack: &Ack, how: Carriage) {
        if !self.broker.is_up {
            return;
        }
        self.broker.acks.insert((store.to_owned(), ack.stream.clone()), ack.clone());
        let sessions = self.broker.sessions.iter();
        let to = sessions.filter(|(_, session)| STORES[session.store] == store);
        for (link, hub) in to.map(|(link, it)| (*link, it.hub)).collect::<Vec<_>>() {
            let ways = if how == Carriage::Plain { self.carry(&ACK_DOWN) } else { vec![(0, how)] };
            if ways.is_empty() {
                if self.would_move(hub, &seen(ack)) {
                    self.took_effect(Fault::AckLost);
                }
                self.breaks_soon(link);
            }
            for (delay, how) in ways {
                let event = Event::AtStore(link, Down::Ack(ack.clone(), how));
                self.queue.after(TO_BROKER_MS + delay, event);
            }
        }
    }
}

/// What a store says of itself.
pub fn status(store: usize, status: &Status) -> Message {
    let payload = serde_json::to_vec(status).expect("JSON");
    Message {
        topic: place(store).topic(&Topic::Status),
        payload: Arc::new(payload),
        is_retained: true,
        token: None,
        last: None,
    }
}
