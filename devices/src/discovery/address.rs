use std::fs;
use std::path::PathBuf;

use crate::port::{DeviceClass, Line, Place, PortAddress, SystemDevice, SystemRoot, UsbIdentity};

/// Most names of one folder that are looked at.
const LINKS_MAX: usize = 1_024;
/// Serial numbers shorter than this are what a maker's tool left there: many devices have them.
const SERIAL_CHARS_MIN: usize = 5;

/// The names that lead to devices, with the files that they lead to.
pub(super) struct Names {
    /// By what the device is.
    by_id: Vec<(PathBuf, PathBuf)>,
    /// By the port that it is plugged into: our own rules' first.
    by_port: Vec<(PathBuf, PathBuf)>,
}

impl Names {
    pub fn of(root: &SystemRoot, class: DeviceClass) -> Self {
        let folder = match class {
            DeviceClass::Serial => Some("serial"),
            DeviceClass::Input => Some("input"),
            DeviceClass::UsbPrinter | DeviceClass::HidRaw => None,
        };
        let links = |below: &str| folder.map(|folder| links_in(root, &format!("{folder}/{below}")));
        let by_id = links("by-id").unwrap_or_default();
        let mut by_port = links_in(root, "pos");
        by_port.extend(links("by-path").unwrap_or_default());
        Self { by_id, by_port }
    }

    /// The name that a device keeps longest: its serial number where it has one of its own, the
    /// port that it is plugged into where several are alike.
    pub fn address(&self, device: &SystemDevice, all: &[SystemDevice]) -> PortAddress {
        let is_single = |identity: &UsbIdentity| {
            let same = all.iter().filter_map(|other| other.usb.as_ref());
            same.filter(|other| {
                (other.vendor, other.product) == (identity.vendor, identity.product)
                    && (identity.serial.is_none() || other.serial == identity.serial)
            })
            .count()
                == 1
        };
        let own = device.usb.clone().filter(has_own_serial);
        let link = |names: &[(PathBuf, PathBuf)]| {
            let file = fs::canonicalize(&device.file).ok()?;
            names.iter().find(|(_, to)| *to == file).map(|(link, _)| link.clone())
        };
        // Several files of one device: its names by what it is tell them apart.
        let by_id = || own.as_ref().and_then(|_| link(&self.by_id)).map(Place::Path);
        let by_port = || link(&self.by_port).map(Place::Path);
        let by_model = || {
            let model = UsbIdentity { serial: None, ..device.usb.clone()? };
            is_single(&model).then_some(Place::Usb(model))
        };
        let at = own
            .clone()
            .filter(is_single)
            .map(Place::Usb)
            .or_else(by_id)
            .or_else(by_port)
            .or_else(by_model)
            .unwrap_or_else(|| Place::Path(device.file.clone()));
        match device.class {
            DeviceClass::Serial => PortAddress::Serial { at, line: Line::default() },
            DeviceClass::UsbPrinter => PortAddress::UsbPrinter(at),
            DeviceClass::HidRaw => PortAddress::HidRaw(at),
            DeviceClass::Input => PortAddress::Input(at),
        }
    }
}

/// Whether the serial number is one that no other device has, as far as its look tells.
fn has_own_serial(identity: &UsbIdentity) -> bool {
    let Some(serial) = &identity.serial else { return false };
    let digits = serial.trim_start_matches('0');
    let is_counted = !digits.is_empty() && "1234567890".starts_with(digits);
    serial.chars().nth(SERIAL_CHARS_MIN - 1).is_some() && !digits.is_empty() && !is_counted
}

fn links_in(root: &SystemRoot, folder: &str) -> Vec<(PathBuf, PathBuf)> {
    let Ok(entries) = fs::read_dir(root.dev.join(folder)) else { return Vec::new() };
    let mut links: Vec<(PathBuf, PathBuf)> = entries
        .flatten()
        .take(LINKS_MAX)
        .filter_map(|entry| Some((entry.path(), fs::canonicalize(entry.path()).ok()?)))
        .collect();
    links.sort();
    links
}
