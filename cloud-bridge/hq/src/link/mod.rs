//! Headquarters' own connections to the broker: workers that share what stores send, each with a
//! thread and a connection to the database, and a line for the rest.

mod answers;
mod connection;
mod due;
mod line;
mod newest;
mod policy;
mod publisher;
mod tidying;
mod told;
mod turns;
mod worker;

use std::sync::Arc;

use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use crate::asking::Asking;
use crate::broker::BrokerAddress;
use crate::database::Database;
use crate::ingest::Worker;
use crate::live::Live;
use crate::metrics::Metrics;
use crate::people::now_ms;
use crate::store::HqStore;
use crate::wiring::StartError;
use connection::{Connection, keep};
use due::Due;
use line::Line;
use policy::PolicyLine;
pub use publisher::Publisher;
use tidying::Tidier;
use told::{Said, Told};
use worker::FactsWorker;

/// What the link is started with.
pub struct LinkOptions {
    /// Where its connections run.
    pub runtime: Handle,
    /// The chain.
    pub chain: String,
    /// How many connections share what stores send.
    pub workers: u16,
    /// The broker.
    pub address: BrokerAddress,
    /// The database, for the workers' own connections.
    pub store: HqStore,
    /// Whether every store is absent until it is born again: the broker began with us.
    pub forget_presence: bool,
    /// The database, for what stores ask.
    pub database: Database,
    /// Publishes to stores.
    pub publisher: Publisher,
    /// What stores are asked.
    pub asking: Asking,
    /// The live views.
    pub live: Live,
    /// The figures.
    pub metrics: Metrics,
}

/// The connections at work.
pub struct Link {
    connections: Vec<JoinHandle<()>>,
    workers: Vec<Arc<Worker>>,
    tidier: Tidier,
}

impl Link {
    /// Connects. A broker that is out of reach is tried again and again.
    ///
    /// # Errors
    /// Where a thread or a connection to the database is not to be had.
    pub fn start(options: LinkOptions) -> Result<Self, StartError> {
        let LinkOptions { runtime, chain, workers, address, mut store, .. } = options;
        if options.forget_presence {
            store.all_offline(now_ms())?;
        }
        let (database, publisher) = (options.database.clone(), options.publisher.clone());
        let policy = PolicyLine::new(chain.clone(), database, publisher.clone());
        let born = Due::default();
        let told = Told {
            chain: chain.clone(),
            policy: policy.clone(),
            runtime: runtime.clone(),
            publisher,
            born: born.clone(),
            live: options.live,
            metrics: options.metrics.clone(),
            said: Said::default(),
            tidier: Tidier::start(store.another()?)?,
        };
        let tidier = told.tidier.clone();
        let mut link = Self { connections: Vec::new(), workers: Vec::new(), tidier };
        link.connections.push(runtime.spawn(policy.clone().watch()));
        link.connections.push(runtime.spawn(policy.serve()));
        link.connections.push(runtime.spawn(repeat(options.asking.clone(), born)));
        for index in 0..workers {
            let mut own = store.another()?;
            own.sql().expect_much_writing()?;
            let listener = FactsWorker::start(&chain, own, told.clone())?;
            link.workers.push(listener.worker());
            let connection = Connection {
                name: format!("worker-{index}"),
                // Shared, so that each message goes to one of them.
                filters: vec![format!("$share/ingest/v1/{chain}/+/facts/+")],
                manual_acks: true,
            };
            options.metrics.disconnected(&connection.name);
            let kept = keep(address.clone(), connection, options.metrics.clone(), listener);
            link.connections.push(runtime.spawn(kept));
        }
        let line = Line::start(&chain, store, told, options.database, options.asking)?;
        link.workers.push(line.worker());
        let connection = Connection {
            name: "line".to_owned(),
            filters: ["+/status", "+/state/+", "+/reply/+", "+/query/+"]
                .map(|rest| format!("v1/{chain}/{rest}"))
                .into(),
            manual_acks: false,
        };
        options.metrics.disconnected(&connection.name);
        let kept = keep(address, connection, options.metrics, line);
        link.connections.push(runtime.spawn(kept));
        Ok(link)
    }

    /// Takes nothing more, and writes what was taken. Blocks.
    pub fn stop(self) {
        for connection in &self.connections {
            connection.abort();
        }
        for worker in &self.workers {
            worker.stop();
        }
        self.tidier.stop();
    }
}

/// Asks every store that is born again what it has not answered, one store after another.
async fn repeat(asking: Asking, born: Due) {
    loop {
        asking.repeat(born.next().await).await;
    }
}
