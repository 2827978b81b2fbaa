//! What must hold at every moment.

use std::fmt;

use hq::ingest::{Ingested, Message};
use hq_wire::row::v1::hex;

use super::database::{Database, Held};

/// A promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// Headquarters takes in whatever comes, as long as there is room.
    IngestWorks,
    /// The watermark of a stream is its longest beginning without a gap.
    WatermarkHasNoGap,
    /// Exactly what is below the watermark is folded.
    FoldedIsBelowTheWatermark,
    /// What is acknowledged is what is committed, and every row of it.
    AcknowledgedIsHeld,
    /// A store takes only what headquarters said for acknowledged.
    CursorIsAcknowledged,
    /// With everything healed all of it comes to rest.
    ComesToRest,
    /// Every row of every journal is at headquarters, and was folded.
    EverythingArrives,
    /// No fact was folded twice.
    NothingTwice,
    /// Sums are those of the journals.
    SumsAgree,
    /// Stock is that of the journals.
    StockAgrees,
    /// Each fork that happened is named, and no other.
    ForksAreNamed,
    /// Stores know how far headquarters is.
    CursorsAgree,
    /// Projections made anew from the rows are the same.
    RebuildAgrees,
}

/// A promise that was not kept.
#[derive(Clone, Debug)]
pub struct Violation {
    pub check: Check,
    pub detail: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.check, self.detail)
    }
}

pub type Checked = Result<(), Violation>;

pub fn fail(check: Check, detail: String) -> Checked {
    Err(Violation { check, detail })
}

/// Looks at headquarters right after a commit, before anything is acknowledged.
pub fn after_commit(database: &mut Database, messages: &[Message], ingested: &Ingested) -> Checked {
    let streams = database.streams();
    for held in &streams {
        check_stream(held)?;
    }
    for (store, ack) in &ingested.acks {
        let held = streams.iter().find(|it| it.store == *store && it.stream == ack.stream);
        let committed = held.map_or((0, hex(&[0; 32]), false), |held| {
            (held.through, hex(&held.digest), held.frozen.is_some())
        });
        if committed != (ack.through, ack.digest.clone(), ack.frozen) {
            let detail = format!("{ack:?} is acknowledged to {store}, and {committed:?} committed");
            return fail(Check::AcknowledgedIsHeld, detail);
        }
    }
    messages.iter().try_for_each(|message| check_rows(database, &streams, message))
}

fn check_stream(held: &Held) -> Checked {
    let beginning = held.through - held.base;
    if held.between != beginning || (held.has_next && held.frozen.is_none()) {
        return fail(Check::WatermarkHasNoGap, format!("{held:?}"));
    }
    if held.folded != beginning || held.last_folded > held.through {
        return fail(Check::FoldedIsBelowTheWatermark, format!("{held:?}"));
    }
    Ok(())
}

/// A stream that is not frozen holds every row that came of it, as it came.
fn check_rows(database: &mut Database, streams: &[Held], message: &Message) -> Checked {
    let Message::Facts { place, batch } = message else { return Ok(()) };
    let name = batch.stream.to_string();
    let mut ours = streams.iter().filter(|it| it.store == place.store && it.stream == name);
    let Some(held) = ours.find(|held| held.frozen.is_none()) else { return Ok(()) };
    let (Some(first), Some(last)) = (batch.rows.first(), batch.rows.last()) else { return Ok(()) };
    let span = (first.sequence, last.sequence);
    let digests = database.digests(&place.store, &name, span);
    for row in batch.rows.iter().filter(|row| row.sequence > held.base) {
        if !digests.contains(&(row.sequence, row.digest)) {
            let detail = format!("row {} as it came is not in {held:?}", row.sequence);
            return fail(Check::AcknowledgedIsHeld, detail);
        }
    }
    Ok(())
}
