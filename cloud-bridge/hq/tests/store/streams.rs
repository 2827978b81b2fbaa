//! What comes in any order, twice, late, or against itself.

use hq::store::{HqStore, StoreError};
use hq_wire::facts::v1::StreamCause;
use hq_wire::link::v1::{Ack, Branch, branch_id};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::journal::{Journal, digest_of};
use crate::support::{Place, dump, with_stores};

crate::everywhere! {
    rows_in_order_are_acknowledged_and_folded,
    a_gap_waits_and_is_folded_when_it_closes,
    no_order_and_no_doubling_changes_anything,
    two_rows_with_one_number_freeze_the_stream_and_both_are_kept,
    a_row_that_waits_can_be_contradicted_too,
    a_row_whose_digest_does_not_hold_stops_the_stream,
    a_branch_brings_what_a_frozen_stream_left_out,
    two_copies_of_a_branch_meet,
    a_fact_is_folded_once_whatever_stream_it_comes_by,
    two_at_once_fold_each_fact_once,
    a_commit_without_its_acknowledgement_is_acknowledged_again,
    a_failure_in_the_middle_leaves_nothing,
}

fn trade(store: &str, salt: u64, sales: u64) -> Journal {
    let mut journal = Journal::new(store, salt);
    for number in 1..=sales {
        journal.sell(number, 8 + u8::try_from(number % 3).unwrap(), &[("a1", 2), ("b1", 1)]);
        if number % 5 == 0 {
            journal.count("a1", &number.to_string(), "piece");
        }
    }
    journal
}

fn only(acks: &[(String, Ack)]) -> &Ack {
    assert_eq!(acks.len(), 1, "{acks:?}");
    &acks[0].1
}

fn rows_in_order_are_acknowledged_and_folded(place: &Place) {
    let mut hq = with_stores(place, &["367"]);
    let journal = trade("367", 1, 4);
    let taken = hq.ingest(&[journal.message(1..=3), journal.message(4..=5)], 1000).unwrap();
    assert_eq!((taken.folded_rows, taken.folded_sales, taken.put_aside), (5, 4, 0));
    let ack = only(&taken.acks);
    assert_eq!((ack.through, ack.frozen), (5, false));
    assert_eq!((&taken.acks[0].0, &ack.digest), (&"367".to_owned(), &journal.rows[4].digest));
    assert_eq!(hq.acks_of("367").unwrap(), std::slice::from_ref(ack));
    let again = hq.ingest(&[journal.message(2..=4)], 1001).unwrap();
    assert_eq!((only(&again.acks), again.folded_rows), (ack, 0), "a duplicate is acknowledged");
}

fn a_gap_waits_and_is_folded_when_it_closes(place: &Place) {
    let mut hq = with_stores(place, &["367"]);
    let mut journal = Journal::new("367", 1);
    (1..=200).for_each(|number| journal.sell(number, 9, &[("a1", 1)]));
    let taken = hq.ingest(&[journal.message(1..=2), journal.message(5..=201)], 1000).unwrap();
    assert_eq!((only(&taken.acks).through, taken.folded_sales), (2, 1));
    let taken = hq.ingest(&[journal.message(4..=6)], 1001).unwrap();
    assert_eq!((only(&taken.acks).through, taken.folded_sales), (2, 0));
    let taken = hq.ingest(&[journal.message(3..=3)], 1002).unwrap();
    assert_eq!((only(&taken.acks).through, taken.folded_sales), (201, 199));
}

/// Everything that rows make, and the rows.
fn everything(hq: &mut HqStore) -> Vec<String> {
    ["rows", "streams", "sales_by", "sales", "stock", "forks"]
        .into_iter()
        .flat_map(|table| dump(hq, table))
        .collect()
}

fn no_order_and_no_doubling_changes_anything(place: &Place) {
    let journal = trade("367", 1, 30);
    let rows = journal.rows.len();
    let expected = {
        let mut hq = with_stores(&place.another(), &["367"]);
        hq.ingest(&[journal.all()], 1000).unwrap();
        everything(&mut hq)
    };
    let batch = (1..=rows, 0..8_usize).prop_map(move |(from, more)| from..=(from + more).min(rows));
    let transactions = prop::collection::vec(prop::collection::vec(batch, 1..6), 0..12);
    let cases = if place.is_fast() { 48 } else { 8 };
    let mut runner = TestRunner::new(Config { cases, ..Config::default() });
    let property = |transactions: Vec<Vec<std::ops::RangeInclusive<usize>>>| {
        let mut hq = with_stores(&place.another(), &["367"]);
        for batches in transactions {
            let messages: Vec<_> = batches.into_iter().map(|it| journal.message(it)).collect();
            hq.ingest(&messages, 1000).unwrap();
        }
        // What never came comes at last.
        hq.ingest(&[journal.all()], 1000).unwrap();
        assert_eq!(everything(&mut hq), expected);
        Ok(())
    };
    if let Err(failure) = runner.run(&transactions, property) {
        panic!("{failure}");
    }
}

