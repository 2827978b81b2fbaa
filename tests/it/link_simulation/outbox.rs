//! A simulated journal as the link sees it.

use cloud_bridge::{Cursor, Digest, Outbox, OutboxError, Pending, StreamHead};
use hq_wire::link::v1::Waiting;
use hq_wire::row::v1::Row;
use store_core::fact::RowPosition;
use store_core::{CommandId, JournalSequence, Now, StreamId};
use store_journal::{
    JournalRow, Ledger as _, LedgerReads as _, LinkCursor, SimulatedJournal, Write, Written,
};
use uuid::Uuid;

use crate::random::Random;

/// The journal of a hub, with what it needs to go on in a new stream.
pub struct JournalOutbox {
    pub journal: SimulatedJournal,
    /// Where the ids of new streams come from.
    pub random: Random,
    /// What the clock says.
    pub now: Now,
}

fn unreadable(error: impl std::fmt::Display) -> OutboxError {
    OutboxError(error.to_string())
}

const fn at(stream: Uuid, sequence: u64) -> RowPosition {
    RowPosition { stream: StreamId::new(stream), sequence: JournalSequence(sequence) }
}

impl JournalOutbox {
    fn write(&mut self, write: Write) -> Result<Written, OutboxError> {
        let outcome = self.journal.write_group(vec![write]).pop();
        outcome.ok_or_else(|| unreadable("no answer"))?.map_err(unreadable)
    }

    /// Every row of every stream.
    pub fn all_rows(&self) -> Vec<JournalRow> {
        let streams = self.journal.streams().expect("the streams");
        let rows = streams.iter().map(|it| at(it.head.stream.uuid(), 0));
        rows.flat_map(|start| self.journal.rows(start, usize::MAX).expect("the rows")).collect()
    }
}

impl Outbox for JournalOutbox {
    fn streams(&self) -> Result<Vec<StreamHead>, OutboxError> {
        let streams = self.journal.streams().map_err(unreadable)?;
        let head = |stream: store_journal::StreamState| StreamHead {
            stream: stream.head.stream.uuid(),
            sequence: stream.head.sequence.0,
            digest: stream.head.digest,
        };
        Ok(streams.into_iter().map(head).collect())
    }

    fn rows(&self, stream: Uuid, after: u64, limit: usize) -> Result<Vec<Row>, OutboxError> {
        let rows = self.journal.rows(at(stream, after), limit).map_err(unreadable)?;
        rows.iter().map(|row| row.to_wire().map_err(unreadable)).collect()
    }

    fn row_digest(&self, stream: Uuid, sequence: u64) -> Result<Option<Digest>, OutboxError> {
        let Some(before) = sequence.checked_sub(1) else { return Ok(None) };
        let rows = self.journal.rows(at(stream, before), 1).map_err(unreadable)?;
        Ok(rows.first().map(|row| row.digest))
    }

    fn cursor(&self, wire: Uuid) -> Result<Option<Cursor>, OutboxError> {
        let saved = self.journal.cursor(StreamId::new(wire)).map_err(unreadable)?;
        Ok(saved.map(|it| Cursor { wire, through: it.through.0, digest: it.digest }))
    }

    fn save_cursor(&mut self, cursor: Cursor) -> Result<(), OutboxError> {
        let stream = StreamId::new(cursor.wire);
        let through = JournalSequence(cursor.through);
        let cursor = LinkCursor { stream, through, digest: cursor.digest };
        self.write(Write::Cursor(cursor)).map(drop)
    }

    fn diverge(&mut self) -> Result<(), OutboxError> {
        let id = CommandId::new(self.random.uuid());
        let stream = StreamId::new(self.random.uuid());
        self.write(Write::Diverge { id, now: self.now, stream }).map(drop)
    }

    fn waiting(&self, pending: &[Pending]) -> Result<Waiting, OutboxError> {
        let mut waiting = Waiting::default();
        for Pending { stream, after } in pending {
            for row in self.journal.rows(at(*stream, *after), usize::MAX).map_err(unreadable)? {
                let wall_ms = row.now.wall.as_millisecond();
                waiting.rows += 1;
                waiting.sales += u64::from(row.kind == "sale_completed");
                waiting.since_ms =
                    Some(waiting.since_ms.map_or(wall_ms, |since| since.min(wall_ms)));
            }
        }
        Ok(waiting)
    }
}
