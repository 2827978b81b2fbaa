use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use super::super::{
    Framing, Scan, ScannerDriver, ScannerSettings, ScannerTask, SimulatedScanner, Speaks,
    Symbology, Trigger, UNREADABLE_CODE,
};
use crate::port::{MemoryPort, Port as _, PortAddress, memory_pair};
use crate::simulated::{Fault, Plug, Socket, plug_in};
use crate::worker::{self, Condition, Driver as _, Tasks};

const LIMIT: Duration = Duration::from_secs(10);
const CODE: &str = "4710088412584";

/// A scanner that is plugged in, and the hub's end of it.
struct Bench {
    trigger: Trigger,
    plug: Plug,
    scans: Receiver<(Scan, Instant)>,
    conditions: Receiver<(Condition, Instant)>,
    _tasks: Tasks<ScannerTask>,
    _directory: tempfile::TempDir,
}

fn bench(settings: ScannerSettings, speaks: Speaks) -> Bench {
    let directory = tempfile::tempdir().unwrap();
    let socket = Socket::Serial { link: directory.path().join("scanner"), baud: None };
    let types = speaks.types;
    let scanner = SimulatedScanner::new(speaks);
    let trigger = scanner.trigger();
    let plug = plug_in(&socket, scanner).unwrap();
    let address: PortAddress = plug.address().parse().unwrap();
    let (send, scans) = mpsc::channel();
    let (tell, conditions) = mpsc::channel();
    let on_scan = Box::new(move |scan| drop(send.send((scan, Instant::now()))));
    let driver =
        if types { ScannerDriver::keyboard } else { ScannerDriver::new }(settings, on_scan);
    let tasks = worker::start("scanner", address, driver, move |condition, _| {
        let _ = tell.send((condition, Instant::now()));
    });
    let bench =
        Bench { trigger, plug, scans, conditions, _tasks: tasks.unwrap(), _directory: directory };
    bench.wait_for(Condition::Ready);
    bench
}

impl Bench {
    fn wait_for(&self, wanted: Condition) -> Instant {
        loop {
            let (condition, at) = self.conditions.recv_timeout(LIMIT).unwrap();
            if condition == wanted {
                return at;
            }
        }
    }

    fn next(&self) -> Scan {
        self.scans.recv_timeout(LIMIT).unwrap().0
    }
}

#[test]
fn a_scanner_is_read_however_it_frames_its_codes() {
    let bench = bench(ScannerSettings::default(), Speaks::default());
    for (suffix, prefix) in [("\r", ""), ("\r\n", ""), ("\t", ""), ("", ""), ("\u{3}", "\u{2}")] {
        for sends_aim_id in [false, true] {
            let speaks = Speaks {
                sends_aim_id,
                suffix: suffix.to_owned(),
                prefix: prefix.to_owned(),
                types: false,
            };
            bench.trigger.set(speaks);
            bench.trigger.scan(CODE, Symbology::Ean13);
            let symbology = sends_aim_id.then_some(Symbology::Ean13);
            assert_eq!(bench.next(), Scan { code: CODE.to_owned(), symbology }, "{suffix:?}");
        }
    }
    bench.trigger.set(Speaks::default());
    let longest = "7".repeat(4096);
    bench.trigger.scan(&longest, Symbology::Qr);
    assert_eq!(bench.next().code, longest);
    bench.trigger.scan(&"7".repeat(5000), Symbology::Qr);
    bench.wait_for(Condition::Needs(UNREADABLE_CODE));
    bench.trigger.scan(CODE, Symbology::Ean13);
    assert_eq!(bench.next().code, CODE);
    bench.wait_for(Condition::Ready);
    assert!(bench.scans.try_recv().is_err(), "the code that was too long is nobody's");
}

