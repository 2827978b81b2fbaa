//! Trade that goes on by itself: one register of each store sells its fortnight over and over, as
//! long as headquarters wants it to.

mod switch;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::thread::JoinHandle;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::{Value, json};
use store_core::Currency;
use ureq::http::Method;
use uuid::Uuid;

use super::season::{CURRENCY, ZONE};
use super::shops::CREW;
use crate::replay::catalogue::PriceList;
use crate::replay::client::{
    ClientError, Connection, Entered, RegisterClient, StoreAccess, office, sign_on_at,
};
use crate::replay::file::{FileBasket, FileTime};
use crate::replay::plan::plan;

pub use switch::Switch;

/// The register that sells.
const REGISTER: usize = 2;
/// Between two customers, in milliseconds.
const PACE_MS: std::ops::RangeInclusive<u64> = 1_000..=3_000;
/// After so many customers the supplier comes.
const DELIVERY_EVERY: usize = 40;
/// Fewest pieces of an item that stand on a shelf when it is counted.
const SHELF_MIN: i64 = 6;
/// Levels of stock that are set at once.
const LEVELS_AT_ONCE: usize = 100;
const MOVEMENTS: &str = "/api/v1/stock/movements";
const LEVELS: &str = "/api/v1/stock/safety";
const ALERTS: &str = "/api/v1/alerts";

/// Somebody who sells in one store.
pub struct Seller {
    thread: JoinHandle<()>,
}

/// What the thread has.
struct Work {
    url: String,
    directory: PathBuf,
    switch: Switch,
    baskets: Vec<FileBasket>,
    shelves: BTreeMap<String, i64>,
    prices: PriceList,
    customers: usize,
}

/// How many pieces of each item stand on a shelf: a quarter of what a fortnight sells.
fn shelves(baskets: &[FileBasket]) -> BTreeMap<String, i64> {
    let mut sold: BTreeMap<String, i64> = BTreeMap::new();
    for line in baskets.iter().flat_map(|basket| &basket.lines) {
        *sold.entry(line.item.clone()).or_default() += line.quantity;
    }
    sold.values_mut().for_each(|pieces| *pieces = (*pieces / 4).max(SHELF_MIN));
    sold
}

fn pieces(count: i64) -> Value {
    json!({"amount": count.to_string(), "unit": "piece"})
}

fn moved(
    manager: &Connection,
    item: &str,
    kind: &str,
    count: i64,
    reason: &str,
) -> Result<(), ClientError> {
    let body = json!({
        "command_id": Uuid::now_v7(),
        "item": item,
        "kind": kind,
        "quantity": pieces(count),
        "reason": reason,
    });
    let reply = manager.send(&Method::POST, MOVEMENTS, &body)?;
    if reply.is_success() { Ok(()) } else { Err(reply.unexpected(MOVEMENTS)) }
}

/// Counts the shelves and sets the level of each at half of that.
///
/// # Errors
/// Where the store does not take it.
pub fn count_shelves(access: StoreAccess<'_>, baskets: &[FileBasket]) -> Result<(), ClientError> {
    let manager = office(access)?;
    let shelves = shelves(baskets);
    for (item, count) in &shelves {
        moved(&manager, item, "counted", *count, "opening_stock")?;
    }
    let levels: Vec<Value> = shelves
        .iter()
        .map(|(item, count)| {
            let (low, enough) = (pieces(count / 2), pieces(count / 2 + 1));
            json!({"item": item, "safety_stock": low, "clear_at": enough})
        })
        .collect();
    for levels in levels.chunks(LEVELS_AT_ONCE) {
        let body = json!({"command_id": Uuid::now_v7(), "levels": levels});
        let reply = manager.send(&Method::PUT, LEVELS, &body)?;
        if !reply.is_success() {
            return Err(reply.unexpected(LEVELS));
        }
    }
    Ok(())
}

impl Seller {
    /// Waits for the switch, in a thread of its own.
    ///
    /// # Errors
    /// Where there is no thread.
    pub fn start(
        access: StoreAccess<'_>,
        switch: Switch,
        baskets: Vec<FileBasket>,
        prices: PriceList,
    ) -> Result<Self, ClientError> {
        let work = Work {
            url: access.url.to_owned(),
            directory: access.directory.to_owned(),
            switch,
            shelves: shelves(&baskets),
            baskets,
            prices,
            customers: 0,
        };
        let thread = std::thread::Builder::new()
            .name("trade".to_owned())
            .spawn(move || work.until_closed())
            .map_err(|source| ClientError::Stream { what: "the trade".to_owned(), source })?;
        Ok(Self { thread })
    }

