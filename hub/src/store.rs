//! The store as the web routes see it.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use actix::{Addr, Recipient};
use cloud_bridge::BridgeHandle;
use hq_wire::link::v1::PolicyState;
use jiff::civil::Date;
use service_kit::certificates::Certificates;
use store_actors::messages::{
    Append, Ask, BasketQuery, ChangeInForce, ExplanationQuery, PrintCopy, PrintPaper, Quiesce,
    RegisterQuery, SettlePrint, StatusQuery,
};
use store_actors::{AdviceThread, AlertBoard, Clock, DayActor, PrintCounts};
use store_core::catalogue::Catalogue;
use store_core::register::{InForce, RegisterRules, RegisterView};
use store_core::{OperatorId, WorkstationId};
use store_journal::{Reader, WriterHandle};
use tokio::sync::{Mutex, MutexGuard, watch};

use crate::access::Access;
use crate::care::Care;
use crate::customer::Pairing;
use crate::http::health::Readiness;
use crate::http::rate::Rate;
use crate::metrics::Metrics;
use crate::peripherals::{ChosenDevices, Peripherals};
use crate::policy::Board;
use crate::promotions::Own;
use crate::receipts::Receipts;
use crate::settings::Settings;
use crate::till_papers::TillPapers;
use crate::wiring::training::Training;

/// One register as the web routes reach it.
#[derive(Clone)]
pub struct RegisterHandle {
    /// What a terminal asks.
    pub ask: Recipient<Ask>,
    /// How it looks.
    pub query: Recipient<RegisterQuery>,
    /// How it looked last: the live views.
    pub view: watch::Receiver<Arc<RegisterView>>,
    /// Gives it what the next basket follows.
    pub in_force: Recipient<ChangeInForce>,
    /// Its basket, as an explanation is worked out from it.
    pub basket: Recipient<BasketQuery>,
    /// Takes nothing new any more.
    pub quiesce: Recipient<Quiesce>,
}

/// What the next basket follows, replaced as a whole: the catalogue and the rules.
#[derive(Clone, Debug)]
pub struct Shelf {
    in_force: Arc<RwLock<InForce>>,
    turn: Arc<Mutex<()>>,
}

impl Shelf {
    /// With what the store starts with.
    #[must_use]
    pub fn new(catalogue: Arc<Catalogue>, rules: Arc<RegisterRules>) -> Self {
        let in_force = InForce { revision: 0, catalogue, rules };
        Self { in_force: Arc::new(RwLock::new(in_force)), turn: Arc::default() }
    }

    /// All that is in force.
    #[must_use]
    pub fn in_force(&self) -> InForce {
        self.in_force.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The catalogue in force.
    #[must_use]
    pub fn catalogue(&self) -> Arc<Catalogue> {
        self.in_force().catalogue
    }

    /// The rules in force.
    #[must_use]
    pub fn rules(&self) -> Arc<RegisterRules> {
        self.in_force().rules
    }

    /// Puts others in force: those that are named; answers all that is in force now.
    pub fn replace(
        &self,
        catalogue: Option<Arc<Catalogue>>,
        rules: Option<Arc<RegisterRules>>,
    ) -> InForce {
        let mut in_force = self.in_force.write().unwrap_or_else(PoisonError::into_inner);
        in_force.revision += 1;
        if let Some(catalogue) = catalogue {
            in_force.catalogue = catalogue;
        }
        if let Some(rules) = rules {
            in_force.rules = rules;
        }
        in_force.clone()
    }

    /// Waits until nobody else puts something in force.
    pub async fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().await
    }
}

