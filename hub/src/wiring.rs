//! Everything is put together here, once, from top to bottom: the memory, what the store sells,
//! the shells, the web.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use actix::prelude::*;
use actix_web::web;
use cloud_bridge::policy::PolicyDesk;
use cloud_bridge::{Bridge, Commands};
use devices::printer::SimulatedPrinter;
use service_kit::certificates::{self, Certificates};
use service_kit::files;
use service_kit::http::server::{ListenError, Server, Sockets};
use store_actors::messages::{FactCommitted, Quiesce, SetNotice, StatusQuery};
use store_actors::{
    AlertBoard, Clock, Connect, InventoryActor, InventoryPorts, JournalActor, JournalPorts,
    PeripheralsActor, PeripheralsPorts, PrinterThread, PromotionActor, RegisterActor,
    RegisterPorts, SafetyStockActor, SafetyStockPorts,
};
use store_core::WorkstationId;
use store_core::catalogue::Catalogue;
use store_core::register::{RegisterMachine, RegisterRules};
use store_journal::{OpenOptions, ReadError, Reader, SqliteJournal, Writer, WriterHandle};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::access::{Access, AccessConfig};
use crate::http::health::Readiness;
use crate::http::server;
use crate::link::{self, LinkBase, LinkParts, Nudge};
use crate::metrics::Metrics;
use crate::receipts::ReceiptFrame;
use crate::resume::Resumed;
use crate::settings::{HttpSettings, Settings};
use crate::start_error::StartError;
use crate::store::{ReaderPool, RegisterHandle, Shelf, Store};
use crate::{care, catalogue, demonstration, places, policy, printing, receipts};

/// How long a stop waits for the receipt under way: a long one takes two seconds.
const LAST_RECEIPT_TIMEOUT: Duration = Duration::from_secs(5);

/// What a hub is started with.
pub struct StartOptions {
    /// Its settings, validated.
    pub settings: Arc<Settings>,
    /// Where it gets the time from.
    pub clock: Arc<dyn Clock>,
    /// A catalogue that is already parsed, shared between stores of one process; its own file if
    /// none.
    pub catalogue: Option<Arc<Catalogue>>,
    /// What headquarters can ask of it besides what it asks of every store.
    pub commands: Commands,
}

impl StartOptions {
    /// A store with its own catalogue and no commands of its own.
    #[must_use]
    pub fn new(settings: Arc<Settings>, clock: Arc<dyn Clock>) -> Self {
        Self { settings, clock, catalogue: None, commands: Commands::default() }
    }
}

/// A hub at work.
pub struct RunningHub {
    /// The web, with its addresses.
    pub server: Server,
    /// The code that makes the first manager, while there is none.
    pub setup_code: Option<String>,
    /// The printer, where it is simulated.
    pub printer: SimulatedPrinter,
    /// The store as its routes see it.
    pub store: web::Data<Store>,
    /// Takes what headquarters decides, where the store has a link.
    pub policy: Option<Arc<policy::Clerk>>,
    peripherals: Recipient<Quiesce>,
    link: Option<Bridge>,
    arbiter: Arbiter,
    writer: Writer<SqliteJournal>,
    renewal: Option<JoinHandle<()>>,
    stopping: watch::Sender<bool>,
}

