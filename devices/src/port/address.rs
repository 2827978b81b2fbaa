use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Whether each byte carries a check bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parity {
    /// None.
    None,
    /// The ones of a byte and its bit are an even number.
    Even,
    /// An odd one.
    Odd,
}

/// How a serial line talks: written as `9600 8N1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// Bits a second.
    pub baud: u32,
    /// Bits of a byte: 7 or 8.
    pub data_bits: u8,
    /// The check bit.
    pub parity: Parity,
    /// Stop bits: 1 or 2.
    pub stop_bits: u8,
}

impl Line {
    /// Eight bits, no check, one stop bit.
    #[must_use]
    pub const fn plain(baud: u32) -> Self {
        Self { baud, data_bits: 8, parity: Parity::None, stop_bits: 1 }
    }
}

/// What most devices are set to when they leave their box.
impl Default for Line {
    fn default() -> Self {
        Self::plain(9_600)
    }
}

/// Where a device is plugged in, as settings name it:
///
/// `serial:/dev/pos/scale0@9600,7E1`, `tcp:192.168.1.50:9100`, `usblp:/dev/usb/lp0`,
/// `hidraw:/dev/hidraw0`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum PortAddress {
    /// A serial line, or what looks like one: USB adapters, CDC devices.
    Serial {
        /// Its device file, or a link to it that survives being plugged in again.
        path: PathBuf,
        /// How it talks.
        line: Line,
    },
    /// A device on the network, as `host:port`.
    Tcp(String),
    /// A printer of the USB printer class.
    UsbPrinter(PathBuf),
    /// Reports of a HID device, a read for each.
    HidRaw(PathBuf),
}

/// An address cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no port: write serial:/dev/ttyUSB0@9600,8N1, tcp:HOST:PORT, usblp:/dev/usb/lp0 \
     or hidraw:/dev/hidraw0"
)]
pub struct AddressError(String);

impl PortAddress {
    /// The device file, where there is one.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::Serial { path, .. } | Self::UsbPrinter(path) | Self::HidRaw(path) => Some(path),
            Self::Tcp(_) => None,
        }
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parity = match self.parity {
            Parity::None => 'N',
            Parity::Even => 'E',
            Parity::Odd => 'O',
        };
        write!(f, "{},{}{parity}{}", self.baud, self.data_bits, self.stop_bits)
    }
}

impl fmt::Display for PortAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Serial { path, line } => write!(f, "serial:{}@{line}", path.display()),
            Self::Tcp(address) => write!(f, "tcp:{address}"),
            Self::UsbPrinter(path) => write!(f, "usblp:{}", path.display()),
            Self::HidRaw(path) => write!(f, "hidraw:{}", path.display()),
        }
    }
}

impl FromStr for Line {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let wrong = || AddressError(text.to_owned());
        let (baud, frame) = text.split_once(',').unwrap_or((text, "8N1"));
        let baud = baud.parse().map_err(|_| wrong())?;
        let [data @ b'7'..=b'8', parity, stop @ b'1'..=b'2'] = frame.as_bytes() else {
            return Err(wrong());
        };
        let parity = match parity {
            b'N' => Parity::None,
            b'E' => Parity::Even,
            b'O' => Parity::Odd,
            _ => return Err(wrong()),
        };
        if !(300..=4_000_000).contains(&baud) {
            return Err(wrong());
        }
        Ok(Self { baud, data_bits: data - b'0', parity, stop_bits: stop - b'0' })
    }
}

impl FromStr for PortAddress {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let wrong = || AddressError(text.to_owned());
        let (kind, rest) = text.split_once(':').ok_or_else(wrong)?;
        let file = || if rest.starts_with('/') { Ok(PathBuf::from(rest)) } else { Err(wrong()) };
        Ok(match kind {
            "serial" => {
                let (path, line) = match rest.rsplit_once('@') {
                    Some((path, line)) => (path, line.parse().map_err(|_| wrong())?),
                    None => (rest, Line::default()),
                };
                if !path.starts_with('/') {
                    return Err(wrong());
                }
                Self::Serial { path: PathBuf::from(path), line }
            }
            "tcp" => {
                let (host, port) = rest.rsplit_once(':').ok_or_else(wrong)?;
                if host.is_empty() || port.parse::<u16>().is_err() {
                    return Err(wrong());
                }
                Self::Tcp(rest.to_owned())
            }
            "usblp" => Self::UsbPrinter(file()?),
            "hidraw" => Self::HidRaw(file()?),
            _ => return Err(wrong()),
        })
    }
}

impl TryFrom<String> for PortAddress {
    type Error = AddressError;

    fn try_from(text: String) -> Result<Self, AddressError> {
        text.parse()
    }
}

impl From<PortAddress> for String {
    fn from(address: PortAddress) -> Self {
        address.to_string()
    }
}
