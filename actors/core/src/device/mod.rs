//! The store's peripherals as settings say them: what there is, where it is plugged in, and which
//! registers use it. What a driver needs to know besides stands in [`Device::options`], and is read
//! by whoever starts the driver.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{DeviceId, TerminalId, WorkstationId};

/// Most devices of a store: eight registers with six each, and some to spare.
pub const DEVICES_MAX: usize = 64;
/// Most registers of one store: a hypermarket has 60.
pub const REGISTERS_MAX: u16 = 64;

/// What a device is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceKind {
    /// Prints receipts, copies and reports.
    ReceiptPrinter,
    /// The box with the money, at a printer or at a line of its own.
    CashDrawer,
    /// Reads barcodes at a port of the hub; those that type into a browser need no settings.
    Scanner,
    /// Weighs.
    Scale,
    /// Two rows of characters that look at the customer.
    CustomerDisplay,
    /// Takes cards.
    CardTerminal,
    /// Lamps, a buzzer, a door contact, a button.
    Signal,
}

impl DeviceKind {
    /// Every kind, in the order in which screens list them.
    pub const ALL: [Self; 7] = [
        Self::ReceiptPrinter,
        Self::CashDrawer,
        Self::Scanner,
        Self::Scale,
        Self::CustomerDisplay,
        Self::CardTerminal,
        Self::Signal,
    ];

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::ReceiptPrinter => "receipt_printer",
            Self::CashDrawer => "cash_drawer",
            Self::Scanner => "scanner",
            Self::Scale => "scale",
            Self::CustomerDisplay => "customer_display",
            Self::CardTerminal => "card_terminal",
            Self::Signal => "signal",
        }
    }

    /// Whether a register may have several of them.
    const fn may_be_several(self) -> bool {
        matches!(self, Self::Scanner)
    }
}

/// One device of the settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// What it is called.
    pub id: DeviceId,
    /// What it is.
    pub kind: DeviceKind,
    /// Where it is plugged in, as `serial:/dev/pos/scale0@9600,7E1`; empty for a drawer that hangs
    /// on a printer.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub port: String,
    /// The registers that use it, by number; the store as a whole where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub registers: Vec<u16>,
    /// For a printer: the one that prints what this one cannot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback: Option<DeviceId>,
    /// What its driver is told besides.
    #[serde(flatten)]
    pub options: Map<String, Value>,
}

impl Device {
    /// For a drawer: the printer that it hangs on, where the settings name one.
    fn drawer_printer(&self) -> Option<&str> {
        let is_drawer = self.kind == DeviceKind::CashDrawer;
        self.options.get("printer").filter(|_| is_drawer)?.as_str()
    }
}

/// Devices of the settings do not fit together.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeviceFault {
    /// More than any store has.
    #[error("more than {DEVICES_MAX} devices")]
    TooMany,
    /// Two devices share an id.
    #[error("{0}: the id stands twice")]
    Twice(DeviceId),
    /// A register that the store does not have.
    #[error("{0}: there is no register {1}")]
    Register(DeviceId, u16),
    /// A register would have two of a kind.
    #[error("{0}: register {1} has another {2} already")]
    TwoOfAKind(DeviceId, u16, &'static str),
    /// A fallback that cannot print instead.
    #[error("{0}: its fallback {1} is not another receipt printer")]
    Fallback(DeviceId, DeviceId),
    /// Something other than a printer has a fallback.
    #[error("{0}: only a receipt printer has a fallback")]
    FallbackOfOther(DeviceId),
    /// A drawer at a printer that is not there: it would never open.
    #[error("{0}: its printer {1} is not a receipt printer of the list")]
    DrawerPrinter(DeviceId, String),
    /// An id that could not be the name of a file.
    #[error("{0}: an id is letters, digits, dots, dashes and underscores, and begins with no dot")]
    Name(DeviceId),
    /// A scanner that would sell at every register at once.
    #[error("{0}: registers says whose scanner it is")]
    AnyonesScanner(DeviceId),
    /// Nothing says where it is plugged in.
    #[error("{0}: port says where it is plugged in")]
    NoPort(DeviceId),
}

/// The devices of a store, checked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Devices(Vec<Device>);

impl Devices {
    /// Checks what was written, for a store of so many registers.
    ///
    /// # Errors
    /// The first device that does not fit.
    pub fn of(all: Vec<Device>, registers: u16) -> Result<Self, DeviceFault> {
        if all.len() > DEVICES_MAX {
            return Err(DeviceFault::TooMany);
        }
        let mut taken = BTreeMap::new();
        for (at, device) in all.iter().enumerate() {
            let id = &device.id;
            if all.iter().take(at).any(|other| other.id == *id) {
                return Err(DeviceFault::Twice(id.clone()));
            }
            if !is_plain(id) {
                return Err(DeviceFault::Name(id.clone()));
            }
            let is_scanner = device.kind == DeviceKind::Scanner;
            if is_scanner && device.registers.len() != 1 && registers > 1 {
                return Err(DeviceFault::AnyonesScanner(id.clone()));
            }
            if device.port.is_empty() && device.kind != DeviceKind::CashDrawer {
                return Err(DeviceFault::NoPort(id.clone()));
            }
            for register in &device.registers {
                if !(1..=registers).contains(register) {
                    return Err(DeviceFault::Register(id.clone(), *register));
                }
                let before = taken.insert((device.kind, *register), id);
                if before.is_some() && !device.kind.may_be_several() {
                    let kind = device.kind.code();
                    return Err(DeviceFault::TwoOfAKind(id.clone(), *register, kind));
                }
            }
            check_fallback(&all, device)?;
        }
        Ok(Self(all))
    }

