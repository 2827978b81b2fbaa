//! Stores of a replay: hubs of this very process, on loopback, with a clock that the replay sets.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Instant;

use cloud_bridge::Commands;
use store_core::catalogue::Catalogue;
use store_core::fact::{Fact, RowPosition};
use store_core::tax::TaxTable;
use store_core::transaction::{TenderRule, TenderTypeId};
use store_core::{JournalSequence, ReasonCode, StoreId, WorkstationId};
use store_journal::{LedgerReads as _, ReadError, Reader};
use tokio::sync::mpsc;

use super::ReplayError;
use super::file::{FileFormat, FileReader, FileTime};
use super::plan::{REASON_COUPON_MATCH, REASON_LOYALTY, REASONS_RETURN, TENDER_COUPON};
use super::run::{
    HostError, ReplayOptions, RunningStore, StoreHost, StoreOpening, replay as run_replay,
};
use super::stores::{JournalReadError, SoldSale, StoreJournals};
use crate::cli::ReplayArgs;
use crate::clock::ReplayClock;
use crate::settings::{self, Flags, PaperMode, Settings};
use crate::wiring::{self, RunningHub, StartOptions};
use service_kit::exit::{self, ExitCode, Failure};

/// Stores that wait to be opened or closed: each open one asks for one thing at a time.
const JOBS_MAX: usize = 64;
/// Rows read at once when a journal is read back.
const ROWS_AT_ONCE: usize = 500;

enum Job {
    Open(Box<StartOptions>, SyncSender<Result<Opened, String>>),
    Close(u64, SyncSender<()>),
}

struct Opened {
    id: u64,
    url: String,
    setup_code: Option<String>,
}

