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

/// The printer that a drawer hangs on, and at which of its pins; nothing where there is none.
pub(super) fn at(devices: &Devices, drawer: &Device) -> Option<(DeviceId, DrawerPin)> {
    // What does not read was refused when the settings were.
    let options = options::read::<DrawerOptions>(drawer).ok()?;
    let of_register = || {
        let first = drawer.registers.first();
        let workstation = first.and_then(|it| WorkstationId::new(&it.to_string()).ok());
        devices.printers_of(workstation.as_ref()).into_iter().next()
    };
    let printer = options.printer.or_else(of_register)?;
    Some((printer, options.pin.unwrap_or(DrawerPin::Pin2)))
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
    let named = devices.at(DeviceKind::CashDrawer, workstation);
    // What does not read was refused when the settings were.
    let options = named.and_then(|device| options::read::<DrawerOptions>(device).ok());
    let options = options.unwrap_or_default();
    // Another register's printer has another register's drawer.
    let own_printer =
        || devices.at(DeviceKind::ReceiptPrinter, workstation).map(|printer| printer.id.clone());
    let printer = options.printer.or_else(own_printer)?;
    let Handle::Printer(at) = &started.get(&printer)?.handle else { return None };
    Some(DrawerWay {
        printer: at.printer.clone(),
        pin: options.pin.unwrap_or(DrawerPin::Pin2),
        is_open: at.drawer.clone(),
        open_max: Duration::from_secs(options.open_max_s.unwrap_or(OPEN_MAX_S)),
    })
}
