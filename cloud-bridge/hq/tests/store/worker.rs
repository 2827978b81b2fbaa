//! The thread that takes messages in.

use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use hq::ingest::{Message, Worker, WorkerEvent};
use hq::store::{HqStore, Scope};

use crate::journal::Journal;
use crate::support::{Place, with_stores};

crate::everywhere! {
    what_waits_is_committed_together_and_then_told,
    what_one_message_breaks_is_put_aside_alone,
    what_cannot_even_be_put_aside_is_tried_until_it_can,
}

/// What the worker told, in a word.
#[derive(Debug, PartialEq, Eq)]
enum Told {
    Through(u64),
    Nothing,
    Stuck(&'static str),
    Recovered,
}

fn started(hq: HqStore) -> (Worker, Receiver<Told>) {
    let (told, receiver) = channel();
    let tell = move |event: WorkerEvent<'_>| {
        let word = match event {
            WorkerEvent::Committed(ingested, _) => {
                ingested.acks.last().map_or(Told::Nothing, |(_, ack)| Told::Through(ack.through))
            }
            WorkerEvent::Stuck(error) => Told::Stuck(error.code()),
            WorkerEvent::Recovered => Told::Recovered,
        };
        let _ = told.send(word);
    };
    (Worker::start(hq, || 1000, tell).unwrap(), receiver)
}

/// Long enough for the slowest machine; a test that passes never waits for it.
const PATIENCE: Duration = Duration::from_secs(120);

fn until(told: &Receiver<Told>, expected: &Told) {
    loop {
        if told.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("never: {expected:?}"))
            == *expected
        {
            return;
        }
    }
}

fn trade(sales: u64) -> Journal {
    let mut journal = Journal::new("367", 1);
    (1..=sales).for_each(|number| journal.sell(number, 9, &[("a1", 1)]));
    journal
}

fn what_waits_is_committed_together_and_then_told(place: &Place) {
    let mut hq = with_stores(place, &["367"]);
    let journal = trade(300);
    let (worker, told) = started(hq.another().unwrap());
    for row in 1..=301 {
        worker.try_take(journal.message(row..=row)).unwrap();
    }
    until(&told, &Told::Through(301));
    let state = worker.state();
    assert_eq!((state.messages, state.queued, state.trouble), (301, 0, None));
    assert!(state.commits <= 301, "{}", state.commits);
    worker.stop();
    assert!(worker.try_take(journal.message(1..=1)).is_err());
    assert_eq!(hq.acks_of("367").unwrap()[0].through, 301);
}

fn what_one_message_breaks_is_put_aside_alone(place: &Place) {
    let mut hq = with_stores(place, &["367", "368"]);
    // A table that takes no second stream of a store stands in for a defect that nobody knows of.
    let other = "insert into streams (id, store, stream, journal_stream, base, base_digest, \
         through, digest, highest, created_ms) values (999, '368', 'x', 'x', 0, ?1, 0, ?1, 0, 0)";
    hq.sql().execute(other, &[(&[0_u8; 32]).into()]).unwrap();
    let only_one = "create unique index only_one on streams (store) where store = '368'";
    hq.sql().execute(only_one, &[]).unwrap();
    let good = trade(3);
    let bad = Journal::new("368", 2);
    let (worker, told) = started(hq.another().unwrap());
    worker.try_take(good.message(1..=2)).unwrap();
    worker.try_take(bad.all()).unwrap();
    // It was not acknowledged, so its store sends it again; once put aside is enough.
    worker.try_take(bad.all()).unwrap();
    worker.try_take(good.message(3..=4)).unwrap();
    until(&told, &Told::Through(4));
    assert_eq!(worker.state().messages, 4, "the broker hears of each");
    worker.stop();
    let aside = hq.aside(&Scope::All, None).unwrap();
    let aside: Vec<_> = aside.iter().map(|it| (it.store.as_deref(), it.code.as_str())).collect();
    assert_eq!(aside, [(Some("368"), "failed")]);
    assert_eq!(hq.acks_of("367").unwrap()[0].through, 4);
}

