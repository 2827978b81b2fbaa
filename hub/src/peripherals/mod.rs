//! The store's peripherals at work: a thread for each device of the settings, a board of how they
//! are, and whoever has to know the new handles when the settings change.

mod board;
mod chosen;
mod displays;
mod drawers;
mod options;
mod printers;
mod scales;
mod scanners;
mod signals;
mod simulators;
mod start;
mod terminals;
mod try_out;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use actix::prelude::*;
use devices::customer_display::DisplayTask;
use devices::signal::{SignalState, SignalTask};
use devices::worker::Tasks;
use store_actors::{Clock, SetPrinters, SetTerminals};
use store_core::device::{Device, DeviceKind, Devices};
use store_core::register::RegisterView;
use store_core::{DeviceId, TerminalId, WorkstationId};

pub use self::board::{DeviceBoard, DeviceView};
pub use self::chosen::{ChosenDevices, SetDevicesError, Source};
pub use self::drawers::{DrawersActor, SetDrawers};
pub use self::options::check;
pub use self::scales::{Claimed, Scale, ScaleView};
pub use self::scanners::{ScanHeard, Scans};
pub use self::signals::{GPIO, follow as keep_signalling};
pub use self::simulators::{SIMULATED, Simulator};
use self::start::{Handle, Started};
pub use self::try_out::{Trial, TrialError};
use crate::places;
use crate::settings::{PrinterSettings, Settings};
use crate::start_error::StartError;
use tokio::sync::{broadcast, watch};

/// Whom the peripherals talk to: those who print, here and in training, and those who open drawers.
#[derive(Default)]
struct Users {
    printing: Vec<Recipient<SetPrinters>>,
    drawers: Vec<Recipient<SetDrawers>>,
    terminals: Vec<Recipient<SetTerminals>>,
}

struct Inner {
    board: DeviceBoard,
    /// What every device is started from.
    ground: Ground,
    running: Mutex<Running>,
    users: Mutex<Users>,
}

/// What every device is started from.
struct Ground {
    data_dir: PathBuf,
    workstations: Vec<WorkstationId>,
    printer: PrinterSettings,
    clock: Arc<dyn Clock>,
    scans: Scans,
    scans_read: Arc<AtomicU64>,
}

#[derive(Default)]
struct Running {
    devices: Arc<Devices>,
    /// Counts the times that they changed.
    generation: u64,
    started: BTreeMap<DeviceId, Started>,
}

/// The peripherals. Its clones are the same ones.
#[derive(Clone)]
pub struct Peripherals(Arc<Inner>);

