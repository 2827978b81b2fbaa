use hq_wire::row::v1::NO_DIGEST;
use uuid::Uuid;

use super::{AHEAD_ROWS, AckSeen, BATCH_ROWS, Base, Divergence, Pacing};
use crate::{Cursor, Pending, StreamHead};

/// A stream on the wire on its way up.
#[derive(Clone, Debug)]
pub struct Lane {
    /// Its name on the wire.
    pub wire: Uuid,
    /// That it is a branch, and of what.
    pub base: Option<Base>,
    /// The last row of its stream in the journal.
    pub head: StreamHead,
    /// What headquarters said last, as far as it fits this journal.
    pub cursor: Cursor,
    /// Why only its rows up to the fork are sent any more.
    pub stopped: Option<Divergence>,
    /// The last row that both ends are known to have had, once it is stopped.
    pub fork: Option<Base>,
    /// Whether its saved cursor is known, so that it may be sent.
    pub is_loaded: bool,
    /// The last row that was sent in this connection.
    pub sent: u64,
    /// Whether headquarters acknowledged anything in this connection.
    pub is_heard: bool,
    /// The newest acknowledgement that was looked into.
    pub turn: u64,
    saved: Option<Cursor>,
    saved_ms: u64,
    /// When the outstanding rows are sent again.
    due_ms: Option<u64>,
    /// Goings back since the last progress.
    fruitless: u32,
    /// Whether an acknowledgement came since rows were sent first or again.
    is_answered: bool,
    /// Nothing was heard: one batch at a time.
    is_probing: bool,
    /// Headquarters takes nothing of it at present.
    is_refused: bool,
}

impl Lane {
    /// A stream of the journal.
    pub fn of_stream(head: StreamHead) -> Self {
        let cursor = Cursor { wire: head.stream, through: 0, digest: NO_DIGEST };
        Self {
            wire: head.stream,
            base: None,
            head,
            cursor,
            stopped: None,
            fork: None,
            is_loaded: false,
            sent: 0,
            is_heard: false,
            turn: 0,
            saved: None,
            saved_ms: 0,
            due_ms: None,
            fruitless: 0,
            is_answered: false,
            is_probing: false,
            is_refused: false,
        }
    }

    /// A branch of a stream.
    pub fn of_branch(wire: Uuid, base: Base, head: StreamHead, cursor: Option<Cursor>) -> Self {
        let start = Cursor { wire, through: base.after, digest: base.digest };
        let mut lane = Self { wire, base: Some(base), ..Self::of_stream(head) };
        lane.load(Some(cursor.unwrap_or(start)));
        lane.saved = cursor;
        lane
    }

    /// Goes on from a saved cursor.
    pub fn load(&mut self, saved: Option<Cursor>) {
        self.is_loaded = true;
        self.saved = saved;
        if let (Some(saved), false) = (saved, self.is_heard) {
            self.cursor = saved;
            self.sent = saved.through;
        }
    }

    /// A new connection: what was outstanding is forgotten.
    pub fn restart(&mut self) {
        self.sent = self.cursor.through;
        self.is_heard = false;
        self.due_ms = None;
        self.fruitless = 0;
        self.is_answered = false;
        self.is_probing = false;
    }

    /// How many rows may be read and sent now, `online_ms` after the connection was made.
    pub fn room(&self, online_ms: u64, pacing: &Pacing) -> u64 {
        let may_send = self.is_heard || online_ms >= pacing.hearing_ms;
        if self.is_refused || !self.is_loaded || !may_send {
            return 0;
        }
        let is_probing = self.is_probing || !self.is_heard;
        let ahead_max = if is_probing { BATCH_ROWS as u64 } else { AHEAD_ROWS };
        let ahead = self.sent.saturating_sub(self.cursor.through);
        let left = self.last().saturating_sub(self.sent);
        left.min(ahead_max.saturating_sub(ahead))
    }

    /// The last row that is sent under this name.
    pub fn last(&self) -> u64 {
        self.fork.map_or(self.head.sequence, |fork| fork.after)
    }