/// Starts a hub. Must be called inside an actix system.
///
/// # Errors
/// What could not be started, and why.
pub async fn start(options: StartOptions) -> Result<RunningHub, StartError> {
    let StartOptions { settings, clock, catalogue, commands } = options;

    // What the store sells, read while the memory opens: each takes half of a large store's start.
    make_data_dir(&settings)?;
    let catalogue = read_catalogue(settings.clone(), catalogue);

    // The memory.
    let memory = Memory::open(&settings, clock.as_ref())?;
    let resumed = Resumed::read(&memory.reader)?;

    // What the registers follow: the store's own settings, and over them headquarters' policy.
    let enrolment = link::enrol(&settings)?;
    let currency = settings.store.currency;
    let identity = enrolment.as_ref().map(|enrolment| enrolment.identity(currency));
    let desk = policy::open(&settings, identity, clock.now(None))?;
    let decided = desk.as_ref().map(PolicyDesk::in_force).unwrap_or_default();
    let catalogue = catalogue.join().map_err(|_| StartError::Ended("the catalogue"))??;
    let catalogue = decided.bundle.catalogue.clone().unwrap_or(catalogue);
    let rules = Arc::new(policy::register_rules(&settings, &decided.bundle));
    let header = policy::receipt_header(&settings, &decided.bundle);
    let receipts = ReceiptFrame::new(header, rules.tenders.clone());
    let access = memory.access(&settings)?;
    let setup_code = access.setup_code();

    // What comes of the policy from now on.
    let policy = desk.map(|desk| Arc::new(policy::Clerk::new(desk, clock.clone())));

    // The shells. Everything that decides shares one thread.
    let (printer, printer_thread) = printing::start(&settings)?;
    let base = Base {
        arbiter: Arbiter::new(),
        settings: settings.clone(),
        clock: clock.clone(),
        rules: rules.clone(),
        catalogue: catalogue.clone(),
        receipts: receipts.clone(),
        link: enrolment.map(|enrolment| LinkBase { enrolment, commands, clerk: policy.clone() }),
    };
    let alerts = AlertBoard::new(resumed.alerts.clone());
    let shells = base.start_shells(&memory, resumed, &access, &alerts, printer_thread).await?;

    // The web.
    let sockets = listen(&settings.http)?;
    let certificates = open_certificates(&settings, clock.as_ref())?;
    let renewal = certificates.clone().map(|certificates| {
        let clock = clock.clone();
        actix_web::rt::spawn(certificates::keep_valid(certificates, move || clock.now(None)))
    });
    let (stopping, stopped) = watch::channel(false);
    let care = care::watch(&settings.data.dir, shells.notices, stopped.clone())?;
    let store = web::Data::new(Store {
        settings: settings.clone(),
        registers: shells.registers,
        shelf: Shelf::new(catalogue, rules),
        receipts,
        policy: policy::Board::default(),
        access,
        certificates,
        tls_port: sockets.tls_port(),
        append: shells.journal.clone().recipient(),
        copies: shells.peripherals.clone().recipient(),
        alerts,
        actors: shells.actors,
        reader: ReaderPool::new(memory.reader),
        writer: memory.writer.handle(),
        inventory: shells.inventory,
        link: shells.link.as_ref().map(Bridge::handle),
        clock: clock.clone(),
        metrics: Metrics::new().map_err(StartError::Metrics)?,
        care,
        readiness: Readiness::default(),
        stopping: stopped,
    });
    demonstration::count_shelves(&store).await;
    catalogue::set_new_levels(&store).await;
    if let Some(link) = store.link.clone() {
        let standing = policy.as_ref().map(|clerk| clerk.state());
        actix_web::rt::spawn(link::keep_telling(store.clone(), link, standing));
    }
    if let Some(clerk) = policy.clone() {
        actix_web::rt::spawn(policy::keep_applying(store.clone(), clerk));
    }
    let server = server::start(store.clone(), sockets)?;
    Ok(RunningHub {
        server,
        setup_code,
        printer,
        store,
        policy,
        peripherals: shells.peripherals.recipient(),
        link: shells.link,
        arbiter: base.arbiter,
        writer: memory.writer,
        renewal,
        stopping,
    })
}

impl RunningHub {
    /// Stops by protocol: streams end, the web takes nothing new, the registers finish what is
    /// under way, the journal is flushed and its thread ends.
    pub async fn stop(self) {
        self.stopping.send_replace(true);
        self.server.stop().await;
        if let Some(renewal) = self.renewal {
            renewal.abort();
        }
        for register in self.store.registers.values() {
            // A register that is gone has nothing under way.
            let _ = register.quiesce.send(Quiesce).await;
        }
        // A closed gate must not hold the printer's thread.
        self.printer.open_gate();
        // A printer that does not answer leaves its receipt unknown, as a cut would.
        let _ = tokio::time::timeout(LAST_RECEIPT_TIMEOUT, self.peripherals.send(Quiesce)).await;
        if let Some(link) = self.link {
            // It ends by itself where no thread is left to wait for it.
            let _ = web::block(move || link.stop()).await;
        }
        let writer = self.writer;
        let flushed = web::block(move || writer.stop()).await;
        if let Ok(Err(error)) = flushed {
            tracing::error!(%error, "closing the journal");
        }
        self.arbiter.stop();
    }
}

/// The sockets of the web.
fn listen(http: &HttpSettings) -> Result<Sockets, ListenError> {
    let at = |port| SocketAddr::new(http.listen, port);
    let tls = http.tls_port.map(|port| (at(port), "http.tls_port"));
    Sockets::listen((at(http.port), "--port"), tls)
}

/// The journal's two ends.
struct Memory {
    writer: Writer<SqliteJournal>,
    reader: Reader,
}

