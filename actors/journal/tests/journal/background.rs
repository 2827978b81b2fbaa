//! The rest of the journal, verified while the store sells.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use store_journal::{BackgroundVerifier, Ledger, VerifyProgress, Writer};

use crate::bench::placed;
use crate::chain::{bad_row, rows_in, tool, two_streams};
use crate::on_disk::{MARK, open};
use crate::trade::{Trade, promise};

#[test]
fn it_walks_to_the_end_and_moves_the_mark_there() {
    let dir = two_streams();
    let mark = std::fs::read_to_string(dir.path().join(MARK)).unwrap();
    std::fs::remove_file(dir.path().join(MARK)).unwrap();
    let mut verifier = BackgroundVerifier::new(dir.path()).unwrap();
    let progress = |rows, is_done| VerifyProgress { rows, is_done };
    assert_eq!(verifier.step(5).unwrap(), progress(5, false));
    assert!(!dir.path().join(MARK).exists(), "not before the end");
    assert_eq!(verifier.step(5).unwrap(), progress(10, false));
    assert_eq!(verifier.step(5).unwrap(), progress(12, true));
    assert_eq!(std::fs::read_to_string(dir.path().join(MARK)).unwrap(), mark);
}

#[test]
fn it_finds_what_a_start_passed_over() {
    let dir = tempfile::tempdir().unwrap();
    let (mut journal, mut trade) = (open(dir.path()), Trade::new(1));
    for _ in 0..12 {
        let group = (0..100).map(|_| promise(&trade.sign_on("1"))).collect();
        journal.write_group(group);
    }
    journal.close().unwrap();
    drop(journal);
    let stream = rows_in(&dir)[0].position.stream;
    tool(&dir).execute("UPDATE journal SET utc_offset_s = 1 WHERE position = 42", []).unwrap();
    let selling = open(dir.path());
    let mut verifier = BackgroundVerifier::new(dir.path()).unwrap();
    assert!(!verifier.step(41).unwrap().is_done);
    for _ in 0..2 {
        let bad = bad_row(verifier.step(41));
        assert_eq!((bad.stream, bad.sequence.0), (stream, 42), "and says so again");
    }
    drop(selling);
}

#[test]
fn rows_that_are_written_meanwhile_are_no_alarm() {
    let dir = tempfile::tempdir().unwrap();
    let writer = Writer::spawn(open(dir.path())).unwrap();
    let is_over = Arc::new(AtomicBool::new(false));
    let (handle, over) = (writer.handle(), Arc::clone(&is_over));
    let selling = std::thread::spawn(move || {
        let mut trade = Trade::new(1);
        let mut written = 0_u64;
        while !over.load(Ordering::SeqCst) {
            placed(&handle.write(promise(&trade.sign_on("1"))).unwrap());
            written += 1;
        }
        written
    });
    // It reaches the end over and over while the end moves on.
    let (mut verifier, mut ends, mut rows) =
        (BackgroundVerifier::new(dir.path()).unwrap(), 0_u32, 0);
    while rows < 60 {
        let progress = verifier.step(1000).unwrap();
        ends += u32::from(progress.is_done);
        rows = progress.rows;
    }
    is_over.store(true, Ordering::SeqCst);
    let written = selling.join().unwrap();
    println!("{written} rows written, the end was reached {ends} times");
    assert!(ends > 1);
    drop(writer.stop().unwrap());
    store_journal::verify(dir.path(), true).unwrap();
}