fn two_rows_with_one_number_freeze_the_stream_and_both_are_kept(place: &Place) {
    let mut hq = with_stores(place, &["367"]);
    let ours = trade("367", 1, 4);
    let mut theirs = ours.clone();
    theirs.rows.truncate(3);
    theirs.salt = 9;
    (1..=3).for_each(|number| theirs.sell(number, 9, &[("c1", 1)]));
    hq.ingest(&[ours.all()], 1000).unwrap();
    let before = dump(&mut hq, "sales_by");
    let taken = hq.ingest(&[theirs.message(3..=6)], 1001).unwrap();
    let ack = only(&taken.acks).clone();
    assert_eq!((ack.through, ack.frozen), (5, true));
    assert_eq!(ack.digest, ours.rows[4].digest);
    assert_eq!(dump(&mut hq, "conflicts").len(), 2, "rows 4 and 5 of the other");
    assert_eq!(dump(&mut hq, "rows").len(), 5, "and row 6 comes by its branch");
    assert_eq!(dump(&mut hq, "sales_by"), before);
    let later = hq.ingest(&[ours.message(1..=5)], 1002).unwrap();
    assert_eq!((only(&later.acks), later.folded_rows), (&ack, 0), "nothing thaws it");
    let forks = hq.forks(&hq::store::Scope::All).unwrap();
    assert_eq!(forks.len(), 1);
    assert_eq!((forks[0].cause.as_str(), forks[0].after, forks[0].at_ms), ("frozen", 5, 1001));
}

fn a_row_that_waits_can_be_contradicted_too(place: &Place) {
    let mut hq = with_stores(place, &["367"]);
    let ours = trade("367", 1, 4);
    let mut theirs = ours.clone();
    theirs.rows.truncate(3);
    theirs.salt = 9;
    theirs.sell(1, 9, &[("c1", 1)]);
    // In one transaction and in two.
    let taken = hq.ingest(&[ours.message(4..=4), theirs.message(4..=4)], 1000).unwrap();
    assert_eq!((only(&taken.acks).through, only(&taken.acks).frozen), (0, true));
    let other = trade("367", 2, 4);
    let mut theirs = other.clone();
    theirs.rows.truncate(3);
    theirs.salt = 9;
    theirs.sell(2, 9, &[("c1", 1)]);
    hq.ingest(&[other.message(4..=4)], 1000).unwrap();
    let taken = hq.ingest(&[theirs.message(4..=4)], 1000).unwrap();
    assert_eq!((only(&taken.acks).through, only(&taken.acks).frozen), (0, true));
    assert_eq!(dump(&mut hq, "conflicts").len(), 2);
}

fn a_row_whose_digest_does_not_hold_stops_the_stream(place: &Place) {
    let mut hq = with_stores(place, &["367"]);
    let mut journal = trade("367", 1, 4);
    let body = journal.rows[2].body.get().replace("\"amount\":\"20\"", "\"amount\":\"21\"");
    assert_ne!(body, journal.rows[2].body.get());
    journal.rows[2].body = serde_json::value::RawValue::from_string(body).unwrap();
    let taken = hq.ingest(&[journal.message(4..=5), journal.message(1..=3)], 1000).unwrap();
    assert_eq!((only(&taken.acks).through, only(&taken.acks).frozen), (2, true));
    assert_eq!(taken.folded_sales, 1);
    let streams = hq.streams(&hq::store::Scope::All).unwrap();
    assert_eq!((streams[0].frozen.as_deref(), streams[0].highest), (Some("broken"), 5));
    assert_eq!(hq.forks(&hq::store::Scope::All).unwrap()[0].rows_ahead, 3);
}

