//! What is no promise is not kept for ever: the commands of baskets that are long over, receipts
//! that came out, sessions that ran out. Rows of the journal never go.

use std::time::{Duration, Instant};

use actix_web::web;
use jiff::Timestamp;
use store_core::fact::RowPosition;
use store_core::{JournalSequence, Now};
use store_journal::{LedgerReads, ReadError, Write};

use crate::store::Store;

/// How long it is kept: no terminal asks for the outcome of a command a month later.
const KEPT: Duration = Duration::from_secs(30 * 24 * 3600);
/// How often what is older goes.
const INTERVAL: Duration = Duration::from_secs(24 * 3600);
/// How often it is looked whether it may: the clock of a shop that switches off at night is often
/// not to be trusted yet when the hub starts.
const LOOK_INTERVAL: Duration = Duration::from_secs(3600);

/// The moment before which everything may go, in milliseconds since 1970. None under a clock that
/// is not trusted. One that is trusted and far ahead all the same would take what is still needed,
/// so that the month is counted back from the journal's newest row where that is earlier.
fn older_than(now: Now, newest_row: Timestamp) -> Option<i64> {
    let kept_ms = i64::try_from(KEPT.as_millis()).ok()?;
    let until = now.wall.min(newest_row);
    now.clock_trusted.then(|| until.as_millisecond().saturating_sub(kept_ms))
}

/// When the journal's newest row was decided; none of a journal without rows.
fn newest_row(journal: &impl LedgerReads) -> Result<Option<Timestamp>, ReadError> {
    let head = journal.head()?;
    let before = JournalSequence(head.sequence.0.saturating_sub(1));
    let rows = journal.rows(RowPosition { sequence: before, ..head.position() }, 1)?;
    Ok(rows.first().map(|row| row.now.wall))
}

/// Lets what is old go, soon after the start and then every day. Never returns; ends with its task.
pub async fn keep(store: web::Data<Store>) {
    let mut interval = tokio::time::interval(LOOK_INTERVAL);
    let mut last: Option<Instant> = None;
    loop {
        interval.tick().await;
        if last.is_some_and(|last| last.elapsed() < INTERVAL) {
            continue;
        }
        let Ok(Ok(Some(newest))) = store.reader.read(newest_row).await else { continue };
        let Some(before_ms) = older_than(store.clock.now(None), newest) else { continue };
        last = Some(Instant::now());
        let done: store_journal::Reply = Box::new(|result| {
            if let Err(error) = result {
                tracing::warn!(%error, "letting old things go");
            }
        });
        if let Err(error) = store.writer.submit(Write::Prune { before_ms }, done) {
            tracing::warn!(%error, "letting old things go");
        }
    }
}

#[cfg(test)]
mod tests {
    use store_core::fact::Fact;
    use store_core::{BootId, CommandId, OperatorId, StoreId, WorkstationId};
    use store_journal::{Append, DraftChange, Ledger as _, OpenOptions, SqliteJournal};
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_month_is_kept_and_a_clock_that_is_not_trusted_lets_nothing_go() {
        let now = Now {
            wall: Timestamp::from_second(2_000_000_000).unwrap(),
            utc_offset_s: 0,
            monotonic_ms: 0,
            boot: BootId::new(Uuid::nil()),
            clock_trusted: true,
        };
        assert_eq!(older_than(now, now.wall), Some(1_997_408_000_000));
        assert_eq!(older_than(Now { clock_trusted: false, ..now }, now.wall), None);
        let sold = Timestamp::from_second(1_900_000_000).unwrap();
        assert_eq!(older_than(now, sold), Some(1_897_408_000_000), "a clock that is far ahead");
        let later = Timestamp::from_second(2_100_000_000).unwrap();
        assert_eq!(older_than(now, later), Some(1_997_408_000_000), "a row that is far ahead");
    }

    #[test]
    fn the_newest_row_is_the_last_that_was_written() {
        let dir = tempfile::tempdir().unwrap();
        let at = |second| Now {
            wall: Timestamp::from_second(second).unwrap(),
            utc_offset_s: 0,
            monotonic_ms: 0,
            boot: BootId::new(Uuid::nil()),
            clock_trusted: true,
        };
        let options = OpenOptions::new(StoreId::from_static("s"), "the tests", at(1_000));
        let (mut journal, _) = SqliteJournal::open(dir.path(), &options).unwrap();
        for second in [2_000, 3_000] {
            let fact = Fact::OperatorSignedOn {
                workstation: WorkstationId::from_static("1"),
                operator: OperatorId::from_static("c1"),
            };
            let (id, draft) = (CommandId::new(Uuid::now_v7()), DraftChange::Keep);
            let append = Append { id, now: at(second), fact, draft, print: None };
            for outcome in journal.write_group(vec![Write::Append(Box::new(append))]) {
                outcome.unwrap();
            }
            assert_eq!(newest_row(&journal).unwrap(), Some(at(second).wall));
        }
    }
}
