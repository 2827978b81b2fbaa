//! The three stores of the demonstration.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::sync::Arc;

use actix_web::web;
use cloud_bridge::Commands;
use futures_util::future::join_all;
use service_kit::exit::{ExitCode, Failure};
use store_core::StoreId;

use super::counter;
use super::office::Office;
use super::place::Place;
use super::season::{self, CURRENCY, ZONE};
use super::trade::{self, Seller, Switch};
use crate::clock::SystemClock;
use crate::commands::run::not_started;
use crate::housekeeping;
use crate::replay::client::{Credentials, Crew, StoreAccess};
use crate::replay::here::{directory_name, template};
use crate::settings::Settings;
use crate::wiring::{self, RunningHub, StartOptions};

/// Registers of each: the first for people, the second for trade that goes on by itself.
pub const REGISTERS: usize = 2;

/// Who works in each.
pub const CREW: Crew =
    Crew { manager: "manager", manager_name: "Manager", cashier: "cashier", pin_digits: 6 };

/// One store.
#[derive(Clone, Copy, Debug)]
pub struct Shop {
    /// Its id.
    pub id: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Its region.
    pub region: &'static str,
    /// Whether there stands on its counter whatever can: what others print on is simulated too.
    pub has_counter: bool,
}

/// The stores, in the order of their ports.
pub const SHOPS: [Shop; 3] = [
    shop("mitte", "Corner Grocer Mitte", "centre", true),
    shop("pankow", "Corner Grocer Pankow", "north", false),
    shop("wedding", "Corner Grocer Wedding", "north", false),
];

const fn shop(
    id: &'static str,
    name: &'static str,
    region: &'static str,
    has_counter: bool,
) -> Shop {
    Shop { id, name, region, has_counter }
}

impl Shop {
    /// Its id as the store knows it.
    ///
    /// # Errors
    /// [`Failure`]: it is none.
    pub fn store(&self) -> Result<StoreId, Failure> {
        let failed = |error| Failure::because(ExitCode::Software, "the id of a store", &error);
        StoreId::new(self.id).map_err(failed)
    }
}

/// A store at work.
struct Open {
    shop: Shop,
    url: String,
    directory: PathBuf,
    switch: Switch,
    hub: RunningHub,
}

/// The stores at work.
pub struct Shops {
    open: Vec<Open>,
    credentials: Vec<Credentials>,
    sellers: Vec<Seller>,
}

impl Shops {
    /// Opens the stores, on the ports behind the first. Must be called inside an actix system.
    ///
    /// # Errors
    /// [`Failure`]: what could not be opened; the others are closed again.
    pub async fn open(port: u16, place: &Place, office: &Office) -> Result<Self, Failure> {
        let mut shops = Self { open: Vec::new(), credentials: Vec::new(), sellers: Vec::new() };
        match shops.begin(port, place, office).await {
            Ok(()) => Ok(shops),
            Err(failure) => {
                shops.close().await;
                Err(failure)
            }
        }
    }

