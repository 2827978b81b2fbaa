//! Stores of a replay: hubs of this very process, on loopback, with a clock that the replay sets.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;

use cloud_bridge::{BridgeHandle, Commands};
use store_core::catalogue::Catalogue;
use store_core::tax::TaxTable;
use store_core::till::TillPolicy;
use store_core::transaction::{TenderRule, TenderTypeId};
use store_core::{ReasonCode, StoreId, WorkstationId};
use store_journal::{LedgerReads as _, Reader};
use tokio::sync::mpsc;

use super::client::Crew;
use super::file::FileTime;
use super::headquarters::Headquarters;
use super::plan::{REASON_COUPON_MATCH, REASON_LOYALTY, REASONS_RETURN, TENDER_COUPON};
use super::run::{HostError, RunningStore, StoreHost, StoreOpening};
use crate::clock::ReplayClock;
use crate::settings::{self, Flags, PaperMode, Settings};
use crate::wiring::{self, RunningHub, StartOptions};
use service_kit::exit::{ExitCode, Failure};

/// Stores that wait to be opened or closed: each open one asks for one thing at a time.
const JOBS_MAX: usize = 64;

enum Job {
    Open(Box<StartOptions>, SyncSender<Result<Opened, String>>),
    Close(u64, SyncSender<()>),
}

struct Opened {
    id: u64,
    url: String,
    setup_code: Option<String>,
    link: Option<BridgeHandle>,
}

/// What links the stores of a replay to headquarters.
pub trait Links: Send + Sync {
    /// The link file of a store, which headquarters knows from now on.
    ///
    /// # Errors
    /// Where the store cannot be enrolled.
    fn link_file(&self, store: &StoreId) -> Result<PathBuf, HostError>;

    /// Where headquarters is asked what it has.
    fn headquarters(&self) -> &Headquarters;
}

/// The thread that the hubs run on.
pub struct Here {
    jobs: mpsc::Sender<Job>,
    thread: JoinHandle<StoresOpened>,
    catalogue: Arc<Catalogue>,
    directory: PathBuf,
    template: Settings,
    crew: Crew,
    links: Option<Arc<dyn Links>>,
}

/// What became of the stores' catalogues.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StoresOpened {
    /// How many stores were opened.
    pub stores: u64,
    /// How many of them sold by the one catalogue in memory, not by a copy of it.
    pub by_one_catalogue: u64,
}

impl Here {
    /// Starts the thread. The catalogue is parsed once and shared by every store.
    ///
    /// # Errors
    /// Where the catalogue does not parse or there is no thread.
    pub fn start(
        csv: &Path,
        currency: store_core::Currency,
        directory: &Path,
        keeps_paper: bool,
    ) -> Result<Self, HostError> {
        let catalogue = Arc::new(crate::catalogue::read(csv, currency)?);
        Self::selling(catalogue, directory, keeps_paper)
    }

    /// As [`Self::start`], with a catalogue that is parsed already.
    ///
    /// # Errors
    /// Where there is no thread.
    pub fn selling(
        catalogue: Arc<Catalogue>,
        directory: &Path,
        keeps_paper: bool,
    ) -> Result<Self, HostError> {
        let currency = catalogue.currency();
        let template = template(currency, keeps_paper)?;
        let (jobs, queue) = mpsc::channel(JOBS_MAX);
        let shared = catalogue.clone();
        let thread = std::thread::Builder::new()
            .name("stores".to_owned())
            .spawn(move || actix_web::rt::System::new().block_on(serve(queue, shared)))?;
        let directory = directory.to_owned();
        Ok(Self { jobs, thread, catalogue, directory, template, crew: Crew::REPLAY, links: None })
    }

    /// The same, with stores that tell headquarters.
    #[must_use]
    pub fn linked_by(self, links: Option<Arc<dyn Links>>) -> Self {
        Self { links, ..self }
    }

    /// The same, with others at work.
    #[must_use]
    pub fn with_crew(self, crew: Crew) -> Self {
        Self { crew, ..self }
    }

    /// Ends the thread; every store has been closed.
    #[must_use]
    pub fn stop(self) -> StoresOpened {
        drop(self.jobs);
        // It ends by itself when nobody can ask any more.
        self.thread.join().unwrap_or_default()
    }
}

async fn serve(mut queue: mpsc::Receiver<Job>, catalogue: Arc<Catalogue>) -> StoresOpened {
    let mut count = StoresOpened::default();
    let mut hubs: BTreeMap<u64, RunningHub> = BTreeMap::new();
    let mut next = 0;
    while let Some(job) = queue.recv().await {
        match job {
            Job::Open(options, reply) => {
                let opened = wiring::start(*options).await.map(|hub| {
                    next += 1;
                    let sells_by = hub.store.shelf.catalogue();
                    count.stores += 1;
                    count.by_one_catalogue += u64::from(Arc::ptr_eq(&sells_by, &catalogue));
                    let url = hub.server.urls().into_iter().next().unwrap_or_default();
                    let (setup_code, link) = (hub.setup_code.clone(), hub.store.link.clone());
                    let opened = Opened { id: next, url, setup_code, link };
                    hubs.insert(next, hub);
                    opened
                });
                let opened = opened.map_err(|error| {
                    Failure::because(ExitCode::Software, "a store did not start", &error)
                        .to_string()
                });
                // Whoever asked waits; where it does not, nobody wants to know.
                let _ = reply.send(opened);
            }
            Job::Close(id, reply) => {
                if let Some(hub) = hubs.remove(&id) {
                    hub.stop().await;
                }
                let _ = reply.send(());
            }
        }
    }
    count
}

