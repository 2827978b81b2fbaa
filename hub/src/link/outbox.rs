use std::sync::Arc;

use cloud_bridge::{Cursor, Digest, Outbox, OutboxError, Pending, StreamHead};
use hq_wire::facts::v1::{StreamCause, StreamStarted};
use hq_wire::link::v1::Waiting;
use hq_wire::row::v1::{NO_DIGEST, Row};
use store_actors::Clock;
use store_core::fact::RowPosition;
use store_core::{CommandId, JournalSequence, StreamId};
use store_journal::{
    JournalRow, LedgerReads as _, LinkCursor, ReadError, Reader, Write, WriterHandle,
};
use uuid::Uuid;

/// The journal as the link sees it: a connection of its own to read, and the writer.
pub struct JournalOutbox {
    reader: Reader,
    writer: WriterHandle,
    clock: Arc<dyn Clock>,
}

impl JournalOutbox {
    pub fn new(reader: Reader, writer: WriterHandle, clock: Arc<dyn Clock>) -> Self {
        Self { reader, writer, clock }
    }

    fn row(&self, stream: Uuid, sequence: u64) -> Result<Option<JournalRow>, ReadError> {
        let Some(before) = sequence.checked_sub(1) else { return Ok(None) };
        let rows = self.reader.rows(position(stream, before), 1)?;
        Ok(rows.into_iter().next())
    }
}

const fn position(stream: Uuid, sequence: u64) -> RowPosition {
    RowPosition { stream: StreamId::new(stream), sequence: JournalSequence(sequence) }
}

fn failed(error: &dyn std::error::Error) -> OutboxError {
    OutboxError(super::whole(error))
}

fn unread(error: ReadError) -> OutboxError {
    failed(&error)
}

impl Outbox for JournalOutbox {
    fn streams(&self) -> Result<Vec<StreamHead>, OutboxError> {
        let streams = self.reader.streams().map_err(unread)?;
        let head = |stream: store_journal::StreamState| StreamHead {
            stream: stream.head.stream.uuid(),
            sequence: stream.head.sequence.0,
            digest: stream.head.digest,
        };
        Ok(streams.into_iter().map(head).collect())
    }

    fn rows(&self, stream: Uuid, after: u64, limit: usize) -> Result<Vec<Row>, OutboxError> {
        let rows = self.reader.rows(position(stream, after), limit).map_err(unread)?;
        rows.iter().map(|row| row.to_wire().map_err(|error| failed(&error))).collect()
    }

    fn row_digest(&self, stream: Uuid, sequence: u64) -> Result<Option<Digest>, OutboxError> {
        if sequence == 0 {
            return Ok(Some(NO_DIGEST));
        }
        Ok(self.row(stream, sequence).map_err(unread)?.map(|row| row.digest))
    }

    fn cursor(&self, wire: Uuid) -> Result<Option<Cursor>, OutboxError> {
        let saved = self.reader.cursor(StreamId::new(wire)).map_err(unread)?;
        let cursor =
            |saved: LinkCursor| Cursor { wire, through: saved.through.0, digest: saved.digest };
        Ok(saved.map(cursor))
    }

    /// Does not wait for it: a lost one costs a few rows sent twice.
    fn save_cursor(&mut self, cursor: Cursor) -> Result<(), OutboxError> {
        let Cursor { wire, through, digest } = cursor;
        let (stream, through) = (StreamId::new(wire), JournalSequence(through));
        let write = Write::Cursor(LinkCursor { stream, through, digest });
        let reply = move |outcome| {
            if let Err(error) = outcome {
                tracing::warn!(%error, "saving how far headquarters is");
            }
        };
        self.writer.submit(write, Box::new(reply)).map_err(|error| failed(&error))
    }

    fn diverge(&mut self) -> Result<(), OutboxError> {
        let write = Write::Diverge {
            id: CommandId::new(Uuid::now_v7()),
            now: self.clock.now(None),
            stream: StreamId::new(Uuid::now_v7()),
        };
        let outcome = self.writer.write(write).map_err(|error| failed(&error))?;
        outcome.map(drop).map_err(|error| failed(&error))
    }

    fn waiting(&self, pending: &[Pending]) -> Result<Waiting, OutboxError> {
        let mut all = Waiting::default();
        for Pending { stream, after } in pending {
            let waiting = self.reader.waiting(position(*stream, *after)).map_err(unread)?;
            all.rows += waiting.rows;
            all.sales += waiting.sales;
            all.since_ms = [all.since_ms, waiting.since_ms].into_iter().flatten().min();
        }
        Ok(all)
    }
}

/// When the present stream began, in milliseconds since 1970, where it began because the journal
/// was found to be a copy.
pub fn diverged(reader: &Reader) -> Result<Option<i64>, ReadError> {
    let stream = reader.head()?.stream;
    let first = reader.rows(RowPosition { stream, sequence: JournalSequence(0) }, 1)?;
    let Some(first) = first.first() else { return Ok(None) };
    let started: Option<StreamStarted> = serde_json::from_str(&first.body).ok();
    let is_diverged = started.is_some_and(|started| started.cause == StreamCause::Diverged);
    Ok(is_diverged.then(|| first.now.wall.as_millisecond()))
}
