//! The store's peripherals at work: a thread for each device of the settings, a board of how they
//! are, and whoever has to know the new handles when the settings change.

mod at_work;
mod board;
mod chosen;
mod displays;
mod drawers;
mod options;
mod own_network;
mod plugged_in;
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

use devices::customer_display::DisplayTask;
use devices::signal::{SignalState, SignalTask};
use devices::worker::Tasks;
use store_actors::Clock;
use store_core::device::{Device, DeviceKind, Devices};
use store_core::register::RegisterView;
use store_core::{DeviceId, WorkstationId};

use self::at_work::Users;
pub use self::at_work::keep_starting;
pub use self::board::{DeviceBoard, DeviceView};
pub use self::chosen::{ChosenDevices, SetDevicesError, Source};
pub use self::drawers::{DrawersActor, SetDrawers};
pub use self::options::check;
pub use self::plugged_in::{Asked, Asks, Seen, Spared, file_of, see};
pub use self::scales::{Claimed, Scale, ScaleView};
pub use self::scanners::{ScanHeard, Scans};
pub use self::signals::{GPIO, follow as keep_signalling};
pub use self::simulators::{SIMULATED, Simulator};
use self::start::{Handle, Started};
pub use self::try_out::{Trial, TrialError};
use crate::places;
use crate::settings::{PrinterSettings, Settings};
use tokio::sync::{broadcast, watch};

struct Inner {
    board: DeviceBoard,
    /// What every device is started from.
    ground: Ground,
    /// Held by whoever changes which there are: changes are made one after the other.
    turn: Mutex<()>,
    running: Mutex<Running>,
    /// Counts the times that they changed.
    changes: watch::Sender<u64>,
    /// Locked before those that run.
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

impl Ground {
    fn now_ms(&self) -> i64 {
        self.clock.now(None).wall.as_millisecond()
    }
}

#[derive(Default)]
struct Running {
    /// As they were set.
    set: Arc<Devices>,
    /// As they are at work, with what a demonstration adds.
    devices: Arc<Devices>,
    started: BTreeMap<DeviceId, Started>,
}

/// The peripherals. Its clones are the same ones.
#[derive(Clone)]
pub struct Peripherals(Arc<Inner>);

impl Peripherals {
    /// Starts those that hold.
    #[must_use]
    pub fn start(settings: &Settings, devices: Devices, clock: Arc<dyn Clock>) -> Self {
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
        let peripherals = Self(Arc::new(Inner {
            board: DeviceBoard::default(),
            ground,
            turn: Mutex::default(),
            running: Mutex::default(),
            changes: watch::Sender::new(0),
            users: Mutex::default(),
        }));
        peripherals.apply(devices);
        peripherals
    }

    /// The devices of the store, as they were set.
    #[must_use]
    pub fn devices_set(&self) -> Arc<Devices> {
        self.running().set.clone()
    }

    /// A store that has no printer of its own prints on a simulated one, unless it wants none.
    fn with_demonstration(&self, devices: &Devices) -> Devices {
        let devices = devices.clone();
        match self.0.ground.printer.is_simulated && !devices.has_printer() {
            true => devices.with_printer(SIMULATED),
            false => devices,
        }
    }

    /// The devices of the store, with what a demonstration adds.
    #[must_use]
    pub fn devices(&self) -> Arc<Devices> {
        self.running().devices.clone()
    }

    /// How they are.
    #[must_use]
    pub fn board(&self) -> &DeviceBoard {
        &self.0.board
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
        *self.0.changes.borrow()
    }

    /// Those times, for whoever follows them.
    fn changes(&self) -> watch::Receiver<u64> {
        self.0.changes.subscribe()
    }

    fn running(&self) -> MutexGuard<'_, Running> {
        self.0.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn users(&self) -> MutexGuard<'_, Users> {
        self.0.users.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where the paper of a simulated printer is kept.
fn paper_of(ground: &Ground) -> Option<PathBuf> {
    ground.printer.keeps_paper.then(|| places::paper(&ground.data_dir))
}