#[test]
fn every_fault_of_a_cable_is_survived_and_a_sale_goes_on_behind_it() {
    let settings = ScannerSettings { framing: Framing::Suffix, ..Default::default() };
    let bench = bench(settings, Speaks::default());
    for fault in Fault::ALL {
        bench.plug.set_fault(fault);
        if fault == Fault::Unplugged {
            bench.wait_for(Condition::Absent);
        } else {
            bench.trigger.scan(CODE, Symbology::Ean13);
        }
        match fault {
            Fault::None | Fault::Slow => assert_eq!(bench.next().code, CODE, "{fault:?}"),
            // The suffix is another byte, or does not come: what was cut is no code.
            Fault::Garbage | Fault::WrongSettings | Fault::HalfFrames => {
                bench.wait_for(Condition::Needs(UNREADABLE_CODE));
            }
            Fault::Hangs | Fault::Unplugged => {}
        }
        let began = Instant::now();
        bench.plug.set_fault(Fault::None);
        if fault == Fault::Unplugged {
            let back = bench.wait_for(Condition::Ready);
            println!("plugged in again: works after {:?}", back - began);
            assert!(back - began < Duration::from_secs(2));
        }
        if fault == Fault::Hangs {
            assert_eq!(bench.next().code, CODE, "what it had not sent yet");
        }
        bench.trigger.scan("96385074", Symbology::Ean8);
        let (scan, at) = bench.scans.recv_timeout(LIMIT).unwrap();
        assert_eq!(scan.code, "96385074", "after {fault:?}");
        println!("{fault:?}: the next code came {:?} after it was mended", at - began);
    }
    bench.plug.replug();
    bench.wait_for(Condition::Absent);
    bench.wait_for(Condition::Ready);
    bench.trigger.scan(CODE, Symbology::Ean13);
    assert_eq!(bench.next().code, CODE, "under another name");
    assert!(bench.scans.try_recv().is_err(), "nothing came twice");
}

#[test]
fn a_scanner_that_types_is_read_at_the_same_line_as_one_that_does_not() {
    let speaks = Speaks { types: true, sends_aim_id: true, ..Speaks::default() };
    let bench = bench(ScannerSettings::default(), speaks);
    let code = "010471008841258410Ab-1/\u{1d}3103001250";
    for round in 0..20 {
        bench.trigger.scan(&format!("{code}{round}"), Symbology::Gs1DataMatrix);
        let symbology = Some(Symbology::Gs1DataMatrix);
        assert_eq!(bench.next(), Scan { code: format!("{code}{round}"), symbology });
    }
    bench.trigger.send(&[0xff; 1000]);
    // Whoever sends something else than events is out of step until the line is opened again.
    bench.plug.replug();
    bench.wait_for(Condition::Absent);
    bench.wait_for(Condition::Ready);
    bench.trigger.scan(CODE, Symbology::Ean13);
    assert_eq!(bench.next().code, CODE);
}

/// The driver at a cable of the process's own, with where its scans go.
fn at_memory() -> (ScannerDriver, MemoryPort, MemoryPort, Receiver<(Scan, Instant)>) {
    let (send, scans) = mpsc::channel();
    let on_scan = Box::new(move |scan| drop(send.send((scan, Instant::now()))));
    let (near, far) = memory_pair();
    (ScannerDriver::new(ScannerSettings::default(), on_scan), near, far, scans)
}

#[test]
fn a_suffix_ends_a_code_at_once_and_silence_does_after_its_gap() {
    let (mut driver, mut near, mut far, scans) = at_memory();
    far.write(b"before anybody listened").unwrap();
    assert_eq!(driver.begin(&mut near).unwrap(), Condition::Ready);
    let mut slowest = Duration::ZERO;
    for _ in 0..100 {
        far.write(b"4710088412584\r").unwrap();
        let began = Instant::now();
        driver.look(&mut near).unwrap();
        let (scan, at) = scans.try_recv().expect("in the same look");
        assert_eq!(scan.code, CODE);
        slowest = slowest.max(at - began);
    }
    println!("a code with its suffix: {slowest:?} at most, of 100");
    let began = Instant::now();
    far.write(b"96385074").unwrap();
    let at = loop {
        driver.look(&mut near).unwrap();
        if let Ok((scan, at)) = scans.try_recv() {
            assert_eq!(scan.code, "96385074");
            break at;
        }
        assert!(began.elapsed() < LIMIT);
    };
    println!("a code without one: {:?}", at - began);
    assert!(at - began >= Duration::from_millis(50), "not before its gap");
}

#[test]
fn half_a_code_is_forgotten_with_its_port() {
    let (mut driver, mut near, mut far, scans) = at_memory();
    driver.begin(&mut near).unwrap();
    far.write(b"471008").unwrap();
    driver.look(&mut near).unwrap();
    driver.end();
    let (mut near, mut far) = memory_pair();
    driver.begin(&mut near).unwrap();
    far.write(b"8412584\r").unwrap();
    driver.look(&mut near).unwrap();
    assert_eq!(scans.try_recv().unwrap().0.code, "8412584");
}
