use std::os::fd::OwnedFd;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use proptest::prelude::*;
use rustix::fs::{OFlags, fcntl_setfl};

use super::super::{
    EVENT_BYTES, FRAME_BYTES_MAX, KeyDecoder, Scan, ScannerDriver, ScannerSettings, Symbology,
    type_keys,
};
use super::codes;
use crate::port::{FilePort, Port as _};
use crate::worker::{self, Condition};

fn event(kind: u16, code: u16, value: i32) -> Vec<u8> {
    let mut bytes = vec![0; 16];
    bytes.extend(kind.to_ne_bytes());
    bytes.extend(code.to_ne_bytes());
    bytes.extend(value.to_ne_bytes());
    bytes
}

fn key(code: u16, value: i32) -> Vec<u8> {
    event(1, code, value)
}

fn decoded(bytes: &[u8]) -> Vec<Scan> {
    KeyDecoder::default().push(bytes)
}

/// As a little-endian 64-bit kernel reports a key: the time, its scan code, the key, the end.
#[test]
fn recorded_events_are_read() {
    let press = |usage: u8, key: u8, value: u8| {
        let time = [0x1b, 0x8f, 0x26, 0x69, 0, 0, 0, 0, 0x40, 0x0d, 0x03, 0, 0, 0, 0, 0];
        let scan_code = [4, 0, 4, 0, usage, 0, 7, 0];
        let pressed = [1, 0, key, 0, value, 0, 0, 0];
        [time, time, time]
            .into_iter()
            .zip([scan_code, pressed, [0; 8]])
            .flat_map(|(time, event)| [time.as_slice(), &event].concat())
            .collect::<Vec<u8>>()
    };
    let tap = |usage, key| [press(usage, key, 1), press(usage, key, 0)].concat();
    let shift = |value| press(0xe1, 42, value);
    let events = [
        tap(0x38, 53), // a slash
        [shift(1), tap(0x04, 30), shift(0)].concat(),
        tap(0x1e, 2),
        [shift(1), tap(0x2e, 13), shift(0)].concat(),
        tap(0x37, 52),
        tap(0x2d, 12),
        tap(0x27, 11),
        tap(0x28, 28),
    ];
    if cfg!(target_endian = "little") {
        assert_eq!(codes(&decoded(&events.concat())), ["/A1+.-0"]);
    }
}

#[test]
fn shift_caps_control_and_the_number_pad_write_what_they_should() {
    let tap = |code| [key(code, 1), key(code, 0)].concat();
    let caps = [tap(58), tap(30), key(54, 1), tap(48), key(54, 0), tap(58), tap(46), tap(2)];
    assert_eq!(codes(&decoded(&[caps.concat(), tap(96)].concat())), ["Abc1"]);
    let separated = [tap(3), key(29, 1), tap(27), key(29, 0), tap(82), tap(15)].concat();
    assert_eq!(codes(&decoded(&separated)), ["2\u{1d}0"]);
    let numbered = [key(56, 1), tap(82), tap(75), tap(76), key(56, 0), tap(28)].concat();
    assert_eq!(codes(&decoded(&numbered)), ["-"], "45 with Alt is a hyphen");
    let held = [key(30, 1), key(30, 2), key(30, 2), key(30, 0), tap(28)].concat();
    assert_eq!(codes(&decoded(&held)), ["a"], "a held key is one");
}

#[test]
fn keys_that_the_kernel_lost_spoil_their_code_and_no_other() {
    let torn = [type_keys("4710088"), event(0, 3, 0), type_keys("412584\r")].concat();
    let mut decoder = KeyDecoder::default();
    assert!(decoder.push(&torn).is_empty());
    assert!(decoder.frames().is_unreadable());
    assert_eq!(codes(&decoder.push(&type_keys("4710088412584\r"))), ["4710088412584"]);
}

/// The events go through a pipe in place of the device's file: what lies behind it is the driver
/// as it is.
#[test]
fn a_keyboard_scanner_is_read_through_a_pipe_and_gone_when_it_is_unplugged() {
    let (read, write) = std::io::pipe().unwrap();
    fcntl_setfl(&read, OFlags::NONBLOCK).unwrap();
    let (scans, scanned) = mpsc::channel();
    let (tell, told) = mpsc::channel();
    let mut file: Option<OwnedFd> = Some(read.into());
    let connect = move || match file.take() {
        Some(file) => Ok(Box::new(FilePort::of(file)) as Box<dyn crate::port::Port>),
        None => Err(std::io::ErrorKind::NotFound.into()),
    };
    let on_scan = Box::new(move |scan| drop(scans.send(scan)));
    let driver = ScannerDriver::keyboard(ScannerSettings::default(), on_scan);
    let tasks = worker::start("keys", connect, driver, move |condition, _| {
        let _ = tell.send(condition);
    });
    let limit = Duration::from_secs(10);
    assert_eq!(told.recv_timeout(limit), Ok(Condition::Starting));
    assert_eq!(told.recv_timeout(limit), Ok(Condition::Ready));
    let writer = thread::spawn(move || {
        let mut port = FilePort::of(write.into());
        for byte in type_keys("]d2010471008841258410L1\u{1d}17261231\r") {
            port.write(&[byte]).unwrap();
        }
        // Silence ends it.
        port.write(&type_keys("96385074")).unwrap();
        port
    });
    let port = writer.join().unwrap();
    let first = scanned.recv_timeout(limit).unwrap();
    assert_eq!(first.code, "010471008841258410L1\u{1d}17261231");
    assert_eq!(first.symbology, Some(Symbology::Gs1DataMatrix));
    assert_eq!(scanned.recv_timeout(limit).unwrap().code, "96385074");
    drop(port);
    assert_eq!(told.recv_timeout(limit), Ok(Condition::Absent));
    drop(tasks);
}

proptest! {
    #[test]
    fn whatever_is_typed_is_read(code in "[ !-~]{1,80}", cut in 0_usize..10_000) {
        let events = type_keys(&format!("{code}\r"));
        let cut = cut.min(events.len());
        let mut decoder = KeyDecoder::default();
        let scans = [decoder.push(&events[..cut]), decoder.push(&events[cut..])].concat();
        prop_assert_eq!(scans, [Scan::of(&code)]);
    }

    #[test]
    fn any_events_are_survived(
        events in prop::collection::vec((0_u16..6, 0_u16..130, -1_i32..4), 0..400),
        bytes in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let mut decoder = KeyDecoder::default();
        for (kind, code, value) in events {
            for scan in decoder.push(&event(kind, code, value)) {
                prop_assert!(scan.code.len() <= 3 * FRAME_BYTES_MAX);
            }
        }
        decoder.push(&bytes);
        decoder.forget();
        let again = decoder.push(&type_keys("96385074\r"));
        prop_assert_eq!(codes(&again), ["96385074"]);
        prop_assert_eq!(type_keys("1").len(), 4 * EVENT_BYTES);
    }
}
