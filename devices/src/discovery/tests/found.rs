use std::collections::BTreeSet;

use super::super::known::{Entries, FILE};
use super::super::{Found, Kind, known, scan};
use super::{BUTTON_KEYS, KEYBOARD_KEYS, Machine};
use crate::port::{PortAddress, UsbIdentity};

/// A counter with one of everything.
fn counter() -> Machine {
    let machine = Machine::new();
    machine.usb("1-1", "0403:6001", Some("A50285BI"), "FT232R USB UART");
    machine.serial("1-1", "ttyUSB0");
    for (port, name) in [("1-2", "ttyUSB1"), ("1-3", "ttyUSB2")] {
        machine.usb(port, "1a86:7523", None, "USB Serial");
        machine.serial(port, name);
        machine
            .link(&format!("dev/serial/by-path/pci-{port}-port0"), &machine.path("dev").join(name));
    }
    machine.usb("1-4", "10c4:ea60", Some("0001"), "CP2102 USB to UART");
    machine.serial("1-4", "ttyUSB3");
    machine.usb("1-5", "05e0:1701", Some("1234567890AB"), "Symbol Bar Code Scanner");
    machine.serial("1-5", "ttyACM0");
    machine.usb("1-6", "04b8:0e28", Some("X3BX012345"), "TM-T82III");
    machine.file("1-6", "usbmisc", "lp0", "usb/lp0");
    machine.usb("1-7", "9999:0001", None, "Thermal thing");
    machine.file("1-7", "usbmisc", "lp1", "usb/lp1");
    machine.usb("1-8", "1234:5678", None, "USB BarCode Reader");
    machine.keyboard("1-8", "event3", KEYBOARD_KEYS);
    machine.usb("1-9", "046d:c31c", None, "Keyboard K120");
    machine.keyboard("1-9", "event4", KEYBOARD_KEYS);
    machine.keyboard("1-9", "event5", BUTTON_KEYS);
    machine.usb("1-10", "0922:8003", None, "M10");
    machine.file("1-10", "hidraw", "hidraw0", "hidraw0");
    for (name, kind) in [("ttyS0", "4"), ("ttyS1", "0")] {
        machine.write(&format!("sys/devices/platform/{name}/type"), kind);
        let place = machine.path(&format!("sys/devices/platform/{name}"));
        machine.link(&format!("sys/class/tty/{name}"), &place);
        machine.write(&format!("dev/{name}"), "");
    }
    machine.write("sys/devices/platform/ttyAMA0/uevent", "DEVNAME=ttyAMA0\n");
    machine.link("sys/class/tty/ttyAMA0", &machine.path("sys/devices/platform/ttyAMA0"));
    machine.write("sys/class/tty/console/active", "tty1 ttyAMA0\n");
    machine.write("sys/class/tty/tty0/uevent", "DEVNAME=tty0\n");
    let names = "ID_SDA\0ID_SCL\0\0GPIO17\0";
    machine.write("sys/bus/gpio/devices/gpiochip0/of_node/gpio-line-names", names);
    machine.write("sys/bus/gpio/devices/gpiochip1/label", "no names");
    machine
}

