//! The stock of stores as the last transaction left it, so that the next need not read it again.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::ingest::fold::StoreStock;

/// Items that are remembered, of all stores together: some ten megabytes. When there are more all
/// are forgotten, for a chain that large sells something else in each transaction.
const ITEMS_MAX: usize = 50_000;

/// What a connection remembers, each store's under the mark that the store's row had then.
#[derive(Debug)]
pub struct Remembered {
    /// Tells this connection's marks from all others, also in a database that was put back.
    own: Uuid,
    stocks: BTreeMap<String, (String, StoreStock)>,
}

impl Default for Remembered {
    fn default() -> Self {
        Self { own: Uuid::now_v7(), stocks: BTreeMap::new() }
    }
}

impl Remembered {
    /// The mark of a transaction that had its turn then.
    pub fn mark(&self, turn: u64) -> String {
        format!("{}-{turn}", self.own.simple())
    }

    /// A store's stock, if nobody changed it since. It has to be given back.
    pub fn take(&mut self, store: &str, mark: &str) -> Option<StoreStock> {
        self.stocks.remove(store).filter(|(known, _)| known == mark).map(|(_, stock)| stock)
    }

    /// Remembers what was committed under a mark.
    pub fn put(&mut self, stocks: BTreeMap<String, StoreStock>, mark: &str) {
        for (store, mut stock) in stocks {
            stock.written();
            self.stocks.insert(store, (mark.to_owned(), stock));
        }
        let items: usize = self.stocks.values().map(|(_, stock)| stock.count()).sum();
        if items > ITEMS_MAX {
            self.stocks.clear();
        }
    }
}
