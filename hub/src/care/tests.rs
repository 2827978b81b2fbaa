//! The verification goes on where it was, for as long as the hub runs.

use std::path::Path;
use std::time::Duration;

use store_core::fact::Fact;
use store_core::{
    BootId, CommandId, JournalSequence, Now, OperatorId, StoreId, StreamId, WorkstationId,
};
use store_journal::{
    Append, BackgroundVerifier, BadRow, DraftChange, Ledger as _, OpenError, OpenOptions,
    SqliteJournal, Write,
};
use tokio::sync::watch;
use uuid::Uuid;

use super::{Care, PAUSE, REST, watch_every};

fn now() -> Now {
    Now {
        wall: jiff::Timestamp::UNIX_EPOCH,
        utc_offset_s: 0,
        monotonic_ms: 0,
        boot: BootId::new(Uuid::nil()),
        clock_trusted: true,
    }
}

fn open(data_dir: &Path) -> SqliteJournal {
    let options = OpenOptions::new(StoreId::from_static("367"), "the tests", now());
    SqliteJournal::open(data_dir, &options).unwrap().0
}

fn sign_on(journal: &mut SqliteJournal, number: u32) {
    let append = Append {
        id: CommandId::new(Uuid::from_u128(number.into())),
        now: now(),
        fact: Fact::OperatorSignedOn {
            workstation: WorkstationId::from_static("1"),
            operator: OperatorId::from_static("c1"),
        },
        draft: DraftChange::Keep,
        print: None,
    };
    let outcomes = journal.write_group(vec![Write::Append(Box::new(append))]);
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
}

fn mark(data_dir: &Path) -> String {
    std::fs::read_to_string(data_dir.join("journal.mark")).unwrap()
}

/// Until so many rows are verified and the mark stands at the last of them.
async fn until(care: &Care, rows: u64, data_dir: &Path) {
    let is_marked = |text: String| text.split(' ').nth(1) == Some(rows.to_string().as_str());
    while care.rows_verified() < rows || !is_marked(mark(data_dir)) {
        tokio::task::yield_now().await;
    }
}

#[test]
fn the_mark_moves_on_with_what_is_written() {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = open(dir.path());
    let (stopping, stopped) = watch::channel(false);
    let brief = Duration::from_millis(1);
    actix_web::rt::System::new().block_on(async {
        let care = watch_every(brief, dir.path(), Vec::new(), stopped).unwrap();
        until(&care, 1, dir.path()).await;
        sign_on(&mut journal, 1);
        until(&care, 2, dir.path()).await;
        for number in 2..=500 {
            sign_on(&mut journal, number);
        }
        until(&care, 501, dir.path()).await;
        assert_eq!(care.bad_row(), None);
        stopping.send_replace(true);
        stopping.closed().await;
    });
}

#[test]
fn a_reading_that_fails_is_tried_again_and_a_bad_row_is_not() {
    let (dir, care) = (tempfile::tempdir().unwrap(), Care::default());
    let mut journal = open(dir.path());
    sign_on(&mut journal, 1);
    let mut verifier = BackgroundVerifier::new(dir.path()).unwrap();
    // The mark cannot be written, and then it can.
    let in_the_way = dir.path().join("journal.mark.background");
    std::fs::create_dir(&in_the_way).unwrap();
    let failed = verifier.step(10);
    assert!(failed.is_err());
    assert_eq!(care.after_step(failed, REST), Ok(REST));
    assert_eq!((care.rows_verified(), care.bad_row()), (0, None));
    std::fs::remove_dir(&in_the_way).unwrap();
    assert_eq!(care.after_step(verifier.step(1), REST), Ok(REST));
    assert_eq!(care.rows_verified(), 2);
    sign_on(&mut journal, 2);
    assert_eq!(care.after_step(verifier.step(1), REST), Ok(PAUSE), "there may be more");
    let bad = bad_row();
    let found = Err(OpenError::BadRow { source: bad.clone() });
    assert_eq!(care.after_step(found, REST), Err(bad));
}

fn bad_row() -> BadRow {
    BadRow {
        stream: StreamId::new(Uuid::nil()),
        sequence: JournalSequence(7),
        reason: "its digest is another".to_owned(),
    }
}
