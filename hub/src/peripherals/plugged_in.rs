//! What is plugged in, whose it is, and what it answers when it is asked.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use devices::discovery::{self, Answered, Found, Kind};
use devices::port::{PortAddress, SystemRoot};
use store_core::DeviceId;
use store_core::device::{DeviceKind, Devices};

use super::GPIO;

/// One thing that is there.
pub struct Seen {
    /// What the system says of it.
    pub found: Found,
    /// The device of the settings that it is.
    pub used_by: Option<DeviceId>,
    /// What it said itself.
    pub asked: Asked,
}

/// What came of asking.
#[derive(Debug, PartialEq, Eq)]
pub enum Asked {
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
pub enum Spared {
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
    #[must_use]
    pub fn address(&self) -> Option<&PortAddress> {
        match &self.asked {
            Asked::Answered(answered) => Some(&answered.address),
            _ => self.found.address.as_ref(),
        }
    }

    /// Its address, or its file where settings name it otherwise.
    #[must_use]
    pub fn place(&self) -> String {
        match self.address() {
            Some(address) => address.to_string(),
            None => self.found.file.display().to_string(),
        }
    }

    /// What it is, as far as is known.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match &self.asked {
            Asked::Answered(answered) => answered.kind,
            _ => self.found.kind,
        }
    }

    /// What the settings call the protocol in which a scale answered.
    #[must_use]
    pub fn protocol(&self) -> Option<&'static str> {
        match &self.asked {
            Asked::Answered(answered) => scale_protocol(answered),
            _ => None,
        }
    }
}

/// Who may be asked what they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// Nobody.
    Nobody,
    /// What no hub has open, also where the settings name it.
    Free,
    /// What the settings do not name: this hub itself has the others open.
    Unnamed,
}

/// Looks at something that was found, and asks it what it is, where it may be asked; `asking` hears
/// of that before it, because it takes seconds.
pub fn see(
    root: &SystemRoot,
    found: Found,
    devices: &Devices,
    asks: Asks,
    asking: impl FnOnce(&PortAddress),
) -> Seen {
    let used_by = used_by(root, &found, devices);
    let asked = match (&found.address, spared(root, &found, used_by.is_some(), asks)) {
        (Some(address), None) => {
            asking(address);
            ask(address)
        }
        (_, spared) => Asked::Not(spared.unwrap_or(Spared::NoQuestion)),
    };
    Seen { found, used_by, asked }
}

/// The device file itself, whatever name leads to it.
#[must_use]
pub fn file_of(root: &SystemRoot, address: &PortAddress) -> Option<PathBuf> {
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
fn spared(root: &SystemRoot, found: &Found, is_used: bool, asks: Asks) -> Option<Spared> {
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
    if is_used && asks == Asks::Unnamed {
        return Some(Spared::InUse);
    }
    if is_used && is_on_network {
        return Some(Spared::OfSettings);
    }
    let file = found.address.as_ref().and_then(|address| file_of(root, address));
    if file.is_some_and(|file| is_held(&file, Path::new("/proc"))) {
        return Some(Spared::InUse);
    }
    (asks == Asks::Nobody).then_some(Spared::Unwanted)
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

/// What the settings call the protocol of an answer; none where it is no scale's.
fn scale_protocol(answered: &Answered) -> Option<&'static str> {
    match (answered.kind, &answered.address, answered.question) {
        (Kind::Scale, PortAddress::HidRaw(_), _) => Some("usb_hid"),
        (Kind::Scale, _, "toledo") => Some("toledo_8217"),
        (Kind::Scale, _, question) => Some(question),
        _ => None,
    }
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

    use devices::discovery::Reason;

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

    fn found(address: &str, kind: Kind) -> Found {
        Found {
            address: Some(address.parse().unwrap()),
            file: PathBuf::new(),
            kind,
            model: None,
            maker: None,
            product: None,
            reason: Reason { code: "named", parameters: Vec::new() },
            lines: Vec::new(),
        }
    }

    #[test]
    fn what_must_not_be_asked_is_not() {
        let root = SystemRoot::default();
        let spared = |found: &Found, is_used, asks| spared(&root, found, is_used, asks);
        let line = found("serial:/nowhere/ttyS9", Kind::SerialAdapter);
        assert_eq!(spared(&line, false, Asks::Free), None);
        assert_eq!(spared(&line, true, Asks::Free), None, "no hub has it open");
        assert_eq!(spared(&line, false, Asks::Unnamed), None);
        assert_eq!(spared(&line, true, Asks::Unnamed), Some(Spared::InUse));
        assert_eq!(spared(&line, false, Asks::Nobody), Some(Spared::Unwanted));
        let console = Found { kind: Kind::Console, ..line.clone() };
        assert_eq!(spared(&console, false, Asks::Unnamed), Some(Spared::Console));
        for kind in [Kind::CardTerminal, Kind::Keyboard, Kind::Scanner] {
            let other = Found { kind, ..line.clone() };
            assert_eq!(spared(&other, false, Asks::Unnamed), Some(Spared::NoQuestion));
        }
        for port in ["hidraw:/dev/hidraw0", "evdev:/dev/input/event0"] {
            let other = found(port, Kind::Scale);
            assert_eq!(spared(&other, false, Asks::Free), Some(Spared::NoQuestion), "{port}");
        }
        let printer = found("tcp:10.0.0.9:9100", Kind::ReceiptPrinter);
        assert_eq!(spared(&printer, false, Asks::Free), None);
        assert_eq!(spared(&printer, true, Asks::Free), Some(Spared::OfSettings));
    }

    #[test]
    fn a_device_in_use_is_known_by_its_file_whatever_the_settings_call_it() {
        let directory = tempfile::tempdir().unwrap();
        let (file, link) = (directory.path().join("ttyUSB0"), directory.path().join("scale0"));
        fs::write(&file, "").unwrap();
        symlink(&file, &link).unwrap();
        let device = serde_json::json!([{
            "id": "scale", "kind": "scale", "port": format!("serial:{}", link.display()),
        }]);
        let devices = Devices::of(serde_json::from_value(device).unwrap(), 1).unwrap();
        let port = format!("serial:{}", file.display());
        let seen = Found { file, ..found(&port, Kind::SerialAdapter) };
        let seen = see(&SystemRoot::default(), seen, &devices, Asks::Unnamed, |_| ());
        assert_eq!(seen.used_by.unwrap().as_str(), "scale");
        assert_eq!(seen.asked, Asked::Not(Spared::InUse));
    }
}
