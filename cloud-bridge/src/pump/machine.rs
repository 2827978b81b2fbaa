use std::collections::BTreeSet;

use hq_wire::link::v1::branch_id;
use hq_wire::row::v1::{NO_DIGEST, Row};
use uuid::Uuid;

use super::batch::batches;
use super::lane::Lane;
use super::{
    AckSeen, BATCH_ROWS, Divergence, Effect, Input, Outgoing, Pacing, READ_ROWS, Standing, WINDOW,
};
use crate::{Cursor, Digest, Pending, StreamHead};

/// How the connection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Link {
    /// Being made, or waiting to be made.
    Down,
    /// Rows can go up, since then.
    Up { since_ms: u64 },
}

/// Decides what goes up. See [the module](super) for how it is driven.
#[derive(Clone, Debug)]
pub struct Pump {
    pacing: Pacing,
    link: Link,
    /// Attempts to connect since the last connection that lasted.
    attempts: u32,
    /// Oldest first; the stream that rows are added to is the last that is no branch.
    lanes: Vec<Lane>,
    current: Option<StreamHead>,
    unconfirmed: BTreeSet<u64>,
    next_token: u64,
    next_turn: u64,
    /// Rows that are being read: for which stream on the wire, after which number.
    reading: Option<(Uuid, u64)>,
    /// Nothing is read before this.
    read_not_before_ms: u64,
    /// The stream that has to end: since when it has been asked for; again at this time.
    diverge_again_ms: Option<u64>,
    is_report_due: bool,
    reported_ms: Option<u64>,
    disconnections: u64,
    goings_back: u64,
}

impl Pump {
    /// A pump that has not begun.
    #[must_use]
    pub const fn new(pacing: Pacing) -> Self {
        Self {
            pacing,
            link: Link::Down,
            attempts: 0,
            lanes: Vec::new(),
            current: None,
            unconfirmed: BTreeSet::new(),
            next_token: 1,
            next_turn: 1,
            reading: None,
            read_not_before_ms: 0,
            diverge_again_ms: None,
            is_report_due: true,
            reported_ms: None,
            disconnections: 0,
            goings_back: 0,
        }
    }

    /// Takes what happened, and says what is to be done, in order.
    pub fn step(&mut self, now_ms: u64, input: Input, effects: &mut Vec<Effect>) {
        match input {
            Input::Started(heads) => {
                self.on_written(heads, effects);
                effects.push(Effect::Connect { after_ms: 0 });
            }
            Input::Written(heads) => self.on_written(heads, effects),
            Input::Loaded { stream, cursor, branch } => self.on_loaded(stream, cursor, branch),
            Input::Subscribed => self.on_subscribed(now_ms, effects),
            Input::Disconnected { jitter } => self.on_disconnected(now_ms, jitter, effects),
            Input::Read { wire, after, rows } => self.on_read(now_ms, wire, after, rows, effects),
            Input::Confirmed(token) => {
                self.unconfirmed.remove(&token);
            }
            Input::Acknowledged(ack) => self.on_acknowledged(ack, effects),
            Input::Compared { turn, ack, here } => {
                self.on_compared(now_ms, turn, &ack, here, effects);
            }
            Input::DivergeFailed => {
                self.diverge_again_ms = Some(now_ms + self.pacing.journal_retry_ms);
            }
            Input::Tick => self.on_tick(now_ms, effects),
            Input::Stopping => {
                self.save(now_ms, 0, effects);
                return;
            }
        }
        self.branch_off(now_ms, effects);
        self.save(now_ms, self.pacing.report_ms, effects);
        self.report(now_ms, effects);
        self.fill(now_ms, effects);
    }

    /// How it stands.
    #[must_use]
    pub fn standing(&self) -> Standing {
        let stopped = self.lanes.iter().filter(|lane| lane.stopped.is_some());
        Standing {
            is_connected: self.link != Link::Down,
            unconfirmed: self.unconfirmed.len(),
            disconnections: self.disconnections,
            goings_back: self.goings_back,
            streams_stopped: stopped.count(),
        }
    }

    /// The stream that rows are added to, with its last row.
    #[must_use]
    pub const fn current(&self) -> Option<StreamHead> {
        self.current
    }

