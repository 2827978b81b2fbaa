//! What is plugged in, and what answers there.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use devices::discovery::{self, Answered, Found, Kind, Reason};
use devices::port::{PortAddress, SystemRoot};
use service_kit::exit;
use store_core::DeviceId;
use store_core::device::{DeviceKind, Devices};

use crate::cli::ScanArgs;
use crate::peripherals::GPIO;

/// One thing that is there.
pub(super) struct Seen {
    /// What the system says of it.
    pub found: Found,
    /// The device of the settings that it is.
    pub used_by: Option<DeviceId>,
    /// What it said itself.
    pub asked: Asked,
}

/// What came of asking.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// Nothing was asked, for this reason.
    Not(Spared),
    /// It said what it is.
    Answered(Answered),
    /// It said nothing.
    Silent,
    /// It said something that answers nothing.
    Strange(Vec<u8>),
    /// The port could not be used.
    Failed(String),
}

/// Why something was not asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spared {
    /// Nobody wanted it asked.
    Unwanted,
    /// The system itself talks there.
    Console,
    /// There is no question that does nothing to what it is.
    NoQuestion,
    /// Another program has it open.
    InUse,
    /// It is the settings' own, on the network, where nobody sees whether it is in use.
    OfSettings,
}

impl Seen {
    /// How settings name it: as it answered, where it did.
    pub fn address(&self) -> Option<&PortAddress> {
        match &self.asked {
            Asked::Answered(answered) => Some(&answered.address),
            _ => self.found.address.as_ref(),
        }
    }

    /// Its address, or its file where settings name it otherwise.
    pub fn place(&self) -> String {
        match self.address() {
            Some(address) => address.to_string(),
            None => self.found.file.display().to_string(),
        }
    }

    /// What it is, as far as is known.
    pub const fn kind(&self) -> Kind {
        match &self.asked {
            Asked::Answered(answered) => answered.kind,
            _ => self.found.kind,
        }
    }
}

/// Looks at what is there or, where ports are named, at these alone; asks what is to be asked.
pub(super) fn look(root: &SystemRoot, args: &ScanArgs, devices: &Devices) -> Vec<Seen> {
    let all = discovery::scan(root);
    let found = match args.at.is_empty() {
        true => all,
        false => args.at.iter().map(|address| named(root, address, &all)).collect(),
    };
    let sets_up = args.try_out || args.write.is_some();
    let may_ask = (args.probe || sets_up) && !args.no_probe;
    let count = found.len();
    let mut seen = Vec::new();
    for (found, number) in found.into_iter().zip(1..) {
        let used_by = used_by(root, &found, devices);
        let spared = spared(root, &found, used_by.is_some());
        let asked = match (&found.address, spared) {
            (Some(address), None) if may_ask => {
                exit::note(&format!("{number} of {count}: asking {address} …"));
                ask(address)
            }
            (_, Some(spared)) => Asked::Not(spared),
            _ => Asked::Not(Spared::Unwanted),
        };
        seen.push(Seen { found, used_by, asked });
    }
    seen
}

/// A port that somebody named, with what the system knows of it.
fn named(root: &SystemRoot, address: &PortAddress, all: &[Found]) -> Found {
    let file = file_of(root, address);
    let known = file.as_ref().and_then(|file| {
        all.iter().find(|found| found.file.canonicalize().is_ok_and(|other| other == *file))
    });
    if let Some(known) = known {
        return Found { address: Some(address.clone()), ..known.clone() };
    }
    Found {
        address: Some(address.clone()),
        file: file.unwrap_or_default(),
        kind: match address {
            PortAddress::Serial { .. } => Kind::SerialAdapter,
            PortAddress::UsbPrinter(_) => Kind::ReceiptPrinter,
            PortAddress::Input(_) => Kind::Keyboard,
            PortAddress::HidRaw(_) | PortAddress::Tcp(_) => Kind::Unknown,
        },
        model: None,
        maker: None,
        product: None,
        reason: Reason { code: "named", parameters: Vec::new() },
        lines: Vec::new(),
    }
}

/// The device file itself, whatever name leads to it.
pub(super) fn file_of(root: &SystemRoot, address: &PortAddress) -> Option<PathBuf> {
    address.located(root).ok()?.path()?.canonicalize().ok()
}

/// The device of the settings that something is.
fn used_by(root: &SystemRoot, found: &Found, devices: &Devices) -> Option<DeviceId> {
    // Lines have names of their own, and a store has one device for all of them.
    if found.kind == Kind::Gpio {
        let light = devices.of_kind(DeviceKind::Signal).find(|device| device.port == GPIO);
        return light.map(|device| device.id.clone());
    }
    let file = found.file.canonicalize().ok();
    let is_it = |port: &str| {
        let Ok(address) = port.parse::<PortAddress>() else { return false };
        let same_file = file.is_some() && file_of(root, &address) == file;
        same_file || found.address.as_ref() == Some(&address)
    };
    devices.all().iter().find(|device| is_it(&device.port)).map(|device| device.id.clone())
}

