//! Everything is put together here, once, from top to bottom.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::JoinHandle;

use actix::prelude::*;
use actix_web::dev::ServerHandle;
use devices::printer::{Encoder, FontStack, Mode, SimulatedPrinter, SimulatedSettings};
use store_actors::messages::{FactCommitted, SetNotice};
use store_actors::{
    AlertBoard, AlertEntry, Clock, Connect, InventoryActor, InventoryPorts, JournalActor,
    JournalPorts, PeripheralsActor, PeripheralsPorts, PrinterThread, PromotionActor,
    RegisterActor, RegisterPorts, SafetyStockActor, SafetyStockPorts,
};
use store_core::WorkstationId;
use store_core::catalogue::Catalogue;
use store_core::inventory::InventoryMachine;
use store_core::promotion::PricingRules;
use store_core::register::{RegisterMachine, RegisterRules, RegisterState, SignedOn};
use store_core::safety_stock::SafetyStockMachine;
use store_journal::{OpenOptions, PrintState, Reader, SqliteJournal, Writer};
use tokio::sync::watch;

use crate::access::Access;
use crate::data_dir::DataDir;
use crate::metrics::Metrics;
use crate::settings::Settings;
use crate::start_error::StartError;
use crate::store::{ReaderPool, RegisterHandle, Shelf, Store};
use crate::{catalogue, http, receipts};

/// What a hub is started with.
pub struct StartOptions {
    /// Its settings, validated.
    pub settings: Arc<Settings>,
    /// Where it gets the time from.
    pub clock: Arc<dyn Clock>,
    /// A catalogue that is already parsed, shared between stores of one process; its own file if
    /// none.
    pub catalogue: Option<Arc<Catalogue>>,
}

/// A hub at work.
pub struct RunningHub {
    /// Where browsers reach it.
    pub urls: Vec<String>,
    /// The address of plain HTTP.
    pub address: Option<SocketAddr>,
    /// The code that makes the first manager, while there is none.
    pub setup_code: Option<String>,
    /// The printer, where it is simulated.
    pub printer: SimulatedPrinter,
    /// The store as its routes see it.
    pub store: actix_web::web::Data<Store>,
    server: ServerHandle,
    server_task: JoinHandle<std::io::Result<()>>,
    arbiter: Arbiter,
    stopping: watch::Sender<bool>,
    data_dir: DataDir,
}

