//! The inventory follows a real journal, whatever it is told of it.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by panicking"
)]

use std::sync::Arc;

use actix::prelude::*;
use jiff::Timestamp;
use store_actors::messages::{Append, FactCommitted, ReceiptQueued, StatusQuery};
use store_actors::{
    AlertBoard, Clock, Connect, InventoryActor, InventoryPorts, JournalActor, JournalPorts,
    SafetyStockActor, SafetyStockPorts,
};
use store_core::fact::Fact;
use store_core::inventory::{InventoryMachine, MovementKind, StockMovement};
use store_core::register::DraftChange;
use store_core::safety_stock::SafetyStockLevel;
use store_core::{
    BootId, CommandId, ItemId, Now, OperatorId, Quantity, ReasonCode, StoreId, StreamId,
    WorkstationId,
};
use store_journal::{
    LedgerReads as _, OpenOptions, Reader, SqliteJournal, Write, Writer, WriterHandle,
};
use uuid::Uuid;

fn now() -> Now {
    Now {
        wall: Timestamp::from_second(1_764_000_000).unwrap(),
        utc_offset_s: 0,
        monotonic_ms: 0,
        boot: BootId::new(Uuid::nil()),
        clock_trusted: true,
    }
}

struct StandingClock;

impl Clock for StandingClock {
    fn now(&self, _: Option<&WorkstationId>) -> Now {
        now()
    }
}

/// Somebody who takes receipts and does nothing with them.
struct NoPrinter;

impl Actor for NoPrinter {
    type Context = Context<Self>;
}

impl Handler<ReceiptQueued> for NoPrinter {
    type Result = ();

    fn handle(&mut self, _: ReceiptQueued, _: &mut Self::Context) {}
}

fn item() -> ItemId {
    ItemId::new("milk").unwrap()
}

fn pieces(count: i64) -> Quantity {
    Quantity::pieces(count).unwrap()
}

/// A journal with its actor, an inventory that may be told, and the alerts.
struct Store {
    journal: Addr<JournalActor>,
    inventory: Addr<InventoryActor>,
    safety_stock: Addr<SafetyStockActor>,
    alerts: AlertBoard,
    writer: WriterHandle,
    reader: Reader,
    _dir: tempfile::TempDir,
    _thread: Writer<SqliteJournal>,
}

impl Store {
    fn start() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let options = OpenOptions::new(StoreId::new("1").unwrap(), "test", now());
        let (journal, _) = SqliteJournal::open(dir.path(), &options).unwrap();
        let thread = Writer::spawn(journal).unwrap();
        let receipt = Arc::new(|_: &_, _| unreachable_job());
        let clock: Arc<dyn Clock> = Arc::new(StandingClock);
        let reader = Reader::open(dir.path()).unwrap();
        let machine: InventoryMachine = reader.inventory().unwrap();
        let journal = JournalActor::new(
            thread.handle(),
            Reader::open(dir.path()).unwrap(),
            receipt,
            clock.clone(),
        )
        .start();
        let alerts = AlertBoard::new([]);
        let ports = SafetyStockPorts { board: alerts.clone(), clock: clock.clone() };
        let safety_stock = SafetyStockActor::new(reader.safety_stock().unwrap(), ports).start();
        let facts = journal.clone().recipient();
        let ports = InventoryPorts { facts, levels: safety_stock.clone().recipient(), clock };
        let inventory = InventoryActor::new(machine, ports).start();
        let writer = thread.handle();
        Self {
            journal,
            inventory,
            safety_stock,
            alerts,
            writer,
            reader,
            _dir: dir,
            _thread: thread,
        }
    }

    async fn connect(&self, is_inventory_told: bool) {
        let told = self.inventory.clone().recipient::<FactCommitted>();
        let facts = if is_inventory_told { vec![told] } else { Vec::new() };
        let receipts = NoPrinter.start().recipient();
        self.journal.send(Connect(JournalPorts { facts, receipts })).await.unwrap();
    }

    async fn append(&self, fact: Fact) {
        let id = CommandId::new(Uuid::now_v7());
        let append = Append { id, now: now(), fact: Box::new(fact), draft: DraftChange::Keep };
        self.journal.send(append).await.unwrap().unwrap();
    }

    async fn receive(&self, count: i64) {
        self.append(Fact::StockMoved(StockMovement {
            item: item(),
            kind: MovementKind::Adjusted,
            quantity: pieces(count),
            reason: ReasonCode::new("delivery").unwrap(),
            operator: OperatorId::new("c1").unwrap(),
        }))
        .await;
    }

    /// Waits until the inventory has folded in the journal's last row, and the safety stock what
    /// came of it.
    async fn settle(&self) {
        let head = serde_json::to_value(self.reader.head().unwrap().position()).unwrap();
        while self.inventory.send(StatusQuery).await.unwrap().state["applied"] != head {}
        self.safety_stock.send(StatusQuery).await.unwrap();
    }

    fn has_alert(&self) -> bool {
        self.alerts.raised().iter().any(|entry| entry.item == item())
    }
}

fn unreachable_job() -> store_journal::PrintJob {
    panic!("no sale, no receipt")
}

fn level(safety_stock: i64) -> Fact {
    Fact::SafetyStockSet(vec![SafetyStockLevel {
        item: item(),
        safety_stock: pieces(safety_stock),
        clear_at: pieces(safety_stock + 5),
    }])
}

#[actix::test]
async fn what_was_not_announced_is_read_before_what_was() {
    let store = Store::start();
    store.connect(false).await;
    store.append(level(10)).await;
    store.receive(30).await;
    store.receive(-25).await;
    store.connect(true).await;
    store.receive(1).await;
    store.settle().await;
    assert!(store.has_alert(), "six are left of what should be more than ten");
    store.receive(20).await;
    store.settle().await;
    assert!(!store.has_alert());
}

#[actix::test]
async fn a_new_stream_is_followed_like_the_old_one() {
    let store = Store::start();
    store.connect(true).await;
    store.append(level(10)).await;
    for _ in 0..5 {
        store.receive(6).await;
    }
    store.settle().await;
    let diverge = Write::Diverge {
        id: CommandId::new(Uuid::now_v7()),
        now: now(),
        stream: StreamId::new(Uuid::now_v7()),
    };
    store.writer.write(diverge).unwrap().unwrap();
    store.receive(-21).await;
    store.settle().await;
    assert!(store.has_alert());
    store.receive(40).await;
    store.settle().await;
    assert!(!store.has_alert());
    assert_eq!(store.reader.stock(&item()).unwrap(), Some(pieces(49)));
}

#[actix::test]
async fn the_same_announcement_twice_or_late_counts_once() {
    let store = Store::start();
    store.connect(true).await;
    store.append(level(10)).await;
    store.receive(8).await;
    store.settle().await;
    let head = store.reader.head().unwrap();
    let rows = store.reader.rows(
        store_core::fact::RowPosition {
            stream: head.stream,
            sequence: store_core::JournalSequence(0),
        },
        10,
    );
    for row in rows.unwrap().iter().filter_map(|row| row.committed().unwrap()) {
        store.inventory.send(FactCommitted(Arc::new(row))).await.unwrap();
    }
    store.settle().await;
    assert!(store.has_alert(), "eight are left; twice eight would have cleared it");
}
