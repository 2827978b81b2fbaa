//! Receipts of a real journal on a printer that is off and on again, whoever was told of them.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by panicking"
)]

use std::sync::Arc;
use std::time::Duration;

use actix::prelude::*;
use devices::printer::{Encoder, Mode, PrinterStatus, SimulatedPrinter, SimulatedSettings};
use store_actors::messages::{PrintKey, PrintPaper, QueuePaper, ReceiptQueued, StatusQuery};
use store_actors::{
    ActorStatus, Clock, JournalActor, PeripheralsActor, PeripheralsPorts, PrinterPauses,
    PrinterThread,
};
use store_core::receipt::{Element, ReceiptDocument};
use store_core::{BootId, Now, StoreId, TransactionId, WorkstationId};
use store_journal::{
    LedgerReads as _, OpenOptions, PrintChange, PrintJob, PrintState, Reader, SqliteJournal, Write,
    Writer,
};
use uuid::Uuid;

/// Longer than any test.
const NEVER: Duration = Duration::from_secs(24 * 3600);
const BRIEF: Duration = Duration::from_millis(1);

fn now() -> Now {
    Now {
        wall: jiff::Timestamp::UNIX_EPOCH,
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

struct Store {
    journal: Addr<JournalActor>,
    peripherals: Addr<PeripheralsActor>,
    printer: SimulatedPrinter,
    reader: Reader,
    thread: Writer<SqliteJournal>,
    _dir: tempfile::TempDir,
}

impl Store {
    async fn start(status: PrinterStatus, pauses: PrinterPauses) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let options = OpenOptions::new(StoreId::new("1").unwrap(), "test", now());
        let thread = Writer::spawn(SqliteJournal::open(dir.path(), &options).unwrap().0).unwrap();
        let reader = || Reader::open(dir.path()).unwrap();
        let receipt = Arc::new(|_: &_, _| panic!("nothing is sold"));
        let clock = Arc::new(StandingClock);
        let journal = JournalActor::new(thread.handle(), reader(), receipt, clock).start();
        let settings = SimulatedSettings { columns: 48, ..SimulatedSettings::default() };
        let printer = SimulatedPrinter::new(settings).unwrap();
        printer.set_status(status);
        let driver = printer.driver(Encoder::new(48, Mode::Text, None));
        let ports = PeripheralsPorts {
            marks: journal.clone().recipient(),
            jobs: journal.clone().recipient(),
            copies: journal.clone().recipient(),
            papers: journal.clone().recipient(),
            queued: journal.clone().recipient(),
            notices: Vec::new(),
        };
        let on_thread = PrinterThread::start(Box::new(driver)).unwrap();
        let peripherals = PeripheralsActor::new(on_thread, ports, []).with_pauses(pauses).start();
        // It has started when it answers.
        peripherals.send(StatusQuery).await.unwrap();
        let reader = reader();
        Self { journal, peripherals, printer, reader, thread, _dir: dir }
    }

    /// Queues a receipt in the journal and tells nobody.
    fn queue(&self, number: u128) -> ReceiptQueued {
        let transaction = TransactionId::new(Uuid::from_u128(number));
        let document =
            serde_json::to_string(&ReceiptDocument::new(vec![Element::Rule, Element::Cut]))
                .unwrap();
        let job = PrintJob { transaction, copy: 0, state: PrintState::Queued, document };
        let change = PrintChange::Queue(job);
        self.thread.handle().write(Write::Print { change, at_ms: 1 }).unwrap().unwrap();
        ReceiptQueued(PrintKey { transaction, copy: 0 })
    }

    async fn status(&self) -> ActorStatus {
        self.peripherals.send(StatusQuery).await.unwrap()
    }

    async fn until(&self, is_so: impl Fn(&ActorStatus) -> bool) {
        while !is_so(&self.status().await) {}
    }

    /// Until so many receipts are on paper and marked so.
    async fn until_printed(&self, count: u64) {
        self.until(|status| status.state["printed"] == count).await;
        assert_eq!(self.printer.receipts_printed(), count);
        assert_eq!(self.reader.print_jobs_open().unwrap(), Vec::new());
    }
}

#[actix::test]
async fn a_printer_that_is_off_is_asked_once_whatever_is_announced_and_costs_no_commit() {
    let pauses = PrinterPauses { first: NEVER, last: NEVER, look: NEVER };
    let store = Store::start(PrinterStatus::Offline, pauses).await;
    store.peripherals.send(store.queue(1)).await.unwrap();
    store.until(|status| status.state["fault"] == "printer_offline").await;
    let before = store.thread.handle().stats().commits;
    let attempts = |status: &ActorStatus, announced| status.inputs - announced;
    assert_eq!(attempts(&store.status().await, 1), 1);
    for number in 2..=100 {
        store.peripherals.send(store.queue(number)).await.unwrap();
        let status = store.status().await;
        assert_eq!(status.state["is_printing"], false, "it rests");
    }
    let status = store.status().await;
    assert_eq!(attempts(&status, 100), 1, "{status:?}");
    assert_eq!(status.state["waiting"], 100);
    let commits = store.thread.handle().stats().commits - before;
    assert_eq!(commits, 99, "those that queued them, and no mark");
    assert_eq!(store.journal.send(StatusQuery).await.unwrap().inputs, 0, "nothing was marked");
}

#[actix::test]
async fn a_printer_that_comes_back_prints_what_waited_and_what_nobody_announced() {
    let pauses = PrinterPauses { first: BRIEF, last: BRIEF, look: NEVER };
    let store = Store::start(PrinterStatus::Offline, pauses).await;
    store.peripherals.send(store.queue(1)).await.unwrap();
    store.until(|status| status.inputs >= 4).await;
    for number in 2..=5 {
        store.queue(number);
    }
    // It looks after each pause, and there is another pause before the printer is back.
    store.until(|status| status.state["waiting"] == 5).await;
    store.printer.set_status(PrinterStatus::Online);
    store.until_printed(5).await;
}

#[actix::test]
async fn a_receipt_that_nobody_announced_is_found_when_nothing_else_is_to_do() {
    let pauses = PrinterPauses { first: NEVER, last: NEVER, look: BRIEF };
    let store = Store::start(PrinterStatus::Online, pauses).await;
    for number in 1..=3 {
        store.queue(number);
        store.until_printed(u64::try_from(number).unwrap()).await;
    }
}

#[actix::test]
async fn announcements_of_a_busy_hour_find_room() {
    let pauses = PrinterPauses { first: NEVER, last: NEVER, look: NEVER };
    let store = Store::start(PrinterStatus::Online, pauses).await;
    // Nothing else runs on this thread until all of them are sent.
    let announced: Vec<_> = (1..=200).map(|number| store.queue(number)).collect();
    for queued in announced {
        store.peripherals.try_send(queued).unwrap();
    }
    store.until_printed(200).await;
}

#[actix::test]
async fn a_paper_that_is_no_sales_is_printed_once_and_its_copies_are_marked() {
    let pauses = PrinterPauses { first: NEVER, last: NEVER, look: NEVER };
    let store = Store::start(PrinterStatus::Online, pauses).await;
    let paper = TransactionId::new(Uuid::from_u128(7));
    let document = Box::new(ReceiptDocument::new(vec![Element::Rule, Element::Cut]));
    let ask = |label: Option<&str>| {
        let copy_label = label.map(str::to_owned);
        PrintPaper(QueuePaper { paper, document: document.clone(), copy_label })
    };
    for _ in 0..2 {
        assert_eq!(store.peripherals.send(ask(None)).await.unwrap(), Ok(0));
    }
    store.until_printed(1).await;
    assert_eq!(store.peripherals.send(ask(Some("COPY {n}"))).await.unwrap(), Ok(1));
    assert_eq!(store.peripherals.send(ask(Some("COPY {n}"))).await.unwrap(), Ok(2));
    store.until_printed(3).await;
    let jobs = store.reader.print_jobs(paper).unwrap();
    let marks = jobs.iter().map(|job| job.document.matches("COPY 2").count());
    assert_eq!(marks.collect::<Vec<_>>(), [0, 0, 2]);
}
