//! Scanners at ports of the hub: what they read goes to the screen of their register, which does
//! with it what it does with a scan of its own.

use std::io;

use devices::port::PortAddress;
use devices::scanner::{
    Scan, ScannerDriver, ScannerSettings, ScannerTask, SimulatedScanner, Speaks, Symbology, Trigger,
};
use devices::simulated::{Plug, Socket, plug_in};
use devices::worker::{self, Tasks};
use serde::Serialize;
use store_core::DeviceId;
use store_core::device::Device;
use tokio::sync::broadcast;

use super::Ground;
use super::board::DeviceBoard;
use super::options::{self, OptionFault};
use super::start::teller;

/// Scans that a screen may lag behind: more than anybody scans while it is redrawn.
const SCANS_MAX: usize = 64;

/// A code that was read at a port.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ScanHeard {
    /// By which scanner.
    pub scanner: DeviceId,
    /// The registers that it belongs to; every one where there are none.
    #[serde(skip)]
    pub registers: Vec<u16>,
    /// The code.
    pub code: String,
    /// Counts the scans of all scanners, so that a page takes each once.
    pub number: u64,
}

/// Where scans are told.
#[derive(Clone)]
pub struct Scans(broadcast::Sender<ScanHeard>);

impl Default for Scans {
    fn default() -> Self {
        Self(broadcast::channel(SCANS_MAX).0)
    }
}

impl Scans {
    /// What is read from now on.
    #[must_use]
    pub fn listen(&self) -> broadcast::Receiver<ScanHeard> {
        self.0.subscribe()
    }
}

/// Checks what the settings say of one.
///
/// # Errors
/// What does not hold.
pub(super) fn check(device: &Device) -> Result<(), OptionFault> {
    let settings: ScannerSettings = options::read(device)?;
    if settings.is_possible() {
        return Ok(());
    }
    let text = "prefix is at most 16 characters that can be seen".to_owned();
    Err(OptionFault::Option(device.id.clone(), text))
}

/// Starts it.
///
/// # Errors
/// Where the system has no thread to give.
pub(super) fn start(
    device: &Device,
    port: PortAddress,
    ground: &Ground,
    board: &DeviceBoard,
) -> io::Result<Tasks<ScannerTask>> {
    let settings: ScannerSettings = options::read(device).map_err(io::Error::other)?;
    let (scanner, registers) = (device.id.clone(), device.registers.clone());
    let (scans, counter) = (ground.scans.clone(), ground.scans_read.clone());
    let on_scan = Box::new(move |scan: Scan| {
        let number = counter.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let (scanner, registers) = (scanner.clone(), registers.clone());
        // With no screen at its register there is nobody to sell to.
        // What these say is told from the same characters of another kind by the kind alone.
        let tells = |kind: Symbology| kind.is_gs1() || kind == Symbology::Code39;
        let code = if scan.symbology.is_some_and(tells) { scan.text() } else { scan.code };
        let _ = scans.0.send(ScanHeard { scanner, registers, code, number });
    });
    let driver = match port {
        PortAddress::Input(_) => ScannerDriver::keyboard(settings, on_scan),
        _ => ScannerDriver::new(settings, on_scan),
    };
    let (tell, _) = teller(&device.id, ground, board);
    worker::start("scanner", port, driver, tell)
}

/// Starts a simulated one.
///
/// # Errors
/// Where there is no line to be had.
pub(super) fn simulated(device: &Device, ground: &Ground) -> io::Result<(Trigger, Plug)> {
    let scanner = SimulatedScanner::new(Speaks::default());
    let trigger = scanner.trigger();
    let link = super::simulators::link(device, ground)?;
    let plug = plug_in(&Socket::Serial { link, baud: None }, scanner)?;
    Ok((trigger, plug))
}
