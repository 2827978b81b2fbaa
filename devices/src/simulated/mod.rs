//! The far ends of cables: simulated devices, served over real pseudo-terminals and sockets, with
//! the faults that real ones have. What a device is, is a [`SimulatedDevice`]; how it is plugged
//! in, and what is wrong with its cable, is its [`Plug`].

mod line;
#[cfg(test)]
mod tests;

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use self::line::Line;
use crate::port::PseudoTerminal;

/// How often a device is asked whether it has something to say by itself.
const TICK: Duration = Duration::from_millis(10);

/// A device as seen from its own end of the cable. What a page changes about it lies behind a lock
/// of its own.
pub trait SimulatedDevice: Send + 'static {
    /// Takes bytes that the hub sent, and answers.
    fn hear(&mut self, bytes: &[u8], out: &mut Vec<u8>);

    /// What it says by itself: called a hundred times a second while it is plugged in.
    fn tick(&mut self, _out: &mut Vec<u8>) {}

    /// Its power is cut: what it had in its memory is gone.
    fn power_cut(&mut self) {}
}

/// What is wrong with a cable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// Nothing.
    #[default]
    None,
    /// It is pulled out: the hub's port goes away, and the device loses its power.
    Unplugged,
    /// The device stands still: it takes nothing and says nothing.
    Hangs,
    /// What it says arrives as other bytes.
    Garbage,
    /// Of each thing that it says only the first half arrives.
    HalfFrames,
    /// Each byte that it says takes a twentieth of a second.
    Slow,
    /// It was set to another speed: what is sent either way arrives as other bytes.
    WrongSettings,
}

impl Fault {
    /// Every one.
    pub const ALL: [Self; 7] = [
        Self::None,
        Self::Unplugged,
        Self::Hangs,
        Self::Garbage,
        Self::HalfFrames,
        Self::Slow,
        Self::WrongSettings,
    ];
}

/// Where a simulated device is plugged in.
#[derive(Clone, Debug)]
pub enum Socket {
    /// A serial line of its own, under a name that stays.
    Serial {
        /// The name.
        link: PathBuf,
        /// The speed that the device is set to; any where it does not mind, as over USB.
        baud: Option<u32>,
    },
    /// The network, at this machine alone: any port that is free.
    Tcp,
}

#[derive(Debug, Default)]
struct Wished {
    fault: Fault,
    /// Counts the times that it was plugged in or out.
    plugged: u64,
    is_over: bool,
}

struct Shared {
    wished: Mutex<Wished>,
    changed: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Wished> {
        self.wished.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The plug of a simulated device. Its clones are the same plug; the device ends with the last.
#[derive(Clone)]
pub struct Plug(Arc<Held>);

struct Held {
    shared: Arc<Shared>,
    address: String,
}

impl Drop for Held {
    fn drop(&mut self) {
        self.shared.lock().is_over = true;
        self.shared.changed.notify_all();
    }
}

impl Plug {
    /// What the hub's settings say to reach it, as [`crate::port::PortAddress`] reads it.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.0.address
    }

    /// What is wrong with the cable.
    #[must_use]
    pub fn fault(&self) -> Fault {
        self.0.shared.lock().fault
    }

    /// Does something to the cable, or mends it.
    pub fn set_fault(&self, fault: Fault) {
        let mut wished = self.0.shared.lock();
        if (wished.fault == Fault::Unplugged) != (fault == Fault::Unplugged) {
            wished.plugged += 1;
        }
        wished.fault = fault;
        self.0.shared.changed.notify_all();
    }

    /// Pulls it out and puts it in again: the system gives the line another name.
    pub fn replug(&self) {
        self.set_fault(Fault::Unplugged);
        self.set_fault(Fault::None);
    }
}

/// Plugs a device in; its thread serves it until the last [`Plug`] is dropped.
///
/// # Errors
/// Where there is no line or no thread to be had.
pub fn plug_in(socket: &Socket, device: impl SimulatedDevice) -> io::Result<Plug> {
    let shared = Arc::new(Shared { wished: Mutex::default(), changed: Condvar::new() });
    let (address, host) = match socket {
        Socket::Serial { link, baud } => {
            let speed = baud.map_or_else(|| "9600".to_owned(), |baud| baud.to_string());
            let address = format!("serial:{}@{speed},8N1", link.display());
            (address, Host::Serial { link: link.clone(), baud: *baud })
        }
        Socket::Tcp => {
            let listener = TcpListener::bind(("127.0.0.1", 0))?;
            let at = listener.local_addr()?;
            listener.set_nonblocking(true)?;
            (format!("tcp:{at}"), Host::Tcp { at, listener: Some(listener) })
        }
    };
    // Plugged in before anybody looks for it.
    let mut server = Server { shared: shared.clone(), host, device, plugged: 0, held: Vec::new() };
    let first = server.host.open()?;
    thread::Builder::new().name("simulated".to_owned()).spawn(move || server.run(first))?;
    Ok(Plug(Arc::new(Held { shared, address })))
}

enum Host {
    Serial { link: PathBuf, baud: Option<u32> },
    Tcp { at: SocketAddr, listener: Option<TcpListener> },
}

impl Host {
    fn open(&mut self) -> io::Result<Option<Line>> {
        match self {
            Self::Serial { link, baud } => Ok(Some(Line::serial(open_link(link)?, *baud))),
            Self::Tcp { at, listener } => {
                if listener.is_none() {
                    let again = TcpListener::bind(*at)?;
                    again.set_nonblocking(true)?;
                    *listener = Some(again);
                }
                Ok(None)
            }
        }
    }

