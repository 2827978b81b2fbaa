//! The log cut off or torn at any byte, as a power cut in the middle of a write leaves it.

use store_core::fact::RowPosition;
use store_journal::{Ledger, LedgerReads, SqliteJournal};

use crate::on_disk::{Files, open, options};
use crate::random::Random;
use crate::trade::{Trade, promise};

/// The smallest piece that a disk writes whole, in bytes.
const SECTOR: usize = 512;

/// The files after a dozen sales in six commits, and where the log ended after each.
fn commits() -> (Files, Vec<(usize, RowPosition)>) {
    let dir = tempfile::tempdir().unwrap();
    drop(open(dir.path()));
    let (mut journal, mut trade) = (open(dir.path()), Trade::new(1));
    let end = |journal: &SqliteJournal| {
        (Files::read(dir.path()).log.len(), journal.head().unwrap().position())
    };
    let mut ends = vec![end(&journal)];
    for number in 1..=6 {
        let pair = [trade.sale("1", number), trade.sale("2", number)];
        assert!(journal.write_group(pair.iter().map(promise).collect()).iter().all(Result::is_ok));
        ends.push(end(&journal));
    }
    (Files::read(dir.path()), ends)
}

/// The last row after the power comes back, with everything verified.
fn head_of(files: &Files) -> RowPosition {
    let dir = tempfile::tempdir().unwrap();
    files.write(dir.path());
    let (journal, _) = SqliteJournal::open(dir.path(), &options()).unwrap();
    let head = journal.head().unwrap().position();
    drop(journal);
    store_journal::verify(dir.path(), true).unwrap();
    head
}

#[test]
fn a_log_that_is_cut_off_has_every_commit_before_the_cut_and_nothing_of_the_next() {
    let mut chance = Random::new("cut log");
    let (files, ends) = commits();
    let mut cuts: Vec<usize> = ends.iter().map(|(end, _)| *end).collect();
    cuts.extend(ends.iter().skip(1).map(|(end, _)| end - 1));
    cuts.extend((0..30).map(|_| chance.below(files.log.len())));
    for cut in cuts {
        let log = files.log[..cut].to_vec();
        let (_, expected) = ends.iter().rfind(|(end, _)| *end <= cut).unwrap();
        let head = head_of(&Files { log, ..files.clone() });
        assert_eq!(head, *expected, "cut at byte {cut} of {:?}", ends);
    }
}

#[test]
fn a_torn_sector_takes_its_commit_with_it_and_none_before() {
    let mut chance = Random::new("torn log");
    let (files, ends) = commits();
    for _ in 0..30 {
        let sector = chance.below(files.log.len() / SECTOR) * SECTOR;
        let mut log = files.log.clone();
        for byte in &mut log[sector..sector + SECTOR] {
            *byte = if chance.one_in(2) { 0 } else { !*byte };
        }
        let head = head_of(&Files { log, ..files.clone() });
        let (_, synced) = ends.iter().rfind(|(end, _)| *end <= sector).unwrap();
        assert_eq!(head, *synced, "a torn sector at byte {sector} of {ends:?}");
    }
}