/// Our own rows above a row, as a branch.
fn branch_of(journal: &Journal, after: usize) -> (uuid::Uuid, Branch) {
    let last = digest_of(journal.rows.last().unwrap());
    let digest = after
        .checked_sub(1)
        .map_or_else(|| "0".repeat(64), |index| journal.rows[index].digest.clone());
    let branch = Branch { stream: journal.stream.to_string(), after: after as u64, digest };
    (branch_id(journal.stream, &last), branch)
}

fn a_branch_brings_what_a_frozen_stream_left_out(place: &Place) {
    let mut hq = with_stores(place, &["367"]);
    let ours = trade("367", 1, 4);
    let mut theirs = ours.clone();
    theirs.rows.truncate(3);
    theirs.salt = 9;
    (1..=3).for_each(|number| theirs.sell(number, 9, &[("c1", 1)]));
    hq.ingest(&[ours.all(), theirs.message(3..=6)], 1000).unwrap();
    let (name, branch) = branch_of(&theirs, 2);
    let first = theirs.message_as(name, Some(branch.clone()), 5..=6);
    let taken = hq.ingest(&[first], 1001).unwrap();
    assert_eq!(only(&taken.acks).through, 2, "its gap waits too");
    let second = theirs.message_as(name, Some(branch), 3..=4);
    let taken = hq.ingest(&[second], 1001).unwrap();
    let ack = only(&taken.acks);
    assert_eq!((ack.through, ack.frozen, &ack.digest), (6, false, &theirs.rows[5].digest));
    assert_eq!(taken.folded_sales, 3, "row 3 was folded before, by the stream");
    let totals = hq.totals(&hq::store::Scope::All).unwrap();
    assert_eq!(totals["367"].transactions, 4 + 3);
    let next = theirs.forked(10, StreamCause::Diverged);
    hq.ingest(&[next.all()], 1002).unwrap();
    let forks = hq.forks(&hq::store::Scope::All).unwrap();
    let told: Vec<_> = forks
        .iter()
        .map(|fork| (fork.cause.as_str(), fork.after, fork.rows_ahead, fork.into.clone().unwrap()))
        .collect();
    let expected =
        [("diverged", 2, 3, next.stream.to_string()), ("frozen", 2, 0, name.to_string())];
    assert_eq!(told, expected);
}

fn two_copies_of_a_branch_meet(place: &Place) {
    let mut hq = with_stores(place, &["367"]);
    let journal = trade("367", 1, 9);
    let rows = journal.rows.len();
    let (name, from_4) = branch_of(&journal, 4);
    let (same, from_2) = branch_of(&journal, 2);
    let (_, from_8) = branch_of(&journal, 8);
    assert_eq!(name, same);
    hq.ingest(&[journal.message_as(name, Some(from_4), 5..=6)], 1000).unwrap();
    let taken = hq.ingest(&[journal.message_as(name, Some(from_2), 3..=4)], 1000).unwrap();
    assert_eq!((only(&taken.acks).through, taken.folded_rows), (6, 2));
    let taken = hq.ingest(&[journal.message_as(name, Some(from_8), 9..=rows)], 1000).unwrap();
    assert_eq!(only(&taken.acks).through, rows as u64);
}

fn a_fact_is_folded_once_whatever_stream_it_comes_by(place: &Place) {
    let mut hq = with_stores(place, &["367"]);
    let journal = trade("367", 1, 9);
    let (name, branch) = branch_of(&journal, 0);
    let rows = journal.rows.len();
    let whole = journal.message_as(name, Some(branch), 1..=rows);
    let taken = hq.ingest(&[journal.message(1..=6), whole, journal.all()], 1000).unwrap();
    assert_eq!(taken.folded_rows, rows as u64);
    let totals = hq.totals(&hq::store::Scope::All).unwrap();
    assert_eq!(totals["367"].transactions, 9);

    // The same sale under another row's id: a basket that two copies of a till completed.
    let mut other = Journal::new("367", 2);
    other.salt = 1;
    other.sell(3, 9, &[("a1", 2), ("b1", 1)]);
    let taken = hq.ingest(&[other.all()], 1000).unwrap();
    assert_eq!((taken.folded_rows, taken.folded_sales), (2, 0));
    let totals = hq.totals(&hq::store::Scope::All).unwrap();
    assert_eq!(totals["367"].transactions, 9);
}

