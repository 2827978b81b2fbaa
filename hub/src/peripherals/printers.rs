//! A receipt printer's thread.

use std::io;
use std::sync::{Arc, OnceLock};

use devices::port::PortAddress;
use devices::printer::{
    DrawerSense, FontStack, Mode, PrinterDriver, PrinterFamily, PrinterProfile,
};
use devices::worker;
use store_actors::PrinterHandle;
use store_core::device::Device;
use tokio::sync::watch;

use super::Ground;
use super::board::DeviceBoard;
use super::options::{self, PrinterOptions};
use super::start::{PrinterAt, teller};
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
) -> io::Result<PrinterAt> {
    let settings = settings(device, ground)?;
    let (said, drawer) = watch::channel(None);
    let (shown, id) = (board.clone(), device.id.clone());
    let on_drawer = Box::new(move |is_open| {
        shown.say_drawer(&id, is_open);
        said.send_replace(Some(is_open));
    });
    let fonts = fonts(settings.mode);
    let driver = PrinterDriver::new(settings, fonts, on_drawer);
    let (tell, condition) = teller(&device.id, ground, board);
    let tasks = worker::start("printer", port, driver, tell)?;
    Ok(PrinterAt { printer: PrinterHandle { tasks, condition }, drawer })
}

/// The letters of this machine, read once, where all is drawn with them. A printer that writes by
/// itself has the few strange letters from those that are built in.
pub(super) fn fonts(mode: Mode) -> Option<Arc<FontStack>> {
    static FONTS: OnceLock<Arc<FontStack>> = OnceLock::new();
    let read = || Arc::new(FontStack::system());
    (mode == Mode::Raster).then(|| FONTS.get_or_init(read).clone())
}

pub(super) fn settings(
    device: &Device,
    ground: &Ground,
) -> io::Result<devices::printer::PrinterSettings> {
    let options: PrinterOptions = options::read(device).map_err(io::Error::other)?;
    let profile = options.profile(device).map_err(io::Error::other)?;
    let usual = match ground.printer.mode {
        PaperMode::Raster => Mode::Raster,
        PaperMode::Text => Mode::Big5,
    };
    let profile = profile.unwrap_or_else(|| PrinterProfile::of_columns(ground.printer.columns));
    // A model knows what it is spoken to in.
    let usual_family = match profile.name.starts_with("star") {
        true => PrinterFamily::Star,
        false => PrinterFamily::EscPos,
    };
    Ok(devices::printer::PrinterSettings {
        family: options.family.unwrap_or(usual_family),
        profile,
        mode: options.mode.unwrap_or(usual),
        drawer_sense: options.drawer_sense.unwrap_or(DrawerSense::HighIsOpen),
        native_symbols: options.native_symbols.unwrap_or(true),
        ..devices::printer::PrinterSettings::default()
    })
}
