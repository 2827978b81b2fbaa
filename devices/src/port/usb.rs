//! What a USB device says of itself, and which device file it has now.

use std::fmt;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// Most bytes of a text in the system's tree that are read.
const ATTRIBUTE_BYTES_MAX: u64 = 4_096;
/// Most characters of a serial number: as many as a USB device has room for.
const SERIAL_CHARS_MAX: usize = 126;
/// Most devices of one class that are looked at.
const CLASS_DEVICES_MAX: usize = 1_024;
/// The keys that make something a keyboard, and not the buttons of a case: 1 and Enter.
const KEYBOARD_KEYS: [usize; 2] = [2, 28];

/// Where the system shows its devices.
#[derive(Clone, Debug)]
pub struct SystemRoot {
    /// What is known of each: `/sys`.
    pub sys: PathBuf,
    /// The files that lead to them: `/dev`.
    pub dev: PathBuf,
}

impl Default for SystemRoot {
    fn default() -> Self {
        Self { sys: PathBuf::from("/sys"), dev: PathBuf::from("/dev") }
    }
}

/// A kind of device file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DeviceClass {
    /// A serial line.
    Serial,
    /// A printer of the USB printer class.
    UsbPrinter,
    /// Reports of a HID device.
    HidRaw,
    /// A keyboard.
    Input,
}

impl DeviceClass {
    const fn folder(self) -> &'static str {
        match self {
            Self::Serial => "class/tty",
            Self::UsbPrinter => "class/usbmisc",
            Self::HidRaw => "class/hidraw",
            Self::Input => "class/input",
        }
    }

    /// Whether what the kernel calls so is one of these: by its name alone.
    fn has_name(self, name: &str) -> bool {
        match self {
            Self::Serial => ["ttyUSB", "ttyACM", "ttyAMA", "ttyS"]
                .iter()
                .any(|kind| name.strip_prefix(kind).is_some_and(is_number)),
            Self::UsbPrinter => name.strip_prefix("lp").is_some_and(is_number),
            Self::HidRaw => name.strip_prefix("hidraw").is_some_and(is_number),
            Self::Input => name.strip_prefix("event").is_some_and(is_number),
        }
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Which USB device it is, wherever it is plugged in: `usb-0403:6001-A50285BI`, or without the
/// serial number where it has none.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UsbIdentity {
    /// Who made it.
    pub vendor: u16,
    /// Which of the maker's devices it is.
    pub product: u16,
    /// Which of those.
    pub serial: Option<String>,
}

impl UsbIdentity {
    fn fits(&self, found: &Self) -> bool {
        (self.vendor, self.product) == (found.vendor, found.product)
            && (self.serial.is_none() || self.serial == found.serial)
    }
}

impl fmt::Display for UsbIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "usb-{:04x}:{:04x}", self.vendor, self.product)?;
        self.serial.iter().try_for_each(|serial| write!(f, "-{serial}"))
    }
}

impl FromStr for UsbIdentity {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (vendor, rest) = text.strip_prefix("usb-").ok_or(())?.split_once(':').ok_or(())?;
        let (product, serial) = match rest.split_once('-') {
            Some((product, serial)) => (product, Some(serial.to_owned())),
            None => (rest, None),
        };
        let number = |text: &str| {
            let is_hex = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
            u16::from_str_radix(text, 16).ok().filter(|_| is_hex).ok_or(())
        };
        let is_serial = |text: &String| {
            !text.is_empty()
                && text.chars().nth(SERIAL_CHARS_MAX).is_none()
                && !text.chars().any(char::is_control)
        };
        if !serial.as_ref().is_none_or(is_serial) {
            return Err(());
        }
        Ok(Self { vendor: number(vendor)?, product: number(product)?, serial })
    }
}

/// A device as the system shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SystemDevice {
    /// What kind of file it has.
    pub class: DeviceClass,
    /// What the kernel calls it now: `ttyUSB0`.
    pub name: String,
    /// Its file.
    pub file: PathBuf,
    /// Where it hangs in the system's tree.
    pub place: PathBuf,
    /// Which USB device it is, if it is one.
    pub usb: Option<UsbIdentity>,
    /// Who made it, in the device's own words.
    pub maker: Option<String>,
    /// What it is, in the device's own words.
    pub product: Option<String>,
}

