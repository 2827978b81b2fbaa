//! Everything is put together here, once, from top to bottom: the memory, the broker, what listens
//! to it, the web.

use std::fs::{File, TryLockError};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use actix_web::web;
use hq_wire::link::v1::LinkFile;
use jiff::Timestamp;
use service_kit::certificates::{self, CertificateError, Certificates};
use service_kit::files;
use service_kit::http::server::{ListenError, Server, Sockets};
use store_core::{BootId, Now};
use tokio::runtime::{Handle, Runtime};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use uuid::Uuid;

use crate::asking::Asking;
use crate::broker::{BrokerError, OwnBroker};
use crate::database::{AskError, Database};
use crate::enrolment::{Admitted, EnrolmentError};
use crate::keys::KeyError;
use crate::link::Publisher;
use crate::link::{Link, LinkOptions};
use crate::metrics::Metrics;
use crate::people::People;
pub use crate::reaching::{authority, enrolment};
use crate::reaching::{open_certificates, reached, start_broker};
use crate::settings::{BrokerSettings, HttpSettings, Settings};
use crate::store::{HqStore, StoreAt, StoreError};
use crate::web::{self as pages, Hq};

/// Whoever holds this file runs headquarters, or does what may not be done beside it.
pub(crate) const RUNNING_LOCK: &str = "running.lock";
/// How long a start waits until headquarters hears its own broker; whoever is told that it runs can
/// then count on it. Where it takes longer, `/readyz` says so.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Threads for the broker and the connections to it.
const LINK_THREADS: usize = 2;

/// What headquarters is started with.
pub struct HqOptions {
    /// Its settings, validated.
    pub settings: Arc<Settings>,
}

