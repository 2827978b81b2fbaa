//! What is plugged in, what it seems to be, and how settings name it so that they find it again.
//!
//! [`scan`] only reads what the system shows. [`probe`] opens a port and asks questions that
//! every device of a kind answers and that do nothing: none prints, opens a drawer or takes
//! money. A printer that never answers prints what it took for text with its next receipt, so
//! that a line is probed when somebody sets devices up, never by itself.

mod address;
mod known;
mod probe;
mod question;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use self::address::Names;
pub use self::known::known;
pub use self::probe::{Answered, Probe, probe, probe_tcp, probe_with};
pub use self::question::{QUESTIONS, Question};
use crate::port::usb::{attribute, content};
use crate::port::{DeviceClass, PortAddress, SystemDevice, SystemRoot};

/// What something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Prints receipts.
    ReceiptPrinter,
    /// Reads barcodes.
    Scanner,
    /// Weighs.
    Scale,
    /// Shows two lines to the customer.
    CustomerDisplay,
    /// Takes cards.
    CardTerminal,
    /// A serial line with anything or nothing behind it.
    SerialAdapter,
    /// Somebody types on it.
    Keyboard,
    /// Lines that lamps and switches hang on.
    Gpio,
    /// The line that the system itself talks to: not to be asked anything.
    Console,
    /// Who knows.
    Unknown,
}

/// Why something seems to be what it seems: a code for a sentence, and what stands in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// `usb_id_known`, `usb_printer_class`, `name_says_scanner`, `console`, `keyboard`,
    /// `serial_line`, `named_lines` or `nothing_known`.
    pub code: &'static str,
    /// What stands in the sentence, by name.
    pub parameters: Vec<(&'static str, String)>,
}

/// One thing that is plugged in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Found {
    /// How settings name it; nothing for lines of a GPIO chip, which have names of their own.
    pub address: Option<PortAddress>,
    /// Its file as it is now.
    pub file: PathBuf,
    /// What it seems to be.
    pub kind: Kind,
    /// Which model, where that is known.
    pub model: Option<String>,
    /// Who made it, in its own words.
    pub maker: Option<String>,
    /// What it is, in its own words.
    pub product: Option<String>,
    /// Why it seems so.
    pub reason: Reason,
    /// The names of a GPIO chip's lines.
    pub lines: Vec<String>,
}

/// Words in a keyboard's name that say it is a scanner.
const SCANNER_WORDS: [&str; 4] = ["scanner", "barcode", "bar code", "imager"];
/// Most chips that are looked at, and most lines of one.
const GPIO_MAX: usize = 512;

/// Everything that is plugged in, in the order of its kind of file and its name.
#[must_use]
pub fn scan(root: &SystemRoot) -> Vec<Found> {
    let classes =
        [DeviceClass::Serial, DeviceClass::UsbPrinter, DeviceClass::HidRaw, DeviceClass::Input];
    let mut found = Vec::new();
    for class in classes {
        let devices = root.devices(class);
        let names = Names::of(root, class);
        found.extend(devices.iter().map(|device| seems(root, device, &devices, &names)));
    }
    found.extend(gpio_chips(root));
    found
}

fn seems(root: &SystemRoot, device: &SystemDevice, all: &[SystemDevice], names: &Names) -> Found {
    let (kind, model, reason) = judged(root, device);
    Found {
        address: Some(names.address(device, all)),
        file: device.file.clone(),
        kind,
        model,
        maker: device.maker.clone(),
        product: device.product.clone(),
        reason,
        lines: Vec::new(),
    }
}

fn judged(root: &SystemRoot, device: &SystemDevice) -> (Kind, Option<String>, Reason) {
    let reason = |code, parameters| Reason { code, parameters };
    let name = || ("name", device.product.clone().unwrap_or_else(|| device.name.clone()));
    let consoles = attribute(&root.sys.join("class/tty/console"), "active").unwrap_or_default();
    if consoles.split(' ').any(|console| console == device.name) {
        return (Kind::Console, None, reason("console", vec![name()]));
    }
    let entry = device.usb.as_ref().and_then(known);
    if let (Some(entry), Some(usb)) = (entry, &device.usb) {
        let parameters = vec![
            ("vendor", format!("{:04x}", usb.vendor)),
            ("product", format!("{:04x}", usb.product)),
            ("model", entry.model.clone()),
        ];
        return (entry.kind, Some(entry.model.clone()), reason("usb_id_known", parameters));
    }
    let words = [device.maker.as_deref(), device.product.as_deref()];
    let words = words.into_iter().flatten().collect::<Vec<_>>().join(" ").to_lowercase();
    let says = SCANNER_WORDS.iter().find(|word| words.contains(**word));
    if let Some(word) = says {
        let parameters = vec![name(), ("word", (*word).to_owned())];
        return (Kind::Scanner, None, reason("name_says_scanner", parameters));
    }
    match device.class {
        DeviceClass::UsbPrinter => {
            (Kind::ReceiptPrinter, None, reason("usb_printer_class", vec![name()]))
        }
        DeviceClass::Input => (Kind::Keyboard, None, reason("keyboard", vec![name()])),
        DeviceClass::Serial => (Kind::SerialAdapter, None, reason("serial_line", vec![name()])),
        DeviceClass::HidRaw => (Kind::Unknown, None, reason("nothing_known", vec![name()])),
    }
}

/// Chips with lines that have names: the board's description gives them, as the system's tree
/// shows it.
fn gpio_chips(root: &SystemRoot) -> Vec<Found> {
    let place = root.sys.join("bus/gpio/devices");
    let Ok(entries) = std::fs::read_dir(&place) else { return Vec::new() };
    let names = entries.flatten().take(GPIO_MAX);
    let mut chips: Vec<String> =
        names.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    chips.sort();
    let mut found = Vec::new();
    for chip in chips {
        let lines = content(&place.join(&chip).join("of_node/gpio-line-names"));
        let lines = lines.unwrap_or_default();
        let lines = lines.split('\0').take(GPIO_MAX).filter(|line| !line.is_empty());
        let lines: Vec<String> = lines.map(str::to_owned).collect();
        if lines.is_empty() {
            continue;
        }
        let parameters = vec![("chip", chip.clone()), ("lines", lines.len().to_string())];
        found.push(Found {
            address: None,
            file: root.dev.join(&chip),
            kind: Kind::Gpio,
            model: None,
            maker: None,
            product: None,
            reason: Reason { code: "named_lines", parameters },
            lines,
        });
    }
    found
}
