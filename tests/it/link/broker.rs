//! The broker of production, which can be killed, wiped and started again at the same port.

use std::collections::BTreeMap;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;

use hq::broker::{Admission, BrokerOptions, Later, OwnBroker};
use service_kit::security::token;
use tokio::runtime::Runtime;

use super::{CHAIN, HQ_SECRET, SECRET, STORE};

struct OneStore;

impl Admission for OneStore {
    fn secret_hash<'a>(&'a self, store: &'a str) -> Later<'a, Option<String>> {
        let known = (store == STORE).then(|| token::hash(SECRET));
        Box::pin(std::future::ready(known))
    }

    fn secret_hashes(&self) -> Later<'_, Option<BTreeMap<String, String>>> {
        let known = [(STORE.to_owned(), token::hash(SECRET))].into();
        Box::pin(std::future::ready(Some(known)))
    }
}

pub struct Broker {
    pub address: SocketAddr,
    directory: PathBuf,
    /// Dropped with everything that runs on it: that is how it is killed.
    running: Option<(Runtime, OwnBroker)>,
}

impl Broker {
    pub fn start(directory: PathBuf) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let mut broker = Self { address: free, directory, running: None };
        broker.start_again();
        broker
    }

    pub fn start_again(&mut self) {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let options = || BrokerOptions {
            address: self.address,
            tls: None,
            directory: self.directory.clone(),
            chain: CHAIN.to_owned(),
            secret: HQ_SECRET.to_owned(),
            admission: Arc::new(OneStore),
        };
        let handle = runtime.handle().clone();
        let broker = runtime.block_on(async {
            loop {
                // The connections of the one before may still hold the port.
                match OwnBroker::start(&handle, options()).await {
                    Ok(broker) => return broker,
                    Err(_) => tokio::task::yield_now().await,
                }
            }
        });
        self.running = Some((runtime, broker));
    }

    /// Ends it in the middle of whatever it does.
    pub fn kill(&mut self) {
        if let Some((runtime, broker)) = self.running.take() {
            drop(broker);
            runtime.shutdown_background();
        }
    }

    /// Takes away what it kept.
    pub fn wipe(&self) {
        std::fs::remove_dir_all(&self.directory).unwrap();
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        self.kill();
    }
}
