//! Which devices are at work: started beside whoever looks at those that are, tried again where one
//! could not be started, and handed to whoever uses them.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use actix::prelude::*;
use actix_web::web;
use devices::worker::Condition;
use store_actors::{SetPrinters, SetTerminals};
use store_core::TerminalId;
use store_core::device::{Device, Devices};
use tokio::sync::watch;

use super::start::{self, Handle, Started};
use super::{Ground, Peripherals, Running, SetDrawers, drawers};

/// How soon a device that could not be started is tried again: as often as a thread opens the port
/// of one that is gone.
const AGAIN: Duration = Duration::from_secs(1);

/// Whom the peripherals talk to: those who print, here and in training, and those who open drawers.
#[derive(Default)]
pub(super) struct Users {
    pub(super) printing: Vec<Recipient<SetPrinters>>,
    pub(super) drawers: Vec<Recipient<SetDrawers>>,
    pub(super) terminals: Vec<Recipient<SetTerminals>>,
}

impl Running {
    /// Takes other devices; answers those at work that are not among them.
    fn exchange(&mut self, set: Arc<Devices>, devices: Arc<Devices>) -> Vec<Started> {
        let before = std::mem::take(&mut self.started);
        let (kept, gone): (BTreeMap<_, _>, BTreeMap<_, _>) =
            before.into_iter().partition(|(_, started)| devices.all().contains(&started.device));
        (self.set, self.devices, self.started) = (set, devices, kept);
        gone.into_values().collect()
    }

    /// Those that are not at work.
    fn missing(&self) -> Vec<Device> {
        let is_missing = |device: &&Device| !self.started.contains_key(&device.id);
        self.devices.all().iter().filter(is_missing).cloned().collect()
    }
}

impl Peripherals {
    /// Puts other devices in the place of those that there are. One that stays as it was is not
    /// disturbed; one that cannot be started is shown to be absent, and tried again.
    pub fn apply(&self, devices: Devices) {
        // Whoever looks at those at work does not wait for those that are being started.
        let _turn = self.0.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let set = Arc::new(devices);
        let devices = Arc::new(self.with_demonstration(&set));
        let gone = self.running().exchange(set, devices.clone());
        // A port is let go before another device opens it.
        drop(gone);
        let missing = self.running().missing();
        let board = &self.0.board;
        board.keep_only(devices.all());
        missing.iter().for_each(|device| board.put(device, self.0.ground.now_ms()));
        board.hang(&drawers::printers(&devices), self.0.ground.now_ms());
        self.start_all(&missing);
        self.has_changed();
    }

    /// Starts those that could not be started before.
    fn start_missing(&self) {
        let _turn = self.0.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let missing = self.running().missing();
        if self.start_all(&missing) {
            self.has_changed();
        }
    }

    /// Starts devices; answers whether one of them could be.
    fn start_all(&self, missing: &[Device]) -> bool {
        let mut is_any_started = false;
        for device in missing {
            match start::start(device, &self.0.ground, &self.0.board) {
                Ok(started) => {
                    self.running().started.insert(device.id.clone(), started);
                    is_any_started = true;
                }
                Err(error) => self.has_failed(device, &error),
            }
        }
        is_any_started
    }

    fn has_failed(&self, device: &Device, error: &io::Error) {
        let (reason, now_ms) = (error.to_string(), self.0.ground.now_ms());
        let id = device.id.as_str();
        // It is tried every second, and said once.
        if self.0.board.say(&device.id, Condition::Absent, Some(reason), now_ms) {
            tracing::error!(device = id, %error, "a device cannot be started");
        }
    }

    /// Tells whoever follows the devices that they are others.
    fn has_changed(&self) {
        self.0.changes.send_modify(|generation| *generation += 1);
        // Under one lock with whoever comes, so that the last that somebody is told is what is.
        let users = self.users();
        let running = self.running();
        users.printing.iter().for_each(|queue| tell(queue, printers(&running)));
        let ground = &self.0.ground;
        users.drawers.iter().for_each(|to| tell(to, ways(&running, ground)));
        users.terminals.iter().for_each(|to| tell(to, terminals(&running)));
    }

    /// Hands printers to somebody who prints, now and whenever they change.
    pub fn print_for(&self, queue: Recipient<SetPrinters>) {
        let mut users = self.users();
        tell(&queue, printers(&self.running()));
        users.printing.push(queue);
    }

    /// Hands drawers to somebody who opens them, now and whenever they change.
    pub fn open_drawers_for(&self, drawers: Recipient<SetDrawers>) {
        let mut users = self.users();
        tell(&drawers, ways(&self.running(), &self.0.ground));
        users.drawers.push(drawers);
    }

    /// Hands card terminals to somebody who asks them, now and whenever they change.
    pub fn ask_terminals_for(&self, asker: Recipient<SetTerminals>) {
        let mut users = self.users();
        tell(&asker, terminals(&self.running()));
        users.terminals.push(asker);
    }

    /// Forgets somebody who printed: training is over.
    pub fn forget_printing(&self, queue: &Recipient<SetPrinters>) {
        self.users().printing.retain(|other| other != queue);
    }
}

/// Tries those again that could not be started, for as long as the store runs.
pub async fn keep_starting(peripherals: Peripherals, mut stopping: watch::Receiver<bool>) {
    loop {
        let wait = tokio::time::timeout(AGAIN, stopping.wait_for(|stopping| *stopping));
        if wait.await.is_ok() {
            return;
        }
        if !peripherals.running().missing().is_empty() {
            let peripherals = peripherals.clone();
            // Where the hub is closing nothing needs to be started.
            drop(web::block(move || peripherals.start_missing()).await);
        }
    }
}

/// Tells somebody which devices there are. A mailbox that is full takes it all the same: whoever
/// missed it would go on with devices that are gone, and these messages are as few as the changes
/// that people make to settings.
#[expect(clippy::disallowed_methods, reason = "none may be lost, and a person makes each")]
fn tell<M>(to: &Recipient<M>, message: M)
where
    M: Message + Send + 'static,
    M::Result: Send,
{
    to.do_send(message);
}

fn printers(running: &Running) -> SetPrinters {
    let printers = running.started.iter().filter_map(|(id, started)| match &started.handle {
        Handle::Printer(at) => Some((id.clone(), at.printer.clone())),
        _ => None,
    });
    SetPrinters { devices: running.devices.clone(), printers: printers.collect() }
}

fn ways(running: &Running, ground: &Ground) -> SetDrawers {
    SetDrawers { ways: drawers::ways(&running.devices, &running.started, &ground.workstations) }
}

fn terminals(running: &Running) -> SetTerminals {
    let all = running.started.iter().filter_map(|(id, started)| match &started.handle {
        Handle::Terminal(thread) => Some((TerminalId::new(id.as_str()).ok()?, thread.clone())),
        _ => None,
    });
    SetTerminals(all.collect())
}
