//! One store, one broker, one headquarters, and a weather that the test decides.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use hq_wire::link::v1::branch_id;
use hq_wire::row::v1::{Fields, NO_DIGEST, Row, digest, hex};
use serde_json::value::RawValue;
use uuid::Uuid;

use super::held::{Held, digest_of};
use crate::pump::{AckSeen, Divergence, Effect, Input, Outgoing, Pacing, Pump, TICK_MS};
use crate::{Cursor, Digest, Pending, StreamHead};

/// The body of a stream's first row.
#[derive(serde::Deserialize)]
struct Started {
    #[serde(default)]
    parent: Option<(Uuid, Uuid)>,
}

/// The journal: streams with their rows.
pub type Journal = Vec<(Uuid, Vec<Row>)>;

pub struct World {
    pub pump: Pump,
    pub now_ms: u64,
    pub journal: Journal,
    pub cursors: BTreeMap<Uuid, Cursor>,
    pub hq: BTreeMap<Uuid, Held>,
    /// At the broker, on the way up.
    pub up: VecDeque<Outgoing>,
    /// Acknowledgements on the way down, and the last of each stream, which the broker keeps.
    pub down: VecDeque<AckSeen>,
    pub retained: BTreeMap<Uuid, AckSeen>,
    pub unconfirmed: VecDeque<u64>,
    pub connects_at: Option<u64>,
    pub is_up: bool,
    pub births: Vec<StreamHead>,
    pub reports: Vec<Vec<Pending>>,
    pub sent: Vec<(Uuid, u64, u64)>,
    pub divergences: Vec<Divergence>,
    /// Everything that headquarters ever said it had.
    pub said: BTreeSet<(Uuid, u64)>,
    pub fails_to_diverge: bool,
    ids: u128,
}

impl World {
    pub fn new() -> Self {
        let mut world = Self {
            pump: Pump::new(Pacing::default()),
            now_ms: 0,
            journal: Vec::new(),
            cursors: BTreeMap::new(),
            hq: BTreeMap::new(),
            up: VecDeque::new(),
            down: VecDeque::new(),
            retained: BTreeMap::new(),
            unconfirmed: VecDeque::new(),
            connects_at: None,
            is_up: false,
            births: Vec::new(),
            reports: Vec::new(),
            sent: Vec::new(),
            divergences: Vec::new(),
            said: BTreeSet::new(),
            fails_to_diverge: false,
            ids: 0,
        };
        world.begin_stream();
        world.start();
        world
    }

    /// A pump that begins, as after a restart of the hub.
    pub fn start(&mut self) {
        self.pump = Pump::new(Pacing::default());
        self.drop_connection();
        self.step(Input::Started(self.heads()));
    }

    /// Another file stands where the journal was, and the hub starts on it.
    pub fn put_back(&mut self, (journal, cursors): (Journal, BTreeMap<Uuid, Cursor>)) {
        (self.journal, self.cursors) = (journal, cursors);
        self.start();
    }

    fn id(&mut self) -> Uuid {
        self.ids += 1;
        Uuid::from_u128(self.ids)
    }

    pub fn begin_stream(&mut self) -> Uuid {
        let stream = self.id();
        let heads = if self.journal.is_empty() { Vec::new() } else { self.heads() };
        let parent = heads.last().map(|head| (head.stream, branch_id(head.stream, &head.digest)));
        self.journal.push((stream, Vec::new()));
        self.write_body(&serde_json::json!({ "parent": parent }).to_string());
        stream
    }

    fn write_body(&mut self, body: &str) {
        let id = self.id();
        let (stream, rows) = self.journal.last_mut().expect("a stream");
        let before = rows.last().map_or(NO_DIGEST, digest_of);
        let sequence = rows.len() as u64 + 1;
        let fields = Fields {
            stream: stream.as_bytes(),
            sequence,
            id: id.as_bytes(),
            kind: "x",
            body_version: 1,
            transaction: None,
            wall_ms: 0,
            utc_offset_s: 0,
            monotonic_ms: 0,
            boot: stream.as_bytes(),
            clock_trusted: true,
            body,
        };
        rows.push(Row {
            stream: stream.to_string(),
            sequence,
            id: id.to_string(),
            kind: "x".to_owned(),
            body_version: 1,
            transaction: None,
            wall_ms: 0,
            utc_offset_s: 0,
            monotonic_ms: 0,
            boot: stream.to_string(),
            clock_trusted: true,
            digest: hex(&digest(&before, &fields)),
            body: RawValue::from_string(body.to_owned()).expect("JSON"),
        });
    }

