//! A whole hub, asked at its registers' own ports.

use std::sync::mpsc;

use devices::printer::SimulatedPrinter;
use store_actors::messages::Ask;
use store_core::register::{
    Answer, Attached, BasketEvent, Command, CommandEnvelope, RegisterView, Request,
};
use store_core::till::TillPolicy;
use store_core::transaction::TenderTypeId;
use store_core::{
    CommandId, DeviceId, ItemId, Money, OperatorId, Quantity, RefusalCode, TransactionId, Unit,
    WorkstationId,
};
use store_journal::{LedgerReads as _, Reader, Write};
use uuid::Uuid;

use super::*;
use crate::clock::SystemClock;
use crate::http::health;
use crate::settings::{self, Flags, PaperMode};
use crate::store::RegisterHandle;

/// Water: it is there in every demonstration store.
pub(crate) const WATER: &str = "0410000000014";
/// The rice ball of which few are left.
const RICE_BALL: &str = "D0068";

async fn hub(dir: &tempfile::TempDir) -> RunningHub {
    hub_with(dir, |_| {}).await
}

/// A hub with other settings.
pub(crate) async fn hub_with(
    dir: &tempfile::TempDir,
    change: impl FnOnce(&mut Settings),
) -> RunningHub {
    let flags = Flags { data_dir: Some(dir.path().to_owned()), ..Flags::default() };
    let mut settings = settings::load(&flags).unwrap();
    settings.till.policy = TillPolicy::None;
    change(&mut settings);
    settings.http.listen = std::net::Ipv4Addr::LOCALHOST.into();
    settings.http.port = 0;
    settings.http.tls_port = None;
    settings.printer.mode = PaperMode::Text;
    settings.printer.keeps_paper = false;
    let clock = Arc::new(SystemClock::start("Asia/Taipei", None).unwrap());
    start(StartOptions::new(Arc::new(settings), clock)).await.unwrap()
}

/// A cashier at a register, with a basket at most.
pub(crate) struct Till {
    register: RegisterHandle,
    pub(crate) transaction: TransactionId,
    pub(crate) version: u64,
}

impl Till {
    pub(crate) async fn open(store: &Store, number: &str) -> Self {
        let register = store.register(&WorkstationId::new(number).unwrap()).unwrap().clone();
        let request = Request::SignOn {
            id: CommandId::new(Uuid::now_v7()),
            operator: cashier(),
            name: "Lin".into(),
            instead_of: None,
        };
        register.ask.send(Ask(request)).await.unwrap().unwrap();
        Self { register, transaction: TransactionId::new(Uuid::now_v7()), version: 0 }
    }

    /// The same basket at the register that another store has under this number.
    pub(crate) fn moved_to(self, store: &Store) -> Self {
        let register = store.register(&WorkstationId::new("1").unwrap()).unwrap().clone();
        Self { register, ..self }
    }

    /// The event and the view, or why not.
    pub(crate) async fn run(
        &mut self,
        command: Command,
    ) -> Result<(BasketEvent, RegisterView), RefusalCode> {
        let envelope = CommandEnvelope {
            command_id: CommandId::new(Uuid::now_v7()),
            transaction_id: self.transaction,
            version: self.version,
            command,
        };
        let request =
            Request::Command { operator: cashier(), attached: Attached::default(), envelope };
        let answer = self.register.ask.send(Ask(request)).await;
        match answer.map_err(|_| RefusalCode::Stopping)? {
            Ok(Answer::Command(answer)) => {
                self.version = answer.outcome.version;
                Ok((answer.outcome.event, answer.view))
            }
            Ok(_) => panic!("a command is answered as one"),
            Err(refused) => Err(refused.refusal.code),
        }
    }

    pub(crate) async fn sell(&mut self, code: &str) -> Result<TransactionId, RefusalCode> {
        let id = TransactionId::new(Uuid::now_v7());
        (self.transaction, self.version) = (id, 0);
        let code = code.to_owned();
        let (_, view) =
            self.run(Command::KeyItem { code, quantity: None, amount: None, item: None }).await?;
        let due = view.basket.unwrap().totals.due;
        let tender_type = TenderTypeId::new("cash").unwrap();
        let amount = Money::from_minor(1000, due.currency()).unwrap();
        self.run(Command::Tender { tender_type, amount, total: due, reference: None, line: None })
            .await?;
        let (event, _) = self.run(Command::Complete).await?;
        assert!(matches!(event, BasketEvent::SaleCompleted { .. }), "{event:?}");
        Ok(id)
    }
}

pub(crate) fn cashier() -> OperatorId {
    OperatorId::new("c1").unwrap()
}

/// Comes back when it is so; a test that waits for ever is ended by whoever runs it.
pub(crate) async fn until(is_so: impl Fn() -> bool) {
    while !is_so() {
        tokio::task::yield_now().await;
    }
}

/// The demonstration's printer.
fn printer_of(hub: &RunningHub) -> SimulatedPrinter {
    let id = DeviceId::new("receipt").unwrap();
    hub.peripherals.simulator(&id).unwrap().printer().unwrap().clone()
}

#[actix_web::test]
async fn a_printer_that_stands_still_delays_no_sale_and_prints_all_of_them_later() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(&dir).await;
    let printer = printer_of(&hub);
    printer.close_gate();
    let mut till = Till::open(&hub.store, "1").await;
    for _ in 0..3 {
        till.sell(WATER).await.unwrap();
    }
    until(|| printer.is_printing()).await;
    assert_eq!(printer.receipts_printed(), 0);
    till.sell(WATER).await.unwrap();
    printer.open_gate();
    until(|| printer.receipts_printed() == 4).await;
    hub.stop().await;
}

