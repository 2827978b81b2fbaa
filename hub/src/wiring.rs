//! Everything is put together here, once, from top to bottom: the memory, what the store sells,
//! the shells, the web.

mod memory;
mod shells;
pub mod training;

use std::net::SocketAddr;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use actix::prelude::*;
use actix_web::web;
use cloud_bridge::policy::PolicyDesk;
use cloud_bridge::{Bridge, Commands};
use service_kit::certificates::{self, Certificates};
use service_kit::http::server::{ListenError, Server, Sockets};
use store_actors::messages::Quiesce;
use store_actors::{AlertBoard, Clock};
use store_core::catalogue::Catalogue;
use store_core::device::Devices;
use store_core::promotion::set::PromotionSet;
use store_core::register::RegisterRules;
use store_journal::{LedgerReads as _, SqliteJournal, Writer};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use self::memory::{Memory, make_data_dir};
use self::shells::{Base, Shells};
use self::training::Training;
use crate::access::Access;
use crate::customer::Pairing;
use crate::http::server;
use crate::link::{self, LinkBase, Membership};
use crate::metrics::Metrics;
use crate::peripherals::{ChosenDevices, Peripherals, keep_signalling, keep_starting};
use crate::promotions::Own;
use crate::receipts::{ReceiptFrame, ReceiptKeys, ReceiptTexts, Receipts};
use crate::resume::Resumed;
use crate::settings::{HttpSettings, Settings};
use crate::start_error::StartError;
use crate::store::{ReaderPool, Shelf, Store};
use crate::till_papers::TillPapers;
use crate::{care, catalogue, demonstration, places, policy};

/// How long a stop waits for the receipt under way: as a picture one takes some seconds at
/// 19,200 baud.
const LAST_RECEIPT_TIMEOUT: Duration = Duration::from_secs(12);

/// What a hub is started with.
pub struct StartOptions {
    /// Its settings, validated.
    pub settings: Arc<Settings>,
    /// Where it gets the time from.
    pub clock: Arc<dyn Clock>,
    /// A catalogue that is already parsed, shared between stores of one process; its own file if
    /// none.
    pub catalogue: Option<Arc<Catalogue>>,
    /// Promotions that are already read; those of its own file if none.
    pub promotions: Option<Arc<PromotionSet>>,
    /// What headquarters can ask of it besides what it asks of every store.
    pub commands: Commands,
}

impl StartOptions {
    /// A store with its own catalogue and no commands of its own.
    #[must_use]
    pub fn new(settings: Arc<Settings>, clock: Arc<dyn Clock>) -> Self {
        Self { settings, clock, catalogue: None, promotions: None, commands: Commands::default() }
    }
}

/// A hub at work.
pub struct RunningHub {
    /// The web, with its addresses.
    pub server: Server,
    /// The code that makes the first manager, while there is none.
    pub setup_code: Option<String>,
    /// Its peripherals.
    pub peripherals: Peripherals,
    /// The store as its routes see it.
    pub store: web::Data<Store>,
    /// Takes what headquarters decides, where the store has a link.
    pub policy: Option<Arc<policy::Clerk>>,
    print_queue: Recipient<Quiesce>,
    link: Option<Bridge>,
    arbiter: Arbiter,
    pricing: Arbiter,
    writer: Writer<SqliteJournal>,
    renewal: Option<JoinHandle<()>>,
    stopping: watch::Sender<bool>,
}

/// Starts a hub. Must be called inside an actix system.
///
/// # Errors
/// What could not be started, and why.
pub async fn start(options: StartOptions) -> Result<RunningHub, StartError> {
    let StartOptions { settings, clock, catalogue, promotions, commands } = options;

    // What the registers follow: what the store sells, its own settings, and over them
    // headquarters' policy. Read while the memory opens: each takes half of a large store's start.
    make_data_dir(&settings)?;
    let decided = Decided::reading(settings.clone(), clock.clone(), catalogue, promotions);

    // The memory.
    let memory = Memory::open(&settings, clock.as_ref())?;
    let resumed = Resumed::read(&memory.reader, &settings.workstations())?;

    let decided = decided.join().map_err(|_| StartError::Ended("what the registers follow"))??;
    let access = memory.access(&settings)?;

    // The shells. Everything that decides shares one thread, but for the price, which may take
    // long.
    let peripherals = Peripherals::start(&settings, decided.plugged.clone(), clock.clone());
    let base = Base {
        arbiter: Arbiter::new(),
        pricing: Arbiter::new(),
        settings,
        clock,
        rules: decided.rules.clone(),
        catalogue: decided.catalogue.clone(),
        receipts: decided.receipts.clone(),
        link: decided.link_base(commands),
        is_training: false,
    };
    let alerts = AlertBoard::new(resumed.alerts.clone());
    let training = Training::with(peripherals.clone());
    let shells = base.start_shells(&memory, resumed, &access, &alerts, &peripherals).await?;

    // The web.
    Closed { base, decided, memory, access, alerts, shells, peripherals, training }.open().await
}

