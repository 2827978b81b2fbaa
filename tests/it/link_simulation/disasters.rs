//! What befalls stores, link and headquarters as a whole.

use std::sync::Arc;

use cloud_bridge::pump::Input;
use hq_wire::link::v1::{Topic, compressed};
use store_journal::PowerCut;

use super::events::{Carriage, Event, Link, Message};
use super::faults::Fault;
use super::network::place;
use super::trade::STORES;
use super::world::World;

impl World {
    pub fn on_disaster(&mut self) {
        if self.is_healing {
            return;
        }
        let pause = self.random.between(300, 3_000);
        self.queue.after(pause, Event::Disaster);
        let hub = self.random.below(self.hubs.len() as u64) as usize;
        let is_up = self.hubs[hub].process.is_some();
        match self.random.below(100) {
            0..=9 if is_up => self.cut_power(hub),
            10..=15 if is_up => self.restart(hub),
            16..=27 => self.hubs[hub].backup = Some(self.hubs[hub].outbox.journal.backup()),
            28..=31 => self.put_back(hub, Fault::Restore),
            32..=36 => self.put_back(hub, Fault::OldFile),
            37..=42 => self.copy_file(hub),
            43..=52 => self.cut_link(hub),
            53..=57 => self.kill_broker(Fault::BrokerKilled),
            58..=61 => self.kill_broker(Fault::BrokerWiped),
            62..=66 => self.hq.dies = Some(Fault::KilledBeforeCommit),
            67..=72 => self.hq.dies = Some(Fault::KilledBeforeAck),
            73..=79 => self.hq.database.back_up(),
            80..=83 => {
                self.counts.injected(Fault::HqRestored);
                self.restore_hq();
            }
            84..=88 => self.fill_hq(),
            89..=95 => self.send_rubbish(hub),
            _ => {}
        }
        if let Some(fault) = self.hq.dies {
            self.counts.injected(fault);
        }
    }

    fn power_back_soon(&mut self, hub: usize) {
        let pause = self.random.between(50, 3_000);
        self.queue.after(pause, Event::PowerBack(hub));
    }

    fn cut_power(&mut self, hub: usize) {
        self.counts.injected(Fault::PowerCut);
        let was_behind = self.hubs[hub].process.as_ref().is_some_and(|it| it.is_behind());
        self.go_down(hub);
        let journal = &mut self.hubs[hub].outbox.journal;
        let unsynced = journal.groups_unsynced() as u64;
        let kept = self.random.below(unsynced + 1) as usize;
        journal.power_cut(PowerCut::KeepsFirst(kept));
        if was_behind || (kept as u64) < unsynced {
            self.took_effect(Fault::PowerCut);
        }
        self.power_back_soon(hub);
    }

    fn restart(&mut self, hub: usize) {
        self.counts.injected(Fault::Restart);
        if self.hubs[hub].process.as_ref().is_some_and(|it| it.is_behind()) {
            self.took_effect(Fault::Restart);
        }
        self.step(hub, Input::Stopping);
        self.go_down(hub);
        self.power_back_soon(hub);
    }

    pub fn on_power_back(&mut self, hub: usize) {
        if self.hubs[hub].process.is_none() {
            self.boot(hub);
        }
    }

    fn cut_link(&mut self, hub: usize) {
        self.counts.injected(Fault::LinkCut);
        let process = self.hubs[hub].process.as_ref();
        if process.is_some_and(|it| it.link.is_some() && it.is_behind()) {
            self.took_effect(Fault::LinkCut);
        }
        self.hubs[hub].is_cut = true;
        if let Some(link) = self.hubs[hub].process.as_ref().and_then(|it| it.link) {
            self.break_link(link);
        }
        let lasts = self.random.between(100, 10_000);
        self.queue.after(lasts, Event::LinkRestored(hub));
    }

    pub fn break_link(&mut self, link: Link) {
        let noticed_ms = self.random.below(8_000);
        self.end_link(link, noticed_ms);
    }

    fn kill_broker(&mut self, fault: Fault) {
        if !self.broker.is_up {
            return;
        }
        self.counts.injected(fault);
        let is_felt = match fault {
            Fault::BrokerKilled => !self.broker.sessions.is_empty(),
            _ => !(self.broker.retained.is_empty() && self.broker.acks.is_empty()),
        };
        if is_felt {
            self.took_effect(fault);
        }
        self.broker.is_up = false;
        self.broker.hq = None;
        if fault == Fault::BrokerWiped {
            self.broker.retained.clear();
            self.broker.acks.clear();
        }
        for link in self.broker.sessions.keys().copied().collect::<Vec<_>>() {
            self.end_link(link, 0);
        }
        let pause = self.random.between(50, 5_000);
        self.queue.after(pause, Event::BrokerBack);
    }

    pub fn on_broker_back(&mut self) {
        self.broker.is_up = true;
        if self.hq.is_up {
            self.queue.after(50, Event::HqConnects(self.hq.run));
        }
    }

    fn fill_hq(&mut self) {
        self.counts.injected(Fault::HqFull);
        self.hq.database.set_full(true);
        let lasts = self.random.between(1_000, 8_000);
        self.queue.after(lasts, Event::Over(Fault::HqFull));
    }

    /// Something reaches headquarters that no store of this version says.
    fn send_rubbish(&mut self, hub: usize) {
        self.counts.injected(Fault::Malformed);
        let place = place(self.hubs[hub].store);
        let stream = self.hubs[hub].heads().last().map(|head| head.stream.to_string());
        let facts = place.topic(&Topic::Facts(stream.unwrap_or_default()));
        let (topic, payload) = match self.random.below(6) {
            0 => (facts, b"no gzip at all".to_vec()),
            1 => (facts, compressed(b"{\"type\":\"storehub.facts.v1\",\"data\":7}")),
            2 => (facts, compressed(b"{\"type\":\"storehub.facts.v9\"}")),
            3 => (place.topic(&Topic::Status), b"{\"online\":true}".to_vec()),
            4 => (format!("v1/another/{}/status", STORES[0]), b"{}".to_vec()),
            _ => (place.topic(&Topic::State("moon".to_owned())), b"{}".to_vec()),
        };
        let payload = Arc::new(payload);
        let message = Message { topic, payload, is_retained: false, token: None, last: None };
        self.tell_hq(message, 5, Carriage::Plain);
    }

    pub fn on_over(&mut self, fault: Fault) {
        if fault == Fault::HqFull {
            self.hq.database.set_full(false);
        }
    }

    /// From now on nothing goes wrong. Connections in which something was lost end, as TCP's do.
    pub fn heal(&mut self) {
        self.is_healing = true;
        self.healing_since_ms = self.queue.now_ms;
        self.hq.dies = None;
        self.on_over(Fault::HqFull);
        for hub in 0..self.hubs.len() {
            self.hubs[hub].is_cut = false;
            // Two that still are one and the same would take each other's connection for ever.
            self.write_one(hub);
            let heads = self.hubs[hub].heads();
            self.step(hub, Input::Written(heads));
        }
        for link in self.broker.sessions.keys().copied().collect::<Vec<_>>() {
            self.end_link(link, 0);
        }
        self.broker.hq = None;
        if self.hq.is_up {
            self.queue.after(100, Event::HqConnects(self.hq.run));
        }
    }
}
