//! Receipts of a real journal on a printer that is off and on again, whoever was told of them.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by panicking"
)]

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use actix::prelude::*;
use devices::port::PortAddress;
use devices::printer::{
    Mode, PrinterDriver, PrinterProfile, PrinterSettings, PrinterStatus, SimulatedPrinter,
    SimulatedSettings,
};
use devices::simulated::{Fault, Plug, Socket, plug_in};
use devices::worker::{self, Condition};
use store_actors::messages::{
    PrintCopy, PrintKey, PrintPaper, QueuePaper, ReceiptQueued, SetNotice, SettlePrint, StatusQuery,
};
use store_actors::{
    ActorStatus, Clock, JournalActor, LeftPapers, PrintQueueActor, PrintQueuePorts, PrinterHandle,
    PrinterPauses, SetPrinters,
};
use store_core::device::{Device, Devices};
use store_core::print_queue::FAILOVER_AFTER_MS;
use store_core::receipt::{Element, ReceiptDocument};
use store_core::{BootId, DeviceId, Now, RefusalCode, StoreId, TransactionId, WorkstationId};
use store_journal::{
    LedgerReads as _, OpenOptions, PrintChange, PrintJob, PrintState, Reader, SqliteJournal, Write,
    Writer,
};
use uuid::Uuid;

/// Longer than any test.
const NEVER: Duration = Duration::from_secs(24 * 3600);
const BRIEF: Duration = Duration::from_millis(1);

fn now(monotonic_ms: u64) -> Now {
    Now {
        wall: jiff::Timestamp::UNIX_EPOCH,
        utc_offset_s: 0,
        monotonic_ms,
        boot: BootId::new(Uuid::nil()),
        clock_trusted: true,
    }
}

/// Time goes by when the test says so, and at the pace of the machine's own clock besides.
struct TestClock {
    started: std::time::Instant,
    forward_ms: AtomicU64,
}

impl Clock for TestClock {
    fn now(&self, _: Option<&WorkstationId>) -> Now {
        let gone = u64::try_from(self.started.elapsed().as_millis()).unwrap();
        now(gone + self.forward_ms.load(Ordering::SeqCst))
    }
}

