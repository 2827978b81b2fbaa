//! The settings that were found.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use devices::discovery::Kind;
use serde::Serialize;
use serde_json::{Map, Value};
use service_kit::exit::{self, ExitCode, Failure};
use service_kit::files;
use store_core::DeviceId;
use store_core::device::{Device, DeviceKind, Devices};

use crate::peripherals::{self, Asked, Seen};

/// What stands above the devices.
const HEADER: &str = "\
# Written by `hub devices scan`. It holds by `hub run --config FILE`, or in the folder of fragments
# beside the settings (hub.toml.d/50-devices.toml); the devices of a fragment take the place of all
# that were read before it.

";

/// Where settings are to be written.
pub(super) struct Target {
    path: PathBuf,
    may_replace: bool,
}

/// Whether settings can be written there.
///
/// # Errors
/// [`Failure`]: a file is there that nobody said may go.
pub(super) fn target(path: &Path, may_replace: bool) -> Result<Target, Failure> {
    if path.is_dir() {
        let text = format!("{} is a directory", path.display());
        return Err(Failure::new(ExitCode::CannotCreate, text).hint("name a file in it"));
    }
    if path.exists() && !may_replace {
        return Err(is_there(path));
    }
    Ok(Target { path: path.to_owned(), may_replace })
}

fn is_there(path: &Path) -> Failure {
    Failure::new(ExitCode::CannotCreate, format!("{} is there already", path.display()))
        .hint("name another file, or replace it with --force")
}

/// Devices that are going to be settings: those that are, and more.
pub(super) struct Fragment {
    devices: Vec<Device>,
    added: usize,
}

impl Fragment {
    /// With the devices that there are.
    pub fn new(devices: &Devices) -> Self {
        Self { devices: devices.all().to_vec(), added: 0 }
    }

    /// The first name of a kind that nothing has.
    pub fn free_id(&self, kind: DeviceKind) -> Option<DeviceId> {
        let stem = match kind {
            DeviceKind::ReceiptPrinter => "printer",
            DeviceKind::CashDrawer => "drawer",
            DeviceKind::Scanner => "scanner",
            DeviceKind::Scale => "scale",
            DeviceKind::CustomerDisplay => "display",
            DeviceKind::CardTerminal => "terminal",
            DeviceKind::Signal => "light",
        };
        let mut ids = (1..).map_while(|number| DeviceId::new(&format!("{stem}-{number}")).ok());
        ids.find(|id| self.devices.iter().all(|device| device.id != *id))
    }

    /// A device of a kind at a port, for the whole store.
    pub fn device(&self, kind: DeviceKind, port: String) -> Option<Device> {
        let id = self.free_id(kind)?;
        let (registers, fallback, options) = (Vec::new(), None, Map::new());
        Some(Device { id, kind, port, registers, fallback, options })
    }

    /// Adds what said by itself what it is.
    pub fn add_answered(&mut self, seen: &Seen) {
        if let Some(device) = self.answered(seen) {
            self.add(device);
        }
    }

    /// The device that something said it is.
    pub fn answered(&self, seen: &Seen) -> Option<Device> {
        let Asked::Answered(answered) = &seen.asked else { return None };
        let kind = match answered.kind {
            Kind::ReceiptPrinter => DeviceKind::ReceiptPrinter,
            Kind::Scale => DeviceKind::Scale,
            _ => return None,
        };
        let mut device = self.device(kind, answered.address.to_string())?;
        if let Some(protocol) = seen.protocol() {
            device.options.insert("protocol".to_owned(), Value::from(protocol));
        }
        Some(device)
    }

    /// Adds a device.
    pub fn add(&mut self, device: Device) {
        self.devices.push(device);
        self.added += 1;
    }

