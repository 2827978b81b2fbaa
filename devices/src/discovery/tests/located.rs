use std::io;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use super::{BUTTON_KEYS, KEYBOARD_KEYS, Machine};
use crate::port::{Connect as _, Port as _, PortAddress, PseudoTerminal};
use crate::scanner::{ScannerDriver, ScannerSettings};
use crate::worker::{self, Condition};

fn located(machine: &Machine, address: &str) -> io::Result<String> {
    let address: PortAddress = address.parse().unwrap();
    let root = machine.root();
    address.located(&root).map(|found| {
        let text = found.to_string();
        text.replace(&*root.dev.to_string_lossy(), "/dev")
    })
}

#[test]
fn a_device_is_found_by_what_it_is_whatever_it_is_called_now() {
    let machine = Machine::new();
    machine.usb("1-1", "0403:6001", Some("A50285BI"), "FT232R USB UART");
    machine.usb("1-2", "0403:6001", Some("A9999999"), "FT232R USB UART");
    machine.serial("1-1", "ttyUSB0");
    machine.serial("1-2", "ttyUSB1");
    let address = "serial:usb-0403:6001-A50285BI@2400,7O1";
    assert_eq!(located(&machine, address).unwrap(), "serial:/dev/ttyUSB0@2400,7O1");
    // Both are unplugged, and plugged in again the other way round.
    machine.unplug("1-1", "tty", "ttyUSB0");
    assert_eq!(located(&machine, address).unwrap_err().kind(), io::ErrorKind::NotFound);
    machine.unplug("1-2", "tty", "ttyUSB1");
    machine.usb("1-4", "0403:6001", Some("A9999999"), "FT232R USB UART");
    machine.serial("1-4", "ttyUSB0");
    machine.usb("1-3", "0403:6001", Some("A50285BI"), "FT232R USB UART");
    machine.serial("1-3", "ttyUSB12");
    assert_eq!(located(&machine, address).unwrap(), "serial:/dev/ttyUSB12@2400,7O1");
    assert_eq!(located(&machine, "serial:/dev/ttyS0").unwrap(), "serial:/dev/ttyS0@9600,8N1");
    assert_eq!(located(&machine, "tcp:printer:9100").unwrap(), "tcp:printer:9100");
}

#[test]
fn two_devices_that_are_alike_are_named_by_their_ports() {
    let machine = Machine::new();
    for (port, name) in [("1-1", "ttyUSB0"), ("1-2", "ttyUSB1")] {
        machine.usb(port, "1a86:7523", None, "USB Serial");
        machine.serial(port, name);
    }
    let error = located(&machine, "serial:usb-1a86:7523").unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
    let said = error.to_string();
    assert!(said.contains("2 devices") && said.contains("/dev/serial/by-path"), "{said}");
    machine.unplug("1-2", "tty", "ttyUSB1");
    assert_eq!(located(&machine, "serial:usb-1a86:7523").unwrap(), "serial:/dev/ttyUSB0@9600,8N1");
}

#[test]
fn printers_hid_devices_and_keyboards_are_found_too() {
    let machine = Machine::new();
    machine.usb("1-1", "04b8:0e28", Some("X3BX012345"), "TM-T82III");
    machine.file("1-1", "usbmisc", "lp3", "usb/lp3");
    machine.usb("1-2", "0922:8003", None, "M10");
    machine.file("1-2", "hidraw", "hidraw4", "hidraw4");
    machine.usb("1-3", "05e0:1200", Some("S/N:7"), "Symbol Bar Code Scanner");
    machine.keyboard("1-3", "event10", KEYBOARD_KEYS);
    machine.usb("1-5", "05e0:1200", Some("buttons"), "Symbol Bar Code Scanner");
    machine.keyboard("1-5", "event9", BUTTON_KEYS);
    for (address, file) in [
        ("usblp:usb-04b8:0e28-X3BX012345", "usblp:/dev/usb/lp3"),
        ("hidraw:usb-0922:8003", "hidraw:/dev/hidraw4"),
        ("evdev:usb-05e0:1200", "evdev:/dev/input/event10"),
        ("evdev:usb-05e0:1200-S/N:7", "evdev:/dev/input/event10"),
    ] {
        assert_eq!(located(&machine, address).unwrap(), file);
    }
    assert!(located(&machine, "evdev:usb-05e0:1200-buttons").is_err(), "no keyboard");
    assert!(located(&machine, "serial:usb-04b8:0e28").is_err(), "no serial line");
}

#[test]
fn a_tree_that_makes_no_sense_is_an_empty_one() {
    let machine = Machine::new();
    assert!(located(&machine, "serial:usb-0403:6001").is_err(), "there is no tree at all");
    machine.usb("1-1", "zzzz:6001", Some("A"), "?");
    machine.serial("1-1", "ttyUSB0");
    machine.usb("1-2", "0403:6001", Some("A50285BI"), "\u{1b}[2J");
    machine.file("1-2", "tty", "ttyUSB1", "../../etc/passwd");
    machine.write("sys/class/tty/ttyUSB9", "not a folder");
    let found = located(&machine, "serial:usb-0403:6001").unwrap();
    assert_eq!(found, "serial:/dev/ttyUSB1@9600,8N1", "never out of the folder of devices");
}

#[test]
fn what_is_no_keyboard_is_not_grabbed() {
    let terminal = PseudoTerminal::open().unwrap();
    let mut address: PortAddress = format!("evdev:{}", terminal.path().display()).parse().unwrap();
    assert!(address.connect().is_err());
}

#[test]
fn a_scanner_that_comes_back_under_another_name_is_read_within_two_seconds() {
    let machine = Machine::new();
    let plug_in = |port: &str, name: &str| {
        machine.usb(port, "05e0:1701", Some("1234567890AB"), "Symbol Bar Code Scanner");
        machine.serial(port, name);
        PseudoTerminal::open_as(&machine.path("dev").join(name)).unwrap()
    };
    let limit = Duration::from_secs(10);
    let mut far = plug_in("1-1", "ttyACM0");
    let address: PortAddress = "serial:usb-05e0:1701-1234567890AB".parse().unwrap();
    let root = machine.root();
    let connect = move || address.located(&root)?.connect();
    let (scans, scanned) = mpsc::channel();
    let (tell, told) = mpsc::channel();
    let on_scan = Box::new(move |scan| drop(scans.send(scan)));
    let driver = ScannerDriver::new(ScannerSettings::default(), on_scan);
    let tasks = worker::start("scanner", connect, driver, move |condition, _| {
        let _ = tell.send(condition);
    });
    let wait_for = |wanted| while told.recv_timeout(limit).unwrap() != wanted {};
    for (port, name, before) in
        [("1-4", "ttyACM3", ("1-1", "ttyACM0")), ("1-1", "ttyACM1", ("1-4", "ttyACM3"))]
    {
        wait_for(Condition::Ready);
        far.write(b"4710088412584\r").unwrap();
        assert_eq!(scanned.recv_timeout(limit).unwrap().code, "4710088412584");
        machine.unplug(before.0, "tty", before.1);
        drop(far);
        wait_for(Condition::Absent);
        let began = Instant::now();
        far = plug_in(port, name);
        wait_for(Condition::Ready);
        let back = began.elapsed();
        println!("{name} instead of {}: works after {back:?}", before.1);
        assert!(back < Duration::from_secs(2));
        far.write(b"96385074\r").unwrap();
        assert_eq!(scanned.recv_timeout(limit).unwrap().code, "96385074");
        machine.unplug(port, "tty", name);
        drop(far);
        wait_for(Condition::Absent);
        far = plug_in(port, name);
    }
    drop(tasks);
}