/// What a register is told.
#[derive(Clone, Default)]
struct Told(Arc<Mutex<Vec<(&'static str, bool)>>>);

impl Actor for Told {
    type Context = Context<Self>;
}

impl Handler<SetNotice> for Told {
    type Result = ();

    fn handle(&mut self, notice: SetNotice, _: &mut Self::Context) {
        self.0.lock().unwrap().push((notice.notice, notice.is_raised));
    }
}

/// Two printers: register 1 prints at the first, and at the second where that cannot.
const DEVICES: &str = r#"[
    {"id": "front", "kind": "receipt_printer", "port": "a", "registers": [1],
     "fallback": "back"},
    {"id": "back", "kind": "receipt_printer", "port": "b", "registers": [2]}
]"#;

struct Store {
    peripherals: Addr<PrintQueueActor>,
    printer: SimulatedPrinter,
    back: SimulatedPrinter,
    plug: Plug,
    told: Told,
    clock: Arc<TestClock>,
    reader: Reader,
    thread: Writer<SqliteJournal>,
    _back_plug: Plug,
    _dir: tempfile::TempDir,
}

fn register(number: u16) -> WorkstationId {
    WorkstationId::new(&number.to_string()).unwrap()
}

/// A simulated printer over a real socket, and the thread that drives it.
fn printer(status: PrinterStatus) -> (SimulatedPrinter, Plug, PrinterHandle) {
    let settings = SimulatedSettings { columns: 48, ..SimulatedSettings::default() };
    let printer = SimulatedPrinter::new(settings).unwrap();
    printer.set_status(status);
    let plug = plug_in(&Socket::Tcp, printer.clone()).unwrap();
    let settings = PrinterSettings {
        profile: PrinterProfile::of_columns(48),
        mode: Mode::Big5,
        ..PrinterSettings::default()
    };
    let driver = PrinterDriver::new(settings, None, Box::new(|_| {}));
    let port: PortAddress = plug.address().parse().unwrap();
    let (said, condition) = tokio::sync::watch::channel(Condition::Starting);
    let tell = move |now: Condition, _: Option<&std::io::Error>| {
        said.send_replace(now);
    };
    let tasks = worker::start("printer", port, driver, tell).unwrap();
    (printer, plug, PrinterHandle { tasks, condition })
}

impl Store {
    async fn start(status: PrinterStatus, pauses: PrinterPauses) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let options = OpenOptions::new(StoreId::new("1").unwrap(), "test", now(0));
        let thread = Writer::spawn(SqliteJournal::open(dir.path(), &options).unwrap().0).unwrap();
        let reader = || Reader::open(dir.path()).unwrap();
        let receipt = Arc::new(|_: &_, _| panic!("nothing is sold"));
        let clock = Arc::new(TestClock {
            started: std::time::Instant::now(),
            forward_ms: AtomicU64::new(0),
        });
        let journal = JournalActor::new(thread.handle(), reader(), receipt, clock.clone()).start();
        let (printer, plug, front) = printer(status);
        let (back, back_plug, other) = self::printer(PrinterStatus::Online);
        let told = Told::default();
        let ports = PrintQueuePorts {
            marks: journal.clone().recipient(),
            jobs: journal.clone().recipient(),
            copies: journal.clone().recipient(),
            papers: journal.clone().recipient(),
            queued: journal.clone().recipient(),
            notices: BTreeMap::from([(register(1), told.clone().start().recipient())]),
            clock: clock.clone(),
        };
        let queue = PrintQueueActor::new(ports, LeftPapers::default()).with_pauses(pauses);
        let peripherals = queue.start();
        let devices: Vec<Device> = serde_json::from_str(DEVICES).unwrap();
        let id = |text: &str| DeviceId::new(text).unwrap();
        let set = SetPrinters {
            devices: Arc::new(Devices::of(devices, 2).unwrap()),
            printers: BTreeMap::from([(id("front"), front), (id("back"), other)]),
        };
        peripherals.send(set).await.unwrap();
        let (reader, _back_plug) = (reader(), back_plug);
        let store = Self {
            peripherals,
            printer,
            back,
            plug,
            told,
            clock,
            reader,
            thread,
            _back_plug,
            _dir: dir,
        };
        let is_known = |status: &ActorStatus| status.state["printers"]["front"] != "starting";
        store.until(|status| is_known(status)).await;
        store
    }

    /// Queues a receipt of register 1 in the journal and tells nobody.
    fn queue(&self, number: u128) -> ReceiptQueued {
        let document = ReceiptDocument::new(vec![Element::Rule, Element::Cut]);
        self.queue_text(number, serde_json::to_string(&document).unwrap())
    }

    /// The same with whatever is kept of what it prints.
    fn queue_text(&self, number: u128, document: String) -> ReceiptQueued {
        let transaction = TransactionId::new(Uuid::from_u128(number));
        let job = PrintJob {
            transaction,
            copy: 0,
            state: PrintState::Queued,
            document,
            workstation: Some(register(1)),
            printer: None,
        };
        let paper = store_actors::paper_of(&job.standing());
        let change = PrintChange::Queue(job);
        self.thread.handle().write(Write::Print { change, at_ms: 1 }).unwrap().unwrap();
        ReceiptQueued(paper)
    }

    async fn status(&self) -> ActorStatus {
        self.peripherals.send(StatusQuery).await.unwrap()
    }

    async fn until(&self, is_so: impl Fn(&ActorStatus) -> bool) {
        while !is_so(&self.status().await) {
            tokio::task::yield_now().await;
        }
    }

    /// Until so many receipts are on paper and marked so.
    async fn until_printed(&self, count: u64) {
        self.until(|status| status.state["printed"] == count).await;
        assert_eq!(self.printer.receipts_printed() + self.back.receipts_printed(), count);
        assert_eq!(self.reader.print_jobs_open().unwrap(), Vec::new());
    }

    fn was_told(&self) -> Vec<(&'static str, bool)> {
        self.told.0.lock().unwrap().clone()
    }
}