/// What every store of a replay is told.
///
/// # Errors
/// Where a code that a replay uses is none.
pub fn template(currency: store_core::Currency, keeps_paper: bool) -> Result<Settings, HostError> {
    let mut settings = settings::load(&Flags::default())?;
    settings.store.currency = currency;
    settings.store.language = "en".to_owned();
    settings.http.listen = IpAddr::V4(Ipv4Addr::LOCALHOST);
    settings.http.port = 0;
    settings.http.tls_port = None;
    // Nobody is there to unlock a register that had nothing to sell for a while.
    settings.sessions.lock_ms = 0;
    settings.tax = TaxTable::flat(settings::no_tax());
    // A file says nothing of floats and counts, and its days are those of its dates.
    settings.till.policy = TillPolicy::None;
    settings.printer.mode = PaperMode::Text;
    settings.printer.keeps_paper = keeps_paper;
    let coupon = TenderTypeId::new(TENDER_COUPON)?;
    settings.tenders.retain(|rule| rule.id != coupon);
    settings.tenders.push(TenderRule {
        gives_change: true,
        taken_when_nothing_due: true,
        ..TenderRule::exact(coupon)
    });
    for reason in [REASON_LOYALTY, REASON_COUPON_MATCH] {
        settings.reasons.price.push(ReasonCode::new(reason)?);
    }
    for reason in REASONS_RETURN {
        settings.reasons.returns.push(ReasonCode::new(reason)?);
    }
    Ok(settings)
}

/// A directory name out of any store id: what is not plain is written as its bytes.
#[must_use]
pub fn directory_name(store: &StoreId) -> String {
    let mut name = String::from("store-");
    for byte in store.as_str().bytes() {
        if byte.is_ascii_alphanumeric() || byte == b'-' {
            name.push(char::from(byte));
        } else {
            name.push_str(&format!("_{byte:02x}"));
        }
    }
    name
}

impl StoreHost for Here {
    fn open(&self, opening: &StoreOpening<'_>) -> Result<Box<dyn RunningStore>, HostError> {
        let mut settings = self.template.clone();
        let directory = self.directory.join(directory_name(opening.store));
        settings.store.id = opening.store.clone();
        settings.store.name = opening.store.to_string();
        settings.store.time_zone = opening.zone.to_owned();
        settings.registers = u16::try_from(opening.registers)?;
        settings.data.dir.clone_from(&directory);
        let link_file = self.links.as_ref().map(|links| links.link_file(opening.store));
        settings.link.file = link_file.transpose()?;
        let begins = opening
            .begins
            .unwrap_or(FileTime { instant: jiff::Timestamp::UNIX_EPOCH, utc_offset_s: 0 });
        let clock = Arc::new(ReplayClock::new(begins.instant, begins.utc_offset_s));
        let options = StartOptions {
            promotions: None,
            settings: Arc::new(settings),
            clock: clock.clone(),
            catalogue: Some(self.catalogue.clone()),
            commands: Commands::default(),
        };
        let (reply, opened) = sync_channel(1);
        self.jobs.blocking_send(Job::Open(Box::new(options), reply))?;
        let opened = opened.recv()??;
        let (jobs, crew) = (self.jobs.clone(), self.crew);
        Ok(Box::new(StoreHere { opened, clock, directory, jobs, crew }))
    }

    fn headquarters(&self) -> Option<&Headquarters> {
        self.links.as_ref().map(|links| links.headquarters())
    }
}

struct StoreHere {
    opened: Opened,
    clock: Arc<ReplayClock>,
    directory: PathBuf,
    jobs: mpsc::Sender<Job>,
    crew: Crew,
}

impl RunningStore for StoreHere {
    fn url(&self) -> &str {
        &self.opened.url
    }

    fn setup_code(&self) -> Option<String> {
        self.opened.setup_code.clone()
    }

    fn directory(&self) -> &Path {
        &self.directory
    }

    fn journal(&self) -> &Path {
        &self.directory
    }

    fn crew(&self) -> Crew {
        self.crew
    }

    fn waiting(&self) -> Result<Option<u64>, HostError> {
        let Some(link) = &self.opened.link else { return Ok(None) };
        let streams = Reader::open(&self.directory)?.streams()?;
        let status = link.status().borrow().clone();
        let current = streams.last().map(|stream| stream.head);
        let current = current.filter(|head| head.stream.uuid() == status.stream);
        // The link has not looked at a journal whose stream it does not name.
        let Some(head) = current else { return Ok(Some(1)) };
        let newest = head.sequence.0.saturating_sub(status.acknowledged);
        // What waits in all is counted now and then; of one stream there is nothing else.
        let is_only = streams.len() == 1;
        Ok(Some(if is_only || newest > 0 { newest } else { status.waiting.rows }))
    }

    fn set_clock(&self, workstation: &WorkstationId, time: FileTime) {
        self.clock.set(workstation, time.instant, time.utc_offset_s);
    }

    fn close(self: Box<Self>) -> Result<(), HostError> {
        let (reply, closed) = sync_channel(1);
        self.jobs.blocking_send(Job::Close(self.opened.id, reply))?;
        Ok(closed.recv()?)
    }
}