    async fn begin(&mut self, first: u16, place: &Place, office: &Office) -> Result<(), Failure> {
        let catalogue = season::catalogue()?;
        let mut port = first;
        for shop in SHOPS {
            port = port.saturating_add(1);
            let directory = place.directory().join(directory_name(&shop.store()?));
            let settings = settings(shop, port, directory.clone(), office)?;
            let (switch, mut commands) = (Switch::default(), Commands::default());
            switch.listen(&mut commands);
            let clock = SystemClock::start(ZONE, None)
                .map_err(|error| Failure::because(ExitCode::Software, "the clock", &error))?;
            let mut options = StartOptions::new(Arc::new(settings), Arc::new(clock));
            options.catalogue = Some(catalogue.clone());
            options.commands = commands;
            let hub = wiring::start(options).await.map_err(|error| not_started(&error))?;
            actix_web::rt::spawn(housekeeping::keep(hub.store.clone()));
            if let Some(link) = hub.store.link.clone() {
                switch.tell(link);
            }
            let url = hub.server.urls().into_iter().next().unwrap_or_default();
            self.open.push(Open { shop, url, directory, switch, hub });
        }
        for (index, open) in self.open.iter().enumerate() {
            let (url, directory) = (open.url.clone(), open.directory.clone());
            let (switch, is_new) = (open.switch.clone(), !place.has_last_week());
            let begun = web::block(move || {
                let access =
                    StoreAccess { url: &url, setup_code: None, directory: &directory, crew: CREW };
                let failed = |error| {
                    Failure::because(ExitCode::Software, "bringing a store to work", &error)
                };
                let baskets = season::fortnight(index)?;
                if is_new {
                    trade::count_shelves(access, &baskets).map_err(failed)?;
                }
                let credentials = Credentials::for_registers(&directory, REGISTERS, CREW);
                let seller = Seller::start(access, switch, baskets, season::prices()?);
                Ok::<_, Failure>((credentials.map_err(failed)?, seller.map_err(failed)?))
            });
            let closing = |_| Failure::new(ExitCode::Software, "the demonstration is closing");
            let (credentials, seller) = begun.await.map_err(closing)??;
            self.credentials.push(credentials);
            self.sellers.push(seller);
        }
        place.note_last_week()
    }

    /// Each store with where it answers.
    #[must_use]
    pub fn urls(&self) -> Vec<(String, String)> {
        self.open.iter().map(|open| (open.shop.id.to_owned(), open.url.clone())).collect()
    }

    /// Where the simulated devices of the first store are shown.
    #[must_use]
    pub fn simulators(&self) -> String {
        let counter = self.open.iter().find(|open| open.shop.has_counter);
        counter.map(|open| format!("{}/simulators", open.url)).unwrap_or_default()
    }

    /// What a person wants to know of each store.
    #[must_use]
    pub fn greeting(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for (open, credentials) in self.open.iter().zip(&self.credentials) {
            let cashier = credentials.cashier_pins.get(&1).map(String::as_str).unwrap_or_default();
            lines.push(format!("  {} ({})", open.shop.name, open.shop.id));
            lines.push(format!("    {}", open.url));
            lines.push(format!(
                "    {}, PIN {}; {}, PIN {cashier}",
                CREW.manager,
                credentials.manager_pin,
                CREW.cashier(1),
            ));
        }
        lines
    }

    /// Closes the stores: trade ends, and what was promised is on the disk.
    pub async fn close(self) {
        for open in &self.open {
            open.switch.close();
        }
        let sellers = self.sellers;
        let ended = web::block(move || sellers.into_iter().for_each(Seller::join)).await;
        if let Err(error) = ended {
            tracing::warn!(%error, "ending the trade");
        }
        join_all(self.open.into_iter().map(|open| open.hub.stop())).await;
    }
}

/// What a store is told.
fn settings(
    shop: Shop,
    port: u16,
    directory: PathBuf,
    office: &Office,
) -> Result<Settings, Failure> {
    let failed = |error: crate::replay::run::HostError| {
        Failure::because(ExitCode::Software, "opening a store", &*error)
    };
    let mut settings = template(CURRENCY, false).map_err(failed)?;
    settings.store.id = shop.store()?;
    settings.store.name = shop.name.to_owned();
    settings.store.time_zone = ZONE.to_owned();
    settings.registers = u16::try_from(REGISTERS).unwrap_or(u16::MAX);
    settings.http.listen = IpAddr::V4(Ipv4Addr::LOCALHOST);
    settings.http.port = port;
    settings.http.cookie_ending = format!("_{}", shop.id);
    settings.data.dir = directory;
    if shop.has_counter {
        settings.devices = counter::devices(settings.registers)?;
    }
    let link = office.enrol(&settings.store.id, shop.name, shop.region).map_err(failed)?;
    settings.link.file = Some(link);
    Ok(settings)
}
