mod network;

use std::time::Duration;

use super::*;

#[test]
fn an_address_is_read_as_it_is_written() {
    for text in [
        "serial:/dev/pos/scale0@9600,7E1",
        "serial:/dev/ttyACM0@115200,8N2",
        "tcp:192.168.1.50:9100",
        "tcp:[::1]:9100",
        "usblp:/dev/usb/lp0",
        "hidraw:/dev/hidraw0",
        "evdev:/dev/input/by-id/usb-Symbol_Scanner-event-kbd",
        "serial:usb-0403:6001-A50285BI@9600,8N1",
        "usblp:usb-04b8:0e28",
        "hidraw:usb-0922:8003-00:11 22@3-4",
        "evdev:usb-05e0:1200-S/N 7",
    ] {
        assert_eq!(text.parse::<PortAddress>().unwrap().to_string(), text);
    }
    let plain: PortAddress = "serial:/dev/ttyS0".parse().unwrap();
    assert_eq!(plain.to_string(), "serial:/dev/ttyS0@9600,8N1");
    for text in [
        "",
        "serial:",
        "serial:ttyS0",
        "serial:/dev/x@9600,9N1",
        "serial:/dev/x@9,8N1",
        "tcp:host",
        "tcp::9100",
        "tcp:host:port",
        "usb:lp0",
        "usblp:lp0",
        "COM1",
        "serial:usb-403:6001@9600,8N1",
        "serial:usb-0403:60g1@9600,8N1",
        "evdev:usb-0403:6001-",
        "evdev:usb-0403:6001-A\nB",
    ] {
        let error = text.parse::<PortAddress>().unwrap_err().to_string();
        assert!(error.contains("serial:/dev/"), "{error}");
    }
}

#[test]
fn a_serial_line_carries_every_byte_both_ways_and_says_when_it_is_gone() {
    let mut far = PseudoTerminal::open().unwrap();
    let address = format!("serial:{}@19200,7E1", far.path().display());
    let mut address: PortAddress = address.parse().unwrap();
    let mut near = address.connect().unwrap();
    assert_eq!(far.baud().unwrap(), 19_200);
    let all: Vec<u8> = (0..=255).collect();
    let wait = Duration::from_secs(5);
    let mut buffer = [0; 512];
    near.write(&all).unwrap();
    let mut heard = Vec::new();
    while heard.len() < all.len() {
        let count = far.read(&mut buffer, wait).unwrap();
        heard.extend_from_slice(&buffer[..count]);
    }
    assert_eq!(heard, all);
    assert_eq!(near.read(&mut buffer, Duration::from_millis(1)).unwrap(), 0, "nothing came");
    far.write(b"forgotten").unwrap();
    assert!(near.read(&mut buffer[..1], wait).unwrap() > 0);
    near.discard_input().unwrap();
    far.write(b"heard").unwrap();
    let count = near.read(&mut buffer, wait).unwrap();
    assert_eq!(&buffer[..count], b"heard");
    drop(far);
    near.read(&mut buffer, wait).unwrap_err();
    address.connect().err().expect("there is no such file any more");
}

#[test]
fn a_name_leads_to_the_device_that_was_plugged_in_last() {
    let directory = tempfile::tempdir().unwrap();
    let link = directory.path().join("scale0");
    let wait = Duration::from_secs(5);
    let mut address: PortAddress = format!("serial:{}", link.display()).parse().unwrap();
    let mut buffer = [0; 8];
    for _ in 0..2 {
        assert!(address.connect().is_err(), "nothing is plugged in");
        let mut far = PseudoTerminal::open_as(&link).unwrap();
        let mut near = address.connect().unwrap();
        near.write(b"?").unwrap();
        assert_eq!(far.read(&mut buffer, wait).unwrap(), 1);
    }
}