    /// Checks that every drawer hangs on a printer of the list. Whoever writes one is told; a list
    /// that holds already is not refused for it: its drawer is shown to be absent.
    ///
    /// # Errors
    /// The first drawer that would never open.
    pub fn check_drawers(&self) -> Result<(), DeviceFault> {
        let is_there = |printer: &str| {
            self.of_kind(DeviceKind::ReceiptPrinter).any(|it| it.id.as_str() == printer)
        };
        for device in &self.0 {
            if let Some(printer) = device.drawer_printer().filter(|printer| !is_there(printer)) {
                return Err(DeviceFault::DrawerPrinter(device.id.clone(), printer.to_owned()));
            }
        }
        Ok(())
    }

    /// Those that a store of so many registers can have: what is there for other registers alone is
    /// left out, and so is a drawer that hangs on it, so that a chain's list fits its small stores
    /// too.
    ///
    /// # Errors
    /// The first device that does not fit all the same.
    pub fn within(&self, registers: u16) -> Result<Self, DeviceFault> {
        let mut kept: Vec<Device> = Vec::new();
        for device in &self.0 {
            let mut device = device.clone();
            let was_for_all = device.registers.is_empty();
            device.registers.retain(|register| (1..=registers).contains(register));
            if was_for_all || !device.registers.is_empty() {
                kept.push(device);
            }
        }
        let is_lost = |id: &str| {
            let is_it = |device: &Device| device.id.as_str() == id;
            self.0.iter().any(is_it) && !kept.iter().any(is_it)
        };
        let hangs_on_lost: Vec<DeviceId> = kept
            .iter()
            .filter(|device| device.drawer_printer().is_some_and(is_lost))
            .map(|device| device.id.clone())
            .collect();
        kept.retain(|device| !hangs_on_lost.contains(&device.id));
        let is_kept = |id: &DeviceId| kept.iter().any(|device| device.id == *id);
        let lost: Vec<bool> = kept.iter().map(|it| !it.fallback.iter().all(is_kept)).collect();
        for (device, is_lost) in kept.iter_mut().zip(lost) {
            if is_lost {
                device.fallback = None;
            }
        }
        Self::of(kept, registers)
    }

    /// Every device, as written.
    #[must_use]
    pub fn all(&self) -> &[Device] {
        &self.0
    }

    /// Those of a kind.
    pub fn of_kind(&self, kind: DeviceKind) -> impl Iterator<Item = &Device> {
        self.0.iter().filter(move |device| device.kind == kind)
    }

    /// The device of a kind that a register uses: its own, or else one of the whole store.
    #[must_use]
    pub fn at(&self, kind: DeviceKind, workstation: &WorkstationId) -> Option<&Device> {
        let number = register_number(workstation);
        let own = |device: &&Device| number.is_some_and(|it| device.registers.contains(&it));
        self.of_kind(kind)
            .find(own)
            .or_else(|| self.of_kind(kind).find(|device| device.registers.is_empty()))
    }

    /// Where papers of a register come out: at its own printer, then at the one that prints what
    /// that one cannot. A register without any has its papers at the first printer of the store,
    /// which is another's: for what is a register's own, such as its drawer, ask [`Self::at`].
    #[must_use]
    pub fn paper_printers_of(&self, workstation: Option<&WorkstationId>) -> Vec<DeviceId> {
        let kind = DeviceKind::ReceiptPrinter;
        let own = workstation.and_then(|workstation| self.at(kind, workstation));
        let Some(own) = own.or_else(|| self.of_kind(kind).next()) else { return Vec::new() };
        [Some(own.id.clone()), own.fallback.clone()].into_iter().flatten().collect()
    }

    /// Whether there is something to print receipts on.
    #[must_use]
    pub fn has_printer(&self) -> bool {
        self.of_kind(DeviceKind::ReceiptPrinter).next().is_some()
    }

    /// The same with a printer for the whole store, at a port.
    #[must_use]
    pub fn with_printer(mut self, port: &str) -> Self {
        self.0.push(Device {
            id: DeviceId::from_static("receipt"),
            kind: DeviceKind::ReceiptPrinter,
            port: port.to_owned(),
            registers: Vec::new(),
            fallback: None,
            options: Map::new(),
        });
        self
    }

    /// The payment terminal of each workstation that has one.
    #[must_use]
    pub fn terminals(&self, registers: u16) -> BTreeMap<WorkstationId, TerminalId> {
        let numbers = (1..=registers).filter_map(|n| WorkstationId::new(&n.to_string()).ok());
        let terminal = |workstation: &WorkstationId| {
            let device = self.at(DeviceKind::CardTerminal, workstation)?;
            TerminalId::new(device.id.as_str()).ok()
        };
        numbers.filter_map(|at| terminal(&at).map(|id| (at, id))).collect()
    }
}

/// The number of a register, which is its name.
#[must_use]
pub fn register_number(workstation: &WorkstationId) -> Option<u16> {
    workstation.as_str().parse().ok()
}

/// Whether an id can be the name of a file, a column and a thread without harm.
fn is_plain(id: &DeviceId) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    id.as_str().bytes().all(is_plain) && !id.as_str().starts_with('.')
}

fn check_fallback(all: &[Device], device: &Device) -> Result<(), DeviceFault> {
    let Some(fallback) = &device.fallback else { return Ok(()) };
    if device.kind != DeviceKind::ReceiptPrinter {
        return Err(DeviceFault::FallbackOfOther(device.id.clone()));
    }
    let is_printer = |other: &Device| {
        other.id == *fallback && other.id != device.id && other.kind == DeviceKind::ReceiptPrinter
    };
    if all.iter().any(is_printer) {
        return Ok(());
    }
    Err(DeviceFault::Fallback(device.id.clone(), fallback.clone()))
}