#[actix_web::test]
async fn a_hub_whose_actors_or_writer_stand_still_is_not_ready() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(&dir).await;
    assert!(health::is_ready(&hub.store).await);

    for arbiter in [&hub.arbiter, &hub.pricing] {
        let release = block(arbiter);
        assert!(!health::is_ready(&hub.store).await, "nothing is decided any more");
        drop(release);
        while !health::is_ready(&hub.store).await {}
    }

    let (release, blocked) = mpsc::channel::<()>();
    let reply: store_journal::Reply = Box::new(move |_| {
        let _ = blocked.recv();
    });
    hub.store.writer.submit(Write::Prune { before_ms: 0 }, reply).unwrap();
    assert!(!health::is_ready(&hub.store).await, "nothing is written any more");
    drop(release);
    while !health::is_ready(&hub.store).await {}
    hub.stop().await;
}

/// Runs a closure's thread into a wall until the sender is dropped.
fn block(arbiter: &Arbiter) -> mpsc::Sender<()> {
    let (release, blocked) = mpsc::channel::<()>();
    let (reached, is_blocked) = mpsc::channel();
    arbiter.spawn_fn(move || {
        reached.send(()).unwrap();
        let _ = blocked.recv();
    });
    is_blocked.recv().unwrap();
    release
}

#[actix_web::test]
async fn while_a_price_is_searched_for_all_else_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(&dir).await;
    let mut till = Till::open(&hub.store, "1").await;
    let release = block(&hub.pricing);
    let mut scanning = actix_web::rt::spawn(async move {
        let code = WATER.to_owned();
        let event =
            till.run(Command::KeyItem { code, quantity: None, amount: None, item: None }).await;
        matches!(event.unwrap().0, BasketEvent::ItemAdded { .. })
    });
    // Signing on is decided at another register, and is written.
    Till::open(&hub.store, "2").await;
    Till::open(&hub.store, "3").await;
    let is_priced = tokio::select! {
        biased;
        _ = &mut scanning => true,
        () = tokio::task::yield_now() => false,
    };
    assert!(!is_priced, "who scans waits for the price");
    drop(release);
    assert!(scanning.await.unwrap());
    hub.stop().await;
}

#[actix_web::test]
async fn a_stop_in_the_rush_finishes_what_is_under_way_and_loses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(&dir).await;
    let (sold, mut sales) = tokio::sync::mpsc::unbounded_channel();
    let mut tills = Vec::new();
    for number in ["1", "2", "3"] {
        let mut till = Till::open(&hub.store, number).await;
        let sold = sold.clone();
        tills.push(actix_web::rt::spawn(async move {
            loop {
                match till.sell(WATER).await {
                    Ok(id) => sold.send(id).unwrap(),
                    Err(code) => return code,
                }
            }
        }));
    }
    drop(sold);
    let mut answered = Vec::new();
    while answered.len() < 20 {
        answered.push(sales.recv().await.unwrap());
    }
    hub.stop().await;
    for till in tills {
        assert_eq!(till.await.unwrap(), RefusalCode::Stopping);
    }
    while let Some(id) = sales.recv().await {
        answered.push(id);
    }
    let reader = Reader::open(dir.path()).unwrap();
    let completed = reader.completed().unwrap();
    assert!(answered.iter().all(|id| completed.contains(id)), "every answered sale is there");
    assert_eq!(completed.len(), answered.len(), "and no other: what was under way was answered");
    store_journal::verify(dir.path(), true).unwrap();
}

#[actix_web::test]
async fn a_sale_whose_commands_are_forgotten_is_not_begun_again() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(&dir).await;
    let mut till = Till::open(&hub.store, "1").await;
    till.sell(WATER).await.unwrap();
    hub.store.writer.write(Write::Prune { before_ms: i64::MAX }).unwrap().unwrap();
    till.version = 0;
    let again =
        Command::KeyItem { code: WATER.to_owned(), quantity: None, amount: None, item: None };
    assert_eq!(till.run(again).await.unwrap_err(), RefusalCode::TransactionEnded);
    hub.stop().await;
}

#[actix_web::test]
async fn the_demonstration_store_opens_with_stock_and_rings_when_some_is_sold() {
    let dir = tempfile::tempdir().unwrap();
    let hub = self::hub(&dir).await;
    let reader = Reader::open(dir.path()).unwrap();
    let rice_ball = ItemId::new(RICE_BALL).unwrap();
    let stock = || reader.stock(&rice_ball).unwrap();
    let opening = stock().unwrap();
    let levels = reader.inventory().unwrap().on_hand;
    assert_eq!(levels.len(), hub.store.shelf.catalogue().len(), "every shelf was counted");
    assert!(levels.values().all(|level| !level.is_negative()));
    assert!(hub.store.alerts.raised().is_empty(), "a store that opens has no alerts");
    let mut till = Till::open(&hub.store, "1").await;
    till.sell(RICE_BALL).await.unwrap();
    assert!(reader.stock_alerts().unwrap().is_empty());
    till.sell(RICE_BALL).await.unwrap();
    until(|| hub.store.alerts.raised().len() == 1).await;
    hub.stop().await;
    let left = Quantity::pieces(-2).unwrap().add(opening).unwrap();
    assert_eq!((stock(), left.unit()), (Some(left), Unit::Piece));
    let hub = self::hub(&dir).await;
    assert_eq!(stock(), Some(left), "a second start counts nothing again");
    assert_eq!(hub.store.alerts.raised().len(), 1);
    hub.stop().await;
}
