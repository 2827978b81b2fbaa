use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::usb::{DeviceClass, SystemRoot, UsbIdentity};

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

    /// Bytes a second that it carries: each has a start bit besides its own.
    #[must_use]
    pub const fn bytes_per_s(self) -> u32 {
        let parity_bits = !matches!(self.parity, Parity::None) as u32;
        self.baud / (1 + self.data_bits as u32 + parity_bits + self.stop_bits as u32)
    }
}

/// What most devices are set to when they leave their box.
impl Default for Line {
    fn default() -> Self {
        Self::plain(9_600)
    }
}

/// Which device file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// This one, or a link to it that survives being plugged in again.
    Path(PathBuf),
    /// The one that a USB device has at the time, whatever it is called.
    Usb(UsbIdentity),
}

/// Where a device is plugged in, as settings name it:
///
/// `serial:/dev/pos/scale0@9600,7E1`, `tcp:192.168.1.50:9100`, `usblp:/dev/usb/lp0`,
/// `hidraw:/dev/hidraw0`, `evdev:/dev/input/by-id/usb-Scanner-event-kbd`; instead of a path also
/// `usb-0403:6001-A50285BI`: the USB device of this vendor, product and serial number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum PortAddress {
    /// A serial line, or what looks like one: USB adapters, CDC devices.
    Serial {
        /// Its device file.
        at: Place,
        /// How it talks.
        line: Line,
    },
    /// A device on the network, as `host:port`.
    Tcp(String),
    /// A printer of the USB printer class.
    UsbPrinter(Place),
    /// Reports of a HID device, a read for each.
    HidRaw(Place),
    /// A keyboard, whose keys the hub keeps to itself.
    Input(Place),
}

/// An address cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no port: write serial:/dev/ttyUSB0@9600,8N1, tcp:HOST:PORT, usblp:/dev/usb/lp0, \
     hidraw:/dev/hidraw0 or evdev:/dev/input/event0, or usb-VENDOR:PRODUCT-SERIAL for a path"
)]
pub struct AddressError(String);

impl PortAddress {
    /// The device file, where it is named.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match self.place()? {
            (_, Place::Path(path)) => Some(path),
            (_, Place::Usb(_)) => None,
        }
    }

    const fn place(&self) -> Option<(DeviceClass, &Place)> {
        match self {
            Self::Serial { at, .. } => Some((DeviceClass::Serial, at)),
            Self::UsbPrinter(at) => Some((DeviceClass::UsbPrinter, at)),
            Self::HidRaw(at) => Some((DeviceClass::HidRaw, at)),
            Self::Input(at) => Some((DeviceClass::Input, at)),
            Self::Tcp(_) => None,
        }
    }

    /// The same with the path of a device that is named by what it is.
    ///
    /// # Errors
    /// Where no such device is plugged in, or several are and nothing tells them apart.
    pub fn located(&self, root: &SystemRoot) -> io::Result<Self> {
        let Some((class, Place::Usb(identity))) = self.place() else { return Ok(self.clone()) };
        let at = Place::Path(root.locate(class, identity)?);
        Ok(match self {
            Self::Serial { line, .. } => Self::Serial { at, line: *line },
            Self::UsbPrinter(_) => Self::UsbPrinter(at),
            Self::HidRaw(_) => Self::HidRaw(at),
            Self::Input(_) => Self::Input(at),
            Self::Tcp(address) => Self::Tcp(address.clone()),
        })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => path.display().fmt(f),
            Self::Usb(identity) => identity.fmt(f),
        }
    }
}

impl FromStr for Place {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        if text.starts_with('/') {
            return Ok(Self::Path(PathBuf::from(text)));
        }
        text.parse().map(Self::Usb).map_err(|()| AddressError(text.to_owned()))
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
            Self::Serial { at, line } => write!(f, "serial:{at}@{line}"),
            Self::Tcp(address) => write!(f, "tcp:{address}"),
            Self::UsbPrinter(at) => write!(f, "usblp:{at}"),
            Self::HidRaw(at) => write!(f, "hidraw:{at}"),
            Self::Input(at) => write!(f, "evdev:{at}"),
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
        let place = |text: &str| text.parse().map_err(|_| wrong());
        Ok(match kind {
            "serial" => {
                let (path, line) = match rest.rsplit_once('@') {
                    Some((path, line)) => (path, line.parse().map_err(|_| wrong())?),
                    None => (rest, Line::default()),
                };
                Self::Serial { at: place(path)?, line }
            }
            "tcp" => {
                let (host, port) = rest.rsplit_once(':').ok_or_else(wrong)?;
                if host.is_empty() || port.parse::<u16>().is_err() {
                    return Err(wrong());
                }
                Self::Tcp(rest.to_owned())
            }
            "usblp" => Self::UsbPrinter(place(rest)?),
            "hidraw" => Self::HidRaw(place(rest)?),
            "evdev" => Self::Input(place(rest)?),
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
