//! How the drawer of each register is opened.

use std::collections::BTreeMap;
use std::time::Duration;

use devices::printer::DrawerPin;
use store_actors::DrawerWay;
pub use store_actors::{DrawersActor, SetDrawers};
use store_core::device::{Device, DeviceKind, Devices};
use store_core::{DeviceId, WorkstationId};

use super::options::{self, DrawerOptions};
use super::start::{Handle, Started};

/// How long a drawer may stay open where nothing is said: longer than giving change takes.
const OPEN_MAX_S: u64 = 60;

/// The printer that a drawer hangs on, and at which pin: as it is for the first of its registers.
pub(super) fn at(devices: &Devices, drawer: &Device) -> Option<(DeviceId, DrawerPin)> {
    let first = drawer.registers.first().copied().unwrap_or(1);
    let workstation = WorkstationId::new(&first.to_string()).ok()?;
    place(devices, &read(drawer), &workstation)
}

/// Every drawer, with the printer that it hangs on.
pub(super) fn printers(devices: &Devices) -> BTreeMap<DeviceId, Option<DeviceId>> {
    let drawers = devices.of_kind(DeviceKind::CashDrawer);
    let printer = |drawer| at(devices, drawer).map(|(printer, _)| printer);
    drawers.map(|drawer| (drawer.id.clone(), printer(drawer))).collect()
}

/// The drawer of each register: the one that the settings name for it, or else the one at its
/// printer.
pub(super) fn ways(
    devices: &Devices,
    started: &BTreeMap<DeviceId, Started>,
    workstations: &[WorkstationId],
) -> BTreeMap<WorkstationId, DrawerWay> {
    let way = |workstation: &WorkstationId| way(devices, started, workstation);
    workstations.iter().filter_map(|at| Some((at.clone(), way(at)?))).collect()
}

fn way(
    devices: &Devices,
    started: &BTreeMap<DeviceId, Started>,
    workstation: &WorkstationId,
) -> Option<DrawerWay> {
    let options = options_of(devices, workstation);
    let (printer, pin) = place(devices, &options, workstation)?;
    let Handle::Printer(at) = &started.get(&printer)?.handle else { return None };
    Some(DrawerWay {
        printer: at.printer.clone(),
        pin,
        is_open: at.drawer.clone(),
        open_max: Duration::from_secs(options.open_max_s.unwrap_or(OPEN_MAX_S)),
    })
}

/// The printer that the drawer of a register hangs on, and at which pin; none where it has none.
pub(super) fn of_register(
    devices: &Devices,
    workstation: &WorkstationId,
) -> Option<(DeviceId, DrawerPin)> {
    place(devices, &options_of(devices, workstation), workstation)
}

/// What the settings say of a register's drawer.
fn options_of(devices: &Devices, workstation: &WorkstationId) -> DrawerOptions {
    devices.at(DeviceKind::CashDrawer, workstation).map(read).unwrap_or_default()
}

/// What the settings say of a drawer.
fn read(drawer: &Device) -> DrawerOptions {
    // What does not read was refused when the settings were.
    options::read(drawer).unwrap_or_default()
}

/// The printer that the drawer of a register hangs on, and at which pin.
fn place(
    devices: &Devices,
    options: &DrawerOptions,
    workstation: &WorkstationId,
) -> Option<(DeviceId, DrawerPin)> {
    // Another register's printer has another register's drawer.
    let own_printer =
        || devices.at(DeviceKind::ReceiptPrinter, workstation).map(|printer| printer.id.clone());
    let printer = options.printer.clone().or_else(own_printer)?;
    Some((printer, options.pin.unwrap_or(DrawerPin::Pin2)))
}