#[test]
fn everything_on_the_counter_is_found_with_a_name_that_lasts_and_a_reason() {
    let machine = counter();
    let dev = machine.path("dev").display().to_string();
    let found: Vec<String> = scan(&machine.root())
        .iter()
        .map(|found| {
            let file = found.file.display().to_string().replace(&dev, "/dev");
            let address = found.address.as_ref().map(ToString::to_string).unwrap_or_default();
            let address = address.replace(&dev, "/dev");
            format!("{file} {:?} {} {address}", found.kind, found.reason.code)
        })
        .collect();
    let expected = [
        // Its serial number is its own.
        "/dev/ttyS0 SerialAdapter serial_line serial:/dev/ttyS0@9600,8N1",
        "/dev/ttyACM0 Scanner usb_id_known serial:usb-05e0:1701-1234567890AB@9600,8N1",
        "/dev/ttyAMA0 Console console serial:/dev/ttyAMA0@9600,8N1",
        "/dev/ttyUSB0 SerialAdapter usb_id_known serial:usb-0403:6001-A50285BI@9600,8N1",
        "/dev/ttyUSB1 SerialAdapter usb_id_known \
         serial:/dev/serial/by-path/pci-1-2-port0@9600,8N1",
        "/dev/ttyUSB2 SerialAdapter usb_id_known \
         serial:/dev/serial/by-path/pci-1-3-port0@9600,8N1",
        "/dev/ttyUSB3 SerialAdapter usb_id_known serial:usb-10c4:ea60@9600,8N1",
        "/dev/usb/lp0 ReceiptPrinter usb_id_known usblp:usb-04b8:0e28-X3BX012345",
        "/dev/usb/lp1 ReceiptPrinter usb_printer_class usblp:usb-9999:0001",
        "/dev/hidraw0 Scale usb_id_known hidraw:usb-0922:8003",
        "/dev/input/event3 Scanner name_says_scanner evdev:usb-1234:5678",
        "/dev/input/event4 Keyboard keyboard evdev:usb-046d:c31c",
        "/dev/gpiochip0 Gpio named_lines ",
    ];
    assert_eq!(found, expected);
}

#[test]
fn every_name_that_is_given_leads_back_to_its_device() {
    let machine = counter();
    for Found { address, file, .. } in scan(&machine.root()) {
        let Some(address) = address else { continue };
        let text = address.to_string();
        let again: PortAddress = text.parse().unwrap();
        let located = again.located(&machine.root()).unwrap();
        let path = std::fs::canonicalize(located.path().unwrap());
        let file = std::fs::canonicalize(&file);
        assert_eq!(path.ok(), file.ok(), "{text}");
    }
}

#[test]
fn what_stands_in_the_sentence_is_said() {
    let found = scan(&counter().root());
    let of = |name: &str| found.iter().find(|one| one.file.ends_with(name)).unwrap();
    let printer = of("lp0");
    assert_eq!(printer.model.as_deref(), Some("Epson TM-T82III"));
    let expected = [("vendor", "04b8"), ("product", "0e28"), ("model", "Epson TM-T82III")];
    let said = &printer.reason.parameters;
    assert_eq!(said.len(), 3);
    assert!(said.iter().zip(expected).all(|(one, (name, text))| (one.0, &*one.1) == (name, text)));
    assert_eq!(of("gpiochip0").lines, ["ID_SDA", "ID_SCL", "GPIO17"]);
    assert_eq!(of("event3").reason.parameters[1], ("word", "barcode".to_owned()));
}

#[test]
fn nothing_is_found_where_nothing_is() {
    assert!(scan(&Machine::new().root()).is_empty());
}

#[test]
fn the_file_of_known_devices_is_well_formed_and_says_nothing_twice() {
    let entries: Entries = toml::from_str(FILE).unwrap();
    assert!(entries.device.len() > 30);
    let mut seen = BTreeSet::new();
    let file: toml::Table = FILE.parse().unwrap();
    for entry in file["device"].as_array().unwrap() {
        let number = |key| entry.get(key).map(|value| value.as_str().unwrap().to_owned());
        for id in [number("vendor"), number("product")].into_iter().flatten() {
            let is_hex = id.bytes().all(|one| matches!(one, b'0'..=b'9' | b'a'..=b'f'));
            assert!(id.len() == 4 && is_hex, "{id}");
        }
        assert!(seen.insert((number("vendor"), number("product"))), "{entry} stands there twice");
    }
    let of = |text: &str| known(&text.parse::<UsbIdentity>().unwrap()).map(|one| one.kind);
    assert_eq!(of("usb-05e0:1701-7"), Some(Kind::Scanner));
    assert_eq!(of("usb-05e0:ffff"), Some(Kind::Scanner), "by its maker");
    assert_eq!(of("usb-0403:ffff"), None);
}
