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
pub use sums::Sums;

const SESSION: &str = "/api/v1/session";
const TOTALS: &str = "/api/v1/totals";
const SALES: &str = "/api/v1/sales";
/// What the totals call all stores together.
const ALL: &str = "all";

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
    transaction: TransactionId,
    ended_ms: i64,
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
        let sums: BTreeMap<String, Sums> = browser.get(TOTALS)?.read(TOTALS)?;
        let mut trade = HeadquartersTrade::default();
        for (store, sums) in sums {
            if store == ALL {
                trade.all = sums.totals();
            } else {
                list(&browser, &store, &mut trade)?;
                trade.stores.insert(store, sums.totals());
            }
        }
        Ok(trade)
    }
}

/// Reads every page of a store's sales, the last that ended first.
fn list(
    browser: &Connection,
    store: &str,
    trade: &mut HeadquartersTrade,
) -> Result<(), ClientError> {
    let mut before = String::new();
    loop {
        let path = format!("{SALES}?store={}{before}", escaped(store));
        let page: Vec<Listed> = browser.get(&path)?.read(&path)?;
        let Some(Listed { transaction, ended_ms }) = page.last() else { return Ok(()) };
        before = format!("&before={ended_ms}-{transaction}");
        for sale in page {
            *trade.sales.entry((store.to_owned(), sale.transaction)).or_insert(0) += 1;
        }
    }
}

/// A name as it stands in a query: whatever is not plain as its bytes.
fn escaped(name: &str) -> String {
    let mut text = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}

impl HeadquartersTrade {
    /// Whether a sale of a store is there.
    #[must_use]
    pub fn has(&self, store: &StoreId, transaction: TransactionId) -> bool {
        self.sales.contains_key(&(store.to_string(), transaction))
    }
}