/// The thread that the hubs run on.
pub struct Here {
    jobs: mpsc::Sender<Job>,
    thread: JoinHandle<StoresOpened>,
    catalogue: Arc<Catalogue>,
    directory: PathBuf,
    template: Settings,
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
        let template = template(currency, keeps_paper)?;
        let (jobs, queue) = mpsc::channel(JOBS_MAX);
        let shared = catalogue.clone();
        let thread = std::thread::Builder::new()
            .name("stores".to_owned())
            .spawn(move || actix_web::rt::System::new().block_on(serve(queue, shared)))?;
        let directory = directory.to_owned();
        Ok(Self { jobs, thread, catalogue, directory, template })
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
                    let opened = Opened { id: next, url, setup_code: hub.setup_code.clone() };
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
fn template(currency: store_core::Currency, keeps_paper: bool) -> Result<Settings, HostError> {
    let mut settings = settings::load(&Flags::default())?;
    settings.store.currency = currency;
    settings.store.language = "en".to_owned();
    settings.http.listen = IpAddr::V4(Ipv4Addr::LOCALHOST);
    settings.http.port = 0;
    settings.http.tls_port = None;
    settings.tax = TaxTable::flat(settings::no_tax());
    settings.printer.mode = PaperMode::Text;
    settings.printer.keeps_paper = keeps_paper;
    let coupon = TenderTypeId::new(TENDER_COUPON)?;
    settings.tenders.retain(|rule| rule.id != coupon);
    settings.tenders.push(TenderRule {
        id: coupon,
        gives_change: true,
        opens_drawer: false,
        taken_when_nothing_due: true,
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
fn directory_name(store: &StoreId) -> String {
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
        let begins = opening
            .begins
            .unwrap_or(FileTime { instant: jiff::Timestamp::UNIX_EPOCH, utc_offset_s: 0 });
        let clock = Arc::new(ReplayClock::new(begins.instant, begins.utc_offset_s));
        let options = StartOptions {
            settings: Arc::new(settings),
            clock: clock.clone(),
            catalogue: Some(self.catalogue.clone()),
            commands: Commands::default(),
        };
        let (reply, opened) = sync_channel(1);
        self.jobs.blocking_send(Job::Open(Box::new(options), reply))?;
        let opened = opened.recv()??;
        Ok(Box::new(StoreHere { opened, clock, directory, jobs: self.jobs.clone() }))
    }
}

struct StoreHere {
    opened: Opened,
    clock: Arc<ReplayClock>,
    directory: PathBuf,
    jobs: mpsc::Sender<Job>,
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

    fn set_clock(&self, workstation: &WorkstationId, time: FileTime) {
        self.clock.set(workstation, time.instant, time.utc_offset_s);
    }

    fn close(self: Box<Self>) -> Result<(), HostError> {
        let (reply, closed) = sync_channel(1);
        self.jobs.blocking_send(Job::Close(self.opened.id, reply))?;
        Ok(closed.recv()?)
    }
}

/// Reads journals back, row by row.
pub struct JournalsHere;

impl StoreJournals for JournalsHere {
    fn sales(
        &self,
        journal: &Path,
        on_sale: &mut dyn FnMut(SoldSale),
    ) -> Result<(), JournalReadError> {
        let reader = Reader::open(journal)?;
        for stream in reader.streams()? {
            let mut after =
                RowPosition { stream: stream.head.stream, sequence: JournalSequence(0) };
            loop {
                let rows = reader.rows(after, ROWS_AT_ONCE)?;
                let Some(last) = rows.last() else { break };
                after = last.position;
                for row in &rows {
                    let committed = row.committed().map_err(|error| ReadError::Malformed {
                        what: "a row",
                        reason: error.to_string(),
                    })?;
                    if let Some(Fact::SaleCompleted(sale)) = committed.map(|row| row.fact) {
                        on_sale(SoldSale::from(&*sale));
                    }
                }
            }
        }
        Ok(())
    }

    fn state(&self, journal: &Path) -> Result<String, JournalReadError> {
        let reader = Reader::open(journal)?;
        let mut receipts = 0;
        for sale in reader.completed()? {
            receipts += reader.print_jobs(sale)?.len();
        }
        let drafts = reader.drafts()?;
        let drafts: Vec<_> =
            drafts.iter().map(|draft| (draft.transaction, draft.version)).collect();
        let heads: Vec<_> = reader.streams()?.into_iter().map(|stream| stream.head).collect();
        Ok(format!("heads {heads:?}, baskets {drafts:?}, {receipts} receipts"))
    }
}

/// Replays a file as the command line says.
///
/// # Errors
/// [`Failure`]: what could not be read, what differs, what was refused.
pub fn replay(args: &ReplayArgs) -> Result<(), Failure> {
    let begun = Instant::now();
    let options = ReplayOptions {
        catalogue: args.catalogue.clone(),
        baskets: args.baskets.clone(),
        report: args.report.clone(),
        registers: usize::from(args.registers),
        answered: args.answered.clone(),
        repeat: None,
        begun,
    };
    let directory = match &args.data_dir {
        Some(directory) => directory.clone(),
        None => std::env::temp_dir().join(format!("hub-replay-{}", std::process::id())),
    };
    let begin = |error: &HostError| {
        Failure::new(ExitCode::BadInput, format!("opening the stores: {error}"))
    };
    let currency = currency_of(&options.baskets).map_err(|error| failed(&error))?;
    let here = Here::start(&args.catalogue, currency, &directory, args.keep_paper)
        .map_err(|error| begin(&error))?;
    let outcome = run_replay(&options, &here, &JournalsHere);
    let StoresOpened { stores, by_one_catalogue } = here.stop();
    exit::note(&format!(
        "replay: {stores} stores opened, {by_one_catalogue} by one catalogue in memory"
    ));
    if args.data_dir.is_none() {
        // What nobody named nobody needs; a remnant in the temporary directory does no harm.
        let _ = std::fs::remove_dir_all(&directory);
    }
    let outcome = outcome.map_err(|error| failed(&error))?;
    for complaint in outcome.complaints() {
        exit::note(&complaint);
    }
    if outcome.is_equal() {
        return Ok(());
    }
    Err(Failure::new(ExitCode::Differs, "the stores' totals are not the file's"))
}

/// The currency of a file, by the format of its first basket.
fn currency_of(baskets: &Path) -> Result<store_core::Currency, ReplayError> {
    let mut reader = FileReader::open(baskets)?;
    let first = reader.next().transpose()?;
    let format = reader.format().filter(|_| first.is_some());
    Ok(format.map_or(store_core::Currency::USD, FileFormat::currency))
}

fn failed(error: &ReplayError) -> Failure {
    let code = match error.exit_code() {
        66 => ExitCode::NoInput,
        69 => ExitCode::Unavailable,
        70 => ExitCode::Software,
        73 => ExitCode::CannotCreate,
        _ => ExitCode::BadInput,
    };
    Failure::because(code, "replaying", error)
}
