//! A disk that is really full: the database may not grow any more.

use store_journal::{LedgerReads, SqliteJournal, Write, WriteError};

use crate::bench::{Bench, all_rows, found, placed};
use crate::on_disk::{open, options};
use crate::trade::{Trade, draft, promise};

#[test]
fn what_does_not_fit_is_refused_whole_and_selling_goes_on_when_there_is_room() {
    use store_journal::Ledger;
    let dir = tempfile::tempdir().unwrap();
    drop(open(dir.path()));
    let mut options = options();
    options.pages_max = Some(80);
    let (mut journal, _) = SqliteJournal::open(dir.path(), &options).unwrap();
    let mut trade = Trade::new(1);
    let (mut answered, mut refused) = (Vec::new(), Vec::new());
    let mut number = 1;
    while refused.is_empty() {
        let group: Vec<_> = (number..number + 3).map(|number| trade.sale("1", number)).collect();
        number += 3;
        let outcomes = journal.write_group(group.iter().map(promise).collect());
        for (sale, outcome) in group.into_iter().zip(outcomes) {
            match outcome {
                Ok(_) => answered.push(sale),
                Err(WriteError::DiskFull) => refused.push(sale),
                // The number before it was not given: this one would leave a gap.
                Err(WriteError::Rejected(_)) if !refused.is_empty() => refused.push(sale),
                other => panic!("{other:?}"),
            }
        }
        assert!(number < 10_000, "80 pages are full at some time");
    }
    assert!(answered.len() > 3, "some sales fit: {}", answered.len());
    let basket = trade.basket("2", "milk", 1);
    let big = store_journal::Draft { body: "x".repeat(100_000), ..draft(&basket, 1) };
    let outcome = journal.write_group(vec![Write::SaveDraft(big)]);
    assert_eq!(outcome, vec![Err(WriteError::DiskFull)]);
    assert_eq!(journal.drafts().unwrap(), vec![]);
    assert_eq!(all_rows(&journal).len(), answered.len() + 1, "nothing of what was refused");
    drop(journal);
    store_journal::verify(dir.path(), true).unwrap();

    let mut journal = open(dir.path());
    for sale in &answered {
        found(&journal.write_group(vec![promise(sale)])[0]);
    }
    for sale in &refused {
        placed(&journal.write_group(vec![promise(sale)])[0]);
    }
    drop(journal);
    store_journal::verify(dir.path(), true).unwrap();
}

#[test]
fn the_room_that_is_kept_is_counted_by_the_filesystem() {
    let dir = tempfile::tempdir().unwrap();
    let mut options = options();
    options.reserve_bytes = u64::MAX;
    let (mut journal, _) = SqliteJournal::open(dir.path(), &options).unwrap();
    let mut trade = Trade::new(1);
    let write = |journal: &mut SqliteJournal, append: &store_journal::Append| {
        store_journal::Ledger::write_group(journal, vec![promise(append)]).pop().unwrap()
    };
    assert_eq!(write(&mut journal, &trade.sale("1", 1)), Err(WriteError::DiskFull));
    placed(&write(&mut journal, &trade.sign_off("1")));
    let mut bench = crate::on_disk::OnDisk::new();
    placed(&bench.append(&trade.sale("1", 1)));
}