fn two_at_once_fold_each_fact_once(place: &Place) {
    let mut hq = with_stores(place, &["1", "2", "3"]);
    let journals: Vec<Journal> = ["1", "2", "3"].map(|store| trade(store, 1, 20)).into();
    let work = |mut hq: HqStore, seed: usize| {
        let count = journals[0].rows.len();
        for step in 0..count {
            // Each begins elsewhere, and both bring everything.
            let at = (step * 7 + seed * 11) % count + 1;
            let messages: Vec<_> = journals.iter().map(|it| it.message(at..=at)).collect();
            let messages = if seed == 0 { messages } else { messages.into_iter().rev().collect() };
            loop {
                match hq.ingest(&messages, 1000) {
                    Ok(_) => break,
                    Err(error) => assert!(error.passes(), "{error}"),
                }
            }
        }
    };
    let (first, second) = (hq.another().unwrap(), hq.another().unwrap());
    std::thread::scope(|scope| {
        scope.spawn(|| work(first, 0));
        scope.spawn(|| work(second, 1));
    });
    let mut alone = with_stores(&place.another(), &["1", "2", "3"]);
    let messages: Vec<_> = journals.iter().map(Journal::all).collect();
    alone.ingest(&messages, 1000).unwrap();
    for table in ["sales_by", "stock"] {
        assert_eq!(dump(&mut hq, table), dump(&mut alone, table));
    }
    for journal in &journals {
        let acks = hq.acks_of(&journal.place.store).unwrap();
        assert_eq!(acks[0].through, journal.rows.len() as u64);
    }
}

fn a_commit_without_its_acknowledgement_is_acknowledged_again(place: &Place) {
    let mut hq = with_stores(place, &["367"]);
    let journal = trade("367", 1, 9);
    hq.ingest(&[journal.message(1..=5)], 1000).unwrap();
    // The process ends before anything goes out. (Memory lives on by its other connection.)
    let mut after = if place.is_fast() { hq.another().unwrap() } else { place.open() };
    drop(hq);
    let acks = after.acks_of("367").unwrap();
    let taken = after.ingest(&[journal.message(1..=5)], 1001).unwrap();
    assert_eq!((vec![only(&taken.acks).clone()], taken.folded_rows), (acks, 0));
    assert_eq!(only(&taken.acks).through, 5);
}

fn a_failure_in_the_middle_leaves_nothing(place: &Place) {
    let mut hq = with_stores(place, &["367"]);
    let journal = trade("367", 1, 9);
    hq.ingest(&[journal.message(1..=4)], 1000).unwrap();
    let before = everything(&mut hq);
    hq.sql().execute("alter table stock rename to elsewhere", &[]).unwrap();
    let failed = hq.ingest(&[journal.message(5..=9)], 1001);
    assert!(matches!(failed, Err(StoreError::Sql { .. })), "{failed:?}");
    hq.sql().execute("alter table elsewhere rename to stock", &[]).unwrap();
    assert_eq!(everything(&mut hq), before);
    let taken = hq.ingest(&[journal.message(5..=9)], 1001).unwrap();
    assert_eq!(only(&taken.acks).through, 9);
}

/// The mistakes that the simulation plants do what they say.
#[test]
fn planted_mistakes_make_a_difference() {
    use hq::ingest::decide::Faults;
    let place = crate::support::place(crate::support::Kind::Memory).unwrap();
    let journal = trade("367", 1, 6);
    let with = |faults: Faults, messages: &[hq::ingest::Message]| {
        let mut hq = with_stores(&place.another(), &["367"]);
        hq.plant(faults);
        let taken = hq.ingest(messages, 1000).unwrap();
        (only(&taken.acks).through, only(&taken.acks).frozen, taken.folded_rows)
    };
    let gap = [journal.message(1..=2), journal.message(5..=6)];
    assert_eq!(with(Faults::default(), &gap), (2, false, 2));
    let highest = Faults { watermark_is_the_highest: true, ..Faults::default() };
    assert_eq!(with(highest, &gap), (6, false, 4));
    let above = Faults { folds_above_the_watermark: true, ..Faults::default() };
    assert_eq!(with(above, &gap), (2, false, 4));
    let mut theirs = journal.clone();
    theirs.rows.truncate(1);
    theirs.salt = 9;
    theirs.sell(1, 9, &[("c1", 1)]);
    let two = [journal.message(1..=2), theirs.message(2..=2)];
    assert_eq!(with(Faults::default(), &two), (2, true, 2));
    let other = Faults { takes_another_digest: true, ..Faults::default() };
    assert_eq!(with(other, &two), (2, false, 2));
}
