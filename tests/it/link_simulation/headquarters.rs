//! Headquarters: two workers over one database.

use std::collections::BTreeMap;

use hq::ingest::{Ingested, Message as Taken, read};
use hq::store::StoreError;
use uuid::Uuid;

use super::checks::{self, Check};
use super::database::Database;
use super::events::{Carriage, Event, Message};
use super::faults::Fault;
use super::trade;
use super::world::{CHAIN, World};

/// Most messages of one transaction, as the worker has it.
const MESSAGES_MAX: usize = 512;

pub struct Headquarters {
    pub database: Database,
    pub is_up: bool,
    /// How often it was started or stopped.
    pub run: u32,
    pub queues: [Vec<(Taken, Carriage)>; 2],
    is_scheduled: [bool; 2],
    /// Kills it at the next commit that this is true of.
    pub dies: Option<Fault>,
    /// How far streams are, and their last row at all, as was seen last.
    pub through: BTreeMap<(String, Uuid), u64>,
    pub highest: BTreeMap<(String, Uuid), u64>,
}

impl Headquarters {
    pub fn new(database: Database) -> Self {
        Self {
            database,
            is_up: false,
            run: 0,
            queues: [Vec::new(), Vec::new()],
            is_scheduled: [false; 2],
            dies: None,
            through: BTreeMap::new(),
            highest: BTreeMap::new(),
        }
    }

    /// Whether it lacks the last row of a message.
    fn lacks(&self, message: &Taken) -> bool {
        let Taken::Facts { place, batch } = message else { return false };
        let through = self.through.get(&(place.store.clone(), batch.stream));
        let last = batch.rows.last().map_or(0, |row| row.sequence);
        through.is_none_or(|through| *through < last)
    }
}

impl World {
    pub fn on_hq_back(&mut self) {
        if !self.hq.is_up {
            self.hq.is_up = true;
            self.hq.run += 1;
            self.queue.after(50, Event::HqConnects(self.hq.run));
        }
    }

    pub fn on_hq_connects(&mut self, run: u32) {
        if self.hq.run != run || !self.hq.is_up || self.broker.hq == Some(run) {
            return;
        }
        if !self.broker.is_up {
            return self.queue.after(500, Event::HqConnects(run));
        }
        self.broker.hq = Some(run);
        for message in self.broker.retained.values().cloned().collect::<Vec<_>>() {
            self.tell_hq(message, 3, Carriage::Plain);
        }
    }

    /// Headquarters is gone: what it had not committed, and what it had not said.
    pub fn kill_hq(&mut self) {
        self.hq.is_up = false;
        self.hq.run += 1;
        self.hq.queues = [Vec::new(), Vec::new()];
        self.hq.is_scheduled = [false; 2];
        self.broker.hq = None;
        let pause = self.random.between(100, 4_000);
        self.queue.after(pause, Event::HqBack);
    }

    pub fn on_at_hq(&mut self, run: u32, message: &Message, how: Carriage) {
        if self.hq.run != run {
            return;
        }
        let message = read(CHAIN, &message.topic, &message.payload);
        let worker = self.random.below(2) as usize;
        self.hq.queues[worker].push((message, how));
        self.commit_soon(worker, 30);
    }

    fn commit_soon(&mut self, worker: usize, longest_ms: u64) {
        if !std::mem::replace(&mut self.hq.is_scheduled[worker], true) {
            let delay = self.random.between(1, longest_ms);
            self.queue.after(delay, Event::Commit(self.hq.run, worker));
        }
    }

    pub fn on_commit(&mut self, run: u32, worker: usize) {
        if self.hq.run != run {
            return;
        }
        self.hq.is_scheduled[worker] = false;
        let waiting = self.hq.queues[worker].len().min(MESSAGES_MAX);
        if waiting == 0 {
            return;
        }
        let count = self.random.between(1, waiting as u64) as usize;
        let taken: Vec<_> = self.hq.queues[worker].drain(..count).collect();
        let is_news = taken.iter().any(|(message, _)| self.hq.lacks(message));
        if is_news && self.hq.dies == Some(Fault::KilledBeforeCommit) {
            self.took_effect(Fault::KilledBeforeCommit);
            self.hq.dies = None;
            return self.kill_hq();
        }
        let messages: Vec<Taken> = taken.iter().map(|(message, _)| message.clone()).collect();
        let now_ms = trade::clock(self.queue.now_ms).wall.as_millisecond();
        match self.hq.database.worker(worker).ingest(&messages, now_ms) {
            Ok(ingested) => {
                self.look_at(&taken);
                self.after_commit(&messages, &ingested);
            }
            Err(StoreError::Full { .. }) if self.hq.database.is_full => {
                self.took_effect(Fault::HqFull);
                self.hq.queues[worker].splice(0..0, taken);
                return self.commit_soon(worker, 1_000);
            }
            Err(error) => self.history.violate(Check::IngestWorks, error.to_string()),
        }
        if self.hq.run == run && !self.hq.queues[worker].is_empty() {
            self.commit_soon(worker, 10);
        }
    }

    /// Which of the network's faults did the messages bear?
    fn look_at(&mut self, taken: &[(Taken, Carriage)]) {
        for (message, how) in taken {
            let Taken::Facts { place, batch } = message else { continue };
            let key = (place.store.clone(), batch.stream);
            let last = batch.rows.last().map_or(0, |row| row.sequence);
            let highest = self.hq.highest.get(&key).copied().unwrap_or(0);
            match how {
                Carriage::Second if !self.hq.lacks(message) => {
                    self.took_effect(Fault::BatchDoubled);
                }
                Carriage::Late if highest > last => self.took_effect(Fault::BatchLate),
                _ => {}
            }
            self.hq.highest.insert(key, highest.max(last));
        }
    }

    fn after_commit(&mut self, messages: &[Taken], ingested: &Ingested) {
        if messages.iter().any(|it| matches!(it, Taken::Aside(_))) && ingested.put_aside > 0 {
            self.took_effect(Fault::Malformed);
        }
        if let Err(violation) = checks::after_commit(&mut self.hq.database, messages, ingested) {
            return self.history.violate(violation.check, violation.detail);
        }
        for (store, ack) in &ingested.acks {
            let stream = ack.stream.parse().expect("a stream");
            self.hq.through.insert((store.clone(), stream), ack.through);
            let digest = hq_wire::row::v1::digest_from_hex(&ack.digest).expect("a digest");
            self.history.acknowledged.insert(digest);
        }
        if ingested.folded_rows > 0 && self.hq.dies == Some(Fault::KilledBeforeAck) {
            self.took_effect(Fault::KilledBeforeAck);
            self.hq.dies = None;
            return self.kill_hq();
        }
        for (store, ack) in &ingested.acks {
            self.send_ack(store, ack);
        }
    }
}