fn what_cannot_even_be_put_aside_is_tried_until_it_can(place: &Place) {
    let mut hq = with_stores(place, &["367"]);
    let journal = trade(3);
    for table in ["rows", "aside"] {
        hq.sql().execute(&format!("alter table {table} rename to {table}_gone"), &[]).unwrap();
    }
    let (worker, told) = started(hq.another().unwrap());
    worker.try_take(journal.message(1..=2)).unwrap();
    until(&told, &Told::Stuck("storage_failed"));
    worker.try_take(journal.message(3..=4)).unwrap();
    for table in ["rows", "aside"] {
        hq.sql().execute(&format!("alter table {table}_gone rename to {table}"), &[]).unwrap();
    }
    until(&told, &Told::Recovered);
    until(&told, &Told::Through(4));
    assert_eq!((worker.state().messages, worker.state().trouble), (2, None));
    assert!(hq.aside(&Scope::All, None).unwrap().is_empty(), "no message was to blame");
}

#[test]
fn a_full_disk_acknowledges_nothing_says_so_and_goes_on_when_there_is_room() {
    let place = crate::support::place(crate::support::Kind::File).unwrap();
    let mut hq = with_stores(&place, &["367"]);
    let journal = trade(2000);
    let mut other = hq.another().unwrap();
    let room = hq.sql().query_one("pragma page_count", &[], |row| row.count(0)).unwrap().unwrap();
    other.sql().limit_pages(u32::try_from(room).unwrap() + 40).unwrap();
    let (worker, told) = started(other);
    // Something is held before there are so many at once that no transaction has room for them.
    worker.try_take(journal.message(1..=2)).unwrap();
    until(&told, &Told::Through(2));
    for row in 3..=2001 {
        let mut message = Some(journal.message(row..=row));
        while let Some(next) = message.take()
            && worker.state().trouble.is_none()
        {
            message = worker.try_take(next).err().map(|back| *back);
        }
    }
    until(&told, &Told::Stuck("storage_full"));
    let stuck = worker.state().trouble.unwrap();
    assert_eq!(stuck.code, "storage_full");
    assert!(stuck.reason.contains("full"), "{}", stuck.reason);
    // Bounded: what finds no room is given back, and the store sends it again.
    let refused = (1..=2000).filter(|it| worker.try_take(journal.message(*it..=*it)).is_err());
    assert!(refused.count() > 0);
    let held = hq.acks_of("367").unwrap()[0].through;
    assert!(held > 0 && held < 2001, "{held}");
    let totals = hq.totals(&Scope::All).unwrap();
    assert_eq!(totals["367"].transactions, held - 1, "what is shown is what is held");
    worker.stop();
    drop(worker);

    let (worker, told) = started(hq.another().unwrap());
    for from in (1..=2001).step_by(200) {
        worker.try_take(journal.message(from..=(from + 199).min(2001))).unwrap();
    }
    until(&told, &Told::Through(2001));
}

#[test]
fn a_worker_that_is_stuck_recovers_by_itself() {
    let place = crate::support::place(crate::support::Kind::File).unwrap();
    let hq = with_stores(&place, &["367"]);
    let mut holder = hq.another().unwrap();
    let journal = trade(3);
    let (worker, told) = started(hq.another().unwrap());
    // Another program holds the database longer than anybody waits.
    let held = holder.sql().write(|_| {
        worker.try_take(journal.all()).unwrap();
        until(&told, &Told::Stuck("storage_unavailable"));
        Ok(())
    });
    held.unwrap();
    until(&told, &Told::Recovered);
    until(&told, &Told::Through(4));
    assert_eq!(worker.state().trouble, None);
}

#[test]
fn a_message_finds_room_or_is_given_back() {
    let place = crate::support::place(crate::support::Kind::Memory).unwrap();
    let hq = with_stores(&place, &["367"]);
    let (worker, _told) = started(hq);
    worker.stop();
    let journal = trade(1);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let given = runtime.block_on(worker.take(journal.all()));
    assert!(matches!(given.map_err(|back| *back), Err(Message::Facts { .. })));
}
