use hq_wire::facts::v1::{Parent, StreamCause, StreamStarted};
use hq_wire::row::v1::hex;
use rusqlite::{Connection, params};
use store_core::{CommandId, Now, StoreId, StreamId};

use super::rows::{Tip, insert, signed};
use crate::convert::ConvertError;
use crate::{Head, JournalRow};

/// What the first row of a stream says besides where the journal stood.
pub struct Beginning<'a> {
    pub stream: StreamId,
    pub id: CommandId,
    pub now: Now,
    pub store: &'a StoreId,
    pub software: &'a str,
    pub cause: StreamCause,
}

impl Beginning<'_> {
    /// The first row of the stream.
    ///
    /// # Errors
    /// Where its body has no wire form.
    pub fn row(&self, parent: Option<&Head>) -> Result<JournalRow, ConvertError> {
        let body = StreamStarted {
            store: self.store.to_string(),
            parent: parent.map(|head| Parent {
                stream: head.stream.to_string(),
                through: head.sequence.0,
                digest: hex(&head.digest),
            }),
            cause: self.cause,
            software: self.software.to_owned(),
        };
        JournalRow::first(self.stream, self.id, self.now, body)
    }
}

/// A cause as it stands in the table of streams.
pub const fn cause_code(cause: StreamCause) -> &'static str {
    match cause {
        StreamCause::Created => "created",
        StreamCause::Restored => "restored",
        StreamCause::Diverged => "diverged",
    }
}

/// Starts a stream after the last row there is, if any, within the caller's transaction.
pub fn start(
    connection: &Connection,
    last: Option<&Tip>,
    row: &JournalRow,
    cause: StreamCause,
) -> Result<Tip, rusqlite::Error> {
    let position = last.map_or(0, |tip| tip.position) + 1;
    let ordinal = last.map_or(0, |tip| tip.ordinal) + 1;
    let parent = last.map(|tip| &tip.head);
    let parent_stream = parent.map(|head| head.stream.uuid());
    connection.execute(
        "INSERT INTO streams (ordinal, id, first_position, parent_stream, parent_sequence,
             parent_digest, cause)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            ordinal,
            row.position.stream.uuid().as_bytes(),
            position,
            parent_stream.as_ref().map(uuid::Uuid::as_bytes),
            parent.map(|head| signed(head.sequence.0)),
            parent.map(|head| head.digest),
            cause_code(cause),
        ],
    )?;
    if !insert(connection, row, position, ordinal)? {
        return Err(rusqlite::Error::StatementChangedRows(0));
    }
    Ok(Tip { head: row.head(), position, ordinal })
}
