//! The stack light, its buzzer, and the contacts beside them.

use std::io;
use std::time::Duration;

use devices::signal::{
    SignalDriver, SignalEvent, SignalSettings, SignalState, SignalTask, SimulatedSignal, gpio,
};
use devices::worker::{self, Tasks};
use store_core::device::{Device, DeviceKind, Devices};

use super::Ground;
use super::board::{DeviceBoard, DeviceView};
use super::options::{self, OptionFault};
use super::start::teller;
use crate::http::health;
use crate::store::Store;

/// The port of lamps at the pins of the machine itself; which pins, the options say.
pub const GPIO: &str = "gpio";
/// How often it is looked how the store is: a lamp that follows within half a second is at once.
const LOOK_INTERVAL: Duration = Duration::from_millis(400);

/// What the settings say of one.
///
/// # Errors
/// What does not hold.
pub(super) fn settings(device: &Device) -> Result<SignalSettings, OptionFault> {
    let settings: SignalSettings = options::read(device)?;
    let wrong = |text: String| OptionFault::Option(device.id.clone(), text);
    settings.check().map_err(|error| wrong(error.to_string()))?;
    if device.port != GPIO && device.port != super::SIMULATED {
        return Err(wrong(format!("port is {GPIO}: its lines are options")));
    }
    Ok(settings)
}

/// Starts it.
///
/// # Errors
/// Where the system has no thread to give.
pub(super) fn start(
    device: &Device,
    simulated: Option<&SimulatedSignal>,
    ground: &Ground,
    board: &DeviceBoard,
) -> io::Result<Tasks<SignalTask>> {
    let settings = settings(device).map_err(io::Error::other)?;
    let (tell, _) = teller(&device.id, ground, board);
    let id = device.id.clone();
    let felt = move |event: SignalEvent| tracing::info!(device = id.as_str(), ?event, "a contact");
    let lines = settings.lines.clone();
    let driver = SignalDriver::new(settings, felt);
    match simulated {
        Some(simulated) => worker::start("signal", simulated.connect(), driver, tell),
        None => worker::start("signal", gpio::GpioConnect::new(lines), driver, tell),
    }
}

/// Shows how the store is for as long as it runs.
pub async fn follow(store: actix_web::web::Data<Store>) {
    let mut shown = None;
    let mut stopping = store.stopping.clone();
    loop {
        let peripherals = &store.peripherals;
        // How the store is costs a question to its writer and to every actor: not asked where
        // there are no lamps to show it.
        if peripherals.devices().of_kind(DeviceKind::Signal).next().is_some() {
            let now = (state(&store).await, peripherals.generation());
            if shown != Some(now) {
                peripherals.show_signals(now.0);
                shown = Some(now);
            }
        }
        let wait = tokio::time::timeout(LOOK_INTERVAL, stopping.wait_for(|stopping| *stopping));
        if wait.await.is_ok() {
            return;
        }
    }
}

async fn state(store: &Store) -> SignalState {
    let board = store.peripherals.board().now();
    let is_ready = health::is_ready(store).await;
    let is_linked = store.link.as_ref().is_none_or(|link| link.status().borrow().is_connected);
    let is_cared_for = store.care.bad_row().is_none() && store.link_fault.is_none();
    let devices_work = board.iter().all(|device| device.condition == "ready");
    let prints = can_print(&store.peripherals.devices(), &board, store);
    SignalState {
        sells: is_ready,
        needs_care: !is_linked || !is_cared_for || !devices_work,
        broken: !is_ready || !prints,
        stock_alert: !store.alerts.raised().is_empty(),
    }
}

/// Whether every register has a printer that works, its own or the one that stands in for it.
fn can_print(devices: &Devices, board: &[DeviceView], store: &Store) -> bool {
    let works = |id| board.iter().any(|view| view.id == id && view.works);
    let is_new =
        |view: &DeviceView| view.kind == DeviceKind::ReceiptPrinter && view.condition == "starting";
    board.iter().any(is_new)
        || store.settings.workstations().iter().all(|workstation| {
            let printers = devices.paper_printers_of(Some(workstation));
            printers.is_empty() || printers.into_iter().any(works)
        })
}
