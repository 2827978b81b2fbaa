//! A hub: its journal, its pump, and the shell that carries out what the pump wants.

use std::collections::BTreeMap;
use std::sync::Arc;

use cloud_bridge::pump::{AckSeen, Base, Effect, Input, Outgoing, Pacing, Pump, TICK_MS};
use cloud_bridge::{Cursor, Outbox as _, StreamHead};
use hq_wire::link::v1::{Branch, FactsBatch, LinkState, State, Status, Topic, Waiting};
use hq_wire::row::v1::{digest_from_hex, hex};
use store_journal::{Append, SimulatedBackup};
use uuid::Uuid;

use super::checks::Check;
use super::events::{Event, Link, Message};
use super::faults::Fault;
use super::network::{place, status};
use super::outbox::JournalOutbox;
use super::trade;
use super::world::World;

pub struct Hub {
    pub store: usize,
    /// The disk.
    pub outbox: JournalOutbox,
    /// None while it is down.
    pub process: Option<Process>,
    /// How often it was started or stopped.
    pub run: u32,
    /// How often it was to connect: an older attempt is void.
    pub attempt: u32,
    pub backup: Option<SimulatedBackup>,
    /// The cable is out.
    pub is_cut: bool,
    /// What an older file lost; a terminal may ask for it again.
    pub lost: Vec<Append>,
}

pub struct Process {
    pub pump: Pump,
    pub link: Option<Link>,
    /// Names its connection in births and wills.
    pub boot: String,
    /// What waits, as it said last.
    pub waiting: Option<Waiting>,
    /// What the broker has not confirmed.
    pub tokens: BTreeMap<u64, AckSeen>,
}

impl Process {
    /// Whether rows are under way or wait to be.
    pub fn is_behind(&self) -> bool {
        let Some(head) = self.pump.current() else { return false };
        let cursor = self.pump.cursors().find(|it| it.wire == head.stream);
        !self.tokens.is_empty() || cursor.is_none_or(|it| it.through < head.sequence)
    }
}

impl Hub {
    pub fn new(store: usize, outbox: JournalOutbox) -> Self {
        let (backup, lost) = (None, Vec::new());
        Self { store, outbox, process: None, run: 0, attempt: 0, backup, is_cut: false, lost }
    }

    pub fn heads(&self) -> Vec<StreamHead> {
        self.outbox.streams().expect("the streams")
    }
}

impl World {
    pub fn boot(&mut self, hub: usize) {
        self.hubs[hub].run += 1;
        self.hubs[hub].process = Some(Process {
            pump: Pump::new(Pacing::default()),
            link: None,
            boot: String::new(),
            waiting: None,
            tokens: BTreeMap::new(),
        });
        let heads = self.hubs[hub].heads();
        self.step(hub, Input::Started(heads));
        self.queue.after(TICK_MS, Event::Tick(hub, self.hubs[hub].run));
    }

    /// The process ends; what it waited for is void.
    pub fn go_down(&mut self, hub: usize) {
        self.leave(hub);
        self.hubs[hub].process = None;
        self.hubs[hub].run += 1;
    }

    pub fn on_tick(&mut self, hub: usize, run: u32) {
        if self.hubs[hub].run == run {
            self.queue.after(TICK_MS, Event::Tick(hub, run));
            self.step(hub, Input::Tick);
        }
    }

    /// An answer of the journal, which comes to the process that asked or to nobody.
    pub fn on_pump(&mut self, hub: usize, run: u32, input: Input) {
        if self.hubs[hub].run == run {
            self.step(hub, input);
        }
    }

    pub fn step(&mut self, hub: usize, input: Input) {
        let Some(process) = &mut self.hubs[hub].process else { return };
        let mut effects = Vec::new();
        process.pump.step(self.queue.now_ms, input, &mut effects);
        effects.into_iter().for_each(|effect| self.perform(hub, effect));
    }

    fn answer(&mut self, hub: usize, input: Input) {
        let delay = self.random.below(4);
        let event = Event::Pump(hub, self.hubs[hub].run, Box::new(input));
        self.queue.after(delay, event);
    }

