//! Headquarters as whoever signs in there sees it: asked over its API, never through its database.

mod arrivals;
mod sums;

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;
use serde_json::json;
use store_core::{StoreId, TransactionId};
use ureq::http::Method;

use super::client::{ClientError, Connection};
use super::totals::Totals;

pub use arrivals::{Arrivals, Listening};
pub use sums::ChainSums;

const SESSION: &str = "/api/v1/session";
const TOTALS: &str = "/api/v1/totals";
const SALES: &str = "/api/v1/sales";

/// Where headquarters is, and who asks.
#[derive(Clone)]
pub struct Headquarters {
    /// Where it answers, without a slash at the end.
    pub url: String,
    /// Somebody who may see the whole chain.
    pub user: String,
    /// The password.
    pub password: String,
}

/// What headquarters says was sold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeadquartersTrade {
    /// All stores together.
    pub all: Totals,
    /// What each store's sales come to.
    pub stores: BTreeMap<String, Totals>,
    /// How often each sale of a store stands in its lists.
    pub sales: HashMap<(String, TransactionId), u64>,
}

/// One sale of the lists, as far as it is needed.
#[derive(Deserialize)]
struct Listed {
    store: String,
    transaction: TransactionId,
}

/// A part of the lists, the newest first.
#[derive(Deserialize)]
struct Page {
    sales: Vec<Listed>,
    next: Option<String>,
}

impl Headquarters {
    /// A browser that is signed in.
    fn signed_in(&self) -> Result<Connection, ClientError> {
        let browser = Connection::new(&self.url);
        let body = json!({"user": self.user, "password": self.password});
        let reply = browser.send(&Method::POST, SESSION, &body)?;
        if reply.is_success() { Ok(browser) } else { Err(reply.unexpected("POST /api/v1/session")) }
    }

    /// Begins to look at the live page; returns when its first view is there.
    ///
    /// # Errors
    /// Where headquarters does not let it in, or does not answer.
    pub fn listen(&self) -> Result<Listening, ClientError> {
        Listening::begin(self.signed_in()?)
    }

    /// Reads what headquarters has: the sums, and the id of every sale.
    ///
    /// # Errors
    /// Where it does not answer, or not as it should.
    pub fn read(&self) -> Result<HeadquartersTrade, ClientError> {
        let browser = self.signed_in()?;
        let sums: ChainSums = browser.get(TOTALS)?.read(TOTALS)?;
        let mut trade = HeadquartersTrade { all: sums.all.totals(), ..Default::default() };
        for (store, sums) in sums.stores {
            trade.stores.insert(store, sums.totals());
        }
        let mut next = None;
        loop {
            let path = match &next {
                None => SALES.to_owned(),
                Some(before) => format!("{SALES}?before={before}"),
            };
            let page: Page = browser.get(&path)?.read(&path)?;
            for sale in page.sales {
                *trade.sales.entry((sale.store, sale.transaction)).or_insert(0) += 1;
            }
            // The same place again would be asked for without an end.
            if page.next.is_none() || page.next == next {
                return Ok(trade);
            }
            next = page.next;
        }
    }
}

impl HeadquartersTrade {
    /// Whether a sale of a store is there.
    #[must_use]
    pub fn has(&self, store: &StoreId, transaction: TransactionId) -> bool {
        self.sales.contains_key(&(store.to_string(), transaction))
    }
}