const PATIENT: PrinterPauses = PrinterPauses { first: NEVER, last: NEVER, look: NEVER };

#[actix::test]
async fn a_printer_that_is_out_of_paper_costs_no_commit_and_goes_on_when_it_has_some() {
    let store = Store::start(PrinterStatus::PaperOut, PATIENT).await;
    let before = store.thread.handle().stats().commits;
    for number in 1..=20 {
        store.peripherals.send(store.queue(number)).await.unwrap();
    }
    let status = store.status().await;
    assert_eq!((&status.state["waiting"], &status.state["under_way"]), (&20.into(), &0.into()));
    assert_eq!(store.thread.handle().stats().commits - before, 20, "those that queued them");
    assert_eq!(store.was_told(), [("printer_paper_out", true)]);
    store.printer.set_status(PrinterStatus::Online);
    store.until_printed(20).await;
    assert_eq!(store.printer.receipts_printed(), 20);
    assert_eq!(store.was_told().last(), Some(&("printer_paper_out", false)));
}

#[actix::test]
async fn what_waits_too_long_comes_out_at_the_printer_that_stands_in() {
    let pauses = PrinterPauses { look: BRIEF, ..PATIENT };
    let store = Store::start(PrinterStatus::CoverOpen, pauses).await;
    store.peripherals.send(store.queue(1)).await.unwrap();
    assert_eq!(store.status().await.state["waiting"], 1);
    store.clock.forward_ms.store(FAILOVER_AFTER_MS, Ordering::SeqCst);
    store.until_printed(1).await;
    assert_eq!(store.back.receipts_printed(), 1);
    let job = store.reader.print_job(TransactionId::new(Uuid::from_u128(1)), 0).unwrap().unwrap();
    assert_eq!(job.printer, Some(DeviceId::new("back").unwrap()));
}

#[actix::test]
async fn what_was_under_way_when_the_plug_was_pulled_is_on_a_list_until_somebody_looked() {
    let store = Store::start(PrinterStatus::Online, PATIENT).await;
    store.printer.close_gate();
    let papers = [1, 2].map(|number| store.queue(number));
    let key = papers[0].0.key;
    store.peripherals.send(papers[0].clone()).await.unwrap();
    while !store.printer.is_printing() {
        tokio::task::yield_now().await;
    }
    store.plug.set_fault(Fault::Unplugged);
    store.until(|status| status.state["unknown"] == 1).await;
    store.printer.open_gate();
    store.plug.set_fault(Fault::None);
    store.peripherals.send(papers[1].clone()).await.unwrap();
    store.until(|status| status.state["printed"] == 1).await;
    // All of it may have reached the printer before the cable was pulled: then it comes out as
    // well. That is why nobody knows; it is sent once.
    assert!((1..=2).contains(&store.printer.receipts_printed()));
    assert_eq!(store.status().await.state["printed"], 1);
    let state = || store.reader.print_job(key.transaction, 0).unwrap().unwrap().state;
    assert_eq!(state(), PrintState::Unknown);
    assert!(store.was_told().contains(&("receipt_unknown", true)));
    let other = SettlePrint(PrintKey { copy: 9, ..key });
    assert_eq!(store.peripherals.send(other).await.unwrap(), Err(RefusalCode::NoBasket));
    store.peripherals.send(SettlePrint(key)).await.unwrap().unwrap();
    assert_eq!(state(), PrintState::CameOut, "before whoever said so is answered");
    assert_eq!(store.status().await.state["unknown"], 0);
    assert_eq!(store.was_told().last(), Some(&("receipt_unknown", false)));
}