/// Starts a hub: journal, machines, shells, web, in this order. Must be called inside an actix
/// system.
///
/// # Errors
/// What could not be started, and why.
pub async fn start(options: StartOptions) -> Result<RunningHub, StartError> {
    let StartOptions { settings, clock, catalogue } = options;
    let data_dir = DataDir::open(&settings.data.dir)?;

    // The memory.
    let open = OpenOptions {
        store: settings.store.id.clone(),
        reserve_bytes: settings.journal.reserve_bytes,
        ..OpenOptions::default()
    };
    let (journal, _report) =
        SqliteJournal::open(&data_dir.journal(), &open, clock.now(None)).map_err(StartError::journal)?;
    let writer = Writer::spawn(journal).map_err(StartError::journal)?;
    let reader = || Reader::open(&data_dir.journal()).map_err(StartError::reading);
    let start_reader = reader()?;
    let start = Start::read(&start_reader, &settings)?;

    // What the store sells, and what its registers follow.
    let catalogue = match catalogue {
        Some(catalogue) => catalogue,
        None => Arc::new(catalogue::open(&data_dir.catalogue(), settings.store.currency)?),
    };
    let rules = Arc::new(settings.register_rules());
    let pricing = Arc::new(PricingRules { taxes: settings.taxes.clone() });
    let access = Access::load(&start_reader, writer.clone(), &settings, clock.clone())
        .map_err(StartError::reading)?;
    let setup_code = access.setup_code().await.map_err(StartError::access)?;

    // The shells. Everything that decides shares one thread.
    let arbiter = Arbiter::new();
    let spawn = &arbiter.handle();
    let journal_actor = {
        let receipt = receipts::maker(&settings)?;
        let (writer, reader) = (writer.clone(), reader()?);
        JournalActor::start_in_arbiter(spawn, move |_| JournalActor::new(writer, reader, receipt))
    };
    let promotion = PromotionActor::start_in_arbiter(spawn, {
        let pricing = pricing.clone();
        move |_| PromotionActor::new(pricing)
    });
    let mut registers = BTreeMap::new();
    let mut actors = vec![journal_actor.clone().recipient(), promotion.clone().recipient()];
    let mut notices: Vec<Recipient<SetNotice>> = Vec::new();
    for state in start.registers {
        let workstation = state.workstation.clone();
        let machine = state.machine(&rules, &catalogue)?;
        let (view_sender, view) = watch::channel(Arc::new(machine.view(clock.now(None))));
        let ports = RegisterPorts {
            append: journal_actor.clone().recipient(),
            drafts: journal_actor.clone().recipient(),
            ended: journal_actor.clone().recipient(),
            prices: promotion.clone().recipient(),
            view: view_sender,
            clock: clock.clone(),
        };
        let register = RegisterActor::start_in_arbiter(spawn, {
            let workstation = workstation.clone();
            move |_| RegisterActor::new(workstation, machine, ports)
        });
        actors.push(register.clone().recipient());
        notices.push(register.clone().recipient());
        let handle = RegisterHandle {
            ask: register.clone().recipient(),
            query: register.clone().recipient(),
            view,
            catalogue: register.clone().recipient(),
            quiesce: register.recipient(),
        };
        registers.insert(workstation, handle);
    }
    let alerts = AlertBoard::new(start.alerts);
    let safety_stock = SafetyStockActor::start_in_arbiter(spawn, {
        let ports = SafetyStockPorts { board: alerts.clone(), clock: clock.clone() };
        move |_| SafetyStockActor::new(start.safety_stock, ports)
    });
    let inventory = InventoryActor::start_in_arbiter(spawn, {
        let ports = InventoryPorts {
            facts: journal_actor.clone().recipient(),
            levels: safety_stock.clone().recipient(),
        };
        move |_| InventoryActor::new(start.inventory, ports)
    });
    let printer = simulated_printer(&settings, &data_dir)?;
    let peripherals = PeripheralsActor::start_in_arbiter(spawn, {
        let thread = PrinterThread::start(Box::new(printer.driver(encoder(&settings))))
            .map_err(StartError::thread)?;
        let ports = PeripheralsPorts {
            marks: journal_actor.clone().recipient(),
            jobs: journal_actor.clone().recipient(),
            copies: journal_actor.clone().recipient(),
            notices,
        };
        move |_| PeripheralsActor::new(thread, ports, start.queued)
    });
    actors.extend([
        inventory.clone().recipient(),
        safety_stock.recipient(),
        peripherals.clone().recipient(),
    ]);
    let facts: Vec<Recipient<FactCommitted>> = vec![inventory.recipient()];
    let ports = JournalPorts { facts, receipts: peripherals.clone().recipient() };
    journal_actor.send(Connect(ports)).await.map_err(|_| StartError::Closed)?;

    // The web.
    let (stopping, stopped) = watch::channel(false);
    let store = actix_web::web::Data::new(Store {
        settings: settings.clone(),
        rules,
        registers,
        shelf: Shelf::new(catalogue),
        access,
        append: journal_actor.recipient(),
        copies: peripherals.recipient(),
        alerts,
        actors,
        reader: ReaderPool::new(start_reader),
        writer,
        clock,
        metrics: Metrics::new(),
        stopping: stopped,
    });
    catalogue::tell_levels(&store).await?;
    let server = http::server::start(store.clone(), &data_dir)?;
    Ok(RunningHub {
        urls: server.urls,
        address: server.plain_address,
        setup_code,
        printer,
        store,
        server: server.handle,
        server_task: server.task,
        arbiter,
        stopping,
        data_dir,
    })
}

/// What the journal's tables say at the start.
struct Start {
    registers: Vec<RegisterStart>,
    inventory: InventoryMachine,
    safety_stock: SafetyStockMachine,
    alerts: Vec<AlertEntry>,
    queued: Vec<store_journal::PrintKey>,
}

struct RegisterStart {
    workstation: WorkstationId,
    state: RegisterState,
}