/// The store as the web routes see it: every port by name, built once by the wiring; once more
/// for those who train, with registers, a day and a journal of their own.
#[derive(Clone)]
pub struct Store {
    /// What it was started with.
    pub settings: Arc<Settings>,
    /// Its registers.
    pub registers: BTreeMap<WorkstationId, RegisterHandle>,
    /// What is in force.
    pub shelf: Shelf,
    /// The store's own promotions: they hold where headquarters sends none.
    pub promotions: Own,
    /// What stands on receipts besides the sale.
    pub receipts: Receipts,
    /// The policy of headquarters, as the routes see it.
    pub policy: Board,
    /// How the bundles of headquarters stand, where the store takes any.
    pub bundles: Option<watch::Receiver<PolicyState>>,
    /// Who may do what.
    pub access: Access,
    /// The authority and the certificate in use, where HTTPS is served.
    pub certificates: Option<Arc<Certificates>>,
    /// The port of HTTPS, where it is served.
    pub tls_port: Option<u16>,
    /// Appends facts that no register makes: movements and levels of stock.
    pub append: Recipient<Append>,
    /// The business day of all registers.
    pub day: Addr<DayActor>,
    /// Knows why a basket costs what it costs.
    pub explanations: Recipient<ExplanationQuery>,
    /// How often something was worth saying about a basket.
    pub advice: Arc<AdviceThread>,
    /// Prints copies.
    pub copies: Recipient<PrintCopy>,
    /// Prints papers that are no sale's.
    pub papers: Recipient<PrintPaper>,
    /// Settles what nobody knew of a paper.
    pub settle: Recipient<SettlePrint>,
    /// How many papers wait, and of how many nobody knows.
    pub print_counts: Arc<PrintCounts>,
    /// Which peripherals the store is to have.
    pub devices: ChosenDevices,
    /// The peripherals.
    pub peripherals: Peripherals,
    /// Makes the papers of tills.
    pub till_papers: TillPapers,
    /// The alerts that are up.
    pub alerts: AlertBoard,
    /// Every actor, to be looked into.
    pub actors: Vec<Recipient<StatusQuery>>,
    /// Another number whenever the baskets that lie aside are others.
    pub suspended: watch::Receiver<u64>,
    /// How often receipts and the customer's screens are asked for without a session.
    pub online_rate: Arc<Rate>,
    /// The codes by which customers' screens are shown whose they are.
    pub pairing: Arc<Pairing>,
    /// The journal, for reading.
    pub reader: ReaderPool,
    /// The journal's writer, for its figures.
    pub writer: WriterHandle,
    /// Whoever keeps the stock, to be looked into.
    pub inventory: Recipient<StatusQuery>,
    /// The link to headquarters, where there is one.
    pub link: Option<BridgeHandle>,
    /// Why there is none although the settings name a link file, as a code.
    pub link_fault: Option<&'static str>,
    /// The present moment.
    pub clock: Arc<dyn Clock>,
    /// The figures.
    pub metrics: Metrics,
    /// Whether the whole journal holds.
    pub care: Care,
    /// Whether the hub was ready a moment ago.
    pub readiness: Arc<Readiness>,
    /// Turns true when the hub closes.
    pub stopping: watch::Receiver<bool>,
    /// Where people train.
    pub training: Training,
    /// Whether this is where they do: nothing that happens in it counts.
    pub is_training: bool,
}

impl Store {
    /// The day whose prices the next basket has.
    #[must_use]
    pub fn day_in_force(&self) -> Date {
        self.clock.now(None).day_in_force(self.clock.last_trusted())
    }

    /// Puts a catalogue, rules or both in force at every register, each with its next basket.
    pub async fn put_in_force(
        &self,
        catalogue: Option<Arc<Catalogue>>,
        rules: Option<Arc<RegisterRules>>,
    ) {
        let in_force = self.shelf.replace(catalogue, rules);
        for register in self.registers.values() {
            // A register that is gone sells nothing.
            let _ = register.in_force.send(ChangeInForce(in_force.clone())).await;
        }
        self.training.put_in_force(&in_force).await;
    }

    /// Whoever has a basket open at a register and is not one of the store's people any more, or
    /// only to finish it: somebody else may take it over.
    #[must_use]
    pub fn left_behind(&self, workstation: &WorkstationId) -> Option<OperatorId> {
        let view = self.register(workstation)?.view.borrow().clone();
        let operator = view.operator.as_ref().filter(|_| view.basket.is_some())?.id.clone();
        let is_gone = self.access.name(&operator).is_none() || self.policy.is_leaving(&operator);
        is_gone.then_some(operator)
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
