//! One write, within a transaction that somebody else opens and commits.

use hq_wire::facts::v1::StreamCause;
use rusqlite::Connection;
use store_core::fact::CommittedFact;
use store_core::{CommandId, Now, StoreId, StreamId, TransactionId};

use super::project::{Fault, project};
use super::rows::{Tip, insert};
use super::stream::{self, Beginning};
use super::{beside, buyers, reads, suspended};
use crate::fold::{self, STREAM_STARTED};
use crate::{Append, DraftChange, JournalRow, Write, WriteError, Written};

/// What a write needs to know besides itself.
pub struct Circumstances<'a> {
    /// Whose journal it is.
    pub store: &'a StoreId,
    /// The software that writes.
    pub software: &'a str,
    /// Whether there is more room than is kept for closing the day.
    pub has_room: bool,
}

/// Carries one write out and moves the tip along. After an error the caller rolls back and puts
/// the tip back.
pub fn apply(
    connection: &Connection,
    tip: &mut Tip,
    circumstances: &Circumstances<'_>,
    write: &Write,
) -> Result<Written, Fault> {
    match write {
        Write::Append(promise) => append(connection, tip, circumstances, promise),
        Write::SaveDraft(draft) => {
            beside::save_draft(connection, draft)?;
            Ok(Written::Done)
        }
        Write::Print { change, at_ms } => {
            beside::print(connection, change, *at_ms)?;
            Ok(Written::Done)
        }
        Write::Access(change) => {
            beside::access(connection, change)?;
            Ok(Written::Done)
        }
        Write::EraseBuyer(transaction) => {
            buyers::erase(connection, *transaction)?;
            Ok(Written::Done)
        }
        Write::Cursor(cursor) => {
            beside::cursor(connection, cursor)?;
            Ok(Written::Done)
        }
        Write::Diverge { id, now, stream } => {
            diverge(connection, tip, circumstances, *id, *now, *stream)
        }
        Write::Prune { before_ms } => {
            beside::prune(connection, *before_ms)?;
            Ok(Written::Done)
        }
    }
}

/// The outcome of a write whose id stands in a row already; nothing where it is new.
fn repeated(
    connection: &Connection,
    id: CommandId,
    kind: &str,
    transaction: Option<TransactionId>,
) -> Result<Option<Written>, Fault> {
    match reads::row_of(connection, id)? {
        Some(there) => Ok(Some(fold::repeated(&there, kind, transaction)?)),
        None => Ok(None),
    }
}

fn append(
    connection: &Connection,
    tip: &mut Tip,
    circumstances: &Circumstances<'_>,
    append: &Append,
) -> Result<Written, Fault> {
    let fact = &append.fact;
    let earlier = || repeated(connection, append.id, fact.kind(), fact.transaction());
    if !circumstances.has_room && !fold::is_closing(fact) {
        return earlier()?.ok_or_else(|| WriteError::DiskFull.into());
    }
    let row = JournalRow::sealed(&tip.head, append)
        .map_err(|error| WriteError::Rejected(error.to_string()))?;
    let position = tip.position + 1;
    // Nearly every id is new: looking it up first would cost each of them a search.
    if !insert(connection, &row, position, tip.ordinal)? {
        let lost = || WriteError::Failed(format!("append {} is there and is not", append.id));
        return Ok(earlier()?.ok_or_else(lost)?);
    }
    let committed =
        CommittedFact { position: row.position, now: append.now, fact: append.fact.clone() };
    project(connection, position, &committed)?;
    let at_ms = append.now.wall.as_millisecond();
    match &append.draft {
        DraftChange::Keep => {}
        DraftChange::Save(draft) => beside::save_draft(connection, draft)?,
        DraftChange::End { transaction, absorbed, wish } => {
            beside::end_draft(connection, *transaction, position, absorbed, at_ms)?;
            buyers::keep(connection, *transaction, wish)?;
        }
        DraftChange::Suspend(draft) => suspended::put_aside(connection, append, draft)?,
        DraftChange::Retrieve(draft) => suspended::take_back(connection, draft)?,
    }
    if let Some(job) = &append.print {
        beside::queue_print(connection, job, at_ms)?;
    }
    *tip = Tip { head: row.head(), position, ordinal: tip.ordinal };
    Ok(Written::Committed { position: row.position, digest: row.digest, repeated: false })
}

fn diverge(
    connection: &Connection,
    tip: &mut Tip,
    circumstances: &Circumstances<'_>,
    id: CommandId,
    now: Now,
    stream: StreamId,
) -> Result<Written, Fault> {
    if let Some(written) = repeated(connection, id, STREAM_STARTED, None)? {
        return Ok(written);
    }
    let cause = StreamCause::Diverged;
    let (store, software) = (circumstances.store, circumstances.software);
    let row = Beginning { stream, id, now, store, software, cause }
        .row(Some(&tip.head))
        .map_err(|error| WriteError::Failed(error.to_string()))?;
    *tip = stream::start(connection, Some(tip), &row, cause)?;
    Ok(Written::Committed { position: row.position, digest: row.digest, repeated: false })
}