    /// The settings, for a store of so many registers.
    ///
    /// # Errors
    /// [`Failure`]: they do not fit together.
    fn text(&self, registers: u16) -> Result<String, Failure> {
        #[derive(Serialize)]
        struct Written<'a> {
            devices: &'a Devices,
        }
        let wrong = |error: &dyn std::error::Error| {
            Failure::because(ExitCode::Settings, "the devices do not fit together", error)
                .hint("give a register one device of a kind, or none")
        };
        let devices =
            Devices::of(self.devices.clone(), registers).map_err(|error| wrong(&error))?;
        let checked = devices.all().iter().try_for_each(peripherals::check);
        checked.map_err(|error| wrong(&error))?;
        let text = toml::to_string(&Written { devices: &devices });
        let text = text.map_err(|error| {
            Failure::because(ExitCode::Software, "writing the devices down", &error)
        })?;
        Ok(format!("{HEADER}{text}"))
    }

    /// Writes the settings down, where there is something to add.
    ///
    /// # Errors
    /// [`Failure`]: they do not fit together, or the file cannot be written.
    pub fn write(&self, target: &Target, registers: u16) -> Result<(), Failure> {
        if self.added == 0 {
            exit::note("nothing is written: nothing was confirmed that the settings do not have");
            return Ok(());
        }
        let Target { path, may_replace } = target;
        let text = self.text(registers)?;
        let written = match may_replace {
            true => files::replace_file(path, text.as_bytes()),
            false => File::create_new(path).and_then(|mut file| file.write_all(text.as_bytes())),
        };
        written.map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => is_there(path),
            _ => {
                let code = exit::code_of(&error, ExitCode::CannotCreate);
                Failure::because(code, &format!("writing {}", path.display()), &error)
            }
        })?;
        exit::note(&format!(
            "{} devices, {} new: {}",
            self.devices.len(),
            self.added,
            path.display()
        ));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use devices::discovery::{Answered, Found, QUESTIONS, Reason};
    use devices::port::PortAddress;

    use super::*;
    use crate::settings::{self, Flags};

    #[test]
    fn every_scale_that_answers_is_one_that_the_settings_can_name() {
        let address: PortAddress = "serial:/dev/ttyUSB0".parse().unwrap();
        for question in QUESTIONS.iter().filter(|question| question.kind == Kind::Scale) {
            let mut fragment = Fragment::new(&Devices::default());
            let answered = Answered {
                question: question.name,
                kind: Kind::Scale,
                address: address.clone(),
                answer: Vec::new(),
            };
            let found = Found {
                address: Some(address.clone()),
                file: PathBuf::new(),
                kind: Kind::SerialAdapter,
                model: None,
                maker: None,
                product: None,
                reason: Reason { code: "serial_line", parameters: Vec::new() },
                lines: Vec::new(),
            };
            let asked = Asked::Answered(answered);
            fragment.add_answered(&Seen { found, used_by: None, asked });
            assert!(fragment.devices[0].options.contains_key("protocol"), "{}", question.name);
            fragment.text(1).unwrap_or_else(|failure| panic!("{}: {failure}", question.name));
        }
    }

    #[test]
    fn what_is_written_is_what_the_hub_reads() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("devices.toml");
        let mut fragment = Fragment::new(&Devices::default());
        let port = "tcp:192.168.1.50:9100".to_owned();
        let mut printer = fragment.device(DeviceKind::ReceiptPrinter, port).unwrap();
        printer.registers = vec![1];
        fragment.add(printer);
        let port = "serial:/dev/pos/scale@9600,7E1".to_owned();
        fragment.add(fragment.device(DeviceKind::Scale, port).unwrap());
        fragment.write(&target(&path, false).unwrap(), 2).unwrap();
        let flags = Flags { config: Some(path.clone()), ..Flags::default() };
        let read = settings::load(&flags).unwrap();
        assert_eq!(read.devices.all(), fragment.devices);
        assert_eq!(read.devices.all()[1].id.as_str(), "scale-1");

        let refused = target(&path, false).err().unwrap().to_string();
        assert!(refused.contains("--force"), "{refused}");
        let mut more = Fragment::new(&read.devices);
        let port = "tcp:192.168.1.51:9100".to_owned();
        more.add(more.device(DeviceKind::ReceiptPrinter, port).unwrap());
        more.write(&target(&path, true).unwrap(), 2).unwrap();
        let read = settings::load(&flags).unwrap();
        assert_eq!(read.devices.all()[2].id.as_str(), "printer-2", "none is lost, none is double");
    }

    #[test]
    fn what_does_not_fit_together_is_not_written() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("devices.toml");
        let mut fragment = Fragment::new(&Devices::default());
        for _ in 0..2 {
            let port = "tcp:192.168.1.50:9100".to_owned();
            let mut printer = fragment.device(DeviceKind::ReceiptPrinter, port).unwrap();
            printer.registers = vec![1];
            fragment.add(printer);
        }
        let refused = fragment.write(&target(&path, false).unwrap(), 2).err().unwrap();
        assert_eq!(refused.code(), ExitCode::Settings);
        assert!(!path.exists());
    }
}
