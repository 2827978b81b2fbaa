use std::io;
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use super::Fault;
use crate::port::{Port, PseudoTerminal, tcp_port};

/// How long a byte takes on a slow line.
const SLOW_BYTE: Duration = Duration::from_millis(50);

/// The line to whoever has taken it up, with what is wrong with it.
pub(super) struct Line {
    port: Wire,
    baud: Option<u32>,
}

enum Wire {
    Serial(PseudoTerminal),
    Socket(Box<dyn Port>),
}

impl Line {
    pub(super) const fn serial(terminal: PseudoTerminal, baud: Option<u32>) -> Self {
        Self { port: Wire::Serial(terminal), baud }
    }

    pub(super) fn socket(stream: TcpStream) -> io::Result<Self> {
        stream.set_nonblocking(false)?;
        Ok(Self { port: Wire::Socket(tcp_port(stream)?), baud: None })
    }

    /// Whether the two ends talk at different speeds.
    fn is_garbled(&self, fault: Fault) -> bool {
        let speed = match &self.port {
            Wire::Serial(terminal) => terminal.baud().ok(),
            Wire::Socket(_) => None,
        };
        let differs = self.baud.zip(speed).is_some_and(|(own, other)| own != other);
        fault == Fault::WrongSettings || differs
    }

    pub(super) fn read(&mut self, buffer: &mut [u8], wait: Duration) -> io::Result<usize> {
        self.port().read(buffer, wait)
    }

    /// What the device hears of what was sent.
    pub(super) fn hear(&self, bytes: &mut [u8], fault: Fault) {
        if self.is_garbled(fault) {
            garble(bytes);
        }
    }

    pub(super) fn say(&mut self, mut bytes: Vec<u8>, fault: Fault) -> io::Result<()> {
        if fault == Fault::Garbage || self.is_garbled(fault) {
            garble(&mut bytes);
        }
        match fault {
            Fault::HalfFrames => {
                let half = bytes.len() / 2;
                self.port().write(bytes.get(..half).unwrap_or_default())
            }
            Fault::Slow => {
                for byte in bytes {
                    thread::sleep(SLOW_BYTE);
                    self.port().write(&[byte])?;
                }
                Ok(())
            }
            _ => self.port().write(&bytes),
        }
    }

    fn port(&mut self) -> &mut dyn Port {
        match &mut self.port {
            Wire::Serial(terminal) => terminal,
            Wire::Socket(port) => port.as_mut(),
        }
    }
}

/// Bits read at another speed: never what was sent, always the same for the same bytes.
fn garble(bytes: &mut [u8]) {
    let mut state: u8 = 0x5a;
    for byte in bytes {
        state = state.wrapping_mul(37).wrapping_add(*byte).wrapping_add(11);
        *byte ^= state | 0x81;
    }
}