#[actix::test]
async fn a_copy_of_a_sale_that_is_not_there_is_refused() {
    let store = Store::start(PrinterStatus::Online, PATIENT).await;
    let transaction = TransactionId::new(Uuid::from_u128(1));
    let copy = PrintCopy { transaction, language: None, workstation: None };
    assert_eq!(store.peripherals.send(copy).await.unwrap(), Err(RefusalCode::NoBasket));
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
    let store = Store::start(PrinterStatus::Online, PATIENT).await;
    // Nothing else runs on this thread until all of them are sent.
    let announced: Vec<_> = (1..=200).map(|number| store.queue(number)).collect();
    for queued in announced {
        store.peripherals.try_send(queued).unwrap();
    }
    store.until_printed(200).await;
}

fn ask_for_paper(paper: TransactionId, label: Option<&str>) -> PrintPaper {
    let document = Box::new(ReceiptDocument::new(vec![Element::Rule, Element::Cut]));
    let (copy_label, workstation) = (label.map(str::to_owned), register(1));
    PrintPaper(QueuePaper { paper, document, copy_label, workstation })
}

#[actix::test]
async fn a_paper_that_is_no_sales_is_printed_once_and_its_copies_are_marked() {
    let store = Store::start(PrinterStatus::Online, PATIENT).await;
    let paper = TransactionId::new(Uuid::from_u128(7));
    let ask = |label| ask_for_paper(paper, label);
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

#[actix::test]
async fn a_paper_that_cannot_be_read_is_on_the_list_and_what_waits_behind_it_goes_on() {
    let store = Store::start(PrinterStatus::Online, PATIENT).await;
    let damaged = store.queue_text(1, r#"{"elements":[{"type":"of an older hub"}]}"#.to_owned());
    let key = damaged.0.key;
    for paper in [damaged, store.queue(2)] {
        store.peripherals.send(paper).await.unwrap();
    }
    store.until(|status| status.state["printed"] == 1).await;
    assert_eq!((store.printer.receipts_printed(), store.back.receipts_printed()), (1, 0));
    let open = store.reader.print_jobs_open().unwrap();
    assert_eq!(open.len(), 1, "{open:?}");
    assert_eq!((open[0].transaction, open[0].state), (key.transaction, PrintState::Unknown));
    assert_eq!(store.status().await.state["unknown"], 1);
    assert!(store.was_told().contains(&("receipt_unknown", true)));
    let copy = ask_for_paper(key.transaction, Some("COPY {n}"));
    assert_eq!(store.peripherals.send(copy).await.unwrap(), Ok(1));
    store.until(|status| status.state["unknown"] == 0 && status.state["printed"] == 2).await;
    let job = store.reader.print_job(key.transaction, 0).unwrap().unwrap();
    assert_eq!(job.state, PrintState::Replaced);
}

#[actix::test]
async fn nobody_hears_that_a_paper_is_settled_that_the_journal_has_not_settled() {
    let store = Store::start(PrinterStatus::Online, PATIENT).await;
    let damaged = store.queue_text(1, "?".to_owned());
    let key = damaged.0.key;
    store.peripherals.send(damaged).await.unwrap();
    store.until(|status| status.state["unknown"] == 1).await;
    let Store { peripherals, thread, reader, _dir, .. } = store;
    thread.stop().unwrap();
    let settled = peripherals.send(SettlePrint(key)).await.unwrap();
    assert_eq!(settled, Err(RefusalCode::JournalFailed));
    assert_eq!(reader.print_job(key.transaction, 0).unwrap().unwrap().state, PrintState::Unknown);
    let status = peripherals.send(StatusQuery).await.unwrap();
    assert_eq!(status.state["unknown"], 1, "it stays on the list");
}