    /// Somebody who has taken the line up, where nobody had it.
    fn accept(&self) -> Option<Line> {
        let Self::Tcp { listener: Some(listener), .. } = self else { return None };
        let (stream, _) = listener.accept().ok()?;
        Line::socket(stream).ok()
    }

    /// The plug is out: nobody can take the line up.
    fn close(&mut self) {
        if let Self::Tcp { listener, .. } = self {
            *listener = None;
        }
    }
}

fn open_link(link: &Path) -> io::Result<PseudoTerminal> {
    PseudoTerminal::open_as(link)
}

struct Server<D> {
    shared: Arc<Shared>,
    host: Host,
    device: D,
    /// Of [`Wished::plugged`], as it was last looked at.
    plugged: u64,
    /// What came and was not heard yet.
    held: Vec<u8>,
}

impl<D: SimulatedDevice> Server<D> {
    fn run(mut self, first: Option<Line>) {
        let mut line = first;
        while let Some(fault) = self.next_fault(&mut line) {
            if line.is_none() {
                line = self.host.accept();
            }
            let Some(open) = &mut line else {
                thread::sleep(TICK);
                continue;
            };
            if fault == Fault::Hangs {
                thread::sleep(TICK);
            } else if self.serve(open).is_err() {
                // Whoever had taken it up is gone. A serial line stays.
                line = self.host.open().ok().flatten();
            }
        }
    }

    /// What is wrong now; plugs in and out as was wished. Nothing where it is over.
    fn next_fault(&mut self, line: &mut Option<Line>) -> Option<Fault> {
        let mut wished = self.shared.lock();
        loop {
            if wished.is_over {
                return None;
            }
            if self.plugged != wished.plugged {
                self.plugged = wished.plugged;
                *line = None;
                self.host.close();
                self.held.clear();
                self.device.power_cut();
                if wished.fault != Fault::Unplugged {
                    *line = self.host.open().ok().flatten();
                }
            }
            if wished.fault != Fault::Unplugged {
                return Some(wished.fault);
            }
            let waited = self.shared.changed.wait(wished);
            wished = waited.unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// One turn: what came is heard, what is to be said is said.
    fn serve(&mut self, line: &mut Line) -> io::Result<()> {
        let mut buffer = [0; 4096];
        if self.held.is_empty() {
            let count = line.read(&mut buffer, TICK)?;
            self.held.extend_from_slice(buffer.get(..count).unwrap_or_default());
        }
        // As the cable is now that something came; what a device had begun to hear when it was
        // stopped it hears when it goes on.
        let fault = self.shared.lock().fault;
        if matches!(fault, Fault::Hangs | Fault::Unplugged) {
            return Ok(());
        }
        let mut out = Vec::new();
        let mut came = std::mem::take(&mut self.held);
        if !came.is_empty() {
            line.hear(&mut came, fault);
            self.device.hear(&came, &mut out);
        }
        self.device.tick(&mut out);
        if out.is_empty() { Ok(()) } else { line.say(out, fault) }
    }
}