impl SystemRoot {
    /// The devices of a kind, by name.
    #[must_use]
    pub fn devices(&self, class: DeviceClass) -> Vec<SystemDevice> {
        let Ok(entries) = fs::read_dir(self.sys.join(class.folder())) else { return Vec::new() };
        let names = entries.flatten().take(CLASS_DEVICES_MAX);
        let names = names.filter_map(|entry| entry.file_name().into_string().ok());
        let mut names: Vec<String> = names.filter(|name| class.has_name(name)).collect();
        names.sort_by_key(|name| (name.len(), name.clone()));
        names.into_iter().filter_map(|name| self.device(class, name)).collect()
    }

    fn device(&self, class: DeviceClass, name: String) -> Option<SystemDevice> {
        let place = fs::canonicalize(self.sys.join(class.folder()).join(&name)).ok()?;
        // A line without a chip behind it: the kernel keeps four of them.
        if name.starts_with("ttyS") && attribute(&place, "type").is_none_or(|kind| kind == "0") {
            return None;
        }
        if class == DeviceClass::Input && !is_keyboard(&place) {
            return None;
        }
        let file = match (class, attribute_named(&place, "uevent", "DEVNAME")) {
            (_, Some(file)) if is_plain(&file) => self.dev.join(file),
            (DeviceClass::UsbPrinter, _) => self.dev.join("usb").join(&name),
            (DeviceClass::Input, _) => self.dev.join("input").join(&name),
            _ => self.dev.join(&name),
        };
        let usb = place.ancestors().take_while(|up| *up != self.sys).find_map(|up| {
            let number = |name| u16::from_str_radix(&attribute(up, name)?, 16).ok();
            Some((up, number("idVendor")?, number("idProduct")?))
        });
        let own = |name| usb.and_then(|(up, ..)| attribute(up, name));
        let input = || attribute(&place.join("device"), "name");
        let hid = || attribute_named(&place.join("device"), "uevent", "HID_NAME");
        Some(SystemDevice {
            class,
            name,
            file,
            usb: usb.map(|(_, vendor, product)| UsbIdentity {
                vendor,
                product,
                serial: own("serial"),
            }),
            maker: own("manufacturer"),
            product: own("product").or_else(input).or_else(hid),
            place,
        })
    }

    /// The file of a USB device of a kind, as it is plugged in now.
    ///
    /// # Errors
    /// Where no such device is plugged in, or several are and nothing tells them apart.
    pub fn locate(&self, class: DeviceClass, identity: &UsbIdentity) -> io::Result<PathBuf> {
        let mut found = self.devices(class);
        found.retain(|device| device.usb.as_ref().is_some_and(|usb| identity.fits(usb)));
        match found.as_slice() {
            [device] => Ok(device.file.clone()),
            [] => Err(io::Error::new(
                io::ErrorKind::NotFound,
                format!("{identity} is not plugged in"),
            )),
            several => Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                format!(
                    "{identity} is {} devices: name the one that is meant by the port it is \
                     plugged into, as /dev/serial/by-path or /dev/pos do",
                    several.len()
                ),
            )),
        }
    }
}

/// Whether a path leads nowhere but into its own folder.
fn is_plain(file: &str) -> bool {
    !file.is_empty() && !file.starts_with('/') && !file.split('/').any(|part| part == "..")
}

/// What the system's tree says of a device: one line, without what no text should contain.
pub(crate) fn attribute(place: &Path, name: &str) -> Option<String> {
    let text = content(&place.join(name))?;
    let text: String = text.trim().chars().filter(|each| !each.is_control()).collect();
    let text: String = text.trim().chars().take(SERIAL_CHARS_MAX).collect();
    (!text.is_empty()).then_some(text)
}

/// One of several that are written `NAME=value`.
pub(crate) fn attribute_named(place: &Path, file: &str, name: &str) -> Option<String> {
    let text = content(&place.join(file))?;
    let mut lines = text.lines();
    let value = lines.find_map(|line| line.strip_prefix(name)?.strip_prefix('='))?;
    (!value.is_empty()).then(|| value.to_owned())
}

/// What a file of the system's tree contains, as far as anybody needs it.
pub(crate) fn content(file: &Path) -> Option<String> {
    let mut bytes = Vec::new();
    fs::File::open(file).ok()?.take(ATTRIBUTE_BYTES_MAX).read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// Whether an input device has the keys of a keyboard: the kernel lists them as bits, in words of
/// 64 of which the last is the first.
fn is_keyboard(place: &Path) -> bool {
    let Some(words) = attribute(&place.join("device"), "capabilities/key") else { return false };
    let Some(Ok(word)) = words.split(' ').next_back().map(|word| u64::from_str_radix(word, 16))
    else {
        return false;
    };
    KEYBOARD_KEYS.iter().all(|key| word >> key & 1 == 1)
}