/// Why headquarters did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data directory cannot be made.
    #[error("making the data directory {}", .0.display())]
    DataDir(PathBuf, #[source] io::Error),
    /// Another process uses it.
    #[error("another process of headquarters runs on {}", .0.display())]
    InUse(PathBuf),
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The database does not answer.
    #[error(transparent)]
    Asking(#[from] AskError),
    /// A key is not to be had.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// The certificates cannot be made or read.
    #[error("headquarters' certificates")]
    Certificates(#[from] CertificateError),
    /// The broker of this process does not start.
    #[error(transparent)]
    Broker(#[from] BrokerError),
    /// What the broker is reached with cannot be read.
    #[error("the broker's files: {0}")]
    BrokerAccess(String),
    /// Stores are to reach the broker under a name that is not in its certificate.
    #[error(
        "broker.address names {host}, and the authority in {} is older than that name and may not \
         vouch for it: give an address instead of a name, or remove the file, restart headquarters \
         and give every store another link file with `hq store rotate`",
        .authority.display()
    )]
    NotVouchedFor {
        /// The name.
        host: String,
        /// The authority's file.
        authority: PathBuf,
    },
    /// A port cannot be listened at.
    #[error(transparent)]
    Listen(#[from] ListenError),
    /// A thread could not be had.
    #[error("starting {0}")]
    Part(&'static str, #[source] io::Error),
    /// Two figures have one name.
    #[error("the figures")]
    Metrics(#[source] prometheus::Error),
    /// A store could not be enrolled.
    #[error(transparent)]
    Enrolment(#[from] EnrolmentError),
}

/// Headquarters at work.
pub struct RunningHq {
    /// Where a browser on this machine reaches it.
    pub url: String,
    /// The web, with its addresses.
    pub server: Server,
    /// The code that makes the first administrator, while there is none.
    pub setup_code: Option<String>,
    /// Where the broker of this process listens; none where there is another.
    pub broker_address: Option<SocketAddr>,
    /// Headquarters as its routes see it.
    pub hq: web::Data<Hq>,
    broker: Option<OwnBroker>,
    link: Link,
    threads: LinkThreads,
    renewal: Option<JoinHandle<()>>,
    stopping: watch::Sender<bool>,
    // Held until the end: the directory is ours.
    _lock: File,
}

/// Starts headquarters. Must be called inside an actix system.
///
/// # Errors
/// What could not be started, and why.
pub async fn start(HqOptions { settings }: HqOptions) -> Result<RunningHq, StartError> {
    // Whoever was first in this process has chosen the same.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let lock = lock(&settings, RUNNING_LOCK)?;

    let (at_start, database) = open_memory(&settings).await?;
    let people = People::load(database.clone(), settings.session_idle_ms).await?;
    let setup_code = people.setup_code();

    // The broker, and what listens to it, on threads of their own: what a page asks never holds
    // them back.
    let sockets = listen(&settings.http)?;
    let threads = LinkThreads::start()?;
    let runtime = threads.handle();
    let certificates = open_certificates(&settings)?;
    let admitted = Admitted::of(database.clone());
    let broker = match settings.broker {
        BrokerSettings::Own { separate: true, .. } => None,
        _ => start_broker(&runtime, &settings, &certificates, admitted).await?,
    };
    let address = reached(&settings, broker.as_ref().map(|broker| broker.own_address))?;
    let metrics = Metrics::new().map_err(StartError::Metrics)?;
    let publisher = Publisher::default();
    let asking = Asking::new(settings.chain.id.clone(), database.clone(), publisher.clone());
    let live = pages::live_views(&runtime, &settings, &database, &metrics);
    let options = LinkOptions {
        runtime,
        chain: settings.chain.id.clone(),
        workers: settings.workers,
        address,
        store: at_start,
        forget_presence: broker.is_some(),
        database: database.clone(),
        publisher: publisher.clone(),
        asking: asking.clone(),
        live: live.clone(),
        metrics: metrics.clone(),
    };
    let link = blocking(move || Link::start(options)).await?;
    if broker.is_some() {
        let _ = tokio::time::timeout(CONNECT_TIMEOUT, metrics.until_connected()).await;
    }

    // The web.
    let served = certificates.filter(|_| settings.http.tls_port.is_some());
    let renewal = served.clone().map(kept_valid);
    let (stopping, stopped) = watch::channel(false);
    let hq = web::Data::new(Hq {
        settings: settings.clone(),
        people,
        database,
        live,
        seats: pages::Seats::default(),
        asking,
        publisher,
        certificates: served,
        metrics,
        readiness: pages::Readiness::default(),
        stopping: stopped,
    });
    let server = pages::start(hq.clone(), sockets)?;
    let url = server.urls().into_iter().next().unwrap_or_default();
    Ok(RunningHq {
        url,
        server,
        setup_code,
        broker_address: broker.as_ref().map(|broker| broker.address),
        hq,
        broker,
        link,
        threads,
        renewal,
        stopping,
        _lock: lock,
    })
}

/// The memory. Whatever speaks to a database blocks, to PostgreSQL's also to connect.
async fn open_memory(settings: &Arc<Settings>) -> Result<(HqStore, Database), StartError> {
    let opened = settings.clone();
    blocking(move || {
        let store = open_store(&opened)?;
        let database = Database::of(&store)?;
        Ok((store, database))
    })
    .await
}

/// Renews what browsers are shown before it runs out.
fn kept_valid(certificates: Arc<Certificates>) -> JoinHandle<()> {
    actix_web::rt::spawn(certificates::keep_valid(certificates, now))
}

impl RunningHq {
    /// Enrols a store: what its link file says.
    ///
    /// # Errors
    /// Where there is such a store already, or it cannot be written down.
    pub async fn enrol(
        &self,
        store: &str,
        name: Option<&str>,
        region: Option<&str>,
    ) -> Result<LinkFile, StartError> {
        let (settings, address) = (self.hq.settings.clone(), self.broker_address);
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let (id, name, region) = (store.to_owned(), owned(name), owned(region));
        let enrolled = self.hq.database.ask(move |store| {
            let mut enrol = || -> Result<LinkFile, StartError> {
                let authority = authority(&settings)?;
                let enrolment = enrolment(&settings, address, authority.as_ref())?;
                Ok(enrolment.add(store, &id, name.as_deref(), region.as_deref(), |_| Ok(()))?)
            };
            Ok(enrol())
        });
        enrolled.await?
    }

    /// Stops by protocol: streams end, the web takes nothing new, nothing more is taken from the
    /// broker, what was taken is written, and the broker closes.
    pub async fn stop(self) {
        self.stopping.send_replace(true);
        self.server.stop().await;
        if let Some(renewal) = self.renewal {
            renewal.abort();
        }
        let link = self.link;
        // What was taken in is written before its threads end.
        let _ = web::block(move || link.stop()).await;
        if let Some(broker) = self.broker {
            broker.stop().await;
        }
        drop(self.threads);
    }
}

/// The broker at work in a process of its own, for a headquarters on the same data directory.
pub struct RunningBroker {
    /// Its settings.
    pub settings: Settings,
    /// Where stores reach it.
    pub address: SocketAddr,
    broker: OwnBroker,
    threads: LinkThreads,
    // Held until the end: one broker serves a directory.
    _lock: File,
}

impl RunningBroker {
    /// Starts it. Must be called inside an actix system. It reads from the database whom it lets
    /// in, and writes nothing there but the tables, where there are none yet.
    ///
    /// # Errors
    /// What could not be started, and why.
    pub async fn start(settings: Settings) -> Result<Self, StartError> {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let lock = lock(&settings, "broker.lock")?;
        let opened = settings.clone();
        let database = blocking(move || Ok(Database::of(&open_store(&opened)?)?)).await?;
        let certificates = authority(&settings)?;
        let threads = LinkThreads::start()?;
        let admitted = Admitted::of(database);
        let broker = start_broker(&threads.handle(), &settings, &certificates, admitted).await?;
        let missing = || StartError::BrokerAccess("the settings name another broker".to_owned());
        let broker = broker.ok_or_else(missing)?;
        Ok(Self { settings, address: broker.address, broker, threads, _lock: lock })
    }

    /// Closes every connection.
    pub async fn stop(self) {
        self.broker.stop().await;
        drop(self.threads);
    }
}

/// The threads of the broker and of the connections to it.
struct LinkThreads(Option<Runtime>);

impl LinkThreads {
    fn start() -> Result<Self, StartError> {
        let built = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(LINK_THREADS)
            .thread_name("link")
            .enable_all()
            .build();
        let runtime = built.map_err(|error| StartError::Part("the link's threads", error))?;
        Ok(Self(Some(runtime)))
    }

    fn handle(&self) -> Handle {
        // There is one until the end.
        self.0.as_ref().map_or_else(Handle::current, |runtime| runtime.handle().clone())
    }
}

impl Drop for LinkThreads {
    fn drop(&mut self) {
        // Not waited for: whoever drops it may be asynchronous, and may not block.
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

/// The moment, by the machine's clock: headquarters' is set.
pub(crate) fn now() -> Now {
    Now {
        wall: Timestamp::now(),
        utc_offset_s: 0,
        monotonic_ms: 0,
        boot: BootId::new(Uuid::nil()),
        clock_trusted: true,
    }
}

/// Makes the data directory, and makes it ours for as long as the file is open.
///
/// # Errors
/// Where it cannot be made, or is another process's.
pub(crate) fn lock(settings: &Settings, name: &str) -> Result<File, StartError> {
    let dir = &settings.data_dir;
    let failed = |error| StartError::DataDir(dir.clone(), error);
    files::make_private(dir).map_err(failed)?;
    let path = dir.join(name);
    let file = File::options().create(true).truncate(false).write(true).open(path);
    let file = file.map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StartError::InUse(dir.clone())),
        Err(TryLockError::Error(error)) => Err(failed(error)),
    }
}

/// Opens the database that the settings name, and brings its tables up to date. Blocks.
///
/// # Errors
/// Where it cannot be used.
pub fn open_store(settings: &Settings) -> Result<HqStore, StartError> {
    let dir = &settings.data_dir;
    files::make_private(dir).map_err(|error| StartError::DataDir(dir.clone(), error))?;
    let at = match &settings.postgres {
        Some(url) => StoreAt::Postgres(url.clone()),
        None => StoreAt::File(dir.join("hq.db")),
    };
    Ok(HqStore::open(&at)?)
}

/// Does what may block where it may.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StartError> + Send + 'static,
) -> Result<T, StartError> {
    web::block(work).await.map_err(|_| AskError::Closing)?
}

fn listen(http: &HttpSettings) -> Result<Sockets, ListenError> {
    let here = if http.listen.is_loopback() { http.listen } else { Ipv4Addr::LOCALHOST.into() };
    let tls = http.tls_port.map(|port| (SocketAddr::new(http.listen, port), "http.tls_port"));
    Sockets::listen((SocketAddr::new(here, http.port), "--port"), tls)
}
