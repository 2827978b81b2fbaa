//! A store at work, with its devices.

use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use store_core::{DeviceId, TransactionId};
use store_journal::{LedgerReads as _, PrintJob, PrintStanding, PrintState, Reader};

use super::live::Live;
use super::paper::{self, Checked};
use super::simulators::Simulators;
use super::wait_for;
use crate::api::basket;
use crate::api::browser::Browser;
use crate::api::hub::Hub;
use crate::support;

/// A sale is three requests, each a commit or a draft, in a debug build on a busy machine. A sale
/// that waited for a device would take as long as the device's own limits, which are in seconds.
const SALE_MAX: Duration = Duration::from_secs(3);

/// A store of two registers.
pub struct Counter {
    pub hub: Hub,
    /// At register 1.
    pub first: Browser,
    /// At register 2.
    pub second: Browser,
    pub live: Live,
    pub devices: Simulators,
    pub store: PathBuf,
    settings: String,
    /// Goes last.
    _dir: tempfile::TempDir,
}

impl Counter {
    /// Opens a store whose registers print in front and at the back, and waits until all works.
    pub fn open(name: &str) -> Self {
        Self::open_with(name, "[1]", "[2]", None)
    }

    /// The same with the registers that print in front and at the back, and the printers' pace.
    pub fn open_with(name: &str, front: &str, back: &str, bytes_per_s: Option<NonZeroU32>) -> Self {
        let dir = support::temp_dir(name);
        let devices = Simulators::new(dir.path(), bytes_per_s);
        let settings = devices.settings(front, back);
        let store = dir.path().join("store");
        let hub = Hub::start_with(&store, &[("HUB_DEVICES", &settings)]);
        let first = Browser::at_work(&hub);
        let second = Browser::at_work_at(&hub, "2");
        let live = Live::of(&hub, &first);
        let counter = Self { hub, first, second, live, devices, store, settings, _dir: dir };
        for id in ["front", "back", "scale", "scanner", "display", "terminal", "till"] {
            wait_for(id, || counter.condition(id) == "ready");
        }
        counter
    }

    /// Kills the hub without a word, and starts it again.
    pub fn kill(self) -> Self {
        let Self { hub, first, second, live, devices, store, settings, _dir } = self;
        drop(hub);
        let hub = Hub::start_with(&store, &[("HUB_DEVICES", &settings)]);
        let (first, second) = (first.moved(&hub), second.moved(&hub));
        drop(live);
        let live = Live::of(&hub, &first);
        Self { hub, first, second, live, devices, store, settings, _dir }
    }

    /// A device as screens are told of it.
    pub fn shown(&self, id: &str) -> Value {
        let shown = self.first.get("/api/v1/devices").json();
        shown.as_array().unwrap().iter().find(|device| device["id"] == id).unwrap().clone()
    }

    /// How a device is, as screens are told.
    pub fn condition(&self, id: &str) -> String {
        self.shown(id)["condition"].as_str().unwrap().to_owned()
    }

    /// What the hub has logged since it was started.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.store.with_extension("log")).unwrap()
    }

    /// The register of the first browser.
    pub fn register(&self) -> Value {
        self.first.get("/api/v1/register").json()
    }

    /// Sells a bottle of water for cash at each register, and answers the sales and how long the
    /// slower took.
    pub fn sell(&self) -> ([TransactionId; 2], Duration) {
        let sold = [&self.first, &self.second].map(|browser| {
            let began = Instant::now();
            let id = basket::sell(browser).parse().unwrap();
            (id, began.elapsed())
        });
        let slower = sold.iter().map(|(_, took)| *took).max().unwrap();
        assert!(slower < SALE_MAX, "a sale took {slower:?}");
        (sold.map(|(id, _)| id), slower)
    }

    /// The receipt of a sale.
    pub fn job(&self, sale: TransactionId) -> PrintJob {
        let mut jobs = Reader::open(&self.store).unwrap().print_jobs(sale).unwrap();
        assert_eq!(jobs.len(), 1, "nobody asked for a copy");
        jobs.pop().unwrap()
    }

    /// Waits until a sale's receipt is out, and answers where it came out.
    pub fn wait_until_printed(&self, sale: TransactionId) -> (DeviceId, Duration) {
        let state = || self.job(sale).state;
        let took = wait_for("a receipt is out", || state() == PrintState::Done);
        (self.job(sale).printer.unwrap(), took)
    }

    /// Waits until no receipt waits any more but those of which nobody knows; answers their sales,
    /// as a person sees them.
    pub fn wait_until_quiet(&self) -> Vec<String> {
        let is_waiting = |job: &PrintStanding| job.state != PrintState::Unknown;
        let open = || Reader::open(&self.store).unwrap().print_jobs_open().unwrap();
        wait_for("no receipt waits", || !open().iter().any(is_waiting));
        let shown = self.first.get("/api/v1/print-jobs");
        if shown.status != 200 {
            // A hub without the page: what it would list.
            return open().iter().map(|job| job.transaction.to_string()).collect();
        }
        let shown = shown.json();
        let unknown = shown.as_array().unwrap().iter().filter(|job| job["state"] == "unknown");
        unknown.map(|job| job["transaction_id"].as_str().unwrap().to_owned()).collect()
    }

    /// Closes the store, and holds what came out against its journal. At most so many receipts may
    /// be unknown.
    pub fn close(mut self, unknown_max: usize) -> Checked {
        let listed = self.wait_until_quiet();
        self.hub.stop();
        let checked = paper::check(&self.store, &self.devices.papers(), &listed);
        assert!(checked.unknown <= unknown_max, "{checked:?}");
        assert!(checked.done > 0, "{checked:?}");
        store_journal::verify(&self.store, true).unwrap();
        checked
    }

    /// Waits until a notice is shown at register 1, or not any more.
    pub fn wait_for_notice(&self, notice: &str, is_raised: bool) -> Duration {
        let notice = json!(notice);
        let is_shown = || self.register()["notices"].as_array().unwrap().contains(&notice);
        wait_for(&format!("{notice}: {is_raised}"), || is_shown() == is_raised)
    }
}