/// Why something must not be asked, if so. A card terminal is asked for money alone, a display
/// would show what it is asked, and a scanner never answers.
fn spared(root: &SystemRoot, found: &Found, is_used: bool) -> Option<Spared> {
    let is_on_network = matches!(found.address, Some(PortAddress::Tcp(_)));
    match found.kind {
        Kind::Console => return Some(Spared::Console),
        Kind::ReceiptPrinter | Kind::Scale | Kind::SerialAdapter => {}
        _ if is_on_network => {}
        _ => return Some(Spared::NoQuestion),
    }
    if matches!(found.address, None | Some(PortAddress::HidRaw(_) | PortAddress::Input(_))) {
        return Some(Spared::NoQuestion);
    }
    if is_on_network && is_used {
        return Some(Spared::OfSettings);
    }
    let file = found.address.as_ref().and_then(|address| file_of(root, address));
    file.filter(|file| is_held(file, Path::new("/proc"))).map(|_| Spared::InUse)
}

/// Whether another hub has a file open. Lines are opened for one program alone, which the system
/// tells everybody but root.
fn is_held(file: &Path, processes: &Path) -> bool {
    let name = |process: &Path| fs::read_to_string(process.join("comm")).ok();
    let Some(own) = name(&processes.join("self")) else { return false };
    let Ok(entries) = fs::read_dir(processes) else { return false };
    let is_number = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str());
        name.is_some_and(|name| name.parse::<u32>().is_ok_and(|id| id != std::process::id()))
    };
    let others = entries.flatten().map(|entry| entry.path()).filter(is_number);
    let mut hubs = others.filter(|process| name(process).as_ref() == Some(&own));
    hubs.any(|process| {
        let Ok(open) = fs::read_dir(process.join("fd")) else { return false };
        let mut open = open.flatten().filter_map(|entry| fs::read_link(entry.path()).ok());
        open.any(|other| other == file)
    })
}

fn ask(address: &PortAddress) -> Asked {
    match discovery::probe(address) {
        Ok(probe) => match probe.answered {
            Some(answered) => Asked::Answered(answered),
            None if probe.asked == 0 => Asked::Not(Spared::NoQuestion),
            None if probe.strange.is_empty() => Asked::Silent,
            None => Asked::Strange(probe.strange),
        },
        Err(error) if error.kind() == ErrorKind::ResourceBusy => Asked::Not(Spared::InUse),
        Err(error) => Asked::Failed(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn process(processes: &Path, id: &str, name: &str, open: &Path) {
        let open_files = processes.join(id).join("fd");
        fs::create_dir_all(&open_files).unwrap();
        fs::write(processes.join(id).join("comm"), name).unwrap();
        symlink(open, open_files.join("3")).unwrap();
    }

    #[test]
    fn a_line_that_another_hub_has_open_is_seen() {
        let processes = tempfile::tempdir().unwrap();
        let at = processes.path();
        let line = Path::new("/dev/ttyS9");
        process(at, "self", "hub\n", Path::new("/dev/null"));
        process(at, "10", "getty\n", line);
        process(at, &std::process::id().to_string(), "hub\n", line);
        assert!(!is_held(line, at), "neither another program nor this one is another hub");
        process(at, "11", "hub\n", line);
        assert!(is_held(line, at));
        assert!(!is_held(Path::new("/dev/ttyS8"), at));
    }

    #[test]
    fn what_must_not_be_asked_is_not() {
        let root = SystemRoot::default();
        let at = |port: &str| named(&root, &port.parse().unwrap(), &[]);
        let line = at("serial:/nowhere/ttyS9");
        assert_eq!(spared(&root, &line, false), None);
        let console = Found { kind: Kind::Console, ..line.clone() };
        assert_eq!(spared(&root, &console, false), Some(Spared::Console));
        let terminal = Found { kind: Kind::CardTerminal, ..line };
        assert_eq!(spared(&root, &terminal, false), Some(Spared::NoQuestion));
        for port in ["hidraw:/dev/hidraw0", "evdev:/dev/input/event0"] {
            assert_eq!(spared(&root, &at(port), false), Some(Spared::NoQuestion), "{port}");
        }
        let printer = at("tcp:10.0.0.9:9100");
        assert_eq!(spared(&root, &printer, false), None);
        assert_eq!(spared(&root, &printer, true), Some(Spared::OfSettings));
    }
}