impl Memory {
    fn open(settings: &Settings, clock: &dyn Clock) -> Result<Self, StartError> {
        let data_dir = &settings.data.dir;
        let software = concat!("hub ", env!("CARGO_PKG_VERSION"));
        let mut options = OpenOptions::new(settings.store.id.clone(), software, clock.now(None));
        options.reserve_bytes = settings.journal.reserve_bytes;
        let (journal, report) = SqliteJournal::open(data_dir, &options)?;
        tracing::info!(
            sequence = report.head.sequence.0,
            rows_verified = report.rows_verified,
            duration_ms = report.duration_ms,
            "journal open"
        );
        let writer =
            Writer::spawn(journal).map_err(|error| StartError::Part("the journal", error))?;
        Ok(Self { writer, reader: Reader::open(data_dir)? })
    }

    fn access(&self, settings: &Settings) -> Result<Access, ReadError> {
        let (workstations, limits) = (settings.workstations(), settings.sessions);
        let writer = self.writer.handle();
        Access::load(&self.reader, AccessConfig { workstations, limits, writer })
    }
}

fn make_data_dir(settings: &Settings) -> Result<(), StartError> {
    let data_dir = &settings.data.dir;
    files::make_private(data_dir)
        .map_err(|error| StartError::DataDir(data_dir.display().to_string(), error))
}

/// Reads the catalogue in a thread of its own, unless it is given.
fn read_catalogue(
    settings: Arc<Settings>,
    given: Option<Arc<Catalogue>>,
) -> thread::JoinHandle<Result<Arc<Catalogue>, StartError>> {
    thread::spawn(move || {
        let path = places::catalogue(&settings.data.dir);
        given.map_or_else(|| Ok(Arc::new(catalogue::open(&path, settings.store.currency)?)), Ok)
    })
}

/// The authority and the certificate, where HTTPS is served.
fn open_certificates(
    settings: &Settings,
    clock: &dyn Clock,
) -> Result<Option<Arc<Certificates>>, StartError> {
    if settings.http.tls_port.is_none() {
        return Ok(None);
    }
    let (directory, name) = (&settings.data.dir, format!("Store hub {}", settings.store.id));
    let hosts = &settings.http.allowed_hosts;
    Ok(Some(Arc::new(Certificates::open(directory, &name, hosts, clock.now(None))?)))
}

/// What every shell is built from.
struct Base {
    arbiter: Arbiter,
    settings: Arc<Settings>,
    clock: Arc<dyn Clock>,
    rules: Arc<RegisterRules>,
    catalogue: Arc<Catalogue>,
    receipts: ReceiptFrame,
    link: Option<LinkBase>,
}

/// The shells, as the web reaches them.
struct Shells {
    journal: Addr<JournalActor>,
    peripherals: Addr<PeripheralsActor>,
    registers: BTreeMap<WorkstationId, RegisterHandle>,
    actors: Vec<Recipient<StatusQuery>>,
    notices: Vec<Recipient<SetNotice>>,
    inventory: Recipient<StatusQuery>,
    link: Option<Bridge>,
}

impl Base {
    async fn start_shells(
        &self,
        memory: &Memory,
        resumed: Resumed,
        access: &Access,
        alerts: &AlertBoard,
        printer: PrinterThread,
    ) -> Result<Shells, StartError> {
        let journal = self.start_journal(memory.writer.handle())?;
        let arbiter = self.arbiter.handle();
        let promotion = PromotionActor::start_in_arbiter(&arbiter, |_| PromotionActor::new());
        let mut actors = vec![journal.clone().recipient(), promotion.clone().recipient()];
        let mut registers = BTreeMap::new();
        let mut notices: Vec<Recipient<SetNotice>> = Vec::new();
        for workstation in self.settings.workstations() {
            let state = resumed.register(&workstation, access);
            let machine = RegisterMachine::restore(
                workstation.clone(),
                self.rules.clone(),
                self.catalogue.clone(),
                state,
            );
            let machine = machine.map_err(|error| StartError::Draft(workstation.clone(), error))?;
            let machine = machine.with_last_trusted(self.clock.last_trusted());
            let (register, view) = self.start_register(&workstation, machine, &journal, &promotion);
            actors.push(register.clone().recipient());
            notices.push(register.clone().recipient());
            registers.insert(workstation, handle(&register, view));
        }
        let ports = PeripheralsPorts {
            marks: journal.clone().recipient(),
            jobs: journal.clone().recipient(),
            copies: journal.clone().recipient(),
            queued: journal.clone().recipient(),
            notices: notices.clone(),
        };
        let queued = resumed.queued.clone();
        let peripherals = PeripheralsActor::start_in_arbiter(&self.arbiter.handle(), |_| {
            PeripheralsActor::new(printer, ports, queued)
        });
        actors.push(peripherals.clone().recipient());
        let inventory = self.start_followers(resumed, alerts, &journal, &mut actors);
        let mut facts = vec![inventory.clone().recipient()];
        let link = self.start_link(memory.writer.handle(), notices.clone())?;
        facts.extend(link.as_ref().map(|link| self.start_nudge(link)));
        let ports = JournalPorts { facts, receipts: peripherals.clone().recipient() };
        journal.send(Connect(ports)).await.map_err(|_| StartError::Ended("the journal"))?;
        let inventory = inventory.recipient();
        Ok(Shells { journal, peripherals, registers, actors, notices, inventory, link })
    }