    pub fn write(&mut self, count: usize) {
        (0..count).for_each(|_| self.write_body("{}"));
        self.step(Input::Written(self.heads()));
    }

    pub fn heads(&self) -> Vec<StreamHead> {
        let head = |(stream, rows): &(Uuid, Vec<Row>)| {
            let last = rows.last().expect("a stream has a row");
            StreamHead { stream: *stream, sequence: last.sequence, digest: digest_of(last) }
        };
        self.journal.iter().map(head).collect()
    }

    pub fn current(&self) -> Uuid {
        self.journal.last().expect("a stream").0
    }

    pub fn rows_of(&self, stream: Uuid) -> &[Row] {
        self.journal.iter().find(|(id, _)| *id == stream).map_or(&[], |(_, rows)| rows)
    }

    fn row_digest(&self, stream: Uuid, sequence: u64) -> Option<Digest> {
        self.rows_of(stream).iter().find(|row| row.sequence == sequence).map(digest_of)
    }

    /// Time goes by, tick by tick; connections come up when it is time.
    pub fn wait(&mut self, ms: u64) {
        let end = self.now_ms + ms;
        while self.now_ms < end {
            self.now_ms += TICK_MS;
            if self.connects_at.is_some_and(|at| self.now_ms >= at) {
                self.connects_at = None;
                self.is_up = true;
                let kept: Vec<AckSeen> = self.retained.values().copied().collect();
                kept.into_iter().for_each(|ack| self.step_if_up(Input::Acknowledged(ack)));
                self.step_if_up(Input::Subscribed);
            }
            self.step(Input::Tick);
        }
    }

    pub fn cut(&mut self) {
        if self.is_up {
            self.drop_connection();
            self.step(Input::Disconnected { jitter: 500 });
        }
    }

    fn drop_connection(&mut self) {
        self.is_up = false;
        self.unconfirmed.clear();
        self.down.clear();
    }

    /// Of a connection that was dropped nothing comes any more.
    fn step_if_up(&mut self, input: Input) {
        if self.is_up {
            self.step(input);
        }
    }