/// A store at work that nobody can come into yet.
struct Closed {
    base: Base,
    decided: Decided,
    memory: Memory,
    access: Access,
    alerts: AlertBoard,
    shells: Shells,
    peripherals: Peripherals,
    training: Training,
}

impl Closed {
    /// Opens its web.
    async fn open(self) -> Result<RunningHub, StartError> {
        let Self { base, decided, memory, access, alerts, shells, peripherals, training } = self;
        let Base { settings, clock, arbiter, pricing, .. } = base;
        let sockets = listen(&settings.http)?;
        let certificates = open_certificates(&settings, clock.as_ref())?;
        let renewal = renew(certificates.clone(), clock.clone());
        let setup_code = access.setup_code();
        let kept = |key: &str| memory.reader.setting(key);
        let pairing = Pairing::read(&settings.workstations(), kept)?;
        let (stopping, stopped) = watch::channel(false);
        let care = care::watch(&settings.data.dir, shells.notices, stopped.clone())?;
        let till_papers = TillPapers::new(&settings, decided.receipts.clone());
        let store = web::Data::new(Store {
            settings,
            registers: shells.registers,
            link_fault: decided.link_fault(),
            shelf: Shelf::new(decided.catalogue, decided.rules),
            promotions: decided.promotions,
            receipts: decided.receipts,
            policy: decided.board,
            devices: decided.devices,
            bundles: decided.clerk.as_ref().map(|clerk| clerk.state()),
            access,
            certificates,
            tls_port: sockets.tls_port(),
            append: shells.journal.recipient(),
            explanations: shells.promotion.recipient(),
            advice: shells.advice,
            copies: shells.print_queue.clone().recipient(),
            papers: shells.print_queue.clone().recipient(),
            settle: shells.print_queue.clone().recipient(),
            print_counts: shells.print_counts,
            peripherals: peripherals.clone(),
            till_papers,
            alerts,
            suspended: shells.suspended,
            actors: shells.actors,
            online_rate: Arc::default(),
            pairing: Arc::new(pairing),
            day: shells.day,
            reader: ReaderPool::new(memory.reader),
            writer: memory.writer.handle(),
            inventory: shells.inventory,
            link: shells.link.as_ref().map(Bridge::handle),
            clock,
            metrics: Metrics::new().map_err(StartError::Metrics)?,
            care,
            readiness: Arc::default(),
            stopping: stopped,
            training,
            is_training: false,
        });
        begin_the_day(&store).await;
        tell_and_apply(&store, decided.clerk.as_ref());
        let server = server::start(store.clone(), sockets)?;
        Ok(RunningHub {
            server,
            setup_code,
            peripherals,
            store,
            policy: decided.clerk,
            print_queue: shells.print_queue.recipient(),
            link: shells.link,
            arbiter,
            pricing,
            writer: memory.writer,
            renewal,
            stopping,
        })
    }
}

/// What a store does before anybody comes in: goes on with training, counts a demonstration's
/// shelves, shows itself on its displays and lamps, and looks after devices that do not start.
async fn begin_the_day(store: &web::Data<Store>) {
    store.training.resume(store).await;
    demonstration::count_shelves(store).await;
    catalogue::set_new_levels(store).await;
    let views = store.registers.iter().map(|(at, one)| (at.clone(), one.view.clone()));
    store.peripherals.show_views(views);
    actix_web::rt::spawn(keep_signalling(store.clone()));
    let (peripherals, stopping) = (store.peripherals.clone(), store.stopping.clone());
    actix_web::rt::spawn(keep_starting(peripherals, stopping));
}

/// What the registers begin with.
struct Decided {
    membership: Membership,
    /// What the routes see of policy.
    board: policy::Board,
    clerk: Option<Arc<policy::Clerk>>,
    catalogue: Arc<Catalogue>,
    /// The store's own.
    promotions: Own,
    devices: ChosenDevices,
    /// Those that hold.
    plugged: Devices,
    rules: Arc<RegisterRules>,
    receipts: Receipts,
}

impl Decided {
    /// Begins to read it, in a thread of its own.
    fn reading(
        settings: Arc<Settings>,
        clock: Arc<dyn Clock>,
        catalogue: Option<Arc<Catalogue>>,
        promotions: Option<Arc<PromotionSet>>,
    ) -> thread::JoinHandle<Result<Self, StartError>> {
        thread::spawn(move || Self::read(&settings, &clock, catalogue, promotions))
    }