    /// How far headquarters is with every stream on the wire, oldest first, as it said last.
    pub fn cursors(&self) -> impl Iterator<Item = Cursor> + '_ {
        self.lanes.iter().map(|lane| lane.cursor)
    }

    fn on_written(&mut self, heads: Vec<StreamHead>, effects: &mut Vec<Effect>) {
        let before = self.current;
        self.current = heads.last().copied().or(before);
        self.is_report_due |= before != self.current;
        let current = self.current.map(|head| head.stream);
        for head in heads {
            if let Some(lane) = self.lane_mut(head.stream) {
                lane.head = head;
                continue;
            }
            self.lanes.push(Lane::of_stream(head));
            let is_over = current != Some(head.stream);
            let branch = is_over.then(|| branch_id(head.stream, &head.digest));
            effects.push(Effect::Load { stream: head.stream, branch });
        }
        if before.is_some_and(|before| current != Some(before.stream)) {
            self.diverge_again_ms = None;
            // The connection is named after the stream, and so is the birth.
            self.lose_connection();
            effects.push(Effect::Connect { after_ms: 0 });
        }
    }

    fn on_loaded(&mut self, stream: Uuid, cursor: Option<Cursor>, branch: Option<Cursor>) {
        let Some(lane) = self.lane_mut(stream) else { return };
        if lane.is_loaded {
            return;
        }
        lane.load(cursor);
        if branch.is_some() && lane.stopped.is_none() {
            // It was found out in an earlier life, and why is not kept.
            lane.stop(Divergence::Frozen);
        }
        if let Some(cursor) = branch {
            let (fork, head) = (lane.fork, lane.head);
            let branch = fork.map(|base| Lane::of_branch(cursor.wire, base, head, Some(cursor)));
            self.add_branch(branch);
        }
        self.is_report_due = true;
    }

    fn on_subscribed(&mut self, now_ms: u64, effects: &mut Vec<Effect>) {
        self.link = Link::Up { since_ms: now_ms };
        self.reported_ms = None;
        self.is_report_due = true;
        effects.extend(self.current.map(Effect::PublishBirth));
    }

    fn on_disconnected(&mut self, now_ms: u64, jitter: u16, effects: &mut Vec<Effect>) {
        if let Link::Up { since_ms } = self.link
            && now_ms >= since_ms + self.pacing.steady_ms
        {
            self.attempts = 0;
        }
        self.lose_connection();
        self.disconnections += 1;
        let doubled = self.pacing.retry_first_ms << self.attempts.min(16);
        let longest = doubled.min(self.pacing.retry_max_ms);
        self.attempts = self.attempts.saturating_add(1);
        // Somewhere in the upper half of it.
        let after_ms = longest / 2 + longest * u64::from(jitter.min(999)) / 1998;
        effects.push(Effect::Connect { after_ms });
    }

    /// Everything outstanding is forgotten, and so is what headquarters said.
    fn lose_connection(&mut self) {
        self.link = Link::Down;
        self.unconfirmed.clear();
        self.reading = None;
        self.is_report_due = true;
        self.lanes.iter_mut().for_each(Lane::restart);
    }

    fn on_read(
        &mut self,
        now_ms: u64,
        wire: Uuid,
        after: u64,
        rows: Vec<Row>,
        effects: &mut Vec<Effect>,
    ) {
        if self.reading != Some((wire, after)) {
            return;
        }
        self.reading = None;
        let (pacing, mut room) = (self.pacing, WINDOW.saturating_sub(self.unconfirmed.len()));
        let Some(lane) = self.lanes.iter_mut().find(|lane| lane.wire == wire) else { return };
        if lane.sent != after {
            return;
        }
        if rows.first().is_none_or(|row| row.sequence != after + 1) {
            self.read_not_before_ms = now_ms + pacing.journal_retry_ms;
            return;
        }
        for rows in batches(rows) {
            let Some(through) = rows.last().map(|row| row.sequence).filter(|_| room > 0) else {
                break;
            };
            room -= 1;
            let token = self.next_token;
            self.next_token += 1;
            self.unconfirmed.insert(token);
            lane.on_sent(through, now_ms, &pacing);
            effects.push(Effect::Publish(Outgoing { token, wire, base: lane.base, rows }));
        }
    }

    fn on_acknowledged(&mut self, ack: AckSeen, effects: &mut Vec<Effect>) {
        let turn = self.next_turn;
        // Headquarters speaks also of streams that this journal does not hold, or not any more.
        let Some(lane) = self.lane_mut(ack.wire) else { return };
        effects.push(Effect::Compare { turn, stream: lane.head.stream, ack });
        self.next_turn += 1;
    }

    fn on_compared(
        &mut self,
        now_ms: u64,
        turn: u64,
        ack: &AckSeen,
        here: Option<Digest>,
        effects: &mut Vec<Effect>,
    ) {
        let (pacing, current) = (self.pacing, self.current.map(|head| head.stream));
        let Some(lane) = self.lanes.iter_mut().find(|lane| lane.wire == ack.wire) else { return };
        if turn <= lane.turn {
            return;
        }
        lane.turn = turn;
        let (was_stopped, before) = (lane.stopped.is_some(), lane.cursor);
        let here = if ack.through == 0 { Some(NO_DIGEST) } else { here };
        let fault = match here {
            Some(digest) if digest == ack.digest && ack.through <= lane.last() => {
                lane.on_ack(ack, now_ms, &pacing);
                ack.frozen.then_some(Divergence::Frozen)
            }
            _ if ack.frozen => Some(Divergence::Frozen),
            Some(_) => Some(Divergence::RowDiffers),
            None => Some(Divergence::RowMissing),
        };
        self.is_report_due |= before != lane.cursor;
        if let Some(reason) = fault {
            lane.stop(reason);
            lane.refuse(ack.through);
            // Being refused may settle what waits of it.
            self.is_report_due |= before != lane.cursor;
            if current == Some(ack.wire) && !was_stopped {
                // What the branch starts from has to be in the file before the new stream is.
                let stream = ack.wire;
                effects.extend(lane.unsaved(now_ms, 0).map(Effect::SaveCursor));
                effects.push(Effect::Diverge { stream, reason });
            }
        } else if ack.through == 0 && current == Some(ack.wire) {
            // It knows nothing of the present stream, so it may be as it was before that began:
            // what it or the broker said of earlier ones counts only when it says so once more.
            self.lanes.iter_mut().for_each(Lane::forget);
            self.is_report_due = true;
        }
    }

    fn on_tick(&mut self, now_ms: u64, effects: &mut Vec<Effect>) {
        if self.diverge_again_ms.is_some_and(|due| now_ms >= due)
            && let Some(head) = self.current
            && let Some(reason) = self.lane_mut(head.stream).and_then(|lane| lane.stopped)
        {
            self.diverge_again_ms = None;
            effects.push(Effect::Diverge { stream: head.stream, reason });
        }
        for lane in &mut self.lanes {
            self.goings_back += u64::from(lane.go_back_if_due(now_ms));
        }
    }

    /// Makes the branch of every stream that is over and may not be sent itself.
    fn branch_off(&mut self, now_ms: u64, effects: &mut Vec<Effect>) {
        let current = self.current.map(|head| head.stream);
        let branched: BTreeSet<Uuid> = self.branched().collect();
        let mut branches = Vec::new();
        for lane in &mut self.lanes {
            let is_over = lane.base.is_none() && lane.is_loaded && current != Some(lane.wire);
            let fork = lane.fork.filter(|fork| lane.head.sequence > fork.after);
            if let (Some(base), true) = (fork, is_over && !branched.contains(&lane.wire)) {
                let wire = branch_id(lane.wire, &lane.head.digest);
                let branch = Lane::of_branch(wire, base, lane.head, None);
                // Where the branch starts has to be known as long as the branch is.
                effects.extend(lane.unsaved(now_ms, 0).map(Effect::SaveCursor));
                effects.push(Effect::SaveCursor(branch.cursor));
                branches.push(branch);
            }
        }
        branches.into_iter().for_each(|branch| self.add_branch(Some(branch)));
    }

    /// Puts a branch behind its stream.
    fn add_branch(&mut self, branch: Option<Lane>) {
        let Some(branch) = branch else { return };
        let at = self.lanes.iter().position(|lane| lane.wire == branch.head.stream);
        self.lanes.insert(at.map_or(self.lanes.len(), |at| at + 1), branch);
        self.is_report_due = true;
    }

    /// The streams of the journal that have a branch.
    fn branched(&self) -> impl Iterator<Item = Uuid> + '_ {
        self.lanes.iter().filter_map(|lane| lane.base).map(|base| base.stream)
    }

    fn save(&mut self, now_ms: u64, interval_ms: u64, effects: &mut Vec<Effect>) {
        let unsaved = self.lanes.iter_mut().filter_map(|lane| lane.unsaved(now_ms, interval_ms));
        effects.extend(unsaved.map(Effect::SaveCursor));
    }

    fn report(&mut self, now_ms: u64, effects: &mut Vec<Effect>) {
        let is_time = self.reported_ms.is_none_or(|last| now_ms >= last + self.pacing.report_ms);
        if self.is_report_due && is_time && self.lanes.iter().all(|lane| lane.is_loaded) {
            self.is_report_due = false;
            self.reported_ms = Some(now_ms);
            effects.push(Effect::Report(self.pending()));
        }
    }

    /// What waits. Of a stream that ended in a fork the branch holds the rest.
    pub(crate) fn pending(&self) -> Vec<Pending> {
        let branched: BTreeSet<Uuid> = self.branched().collect();
        let waiting = self.lanes.iter().filter(|lane| {
            let last = if branched.contains(&lane.wire) { lane.last() } else { lane.head.sequence };
            last > lane.cursor.through
        });
        waiting.map(Lane::pending).collect()
    }

    /// Reads what may be sent next, the oldest stream first.
    fn fill(&mut self, now_ms: u64, effects: &mut Vec<Effect>) {
        let Link::Up { since_ms } = self.link else { return };
        let room = WINDOW.saturating_sub(self.unconfirmed.len()).saturating_mul(BATCH_ROWS);
        if self.reading.is_some() || room == 0 || now_ms < self.read_not_before_ms {
            return;
        }
        let online_ms = now_ms.saturating_sub(since_ms);
        let next = self.lanes.iter().find_map(|lane| {
            let rows = lane.room(online_ms, &self.pacing);
            (rows > 0).then_some((lane, rows))
        });
        let Some((lane, rows)) = next else { return };
        let limit = room.min(READ_ROWS).min(usize::try_from(rows).unwrap_or(READ_ROWS));
        self.reading = Some((lane.wire, lane.sent));
        let (wire, stream, after) = (lane.wire, lane.head.stream, lane.sent);
        effects.push(Effect::ReadRows { wire, stream, after, limit });
    }

    fn lane_mut(&mut self, wire: Uuid) -> Option<&mut Lane> {
        self.lanes.iter_mut().find(|lane| lane.wire == wire)
    }
}
