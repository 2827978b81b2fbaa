//! Stores, the link and headquarters as real processes, with everything between them that breaks:
//! whatever happens, headquarters ends with every sale of every journal, once, to the cent.

mod bad_input;
mod beside;
mod broker;
mod buyer;
mod cut;
mod days;
mod forged;
mod full;
mod headquarters;
mod killed;
mod mosquitto;
mod proxy;
mod restored;
mod sales;
mod shop;
mod strangers;
mod tenders;
mod trade;
pub mod until;
mod walkthrough;
mod workers;

use serde_json::Value;
use tempfile::TempDir;

use crate::support;
pub use headquarters::Headquarters;
use shop::Shop;
use trade::Trade;
pub use until::until;

/// A chain: headquarters at work, and a directory for its stores.
pub struct Chain {
    pub hq: Headquarters,
    pub trade: Trade,
    pub directory: TempDir,
}

impl Chain {
    /// Headquarters with these variables of its environment.
    pub fn start(name: &str, settings: &[(&str, &str)]) -> Self {
        let directory = support::temp_dir(name);
        let trade = Trade::invented(support::seed(), directory.path());
        let mut hq = Headquarters::new(directory.path(), "hq", settings);
        hq.start();
        Self { hq, trade, directory }
    }

    /// A store that is enrolled and at work.
    pub fn open(&mut self, store: &str) -> Shop {
        let mut shop = self.closed(store);
        shop.start();
        shop
    }

    /// A store that is enrolled and not started.
    pub fn closed(&mut self, store: &str) -> Shop {
        let link = self.hq.enrol(store);
        Shop::new(self.directory.path(), store, link, &self.trade)
    }

    /// What headquarters says of forks.
    pub fn forks(&self) -> Vec<Value> {
        serde_json::from_value(self.hq.get("/api/v1/forks")).unwrap()
    }
}
