//! The thread that drives the pump, without a connection.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use hq_wire::link::v1::Waiting;
use hq_wire::row::v1::Row;
use tokio::sync::{mpsc, oneshot, watch};
use uuid::Uuid;

use super::*;
use crate::link::bridge::{BridgeHandle, BridgeOptions, Inbound, LinkStatus, Order, Peers};
use crate::link::driver::Driver;
use crate::link::{Bridge, Description, QueryError};
use crate::pump::{Divergence, Effect, Input, Pacing};
use crate::{Cursor, Digest, Outbox, OutboxError, Pending, StreamHead};

/// Streams of one row, whose list cannot be read the next time after one was begun.
#[derive(Clone, Default)]
struct Journal(Arc<Mutex<(u128, bool)>>);

fn stream(number: u128) -> StreamHead {
    StreamHead { stream: Uuid::from_u128(number), sequence: 1, digest: [1; 32] }
}

impl Outbox for Journal {
    fn streams(&self) -> Result<Vec<StreamHead>, OutboxError> {
        let (count, is_failing) = &mut *self.0.lock().unwrap();
        if std::mem::take(is_failing) {
            return Err(OutboxError("it is busy".to_owned()));
        }
        Ok((1..=*count).map(stream).collect())
    }

    fn rows(&self, _: Uuid, _: u64, _: usize) -> Result<Vec<Row>, OutboxError> {
        Ok(Vec::new())
    }

    fn row_digest(&self, _: Uuid, _: u64) -> Result<Option<Digest>, OutboxError> {
        Ok(None)
    }

    fn cursor(&self, _: Uuid) -> Result<Option<Cursor>, OutboxError> {
        Ok(None)
    }

    fn save_cursor(&mut self, _: Cursor) -> Result<(), OutboxError> {
        Ok(())
    }

    fn diverge(&mut self) -> Result<(), OutboxError> {
        let (count, is_failing) = &mut *self.0.lock().unwrap();
        (*count, *is_failing) = (*count + 1, true);
        Ok(())
    }

    fn waiting(&self, _: &[Pending]) -> Result<Waiting, OutboxError> {
        Ok(Waiting::default())
    }
}

/// A driver with all that it is told by; who takes policy has room for one piece.
struct Driven {
    driver: Driver,
    handle: BridgeHandle,
    orders: mpsc::Receiver<Order>,
    inbound: mpsc::Receiver<Inbound>,
    divergences: Arc<AtomicUsize>,
}

fn driven(journal: Journal) -> Driven {
    let (sender, orders) = mpsc::channel(8);
    let (publisher, status) = watch::channel(LinkStatus::default());
    let (inbound_sender, inbound) = mpsc::channel(1);
    let divergences = Arc::new(AtomicUsize::new(0));
    let counter = divergences.clone();
    let handle =
        BridgeHandle { nudge: Arc::default(), orders: sender, states: Arc::default(), status };
    let options = BridgeOptions {
        account: account("mqtt://127.0.0.1:1").unwrap(),
        description: Description::default(),
        pacing: Pacing::default(),
        wall_ms: Arc::new(|| 0),
        diverged: None,
    };
    let peers = Peers {
        commands: Commands::default(),
        inbound: inbound_sender,
        diverged: Box::new(move |_| {
            counter.fetch_add(1, Ordering::Relaxed);
        }),
    };
    let driver = Driver::new(options, Box::new(journal), peers, handle.clone(), publisher);
    Driven { driver, handle, orders, inbound, divergences }
}

#[test]
fn a_stream_that_was_begun_and_could_not_be_read_is_not_begun_twice() {
    let journal = Journal::default();
    journal.0.lock().unwrap().0 = 1;
    let Driven { mut driver, divergences, .. } = driven(journal.clone());
    let diverge = || Effect::Diverge { stream: stream(1).stream, reason: Divergence::RowDiffers };
    driver.perform(diverge());
    assert!(matches!(driver.inputs.pop_front(), Some(Input::DivergeFailed)));
    driver.perform(diverge());
    let Some(Input::Written(heads)) = driver.inputs.pop_front() else { panic!("it is read now") };
    assert_eq!(heads, [stream(1), stream(2)]);
    assert_eq!((journal.0.lock().unwrap().0, divergences.load(Ordering::Relaxed)), (2, 1));
}

#[test]
fn a_store_that_keeps_policy_slowly_holds_up_nothing_else() {
    let Driven { mut driver, handle, orders, mut inbound, .. } = driven(Journal::default());
    let piece = |piece| Inbound::PolicyPiece { id: "b".to_owned(), piece, content: vec![1] };
    driver.peers.inbound.try_send(piece(0)).unwrap();
    driver.handed_down = Some(piece(1));
    let store = async {
        // There is no room, and the link answers; who asks here waits as long as it takes.
        let (answer, answered) = oneshot::channel();
        let order = Order::Query { name: "stock", body: json!({}), answer };
        assert!(handle.orders.send(order).await.is_ok());
        assert_eq!(answered.await.unwrap(), Err(QueryError::Unreachable));
        let mut numbers = Vec::new();
        while numbers.len() < 2 {
            if let Some(Inbound::PolicyPiece { piece, .. }) = inbound.recv().await {
                numbers.push(piece);
            }
        }
        assert_eq!(numbers, [0, 1], "nothing is lost");
        assert!(handle.orders.send(Order::Stop).await.is_ok());
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async { tokio::join!(driver.run(orders), store) });
}

#[cfg(target_os = "linux")]
#[test]
fn the_links_thread_stands_back_behind_those_that_answer_registers() {
    let Driven { driver, .. } = driven(Journal::default());
    let Driver { options, peers, .. } = driver;
    let bridge = Bridge::start(options, Journal::default(), peers).unwrap();
    let niceness_of = |task: std::fs::DirEntry| {
        let stat = std::fs::read_to_string(task.path().join("stat")).ok()?;
        let (name, rest) = stat.split_once('(')?.1.rsplit_once(") ")?;
        (name == "link").then(|| rest.split(' ').nth(16)?.parse::<i32>().ok())?
    };
    let is_so = || {
        let tasks = std::fs::read_dir("/proc/self/task").unwrap();
        tasks.flatten().filter_map(niceness_of).any(|niceness| niceness > 0)
    };
    while !is_so() {
        std::thread::yield_now();
    }
    bridge.stop();
}

#[test]
fn those_who_watch_are_told_of_figures_ten_times_a_second_and_of_the_connection_at_once() {
    let Driven { mut driver, handle, .. } = driven(Journal::default());
    let mut status = handle.status();
    status.mark_unchanged();
    let mut told = 0;
    let begun = std::time::Instant::now();
    for round in 0..1_000 {
        driver.status.waiting.rows = round;
        driver.work();
        if status.has_changed().unwrap() {
            status.mark_unchanged();
            told += 1;
        }
    }
    let most = begun.elapsed().as_millis() / 100 + 1;
    assert!(told <= most, "{told} times, {most} at most");
    driver.inputs.push_back(Input::Subscribed);
    driver.work();
    assert!(status.borrow().is_connected);
}
