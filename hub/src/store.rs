//! The store as the web routes see it.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use actix::Recipient;
use cloud_bridge::BridgeHandle;
use jiff::civil::Date;
use service_kit::certificates::Certificates;
use store_actors::messages::{
    Append, Ask, ChangeCatalogue, PrintCopy, Quiesce, RegisterQuery, StatusQuery,
};
use store_actors::{AlertBoard, Clock};
use store_core::WorkstationId;
use store_core::catalogue::Catalogue;
use store_core::register::{RegisterRules, RegisterView};
use store_journal::{Reader, WriterHandle};
use tokio::sync::{Mutex, MutexGuard, watch};

use crate::access::Access;
use crate::care::Care;
use crate::http::health::Readiness;
use crate::metrics::Metrics;
use crate::settings::Settings;

/// One register as the web routes reach it.
#[derive(Clone)]
pub struct RegisterHandle {
    /// What a terminal asks.
    pub ask: Recipient<Ask>,
    /// How it looks.
    pub query: Recipient<RegisterQuery>,
    /// How it looked last: the live views.
    pub view: watch::Receiver<Arc<RegisterView>>,
    /// Gives it the catalogue of the next basket.
    pub catalogue: Recipient<ChangeCatalogue>,
    /// Takes nothing new any more.
    pub quiesce: Recipient<Quiesce>,
}

/// The catalogue in force, replaced as a whole.
#[derive(Clone, Debug)]
pub struct Shelf {
    in_force: Arc<RwLock<Arc<Catalogue>>>,
    turn: Arc<Mutex<()>>,
}

impl Shelf {
    /// With the catalogue that the store starts with.
    #[must_use]
    pub fn new(catalogue: Arc<Catalogue>) -> Self {
        Self { in_force: Arc::new(RwLock::new(catalogue)), turn: Arc::default() }
    }

    /// The catalogue in force.
    #[must_use]
    pub fn catalogue(&self) -> Arc<Catalogue> {
        self.in_force.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts another one in force.
    pub fn replace(&self, catalogue: Arc<Catalogue>) {
        *self.in_force.write().unwrap_or_else(PoisonError::into_inner) = catalogue;
    }

    /// Waits until nobody else puts a catalogue in force.
    pub async fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().await
    }
}

/// The store as the web routes see it: every port by name, built once by the wiring.
pub struct Store {
    /// What it was started with.
    pub settings: Arc<Settings>,
    /// What its registers follow.
    pub rules: Arc<RegisterRules>,
    /// Its registers.
    pub registers: BTreeMap<WorkstationId, RegisterHandle>,
    /// The catalogue in force.
    pub shelf: Shelf,
    /// Who may do what.
    pub access: Access,
    /// The authority and the certificate in use, where HTTPS is served.
    pub certificates: Option<Arc<Certificates>>,
    /// The port of HTTPS, where it is served.
    pub tls_port: Option<u16>,
    /// Appends facts that no register makes: movements and levels of stock.
    pub append: Recipient<Append>,
    /// Prints copies.
    pub copies: Recipient<PrintCopy>,
    /// The alerts that are up.
    pub alerts: AlertBoard,
    /// Every actor, to be looked into.
    pub actors: Vec<Recipient<StatusQuery>>,
    /// The journal, for reading.
    pub reader: ReaderPool,
    /// The journal's writer, for its figures.
    pub writer: WriterHandle,
    /// Whoever keeps the stock, to be looked into.
    pub inventory: Recipient<StatusQuery>,
    /// The link to headquarters, where there is one.
    pub link: Option<BridgeHandle>,
    /// The present moment.
    pub clock: Arc<dyn Clock>,
    /// The figures.
    pub metrics: Metrics,
    /// Whether the whole journal holds.
    pub care: Care,
    /// Whether the hub was ready a moment ago.
    pub readiness: Readiness,
    /// Turns true when the hub closes.
    pub stopping: watch::Receiver<bool>,
}

impl Store {
    /// The day whose prices the next basket has.
    #[must_use]
    pub fn day_in_force(&self) -> Date {
        self.clock.now(None).day_in_force(self.clock.last_trusted())
    }

    /// The register of this workstation.
    #[must_use]
    pub fn register(&self, workstation: &WorkstationId) -> Option<&RegisterHandle> {
        self.registers.get(workstation)
    }
}

/// A read-only connection that routes take in turn, off the threads that serve requests.
#[derive(Clone)]
pub struct ReaderPool(Arc<std::sync::Mutex<Reader>>);

impl ReaderPool {
    /// With one connection: a page asks rarely and briefly.
    #[must_use]
    pub fn new(reader: Reader) -> Self {
        Self(Arc::new(std::sync::Mutex::new(reader)))
    }

    /// Runs a query on a thread where it may block.
    ///
    /// # Errors
    /// What the query answers; [`actix_web::error::BlockingError`] where no thread was to be had.
    pub async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&Reader) -> T + Send + 'static,
    ) -> Result<T, actix_web::error::BlockingError> {
        let reader = self.0.clone();
        actix_web::web::block(move || {
            let reader = reader.lock().unwrap_or_else(PoisonError::into_inner);
            query(&reader)
        })
        .await
    }
}
