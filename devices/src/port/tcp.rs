use std::io::{self, Read as _, Write as _};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::time::Duration;

use rustix::event::PollFlags;

use super::{Port, WRITE_TIMEOUT, gone, ready};

/// How long a device on the network is waited for: on a shop's own network milliseconds are usual.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);

/// A device on the network.
pub(super) struct TcpPort(TcpStream);

impl TcpPort {
    pub(super) fn connect(address: &str) -> io::Result<Self> {
        let mut failed = io::Error::from(io::ErrorKind::AddrNotAvailable);
        for address in address.to_socket_addrs()? {
            match TcpStream::connect_timeout(&address, CONNECT_TIMEOUT) {
                Ok(stream) => return Self::of(stream),
                Err(error) => failed = error,
            }
        }
        Err(failed)
    }

    pub(super) fn of(stream: TcpStream) -> io::Result<Self> {
        stream.set_nodelay(true)?;
        stream.set_write_timeout(Some(WRITE_TIMEOUT))?;
        Ok(Self(stream))
    }
}

impl Port for TcpPort {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all(bytes)
    }

    fn read(&mut self, buffer: &mut [u8], wait: Duration) -> io::Result<usize> {
        // The system's own time limit of a read is as coarse as its clock ticks.
        if !ready(&self.0, PollFlags::IN, wait)? {
            return Ok(0);
        }
        match self.0.read(buffer) {
            Ok(0) => Err(gone()),
            Err(error) => match error.kind() {
                io::ErrorKind::WouldBlock
                | io::ErrorKind::TimedOut
                | io::ErrorKind::Interrupted => Ok(0),
                _ => Err(error),
            },
            read => read,
        }
    }
}
