use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs as _};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use rustix::event::PollFlags;
use rustix::net::sockopt;

use super::{Port, WRITE_TIMEOUT, gone, ready, stuck};

/// How long a device on the network is waited for: on a shop's own network milliseconds are usual.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
/// How long a name may take to become an address: name servers of a shop answer in milliseconds,
/// the system itself would wait for half a minute.
const RESOLVE_TIMEOUT: Duration = Duration::from_secs(2);
/// Names that are looked up at once at most: each waits on a thread that cannot be called back.
const RESOLVING_MAX: usize = 8;
/// After so much silence the other side's system is asked whether the connection still holds.
const KEEPALIVE_IDLE: Duration = Duration::from_secs(4);
/// Between two such questions.
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(2);
/// Questions without an answer before it does not.
const KEEPALIVE_PROBES: u32 = 4;
/// How long sent bytes may stay unconfirmed, and those questions unanswered: longer than any
/// driver waits for a device that is busy and takes nothing meanwhile.
const UNCONFIRMED_MAX: Duration = Duration::from_secs(12);

/// Bytes a second that are counted on: behind a print server there may be a printer at 38,400 baud.
const BYTES_PER_S: u32 = 3_840;

/// A device on the network.
pub(super) struct TcpPort(TcpStream);

impl TcpPort {
    pub(super) fn connect(address: &str) -> io::Result<Self> {
        Self::of(reach(address, RESOLVE_TIMEOUT, CONNECT_TIMEOUT)?)
    }

    pub(super) fn of(stream: TcpStream) -> io::Result<Self> {
        Self::with_patience(stream, WRITE_TIMEOUT)
    }

    /// A port that takes nothing for so long counts as stuck.
    pub(super) fn with_patience(stream: TcpStream, patience: Duration) -> io::Result<Self> {
        stream.set_nodelay(true)?;
        stream.set_write_timeout(Some(patience))?;
        watch(&stream)?;
        Ok(Self(stream))
    }
}

/// Has the system find out whether the other side is still there: a device whose cable was pulled
/// says no good-bye.
pub(super) fn watch(stream: &TcpStream) -> io::Result<()> {
    sockopt::set_socket_keepalive(stream, true)?;
    sockopt::set_tcp_keepidle(stream, KEEPALIVE_IDLE)?;
    sockopt::set_tcp_keepintvl(stream, KEEPALIVE_INTERVAL)?;
    sockopt::set_tcp_keepcnt(stream, KEEPALIVE_PROBES)?;
    let unconfirmed_ms = u32::try_from(UNCONFIRMED_MAX.as_millis()).unwrap_or(u32::MAX);
    Ok(sockopt::set_tcp_user_timeout(stream, unconfirmed_ms)?)
}

/// A connection with a device, or why there is none within these times; no address of a name takes
/// more than its share.
pub(super) fn reach(address: &str, resolve: Duration, wait: Duration) -> io::Result<TcpStream> {
    let addresses = match address.parse::<SocketAddr>() {
        Ok(address) => vec![address],
        Err(_) => {
            let name = address.to_owned();
            within(&RESOLVING, resolve, move || name.to_socket_addrs().map(Iterator::collect))?
        }
    };
    let share = wait / u32::try_from(addresses.len()).unwrap_or(1).max(1);
    let mut failed = io::Error::from(io::ErrorKind::AddrNotAvailable);
    for address in addresses {
        match TcpStream::connect_timeout(&address, share) {
            Ok(stream) => return Ok(stream),
            Err(error) => failed = error,
        }
    }
    // Nobody took the call: that is no device that keeps silent.
    Err(if failed.kind() == io::ErrorKind::TimedOut {
        io::Error::new(io::ErrorKind::NotConnected, "the device takes no connection")
    } else {
        failed
    })
}

/// Names that are being looked up.
static RESOLVING: AtomicUsize = AtomicUsize::new(0);

/// One of them.
struct Lookup(&'static AtomicUsize);

impl Drop for Lookup {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Looks a name up on a thread of its own, which is left behind where it takes too long.
pub(super) fn within(
    under_way: &'static AtomicUsize,
    wait: Duration,
    resolve: impl FnOnce() -> io::Result<Vec<SocketAddr>> + Send + 'static,
) -> io::Result<Vec<SocketAddr>> {
    let late = || io::Error::new(io::ErrorKind::AddrNotAvailable, "its name leads nowhere in time");
    let is_full = under_way.fetch_add(1, Ordering::SeqCst) >= RESOLVING_MAX;
    let lookup = Lookup(under_way);
    if is_full {
        return Err(late());
    }
    let (told, resolved) = mpsc::sync_channel(1);
    thread::Builder::new().name("resolve".to_owned()).spawn(move || {
        let resolved = resolve();
        drop(lookup);
        // Whoever waited may have given up.
        drop(told.send(resolved));
    })?;
    resolved.recv_timeout(wait).unwrap_or_else(|_| Err(late()))
}

impl Port for TcpPort {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all(bytes).map_err(|error| match error.kind() {
            io::ErrorKind::WouldBlock => stuck(),
            // The system gave the connection up.
            io::ErrorKind::TimedOut => gone(),
            _ => error,
        })
    }

    fn bytes_per_s(&self) -> u32 {
        BYTES_PER_S
    }

    fn read(&mut self, buffer: &mut [u8], wait: Duration) -> io::Result<usize> {
        // The system's own time limit of a read is as coarse as its clock ticks.
        if !ready(&self.0, PollFlags::IN, wait)? {
            return Ok(0);
        }
        match self.0.read(buffer) {
            Ok(0) => Err(gone()),
            Err(error) => match error.kind() {
                io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted => Ok(0),
                io::ErrorKind::TimedOut => Err(gone()),
                _ => Err(error),
            },
            read => read,
        }
    }
}