impl Peripherals {
    /// Starts those that hold.
    ///
    /// # Errors
    /// Where a thread, or a line for a simulated device, cannot be had.
    pub fn start(
        settings: &Settings,
        devices: Devices,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, StartError> {
        let begun_ms = u64::try_from(clock.now(None).wall.as_millisecond()).unwrap_or(1);
        let ground = Ground {
            data_dir: settings.data.dir.clone(),
            workstations: settings.workstations(),
            printer: settings.printer.clone(),
            clock,
            scans: Scans::default(),
            // Begins with the time, so that a page that outlives the hub knows the newer scan.
            scans_read: Arc::new(AtomicU64::new(begun_ms)),
        };
        let board = DeviceBoard::default();
        let (running, users) = (Mutex::default(), Mutex::default());
        let peripherals = Self(Arc::new(Inner { board, ground, running, users }));
        peripherals.apply(devices)?;
        Ok(peripherals)
    }

    /// Puts other devices in the place of those that there are. One that stays as it was is not
    /// disturbed.
    ///
    /// # Errors
    /// Where a thread, or a line for a simulated device, cannot be had: then that device and those
    /// after it are missing.
    pub fn apply(&self, devices: Devices) -> Result<(), StartError> {
        let devices = Arc::new(with_demonstration(devices, &self.0.ground.printer));
        let mut running = self.running();
        let mut before = std::mem::take(&mut running.started);
        running.devices = devices.clone();
        running.generation += 1;
        let mut outcome = Ok(());
        for device in devices.all() {
            let same = before.remove(&device.id).filter(|started| started.device == *device);
            let started = match same {
                Some(started) => Ok(started),
                None => start::start(device, &self.0.ground, &self.0.board),
            };
            match started {
                Ok(started) => drop(running.started.insert(device.id.clone(), started)),
                Err(error) => outcome = Err(StartError::Part("a device", error)),
            }
        }
        self.0.board.keep_only(devices.all());
        drop(running);
        self.tell_users();
        outcome
    }

    /// The devices of the store.
    #[must_use]
    pub fn devices(&self) -> Arc<Devices> {
        self.running().devices.clone()
    }

    /// How they are.
    #[must_use]
    pub fn board(&self) -> &DeviceBoard {
        &self.0.board
    }

    /// Hands printers to somebody who prints, now and whenever they change.
    pub fn print_for(&self, queue: Recipient<SetPrinters>) {
        tell_printers(&queue, &self.running());
        self.users().printing.push(queue);
    }

    /// Hands drawers to somebody who opens them, now and whenever they change.
    pub fn open_drawers_for(&self, drawers: Recipient<SetDrawers>) {
        tell_drawers(&drawers, &self.running(), &self.0.ground);
        self.users().drawers.push(drawers);
    }

    /// Hands card terminals to somebody who asks them, now and whenever they change.
    pub fn ask_terminals_for(&self, terminals: Recipient<SetTerminals>) {
        tell_terminals(&terminals, &self.running());
        self.users().terminals.push(terminals);
    }

    /// Forgets somebody who printed: training is over.
    pub fn forget_printing(&self, queue: &Recipient<SetPrinters>) {
        self.users().printing.retain(|other| other != queue);
    }

    /// The simulated device of this id, where it is one.
    #[must_use]
    pub fn simulator(&self, id: &DeviceId) -> Option<Simulator> {
        self.running().started.get(id)?.simulator.clone()
    }

    /// Every simulated device.
    #[must_use]
    pub fn simulators(&self) -> Vec<(Device, Simulator)> {
        let running = self.running();
        let simulated = |started: &Started| {
            started.simulator.clone().map(|simulator| (started.device.clone(), simulator))
        };
        running.started.values().filter_map(simulated).collect()
    }

    /// What scanners read from now on.
    #[must_use]
    pub fn scans(&self) -> broadcast::Receiver<ScanHeard> {
        self.0.ground.scans.listen()
    }

    /// The scale of a register.
    #[must_use]
    pub fn scale_of(&self, workstation: &WorkstationId) -> Option<Scale> {
        let running = self.running();
        let device = running.devices.at(DeviceKind::Scale, workstation)?;
        match &running.started.get(&device.id)?.handle {
            Handle::Scale(scale) => Some(scale.clone()),
            _ => None,
        }
    }

    /// Shows what registers show their cashiers to their customers too.
    pub fn show_views(
        &self,
        views: impl IntoIterator<Item = (WorkstationId, watch::Receiver<Arc<RegisterView>>)>,
    ) {
        for (workstation, view) in views {
            actix_web::rt::spawn(displays::follow(self.clone(), workstation, view));
        }
    }

    fn display_of(&self, workstation: &WorkstationId) -> Option<Tasks<DisplayTask>> {
        let running = self.running();
        let device = running.devices.at(DeviceKind::CustomerDisplay, workstation)?;
        match &running.started.get(&device.id)?.handle {
            Handle::Display(display) => Some(display.clone()),
            _ => None,
        }
    }

    fn show_signals(&self, state: SignalState) {
        for started in self.running().started.values() {
            if let Handle::Signal(signal) = &started.handle
                && signal.hand_in(SignalTask::Set(state)).is_err()
            {
                tracing::warn!(device = started.device.id.as_str(), "lamps take nothing more");
            }
        }
    }

    /// Counts the times that the devices changed.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.running().generation
    }

    fn running(&self) -> MutexGuard<'_, Running> {
        self.0.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn users(&self) -> MutexGuard<'_, Users> {
        self.0.users.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell_users(&self) {
        let (running, users) = (self.running(), self.users());
        users.printing.iter().for_each(|queue| tell_printers(queue, &running));
        let ground = &self.0.ground;
        users.drawers.iter().for_each(|drawers| tell_drawers(drawers, &running, ground));
        users.terminals.iter().for_each(|terminals| tell_terminals(terminals, &running));
    }
}

fn tell_printers(queue: &Recipient<SetPrinters>, running: &Running) {
    let printers = running.started.iter().filter_map(|(id, started)| match &started.handle {
        Handle::Printer(at) => Some((id.clone(), at.printer.clone())),
        _ => None,
    });
    let set = SetPrinters { devices: running.devices.clone(), printers: printers.collect() };
    // Settings change by hand: the mailbox has room, or the hub is stopping.
    if queue.try_send(set).is_err() {
        tracing::error!("the print queue does not take the printers");
    }
}

fn tell_drawers(drawers: &Recipient<SetDrawers>, running: &Running, ground: &Ground) {
    let ways = drawers::ways(&running.devices, &running.started, &ground.workstations);
    let set = SetDrawers { ways };
    if drawers.try_send(set).is_err() {
        tracing::error!("the drawers' actor does not take the drawers");
    }
}

fn tell_terminals(terminals: &Recipient<SetTerminals>, running: &Running) {
    let all = running.started.iter().filter_map(|(id, started)| match &started.handle {
        Handle::Terminal(thread) => Some((TerminalId::new(id.as_str()).ok()?, thread.clone())),
        _ => None,
    });
    if terminals.try_send(SetTerminals(all.collect())).is_err() {
        tracing::error!("the terminals' actor does not take the terminals");
    }
}

/// A store that has no printer of its own prints on a simulated one, unless it wants none.
fn with_demonstration(devices: Devices, printer: &PrinterSettings) -> Devices {
    match printer.is_simulated && !devices.has_printer() {
        true => devices.with_printer(SIMULATED),
        false => devices.with_real_printers(SIMULATED),
    }
}

/// Where the paper of a simulated printer is kept.
fn paper_of(ground: &Ground) -> Option<PathBuf> {
    ground.printer.keeps_paper.then(|| places::paper(&ground.data_dir))
}