    fn start_journal(&self, writer: WriterHandle) -> Result<Addr<JournalActor>, StartError> {
        let reader = Reader::open(&self.settings.data.dir)?;
        let labels = receipts::labels(&self.settings.store.language).map_err(StartError::Texts)?;
        let receipt = receipts::maker(self.receipts.clone(), labels);
        let clock = self.clock.clone();
        Ok(JournalActor::start_in_arbiter(&self.arbiter.handle(), move |_| {
            JournalActor::new(writer, reader, receipt, clock)
        }))
    }

    fn start_register(
        &self,
        workstation: &WorkstationId,
        machine: RegisterMachine,
        journal: &Addr<JournalActor>,
        promotion: &Addr<PromotionActor>,
    ) -> (Addr<RegisterActor>, watch::Receiver<Arc<store_core::register::RegisterView>>) {
        let now = self.clock.now(Some(workstation));
        let (view_sender, view) = watch::channel(Arc::new(machine.view(now)));
        let ports = RegisterPorts {
            append: journal.clone().recipient(),
            drafts: journal.clone().recipient(),
            ended: journal.clone().recipient(),
            prices: promotion.clone().recipient(),
            view: view_sender,
            clock: self.clock.clone(),
        };
        let workstation = workstation.clone();
        let register = RegisterActor::start_in_arbiter(&self.arbiter.handle(), move |_| {
            RegisterActor::new(workstation, machine, ports)
        });
        (register, view)
    }

    /// Those who follow the journal: stock, and the alerts that follow the stock.
    fn start_followers(
        &self,
        resumed: Resumed,
        alerts: &AlertBoard,
        journal: &Addr<JournalActor>,
        actors: &mut Vec<Recipient<StatusQuery>>,
    ) -> Addr<InventoryActor> {
        let Resumed { inventory, safety_stock, .. } = resumed;
        let ports = SafetyStockPorts { board: alerts.clone(), clock: self.clock.clone() };
        let safety_stock = SafetyStockActor::start_in_arbiter(&self.arbiter.handle(), |_| {
            SafetyStockActor::new(safety_stock, ports)
        });
        let ports = InventoryPorts {
            facts: journal.clone().recipient(),
            levels: safety_stock.clone().recipient(),
            clock: self.clock.clone(),
        };
        let inventory = InventoryActor::start_in_arbiter(&self.arbiter.handle(), |_| {
            InventoryActor::new(inventory, ports)
        });
        actors.push(inventory.clone().recipient());
        actors.push(safety_stock.recipient());
        inventory
    }

    /// The link to headquarters, where the settings name a link file.
    fn start_link(
        &self,
        writer: WriterHandle,
        notices: Vec<Recipient<SetNotice>>,
    ) -> Result<Option<Bridge>, StartError> {
        let Some(base) = &self.link else { return Ok(None) };
        let (settings, clock) = (&self.settings, self.clock.clone());
        link::start(base, LinkParts { settings, clock, writer, notices }).map(Some)
    }

    /// Tells the link of every fact.
    fn start_nudge(&self, link: &Bridge) -> Recipient<FactCommitted> {
        let nudge = Nudge(link.handle());
        Nudge::start_in_arbiter(&self.arbiter.handle(), |_| nudge).recipient()
    }
}

fn handle(
    register: &Addr<RegisterActor>,
    view: watch::Receiver<Arc<store_core::register::RegisterView>>,
) -> RegisterHandle {
    RegisterHandle {
        ask: register.clone().recipient(),
        query: register.clone().recipient(),
        view,
        in_force: register.clone().recipient(),
        quiesce: register.clone().recipient(),
    }
}

#[cfg(test)]
pub(crate) mod tests;
