//! A receipt printer's thread.

use std::io;

use devices::port::PortAddress;
use devices::printer::{DrawerSense, Mode, PrinterDriver, PrinterFamily, PrinterProfile};
use devices::worker;
use store_actors::PrinterHandle;
use store_core::device::Device;

use super::Ground;
use super::board::DeviceBoard;
use super::options::{self, PrinterOptions};
use super::start::teller;
use crate::settings::PaperMode;

/// Starts it.
///
/// # Errors
/// Where the system has no thread to give.
pub(super) fn start(
    device: &Device,
    port: PortAddress,
    ground: &Ground,
    board: &DeviceBoard,
) -> io::Result<PrinterHandle> {
    let settings = settings(device, ground)?;
    let fonts = match settings.mode {
        Mode::Raster => ground.fonts.clone(),
        // A row that its own font cannot write is drawn.
        _ => ground.fonts.clone(),
    };
    let id = device.id.clone();
    let on_drawer = Box::new(move |is_open: bool| {
        tracing::debug!(device = id.as_str(), is_open, "a drawer");
    });
    let driver = PrinterDriver::new(settings, fonts, on_drawer);
    let (tell, condition) = teller(&device.id, ground, board);
    let tasks = worker::start("printer", port, driver, tell)?;
    Ok(PrinterHandle { tasks, condition })
}

fn settings(device: &Device, ground: &Ground) -> io::Result<devices::printer::PrinterSettings> {
    let options: PrinterOptions = options::read(device).map_err(io::Error::other)?;
    let profile = options.profile(device).map_err(io::Error::other)?;
    let usual = match ground.printer.mode {
        PaperMode::Raster => Mode::Raster,
        PaperMode::Text => Mode::Big5,
    };
    Ok(devices::printer::PrinterSettings {
        family: options.family.unwrap_or(PrinterFamily::EscPos),
        profile: profile.unwrap_or_else(|| PrinterProfile::of_columns(ground.printer.columns)),
        mode: options.mode.unwrap_or(usual),
        drawer_sense: options.drawer_sense.unwrap_or(DrawerSense::HighIsOpen),
        native_symbols: options.native_symbols.unwrap_or(true),
        ..devices::printer::PrinterSettings::default()
    })
}
