//! Which devices a store is to have: those that headquarters decided, or else those that somebody
//! set on a screen, or else those of the settings.

use std::fs::File;
use std::io::{self, ErrorKind, Read as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use actix_web::web;
use serde::Serialize;
use service_kit::files::replace_file;
use store_core::DeviceId;
use store_core::device::{Device, DeviceKind, Devices};
use store_core::policy::Bundle;
use utoipa::ToSchema;

use super::own_network::is_near;
use super::{SIMULATED, check};
use crate::places;
use crate::settings::Settings;
use crate::store::Store;

/// Longest file of devices, in bytes: 64 devices with everything that can be said of them.
const FILE_BYTES_MAX: u64 = 256 * 1024;

/// Who said which devices there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The settings file.
    Settings,
    /// Somebody at a screen of the store.
    Screen,
    /// Headquarters.
    Headquarters,
}

/// The devices cannot be set.
#[derive(Debug, thiserror::Error)]
pub enum SetDevicesError {
    /// Headquarters decides them.
    #[error("headquarters decides the devices")]
    Decided,
    /// They do not fit.
    #[error("{0}")]
    Fault(String),
    /// A device would be reached at a port that is not on the store's own network.
    #[error("{0}: {1} is not on the store's own network")]
    Elsewhere(DeviceId, String),
    /// They cannot be kept.
    #[error("keeping the devices")]
    Io(#[source] io::Error),
    /// They are kept, and not put to work: the hub is stopping.
    #[error("the hub is stopping")]
    Stopping,
}

#[derive(Default)]
struct Own {
    /// What somebody set on a screen.
    kept: Option<Devices>,
    /// What is wrong with what was kept.
    kept_fault: Option<String>,
    is_decided: bool,
    /// What is wrong with what headquarters decided.
    decided_fault: Option<String>,
}

struct Inner {
    file: PathBuf,
    registers: u16,
    of_settings: Devices,
    own: RwLock<Own>,
}

/// Which devices the store is to have. Its clones are the same.
#[derive(Clone)]
pub struct ChosenDevices(Arc<Inner>);

impl ChosenDevices {
    /// With what was kept. What cannot be read of it is said, and keeps nobody from selling.
    #[must_use]
    pub fn open(settings: &Settings) -> Self {
        let file = places::devices(&settings.data.dir);
        let mut own = Own::default();
        match read(&file, settings.registers) {
            Ok(kept) => own.kept = kept,
            Err(fault) => {
                let file = file.display();
                tracing::error!(%file, %fault, "the devices that were set on a screen");
                own.kept_fault = Some(fault);
            }
        }
        let (registers, of_settings) = (settings.registers, settings.devices.clone());
        Self(Arc::new(Inner { file, registers, of_settings, own: RwLock::new(own) }))
    }

    /// Those that hold under a policy.
    #[must_use]
    pub fn under(&self, bundle: &Bundle) -> Devices {
        let decided = bundle.settings.as_ref().and_then(|settings| settings.devices.as_ref());
        let decided = decided.map(|devices| fitting(devices, self.0.registers));
        let mut own = self.0.own.write().unwrap_or_else(PoisonError::into_inner);
        own.is_decided = matches!(decided, Some(Ok(_)));
        own.decided_fault = None;
        match decided {
            Some(Ok(devices)) => devices,
            Some(Err(fault)) => {
                // What does not fit this store must not stop the devices that do.
                tracing::error!(%fault, "the devices that headquarters decided");
                own.decided_fault = Some(fault);
                self.own_of(&own)
            }
            None => self.own_of(&own),
        }
    }

    fn own_of(&self, own: &Own) -> Devices {
        own.kept.clone().unwrap_or_else(|| self.0.of_settings.clone())
    }

    /// Who said which there are.
    #[must_use]
    pub fn source(&self) -> Source {
        let own = self.0.own.read().unwrap_or_else(PoisonError::into_inner);
        match (own.is_decided, &own.kept) {
            (true, _) => Source::Headquarters,
            (false, Some(_)) => Source::Screen,
            (false, None) => Source::Settings,
        }
    }

    /// What is wrong with what was decided or kept, so that others hold.
    #[must_use]
    pub fn fault(&self) -> Option<String> {
        let own = self.0.own.read().unwrap_or_else(PoisonError::into_inner);
        own.decided_fault.clone().or_else(|| own.kept_fault.clone())
    }

    /// Sets other devices, as somebody at a screen wants them: they are kept, and at work when this
    /// returns. New ones are on the store's own network; what files and headquarters say may be
    /// anywhere, and stays.
    ///
    /// # Errors
    /// [`SetDevicesError`].
    pub async fn set(&self, store: &Store, all: Vec<Device>) -> Result<(), SetDevicesError> {
        let _turn = store.shelf.turn().await;
        if self.source() == Source::Headquarters {
            return Err(SetDevicesError::Decided);
        }
        let devices = checked(all, self.0.registers).map_err(SetDevicesError::Fault)?;
        let whole = store.peripherals.with_demonstration(&devices);
        whole.check_drawers().map_err(|fault| SetDevicesError::Fault(fault.to_string()))?;
        let before = store.peripherals.devices_set();
        if let Some(device) = devices.all().iter().find(|device| !may_be_named(device, &before)) {
            let (id, port) = (device.id.clone(), device.port.clone());
            return Err(SetDevicesError::Elsewhere(id, port));
        }
        let (file, kept) = (self.0.file.clone(), devices.clone());
        let written = web::block(move || replace_file(&file, &serde_json::to_vec_pretty(&kept)?));
        let written = written.await.map_err(|_| SetDevicesError::Io(ErrorKind::Other.into()))?;
        written.map_err(SetDevicesError::Io)?;
        {
            let mut own = self.0.own.write().unwrap_or_else(PoisonError::into_inner);
            own.kept = Some(devices.clone());
            own.kept_fault = None;
        }
        let mut rules = store.shelf.rules().as_ref().clone();
        rules.terminals = devices.terminals(self.0.registers);
        let plugged = self.put_in_force(store, devices).await;
        if *store.shelf.rules() != rules {
            store.put_in_force(None, Some(Arc::new(rules))).await;
        }
        plugged.map_err(|_| SetDevicesError::Stopping)
    }