    fn read(
        settings: &Settings,
        clock: &Arc<dyn Clock>,
        catalogue: Option<Arc<Catalogue>>,
        promotions: Option<Arc<PromotionSet>>,
    ) -> Result<Self, StartError> {
        let membership = link::enrol(settings)?;
        let identity = policy::identity(settings, &membership);
        let currency = settings.store.currency;
        let desk = policy::open(settings, identity, clock.now(None))?;
        let decided = desk.as_ref().map(PolicyDesk::in_force).unwrap_or_default();
        let promotions = promotions.map_or_else(|| Own::open(settings), Own::given);
        let own = promotions.reading();
        let devices = ChosenDevices::open(settings);
        let plugged = devices.under(&decided.bundle);
        let rules = policy::register_rules(settings, &plugged, &own.set, &decided.bundle);
        let rules = Arc::new(rules);
        let header = policy::receipt_header(settings, &decided.bundle);
        let keys = ReceiptKeys::open(&places::receipt_keys(&settings.data.dir))
            .map_err(|error| StartError::Part("the receipts' key", error))?;
        let texts = ReceiptTexts::read(&settings.store.language).map_err(StartError::Texts)?;
        let frame = ReceiptFrame::new(header, rules.tenders.clone());
        let (keys, texts) = (Arc::new(keys), Arc::new(texts));
        let receipts = Receipts { frame, keys, texts, is_training: false };
        // Of headquarters' catalogue and the store's own file only one is read: each takes a third
        // of a large store's memory.
        let catalogue = match decided.bundle.catalogue.clone().or(catalogue) {
            Some(catalogue) => catalogue,
            None => Arc::new(catalogue::open(&places::catalogue(&settings.data.dir), currency)?),
        };
        Ok(Self {
            membership,
            board: policy::Board::new(&decided, settings.favourites.clone()),
            clerk: desk.map(|desk| Arc::new(policy::Clerk::new(desk, clock.clone()))),
            catalogue,
            promotions,
            devices,
            plugged,
            rules,
            receipts,
        })
    }

    /// What the link is started with.
    fn link_base(&self, commands: Commands) -> Option<LinkBase> {
        let Membership::Linked(enrolment) = &self.membership else { return None };
        Some(LinkBase { enrolment: enrolment.clone(), commands, clerk: self.clerk.clone() })
    }

    /// Why there is no link although there should be one.
    const fn link_fault(&self) -> Option<&'static str> {
        match &self.membership {
            Membership::Cut(error) => Some(error.code()),
            Membership::Alone | Membership::Linked(_) => None,
        }
    }
}

/// Keeps the certificate valid, where HTTPS is served.
fn renew(certificates: Option<Arc<Certificates>>, clock: Arc<dyn Clock>) -> Option<JoinHandle<()>> {
    let now = move || clock.now(None);
    let renewed = |certificates| certificates::keep_valid(certificates, now);
    Some(actix_web::rt::spawn(renewed(certificates?)))
}

/// Begins to tell headquarters how the store is, and to put in force what it decides.
fn tell_and_apply(store: &web::Data<Store>, clerk: Option<&Arc<policy::Clerk>>) {
    if let Some(link) = store.link.clone() {
        let standing = clerk.map(|clerk| clerk.state());
        actix_web::rt::spawn(link::keep_telling(store.clone(), link, standing));
    }
    if let Some(clerk) = clerk {
        actix_web::rt::spawn(policy::keep_applying(store.clone(), clerk.clone()));
    }
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
        // A printer that does not answer leaves its receipt unknown, as a cut would.
        let _ = tokio::time::timeout(LAST_RECEIPT_TIMEOUT, self.print_queue.send(Quiesce)).await;
        self.store.training.stop().await;
        if let Some(link) = self.link {
            // It ends by itself where no thread is left to wait for it.
            let _ = web::block(move || link.stop()).await;
        }
        end(self.writer, [self.pricing, self.arbiter]).await;
    }
}

/// Ends a journal's thread, its rows flushed, and then those who wrote to it.
async fn end(writer: Writer<SqliteJournal>, arbiters: [Arbiter; 2]) {
    let flushed = web::block(move || writer.stop()).await;
    if let Ok(Err(error)) = flushed {
        tracing::error!(%error, "closing the journal");
    }
    for arbiter in arbiters {
        arbiter.stop();
        // One that is gone already has nothing under way.
        let _ = web::block(move || arbiter.join()).await;
    }
}

/// The sockets of the web.
fn listen(http: &HttpSettings) -> Result<Sockets, ListenError> {
    let at = |port| SocketAddr::new(http.listen, port);
    let tls = http.tls_port.map(|port| (at(port), "http.tls_port"));
    Sockets::listen((at(http.port), "--port"), tls)
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

#[cfg(test)]
pub(crate) mod tests;