    fn perform(&mut self, hub: usize, effect: Effect) {
        match effect {
            Effect::Connect { after_ms } => {
                self.leave(hub);
                self.hubs[hub].attempt += 1;
                self.queue.after(after_ms, Event::Connect(hub, self.hubs[hub].attempt));
            }
            Effect::PublishBirth(head) => self.publish_birth(hub, head),
            Effect::Load { stream, branch } => {
                let outbox = &self.hubs[hub].outbox;
                let saved = |wire| outbox.cursor(wire).expect("a cursor");
                let fits = |cursor: &Cursor| {
                    let here = outbox.row_digest(stream, cursor.through).expect("a digest");
                    cursor.through == 0 || here == Some(cursor.digest)
                };
                let cursor = saved(stream).filter(fits);
                let branch = branch.and_then(saved);
                self.answer(hub, Input::Loaded { stream, cursor, branch });
            }
            Effect::ReadRows { wire, stream, after, limit } => {
                let rows = self.hubs[hub].outbox.rows(stream, after, limit).expect("the rows");
                self.answer(hub, Input::Read { wire, after, rows });
            }
            Effect::Publish(outgoing) => self.publish_rows(hub, outgoing),
            Effect::Compare { turn, stream, ack } => {
                let here = self.hubs[hub].outbox.row_digest(stream, ack.through);
                let here = here.expect("a digest");
                self.answer(hub, Input::Compared { turn, ack, here });
            }
            Effect::SaveCursor(cursor) => self.save_cursor(hub, cursor),
            Effect::Diverge { .. } => self.diverge(hub),
            Effect::Report(pending) => {
                let waiting = self.hubs[hub].outbox.waiting(&pending).expect("what waits");
                self.report(hub, waiting);
            }
        }
    }

    fn publish_birth(&mut self, hub: usize, head: StreamHead) {
        let (store, process) = (self.hubs[hub].store, self.hubs[hub].process.as_ref());
        let birth = Status::Birth {
            online: true,
            boot: process.map(|it| it.boot.clone()).unwrap_or_default(),
            version: "simulation".to_owned(),
            stream: head.stream.to_string(),
            head: head.sequence,
            name: trade::STORES[store].to_owned(),
            currency: "TWD".to_owned(),
            time_zone: "Asia/Taipei".to_owned(),
        };
        self.send_up(hub, status(store, &birth));
    }

    fn publish_rows(&mut self, hub: usize, outgoing: Outgoing) {
        let Outgoing { token, wire, base, rows } = outgoing;
        let (store, last) = (self.hubs[hub].store, rows.last().expect("a row"));
        let last = AckSeen {
            wire,
            through: last.sequence,
            digest: digest_from_hex(&last.digest).expect("a digest"),
            frozen: false,
        };
        let branch = base.map(|Base { stream, after, digest }| Branch {
            stream: stream.to_string(),
            after,
            digest: hex(&digest),
        });
        let batch = FactsBatch::new(&place(store), &wire.to_string(), branch, rows);
        if let Some(process) = &mut self.hubs[hub].process {
            process.tokens.insert(token, last);
        }
        let message = Message {
            topic: place(store).topic(&Topic::Facts(wire.to_string())),
            payload: Arc::new(batch.write().expect("a batch")),
            is_retained: false,
            token: Some(token),
            last: Some(last),
        };
        self.send_up(hub, message);
    }

    fn save_cursor(&mut self, hub: usize, cursor: Cursor) {
        if cursor.through > 0 && !self.history.acknowledged.contains(&cursor.digest) {
            let detail = format!("hub {hub} takes {cursor:?} for acknowledged");
            self.history.violate(Check::CursorIsAcknowledged, detail);
        }
        self.hubs[hub].outbox.save_cursor(cursor).expect("a saved cursor");
    }

    fn diverge(&mut self, hub: usize) {
        if self.goes_wrong(Fault::DivergeFailed, 150) {
            self.took_effect(Fault::DivergeFailed);
            return self.answer(hub, Input::DivergeFailed);
        }
        self.hubs[hub].outbox.now = trade::clock(self.queue.now_ms);
        self.hubs[hub].outbox.diverge().expect("a new stream");
        self.record_last(hub);
        let heads = self.hubs[hub].heads();
        self.step(hub, Input::Written(heads));
    }

    fn report(&mut self, hub: usize, waiting: Waiting) {
        let store = self.hubs[hub].store;
        let head = self.hubs[hub].process.as_ref().and_then(|it| it.pump.current());
        let value = LinkState {
            stream: head.map_or(Uuid::nil(), |it| it.stream).to_string(),
            head: head.map_or(0, |it| it.sequence),
            waiting,
            diverged: None,
        };
        let state = State { at_ms: trade::clock(self.queue.now_ms).wall.as_millisecond(), value };
        if let Some(process) = &mut self.hubs[hub].process {
            process.waiting = Some(waiting);
        }
        let message = Message {
            topic: place(store).topic(&Topic::State("link".to_owned())),
            payload: Arc::new(serde_json::to_vec(&state).expect("JSON")),
            is_retained: true,
            token: None,
            last: None,
        };
        self.send_up(hub, message);
    }
}