    pub fn step(&mut self, input: Input) {
        let mut effects = Vec::new();
        self.pump.step(self.now_ms, input, &mut effects);
        effects.into_iter().for_each(|effect| self.perform(effect));
    }

    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Connect { after_ms } => {
                self.drop_connection();
                self.connects_at = Some(self.now_ms + after_ms);
            }
            Effect::PublishBirth(head) => {
                self.births.push(head);
                self.acknowledge_all();
            }
            Effect::Load { stream, branch } => {
                let saved = self.cursors.get(&stream).copied();
                let cursor = saved.filter(|it| {
                    it.through == 0 || self.row_digest(stream, it.through) == Some(it.digest)
                });
                let branch = branch.and_then(|branch| self.cursors.get(&branch).copied());
                self.step(Input::Loaded { stream, cursor, branch });
            }
            Effect::ReadRows { wire, stream, after, limit } => {
                let rows = self.rows_of(stream).iter().filter(|row| row.sequence > after);
                let rows = rows.take(limit).cloned().collect();
                self.step(Input::Read { wire, after, rows });
            }
            Effect::Publish(message) => {
                let (first, last) = (message.rows.first(), message.rows.last());
                let span = first.zip(last).map(|(a, b)| (a.sequence, b.sequence)).expect("rows");
                assert!(self.is_up, "rows go up without a connection");
                self.sent.push((message.wire, span.0, span.1));
                self.unconfirmed.push_back(message.token);
                self.up.push_back(message);
            }
            Effect::Compare { turn, stream, ack } => {
                let here = self.row_digest(stream, ack.through);
                self.step(Input::Compared { turn, ack, here });
            }
            Effect::SaveCursor(cursor) => {
                let is_base = self.journal.iter().any(|(stream, rows)| {
                    rows.last().is_some_and(|it| branch_id(*stream, &digest_of(it)) == cursor.wire)
                });
                let is_said =
                    cursor.through == 0 || self.said.contains(&(cursor.wire, cursor.through));
                assert!(is_said || is_base, "{cursor:?} is more than headquarters ever had");
                self.cursors.insert(cursor.wire, cursor);
            }
            Effect::Diverge { reason, .. } => {
                self.divergences.push(reason);
                if self.fails_to_diverge {
                    return self.step(Input::DivergeFailed);
                }
                self.begin_stream();
                self.step(Input::Written(self.heads()));
            }
            Effect::Report(pending) => self.reports.push(pending),
        }
    }

    /// The broker confirms the oldest message that it has not.
    pub fn confirm(&mut self) {
        if let Some(token) = self.unconfirmed.pop_front() {
            self.step(Input::Confirmed(token));
        }
    }

    /// Headquarters takes a message of those that are on the way.
    pub fn take(&mut self, at: usize, may_ack: bool) {
        let Some(message) = self.up.remove(at) else { return };
        let (wire, base) = (message.wire, message.base);
        let held = self.hq.entry(wire).or_default();
        held.begin_at(base.map_or((0, NO_DIGEST), |base| (base.after, base.digest)));
        for row in &message.rows {
            let body: Started = serde_json::from_str(row.body.get()).expect("JSON");
            held.parent = body.parent.or(held.parent);
        }
        held.take(message.rows);
        let parent = held.parent;
        self.hear_of_parents();
        if may_ack {
            let parent = parent.into_iter().flat_map(|(parent, branch)| [parent, branch]);
            [wire].into_iter().chain(parent).for_each(|wire| self.acknowledge(wire));
        }
    }

    /// What headquarters does at a store's birth, and at its own for the birth that the broker
    /// kept.
    fn acknowledge_all(&mut self) {
        let Some(head) = self.births.last() else { return };
        self.hq.entry(head.stream).or_default();
        self.hear_of_parents();
        let known: Vec<Uuid> = self.hq.keys().copied().collect();
        known.into_iter().for_each(|wire| self.acknowledge(wire));
    }

    /// The first row of a stream names the one before: that one exists, whatever came of it.
    fn hear_of_parents(&mut self) {
        let firsts = self.hq.values().filter_map(|held| held.parent);
        for (parent, branch) in firsts.collect::<Vec<(Uuid, Uuid)>>() {
            self.hq.entry(parent).or_default();
            self.hq.entry(branch).or_default();
        }
    }

    /// Headquarters starts with what a backup held; the broker kept no message for it.
    pub fn restore_hq(&mut self, backup: BTreeMap<Uuid, Held>) {
        self.up.clear();
        self.hq = backup;
        self.acknowledge_all();
    }

    pub fn acknowledge(&mut self, wire: Uuid) {
        let Some(held) = self.hq.get(&wire) else { return };
        let Held { through, digest, is_frozen: frozen, .. } = *held;
        let ack = AckSeen { wire, through, digest, frozen };
        self.said.insert((wire, through));
        self.retained.insert(wire, ack);
        if self.is_up {
            self.down.push_back(ack);
        }
    }

    pub fn hear(&mut self, at: usize) {
        if let Some(ack) = self.down.remove(at) {
            self.step(Input::Acknowledged(ack));
        }
    }

    /// Good weather until nothing moves any more.
    pub fn heal(&mut self) {
        for _ in 0..2_000 {
            while !(self.up.is_empty() && self.down.is_empty() && self.unconfirmed.is_empty()) {
                self.take(0, true);
                self.confirm();
                self.hear(0);
            }
            if self.is_up && self.pump_is_done() {
                return;
            }
            self.wait(TICK_MS);
        }
        panic!("it does not come to rest: {:?}", self.pump);
    }

    fn pump_is_done(&self) -> bool {
        self.pump.pending().is_empty() && !self.misses_something()
    }

    /// Whether a row of the journal is not at headquarters, under any stream.
    pub fn misses_something(&self) -> bool {
        let held = self.hq.values().flat_map(|held| held.rows.values().chain(&held.others));
        let ids: BTreeSet<&str> = held.map(|row| row.id.as_str()).collect();
        let mut rows = self.journal.iter().flat_map(|(_, rows)| rows);
        rows.any(|row| !ids.contains(row.id.as_str()))
    }
}
