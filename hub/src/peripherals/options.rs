//! What the settings say of a device besides its place: read when they are checked, and again when
//! it is started.

use devices::customer_display::{Brightness, DisplayDialect, DisplayLetters};
use devices::port::{AddressError, PortAddress};
use devices::printer::{DrawerPin, DrawerSense, Mode, PROFILES, PrinterFamily, PrinterProfile};
use devices::scale::ScaleProtocol;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use store_core::DeviceId;
use store_core::device::{Device, DeviceKind};

use super::simulators::SIMULATED;
use super::{displays, scales, scanners, signals, terminals};

/// Something about a device's options does not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OptionFault {
    /// Its port cannot be read.
    #[error("{0}: {1}")]
    Port(DeviceId, AddressError),
    /// An option that its kind does not have, or a value that it cannot be.
    #[error("{0}: {1}")]
    Option(DeviceId, String),
}

/// Checks what only a driver knows of a device.
///
/// # Errors
/// What does not hold, with the device.
pub fn check(device: &Device) -> Result<(), OptionFault> {
    let has_port = device.kind != DeviceKind::Signal && !device.port.is_empty();
    if device.port != SIMULATED && has_port {
        let port = device.port.parse::<PortAddress>();
        port.map_err(|error| OptionFault::Port(device.id.clone(), error))?;
    }
    match device.kind {
        DeviceKind::ReceiptPrinter => {
            let options: PrinterOptions = read(device)?;
            options.profile(device)?;
        }
        DeviceKind::CashDrawer => drop(read::<DrawerOptions>(device)?),
        DeviceKind::CardTerminal => terminals::check(device)?,
        DeviceKind::Scanner => scanners::check(device)?,
        DeviceKind::Scale => scales::check(device)?,
        DeviceKind::CustomerDisplay => drop(displays::settings(device)?),
        DeviceKind::Signal => drop(signals::settings(device)?),
    }
    Ok(())
}

/// Reads the options of a kind.
///
/// # Errors
/// An option that is not known, or a value that it cannot be.
pub(super) fn read<T: DeserializeOwned>(device: &Device) -> Result<T, OptionFault> {
    let options = Value::Object(device.options.clone());
    let wrong =
        |error: serde_json::Error| OptionFault::Option(device.id.clone(), error.to_string());
    serde_json::from_value(options).map_err(wrong)
}

/// What a receipt printer is told.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct PrinterOptions {
    /// What it can do, by name; an ESC/POS printer as wide as the store's paper if nothing is said.
    profile: Option<String>,
    /// How text gets onto its paper; as the store's other printers if nothing is said.
    pub(super) mode: Option<Mode>,
    /// The language it is spoken to in.
    pub(super) family: Option<PrinterFamily>,
    /// What its drawer contact says.
    pub(super) drawer_sense: Option<DrawerSense>,
    /// Whether codes are left to the printer, in the modes that send text.
    pub(super) native_symbols: Option<bool>,
}

impl PrinterOptions {
    /// Its profile, if one is named.
    ///
    /// # Errors
    /// A name that nobody knows.
    pub(super) fn profile(&self, device: &Device) -> Result<Option<PrinterProfile>, OptionFault> {
        let Some(name) = &self.profile else { return Ok(None) };
        let unknown = || {
            let known = PROFILES.map(|profile| profile.name).join(", ");
            OptionFault::Option(device.id.clone(), format!("profile is one of {known}"))
        };
        PrinterProfile::named(name).ok_or_else(unknown).map(Some)
    }
}

/// What a cash drawer is told.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct DrawerOptions {
    /// The printer that it hangs on.
    pub(super) printer: Option<DeviceId>,
    /// Which of its pins.
    pub(super) pin: Option<DrawerPin>,
    /// How long it may stay open, in seconds.
    pub(super) open_max_s: Option<u64>,
}

/// What a scale is told.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ScaleOptions {
    /// What it speaks; Toledo 8217 if nothing is said.
    pub(super) protocol: Option<ScaleProtocol>,
    /// The least that it may sell, in grams.
    pub(super) min_g: Option<u32>,
    /// The most that it may sell, in grams.
    pub(super) max_g: Option<u32>,
}

/// What a customer display is told.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct DisplayOptions {
    /// What it obeys; CD5220 if nothing is said.
    pub(super) dialect: Option<DisplayDialect>,
    /// The letters that it has.
    pub(super) letters: Option<DisplayLetters>,
    /// How bright it is.
    pub(super) brightness: Option<Brightness>,
}

/// What a card terminal is told.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct TerminalOptions {
    /// How long it is waited for, in seconds.
    pub(super) answer_s: Option<u64>,
    /// What it speaks.
    pub(super) dialect: Option<String>,
}