    /// Waits for its end; the switch has been closed.
    pub fn join(self) {
        // A panic in it was already said.
        let _ = self.thread.join();
    }
}

impl Work {
    fn until_closed(mut self) {
        while self.switch.wait() {
            if let Err(error) = self.sell() {
                // Somebody else took the register, or the store closes.
                tracing::warn!(%error, url = self.url, "the trade ends; switch it on again");
                self.switch.set(false);
            }
        }
    }

    fn access(&self) -> StoreAccess<'_> {
        StoreAccess { url: &self.url, setup_code: None, directory: &self.directory, crew: CREW }
    }

    /// Sells while it is switched on.
    fn sell(&mut self) -> Result<(), ClientError> {
        let connection = sign_on_at(self.access(), REGISTER)?;
        give_up_open_basket(&connection)?;
        let mut register = RegisterClient::new(connection, CURRENCY, false);
        register.follows_prices = true;
        while self.switch.is_on() {
            let Some(basket) = self.next_basket() else { return Ok(()) };
            let Ok(plan) = plan(&basket, &self.prices, Currency::EUR) else { continue };
            if let Entered::Refused(refused) = register.enter(&plan)? {
                tracing::warn!(%refused, "a basket of the trade");
                give_up_open_basket(&sign_on_at(self.access(), REGISTER)?)?;
                return Ok(());
            }
            if self.customers.is_multiple_of(DELIVERY_EVERY) {
                self.deliver()?;
            }
            self.switch.rest(pace());
        }
        Ok(())
    }

    /// The next customer's basket; after the last comes the first again, as a new one.
    fn next_basket(&mut self) -> Option<FileBasket> {
        let basket = self.baskets.get(self.customers.checked_rem(self.baskets.len())?)?;
        self.customers += 1;
        let instant = Timestamp::now();
        let zone = TimeZone::get(ZONE).unwrap_or(TimeZone::UTC);
        let time = FileTime { instant, utc_offset_s: zone.to_offset(instant).seconds() };
        Some(FileBasket { key: Uuid::now_v7().to_string(), time, ..basket.clone() })
    }

    /// The supplier fills the shelves for which an alert is up.
    fn deliver(&self) -> Result<(), ClientError> {
        #[derive(Deserialize)]
        struct Alert {
            item: String,
        }
        let manager = office(self.access())?;
        let alerts: Vec<Alert> = manager.get(ALERTS)?.read(ALERTS)?;
        for Alert { item } in alerts {
            let count = self.shelves.get(&item).copied().unwrap_or(SHELF_MIN);
            moved(&manager, &item, "received", count, "delivery")?;
        }
        Ok(())
    }
}

/// Gives up the basket that a process which was killed left behind.
fn give_up_open_basket(register: &Connection) -> Result<(), ClientError> {
    const REGISTER_VIEW: &str = "/api/v1/register";
    const COMMANDS: &str = "/api/v1/register/commands";
    let view: Value = register.get(REGISTER_VIEW)?.read(REGISTER_VIEW)?;
    let Some(basket) = view.get("basket").filter(|basket| !basket.is_null()) else { return Ok(()) };
    let body = json!({
        "command_id": Uuid::now_v7(),
        "transaction_id": basket.get("transaction_id"),
        "version": basket.get("version"),
        "command": {"type": "abandon", "reason": "mistake"},
    });
    let reply = register.send(&Method::POST, COMMANDS, &body)?;
    if reply.is_success() { Ok(()) } else { Err(reply.unexpected(COMMANDS)) }
}

/// How long the next customer takes to come.
fn pace() -> Duration {
    let mut byte = [0_u8];
    // Without a random number every customer is as late as the one before.
    let _ = getrandom::fill(&mut byte);
    let [byte] = byte;
    let span = PACE_MS.end() - PACE_MS.start();
    Duration::from_millis(PACE_MS.start() + span * u64::from(byte) / 255)
}