    /// Puts devices to work, where others are. One that cannot be started is shown to be absent.
    ///
    /// # Errors
    /// The hub is stopping.
    pub async fn put_in_force(&self, store: &Store, devices: Devices) -> Result<(), String> {
        let peripherals = store.peripherals.clone();
        if *peripherals.devices_set() == devices {
            return Ok(());
        }
        let applied = web::block(move || peripherals.apply(devices)).await;
        applied.map_err(|_| "the hub is closing".to_owned())
    }
}

/// Whether somebody at a screen may name a device's port, which may have been there before.
fn may_be_named(device: &Device, before: &Devices) -> bool {
    let was_there = before.all().iter().any(|other| other.port == device.port);
    was_there || !device.port.parse().is_ok_and(|port| !is_near(&port))
}

/// Checks devices as a whole, and each as its driver needs it.
fn checked(all: Vec<Device>, registers: u16) -> Result<Devices, String> {
    let devices = Devices::of(all, registers).map_err(|fault| fault.to_string())?;
    devices.all().iter().try_for_each(check).map_err(|fault| fault.to_string())?;
    Ok(devices)
}

/// What fits this store of a chain's list.
fn fitting(devices: &Devices, registers: u16) -> Result<Devices, String> {
    let devices = devices.within(registers).map_err(|fault| fault.to_string())?;
    devices.all().iter().try_for_each(check).map_err(|fault| fault.to_string())?;
    Ok(devices)
}

fn read(path: &Path, registers: u16) -> Result<Option<Devices>, String> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.to_string()),
    };
    let mut text = Vec::new();
    let longest = FILE_BYTES_MAX + 1;
    file.take(longest).read_to_end(&mut text).map_err(|error| error.to_string())?;
    if text.len() as u64 == longest {
        return Err(format!("it is longer than {FILE_BYTES_MAX} bytes"));
    }
    let all: Vec<Device> = serde_json::from_slice(&text).map_err(|error| error.to_string())?;
    checked(without_demonstration(all), registers).map(Some)
}

/// What earlier screens kept had the demonstration's printer in it: beside another it would take
/// papers that are meant for that one.
fn without_demonstration(mut all: Vec<Device>) -> Vec<Device> {
    let invented = Devices::default().with_printer(SIMULATED);
    let is_printer = |device: &&Device| device.kind == DeviceKind::ReceiptPrinter;
    if all.iter().filter(is_printer).count() > 1 {
        all.retain(|device| !invented.all().contains(device));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &[u8]) -> Result<Option<Devices>, String> {
        let directory = tempfile::tempdir().unwrap();
        let path = places::devices(directory.path());
        std::fs::write(&path, text).unwrap();
        read(&path, 2)
    }

    #[derive(serde::Deserialize)]
    struct Shown {
        devices: Vec<Device>,
    }

    #[test]
    fn what_the_documentation_shows_can_be_set() {
        use figment::providers::{Format as _, Toml};
        let docs = include_str!("../../../docs/devices.md");
        let block = docs.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next());
        let shown: Shown = figment::Figment::from(Toml::string(block.unwrap())).extract().unwrap();
        let devices = checked(shown.devices, 1).unwrap();
        let kinds: std::collections::BTreeSet<_> =
            devices.all().iter().map(|device| device.kind).collect();
        assert_eq!(kinds.len(), store_core::device::DeviceKind::ALL.len());
        for profile in devices::printer::PROFILES {
            assert!(docs.contains(profile.name), "{}", profile.name);
        }
    }

    #[test]
    fn the_demonstrations_printer_that_was_kept_takes_no_other_printers_papers() {
        let kept = |more: &str| {
            let invented = r#"{"id": "receipt", "kind": "receipt_printer", "port": "simulated"}"#;
            let all = written(format!("[{invented}{more}]").as_bytes()).unwrap().unwrap();
            all.all().iter().map(|device| device.id.as_str().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(kept(""), ["receipt"]);
        let real = r#", {"id": "front", "kind": "receipt_printer", "port": "tcp:h:9100"}"#;
        assert_eq!(kept(real), ["front"]);
    }

    #[test]
    fn what_was_kept_is_read_or_what_is_wrong_with_it_is_said() {
        let good = br#"[{"id": "a", "kind": "receipt_printer", "port": "tcp:h:9100"}]"#;
        assert_eq!(written(good).unwrap().unwrap().all().len(), 1);
        for (text, said) in [
            (&b"[{"[..], "EOF"),
            (br#"[{"id": "a", "kind": "robot", "port": "x"}]"#, "robot"),
            (br#"[{"id": "a", "kind": "scale", "port": "x:y"}]"#, "is no port"),
            (br#"[{"id": "a", "kind": "cash_drawer", "registers": [3]}]"#, "no register 3"),
            (&vec![b' '; 300_000], "longer than"),
        ] {
            let fault = written(text).unwrap_err();
            assert!(fault.contains(said), "{fault}");
        }
        assert_eq!(read(Path::new("/nowhere/devices.json"), 2).unwrap(), None);
    }
}
