//! Ports: what bytes go through to a device and back, whatever kind of cable it is.

mod address;
mod file;
mod input;
mod memory;
mod pty;
mod serial;
pub(crate) mod tcp;
#[cfg(test)]
mod tests;
pub(crate) mod usb;

use std::fs;
use std::io;
use std::os::fd::AsFd;
use std::os::unix::fs::FileTypeExt as _;
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

pub use address::{AddressError, Line, Parity, Place, PortAddress};
pub use file::FilePort;
pub use memory::{MemoryPort, memory_pair};
pub use pty::PseudoTerminal;
pub use usb::{DeviceClass, SystemDevice, SystemRoot, UsbIdentity};

/// How long a device may refuse to take bytes before its port counts as gone: a printer that is out
/// of paper takes none, and one that is busy takes some every second.
pub const WRITE_TIMEOUT: Duration = Duration::from_secs(5);

/// Bytes a second that a USB line carries at least, however busy its hub is.
const USB_BYTES_PER_S: u32 = 100_000;

/// How long it may take to find out whether a device on the network is there; a payment may wait
/// behind it.
const LOOK_TIMEOUT: Duration = Duration::from_millis(500);

/// Reads of what nobody asked for before a device counts as one that never falls silent: what a
/// system keeps for a port is read in far fewer.
const DISCARD_READS_MAX: u32 = 512;

/// A port that bytes go through, both ways. Nothing on it waits without a limit.
pub trait Port: Send {
    /// Sends all of it.
    ///
    /// # Errors
    /// Where the port is gone, or took nothing for [`WRITE_TIMEOUT`]: some of the bytes may have
    /// been sent.
    fn write(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Waits for at least one byte, no longer than `wait`; 0 says that none came.
    ///
    /// # Errors
    /// Where the port is gone.
    fn read(&mut self, buffer: &mut [u8], wait: Duration) -> io::Result<usize>;

    /// Bytes a second that its line carries.
    fn bytes_per_s(&self) -> u32 {
        USB_BYTES_PER_S
    }

    /// Forgets what has come and was not read.
    ///
    /// # Errors
    /// Where the port is gone.
    fn discard_input(&mut self) -> io::Result<()> {
        let mut buffer = [0; 256];
        for _ in 0..DISCARD_READS_MAX {
            if self.read(&mut buffer, Duration::ZERO)? == 0 {
                return Ok(());
            }
        }
        Err(io::Error::new(io::ErrorKind::InvalidData, "the device does not stop talking"))
    }
}

impl<P: Port + ?Sized> Port for Box<P> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.as_mut().write(bytes)
    }

    fn read(&mut self, buffer: &mut [u8], wait: Duration) -> io::Result<usize> {
        self.as_mut().read(buffer, wait)
    }

    fn bytes_per_s(&self) -> u32 {
        self.as_ref().bytes_per_s()
    }
}

/// Opens a port, again and again where it has to: a device that was unplugged is another port when
/// it comes back.
pub trait Connect: Send + 'static {
    /// Opens it now.
    ///
    /// # Errors
    /// Why there is none.
    fn connect(&mut self) -> io::Result<Box<dyn Port>>;

    /// Whether there is one, found out without saying anything to the device: half a second at
    /// most for one on the network, at once for any other.
    fn is_there(&mut self) -> bool {
        self.connect().is_ok()
    }
}

/// A device that is named by what it is, is looked for each time: after it was unplugged it may be
/// another file.
impl Connect for PortAddress {
    fn connect(&mut self) -> io::Result<Box<dyn Port>> {
        let located = self.located(&SystemRoot::default())?;
        let path = located.path().unwrap_or(Path::new(""));
        Ok(match &located {
            Self::Serial { line, .. } => Box::new(serial::SerialPort::open(path, *line)?),
            Self::Tcp(address) => Box::new(tcp::TcpPort::connect(address)?),
            Self::UsbPrinter(_) | Self::HidRaw(_) => Box::new(FilePort::open(path)?),
            Self::Input(_) => Box::new(input::open_grabbed(path)?),
        })
    }

    fn is_there(&mut self) -> bool {
        if let Self::Tcp(address) = self {
            return tcp::reach(address, LOOK_TIMEOUT / 2, LOOK_TIMEOUT / 2).is_ok();
        }
        let located = self.located(&SystemRoot::default());
        let file = located.ok().and_then(|located| fs::metadata(located.path()?).ok());
        file.is_some_and(|file| file.file_type().is_char_device())
    }
}

impl<F> Connect for F
where
    F: FnMut() -> io::Result<Box<dyn Port>> + Send + 'static,
{
    fn connect(&mut self) -> io::Result<Box<dyn Port>> {
        self()
    }
}

/// Waits until a file can be read or written, no longer than `wait`.
fn ready(file: impl AsFd, wanted: PollFlags, wait: Duration) -> io::Result<bool> {
    let until = Instant::now() + wait;
    loop {
        let left = until.saturating_duration_since(Instant::now());
        let left = Timespec::try_from(left).map_err(|_| io::ErrorKind::InvalidInput)?;
        let mut files = [PollFd::new(&file, wanted)];
        match poll(&mut files, Some(&left)) {
            Ok(0) => return Ok(false),
            Ok(_) => return Ok(true),
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// A port at whose other end nobody is any more.
fn gone() -> io::Error {
    io::Error::new(io::ErrorKind::NotConnected, "the device is gone")
}

/// A device that takes nothing.
fn stuck() -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, "the device takes nothing")
}

/// The port at the other end of somebody who connected.
pub(crate) fn tcp_port(stream: std::net::TcpStream) -> io::Result<Box<dyn Port>> {
    Ok(Box::new(tcp::TcpPort::of(stream)?))
}
