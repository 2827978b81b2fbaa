//! The thread that writes, from outside.

use std::sync::mpsc::channel;

use store_journal::{AccessChange, SubmitError, Write, Writer, Written};

use crate::bench::placed;
use crate::chain::rows_in;
use crate::on_disk::open;
use crate::trade::{Trade, draft, promise};

#[test]
fn a_stopped_writer_has_answered_everything_that_it_took() {
    let dir = tempfile::tempdir().unwrap();
    let writer = Writer::spawn(open(dir.path())).unwrap();
    let (mut trade, (sender, answers)) = (Trade::new(1), channel());
    for number in 1..=300 {
        let sender = sender.clone();
        let reply = Box::new(move |outcome| sender.send(outcome).unwrap());
        writer.handle().submit(promise(&trade.sale("1", number)), reply).unwrap();
    }
    let handle = writer.handle();
    drop((writer.stop().unwrap(), sender));
    let answers: Vec<_> = answers.iter().collect();
    assert_eq!(answers.len(), 300);
    assert!(answers.iter().all(|it| matches!(it, Ok(Written::Committed { repeated: false, .. }))));
    let stats = handle.stats();
    assert_eq!((stats.commits, stats.failures, stats.waiting), (300, 0, 0));
    assert!(stats.groups < 300, "what waits shares a commit: {stats:?}");
    assert_eq!(stats.groups, stats.groups_synced);
    assert_eq!(handle.write(promise(&trade.sale("1", 301))), Err(SubmitError::Stopped));
    assert_eq!(rows_in(&dir).len(), 301);
}

#[test]
fn a_writer_that_cannot_keep_up_takes_no_more_than_it_can_hold() {
    let dir = tempfile::tempdir().unwrap();
    let writer = Writer::spawn(open(dir.path())).unwrap();
    let (handle, mut trade) = (writer.handle(), Trade::new(1));
    let ((reached, is_held), (release, gate)) = (channel(), channel());
    let hold = Box::new(move |_| {
        reached.send(()).unwrap();
        gate.recv().unwrap();
    });
    handle.submit(promise(&trade.sign_on("1")), hold).unwrap();
    is_held.recv().unwrap();
    let (sender, answers) = channel();
    let mut taken = 0;
    let refused = loop {
        let sender = sender.clone();
        let reply = Box::new(move |outcome| sender.send(outcome).unwrap());
        match handle.submit(promise(&trade.sign_on("1")), reply) {
            Ok(()) => taken += 1,
            Err(error) => break error,
        }
    };
    assert_eq!((refused, taken), (SubmitError::Busy, 1024));
    assert_eq!(handle.stats().waiting, 1024);
    release.send(()).unwrap();
    drop((writer.stop().unwrap(), sender));
    assert_eq!(answers.iter().filter(Result::is_ok).count(), 1024, "each that it took");
    assert_eq!(rows_in(&dir).len(), 1 + 1 + 1024);
}

#[test]
fn questions_in_between_leave_the_writes_in_one_commit_and_are_answered_after_it() {
    let dir = tempfile::tempdir().unwrap();
    let writer = Writer::spawn(open(dir.path())).unwrap();
    let (handle, mut trade) = (writer.handle(), Trade::new(1));
    let ((reached, is_held), (release, gate)) = (channel(), channel());
    let hold = Box::new(move |_| {
        reached.send(()).unwrap();
        gate.recv().unwrap();
    });
    handle.submit(promise(&trade.sign_on("1")), hold).unwrap();
    is_held.recv().unwrap();
    let (said, order) = channel();
    for _ in 0..20 {
        let (written, asked) = (said.clone(), said.clone());
        let reply = Box::new(move |outcome: Result<_, _>| {
            placed(&outcome);
            written.send(None).unwrap();
        });
        handle.submit(promise(&trade.sign_on("1")), reply).unwrap();
        handle.ask_synchronous(Box::new(move |level| asked.send(level).unwrap())).unwrap();
    }
    release.send(()).unwrap();
    drop((writer.stop().unwrap(), said));
    let order: Vec<_> = order.iter().collect();
    assert_eq!(order, [vec![None; 20], vec![Some(2); 20]].concat());
    assert_eq!(handle.stats().groups, 2, "the one that was held, and one for all that waited");
}

#[test]
fn an_idle_writer_shows_that_it_is_alive_and_how_it_syncs() {
    let dir = tempfile::tempdir().unwrap();
    let writer = Writer::spawn(open(dir.path())).unwrap();
    let (handle, mut trade) = (writer.handle(), Trade::new(1));
    let before = handle.stats().progress;
    while handle.stats().progress < before + 2 {
        std::thread::yield_now();
    }
    handle.write(Write::Prune { before_ms: 0 }).unwrap().unwrap();
    assert_eq!(handle.synchronous(), Ok(Some(1)));
    let basket = trade.basket("1", "milk", 1);
    handle.write(Write::SaveDraft(draft(&basket, 1))).unwrap().unwrap();
    assert_eq!(handle.synchronous(), Ok(Some(2)));
    let touched = AccessChange::TouchSession {
        token_hash: "nobody's".into(),
        last_seen_ms: 1,
        expires_ms: 2,
    };
    handle.write(Write::Access(touched)).unwrap().unwrap();
    assert_eq!(handle.synchronous(), Ok(Some(1)));
    placed(&handle.write(promise(&trade.completed(basket, 1))).unwrap());
    assert_eq!(handle.synchronous(), Ok(Some(2)));
    let stats = handle.stats();
    assert_eq!((stats.groups, stats.groups_synced), (4, 2));
    drop(writer.stop().unwrap());
    assert_eq!(handle.synchronous(), Err(SubmitError::Stopped));
}
