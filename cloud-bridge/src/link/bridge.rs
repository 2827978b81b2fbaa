use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use hq_wire::link::v1::Waiting;
use serde_json::Value;
use tokio::sync::{Notify, mpsc, oneshot, watch};
use uuid::Uuid;

use super::Account;
use super::commands::Commands;
use super::driver::Driver;
use super::queries::{AnswerTo, QUERY_TIMEOUT, QueryError};
use super::states::States;
use crate::pump::{Divergence, Pacing, Standing};
use crate::{Outbox, stand_back};

/// Most questions and answers that wait for the link's thread.
const ORDERS_MAX: usize = 256;

/// What a birth says of the store.
#[derive(Clone, Debug, Default)]
pub struct Description {
    /// The software with its version.
    pub software: String,
    /// The store's name for people.
    pub name: String,
    /// The currency of its amounts.
    pub currency: String,
    /// Its time zone, an IANA name.
    pub time_zone: String,
}

/// What a bridge is started with.
pub struct BridgeOptions {
    /// How headquarters is reached.
    pub account: Account,
    /// What a birth says of the store.
    pub description: Description,
    /// How long the pump waits for what.
    pub pacing: Pacing,
    /// The wall clock, in milliseconds since 1970.
    pub wall_ms: Arc<dyn Fn() -> i64 + Send + Sync>,
    /// Why the journal went on in a new stream in an earlier life, as a code.
    pub diverged: Option<String>,
}

/// What headquarters hands down besides acknowledgements, commands and answers.
#[derive(Clone, Debug)]
pub enum Inbound {
    /// `policy`: which bundles are on offer, as it came.
    PolicyOffer(Vec<u8>),
    /// `policy/{id}/{piece}`: a piece of a bundle.
    PolicyPiece {
        /// The bundle.
        id: String,
        /// Which piece, over all parts of the bundle.
        piece: u32,
        /// The piece itself.
        content: Vec<u8>,
    },
}

/// Whom the link tells.
pub struct Peers {
    /// What the store can be asked to do.
    pub commands: Commands,
    /// Takes what is handed down. While it is full nothing more is read off the connection, and
    /// everything else goes on.
    pub inbound: mpsc::Sender<Inbound>,
    /// Hears that the journal goes on in a new stream, in the link's thread.
    pub diverged: Box<dyn FnMut(Divergence) + Send>,
}

/// How the link is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinkStatus {
    /// Whether rows can go up.
    pub is_connected: bool,
    /// Since when it has been so, in milliseconds since 1970.
    pub since_ms: i64,
    /// What waits, as of at most a second ago.
    pub waiting: Waiting,
    /// The stream that rows are added to.
    pub stream: Uuid,
    /// Its last row.
    pub head: u64,
    /// The last row of it that headquarters acknowledged.
    pub acknowledged: u64,
    /// Why the journal went on in a new stream, as a code.
    pub diverged: Option<String>,
    /// The pump's figures.
    pub standing: Standing,
    /// Why the last connection ended or could not be made.
    pub last_error: Option<String>,
}

/// What the link's thread is asked.
pub(super) enum Order {
    /// Ask headquarters.
    Query { name: &'static str, body: Value, answer: AnswerTo },
    /// A command of this name was carried out.
    Done { name: String, reply: hq_wire::link::v1::Reply },
    /// Say goodbye and end.
    Stop,
}

/// A way to the link; as many as needed.
#[derive(Clone)]
pub struct BridgeHandle {
    pub(super) nudge: Arc<Notify>,
    pub(super) orders: mpsc::Sender<Order>,
    pub(super) states: Arc<Mutex<States>>,
    pub(super) status: watch::Receiver<LinkStatus>,
}

impl fmt::Debug for BridgeHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BridgeHandle").field("status", &*self.status.borrow()).finish()
    }
}

impl BridgeHandle {
    /// Rows were written. Costs nothing, and many at once are one.
    pub fn nudge(&self) {
        self.nudge.notify_one();
    }

    /// How the link is, now and from now on.
    #[must_use]
    pub fn status(&self) -> watch::Receiver<LinkStatus> {
        self.status.clone()
    }

    /// Something is so now: `state/{thing}` says so as soon as there is a connection, at most once
    /// a second. The value is an object.
    pub fn set_state(&self, thing: &'static str, value: Value) {
        self.states.lock().unwrap_or_else(PoisonError::into_inner).set(thing, value);
    }

    /// Asks headquarters. Must be called within a runtime of tokio.
    ///
    /// # Errors
    /// Where it cannot be reached, does not answer within [`QUERY_TIMEOUT`], or refuses.
    pub async fn query(&self, name: &'static str, body: Value) -> Result<Value, QueryError> {
        let (answer, answered) = oneshot::channel();
        let order = Order::Query { name, body, answer };
        self.orders.try_send(order).map_err(|_| QueryError::Unreachable)?;
        match tokio::time::timeout(QUERY_TIMEOUT, answered).await {
            Ok(Ok(said)) => said,
            Ok(Err(_)) | Err(_) => Err(QueryError::Unreachable),
        }
    }
}

/// A link at work.
#[derive(Debug)]
pub struct Bridge {
    handle: BridgeHandle,
    thread: JoinHandle<()>,
}

impl Bridge {
    /// Starts the link in a thread of its own, which stands back behind all others. Whether there
    /// is a connection makes no difference.
    ///
    /// # Errors
    /// Where the system has no thread left.
    pub fn start(
        options: BridgeOptions,
        outbox: impl Outbox + 'static,
        peers: Peers,
    ) -> std::io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (orders, received) = mpsc::channel(ORDERS_MAX);
        let (sender, status) = watch::channel(LinkStatus::default());
        let handle = BridgeHandle { nudge: Arc::default(), orders, states: Arc::default(), status };
        let driver = Driver::new(options, Box::new(outbox), peers, handle.clone(), sender);
        let thread = std::thread::Builder::new().name("link".to_owned()).spawn(move || {
            stand_back();
            runtime.block_on(driver.run(received));
            // A command that is being carried out ends by itself, and nobody hears of it.
            runtime.shutdown_background();
        })?;
        Ok(Self { handle, thread })
    }

    /// A way to it.
    #[must_use]
    pub fn handle(&self) -> BridgeHandle {
        self.handle.clone()
    }

    /// Says goodbye to headquarters, saves how far it is, and ends the thread, in well under a
    /// second.
    pub fn stop(self) {
        // Room for it comes at once: the thread takes orders whatever the connection does.
        if self.handle.orders.blocking_send(Order::Stop).is_ok() {
            // It ends by itself; a panic in it was already said.
            let _ = self.thread.join();
        }
    }
}