    /// Rows went out, up to this one.
    pub fn on_sent(&mut self, through: u64, now_ms: u64, pacing: &Pacing) {
        self.sent = through;
        if self.due_ms.is_none() {
            self.is_answered = false;
            self.due_ms = Some(now_ms + self.patience(pacing.stall_ms, pacing));
        }
    }

    /// Headquarters says how far it is, and that fits.
    pub fn on_ack(&mut self, ack: &AckSeen, now_ms: u64, pacing: &Pacing) {
        self.is_heard = true;
        self.is_answered = true;
        self.is_refused = false;
        let start = self.base.map_or((0, NO_DIGEST), |base| (base.after, base.digest));
        let (through, digest) =
            if ack.through < start.0 { start } else { (ack.through, ack.digest) };
        let before = self.cursor.through;
        self.cursor = Cursor { wire: self.wire, through, digest };
        self.sent = self.sent.max(through);
        if through > before {
            self.fruitless = 0;
            self.is_probing = false;
            self.due_ms = None;
        }
        if self.sent == through {
            self.due_ms = None;
            return;
        }
        let wait = if through > before { pacing.stall_ms } else { pacing.gap_ms };
        let due = now_ms + self.patience(wait, pacing);
        self.due_ms = Some(self.due_ms.map_or(due, |earlier| earlier.min(due)));
    }

    /// Each time that nothing comes of sending again the next wait is twice as long.
    fn patience(&self, wait_ms: u64, pacing: &Pacing) -> u64 {
        (wait_ms << self.fruitless.min(16)).min(pacing.stall_max_ms)
    }

    /// Goes back to the last acknowledged row when it is time; says whether it did.
    pub fn go_back_if_due(&mut self, now_ms: u64) -> bool {
        if self.due_ms.is_none_or(|due| now_ms < due) {
            return false;
        }
        self.sent = self.cursor.through;
        self.due_ms = None;
        self.fruitless += 1;
        self.is_probing = !self.is_answered;
        self.is_answered = false;
        true
    }

    /// Headquarters has lost all it had of this stream, whatever it said before.
    pub fn forget(&mut self) {
        let (through, digest) = self.base.map_or((0, NO_DIGEST), |base| (base.after, base.digest));
        self.cursor = Cursor { wire: self.wire, through, digest };
        self.sent = through;
        self.due_ms = None;
        self.is_refused = false;
    }

    /// It goes no further than to the last row that both ends are known to have had.
    pub fn stop(&mut self, reason: Divergence) {
        let Cursor { through, digest, .. } = self.cursor;
        self.stopped = self.stopped.or(Some(reason));
        let fork = Base { stream: self.head.stream, after: through, digest };
        self.fork = self.fork.or(Some(fork));
    }

    /// Headquarters takes nothing of it, for the time being, and has a stream of this name up to
    /// there.
    pub fn refuse(&mut self, through: u64) {
        if let Some(Base { after, digest, .. }) = self.fork.filter(|fork| through >= fork.after) {
            // Up to the fork it is the same stream.
            self.cursor = Cursor { wire: self.wire, through: after, digest };
        }
        self.is_refused = true;
        self.due_ms = None;
    }

    /// The cursor, where it should be saved: when it changed, at most now and then.
    pub fn unsaved(&mut self, now_ms: u64, interval_ms: u64) -> Option<Cursor> {
        let is_due = self.saved.is_none() || now_ms >= self.saved_ms + interval_ms;
        // What is saved of a stopped stream says where its branch begins.
        let is_kept = self.fork.is_some_and(|fork| fork.after != self.cursor.through);
        let is_new = self.saved.map_or(self.cursor.through > 0, |saved| saved != self.cursor);
        if !self.is_loaded || !is_due || !is_new || is_kept {
            return None;
        }
        self.saved = Some(self.cursor);
        self.saved_ms = now_ms;
        Some(self.cursor)
    }

    /// What waits of it.
    pub const fn pending(&self) -> Pending {
        Pending { stream: self.head.stream, after: self.cursor.through }
    }
}
