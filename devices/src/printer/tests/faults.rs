//! What may happen to a cable, over a real pseudo-terminal and a socket.

use std::num::NonZeroU32;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::receipt::{COLUMNS, drawing, text};
use super::rig::{LIMIT, Rig, simulated, until};
use crate::printer::{
    DrawerPin, Mode, Paper, PrintFault, PrinterFamily, PrinterSettings, SimulatedPrinter,
    SimulatedSettings,
};
use crate::simulated::{Fault, Socket};
use crate::worker::Condition;

/// A plug pulled while a receipt is half out, and put in again.
#[test]
fn a_plug_pulled_in_the_middle_leaves_one_unknown_and_nothing_is_printed_twice() {
    for family in [PrinterFamily::EscPos, PrinterFamily::Star] {
        let settings = PrinterSettings { family, ..drawing(COLUMNS, Mode::Raster) };
        let rig = Rig::new(settings);
        rig.until_condition(Condition::Ready);
        rig.print(1).unwrap();
        rig.printer.close_gate();
        let (under_way, waiting) = (rig.send(2), rig.send(3));
        rig.printer.wait_until_printing();
        rig.is_plugged.store(false, Ordering::SeqCst);
        let error = under_way.recv_timeout(LIMIT).unwrap().unwrap_err();
        assert_eq!((error.fault, error.paper), (PrintFault::Offline, Paper::Unknown));
        let error = waiting.recv_timeout(LIMIT).unwrap().unwrap_err();
        assert_eq!((error.fault, error.paper), (PrintFault::Offline, Paper::Untouched));
        rig.until_condition(Condition::Absent);
        let error = rig.print(4).unwrap_err();
        assert_eq!((error.fault, error.paper), (PrintFault::Offline, Paper::Untouched));
        rig.printer.open_gate();
        let began = Instant::now();
        rig.is_plugged.store(true, Ordering::SeqCst);
        rig.until_condition(Condition::Ready);
        println!("{family:?}: back {:?} after it was plugged in", began.elapsed());
        assert_eq!(rig.printer.receipts_printed(), 1, "what it had was lost with its power");
        rig.print(5).unwrap();
        assert_eq!(rig.printer.receipts_printed(), 2);
    }
}

fn sockets(directory: &tempfile::TempDir) -> [Socket; 2] {
    let link = directory.path().join("printer");
    [Socket::Serial { link, baud: None }, Socket::Tcp]
}

#[test]
fn every_fault_of_a_cable_is_told_of_and_work_resumes_by_itself() {
    let directory = tempfile::tempdir().unwrap();
    for socket in sockets(&directory) {
        let printer = simulated(&text());
        let rig = Rig::at(&socket, text(), printer);
        let plug = rig.plug.clone().unwrap();
        rig.until_condition(Condition::Ready);
        rig.print(1).unwrap();
        let mut printed = 1;
        for fault in Fault::ALL.into_iter().filter(|fault| *fault != Fault::None) {
            let began = Instant::now();
            plug.set_fault(fault);
            if fault != Fault::Slow {
                until(|| !rig.condition().works(), || format!("{fault:?} is not told of"));
                println!("{socket:?}: {fault:?} was known after {:?}", began.elapsed());
                let error = rig.print(7).unwrap_err();
                assert_eq!(error.paper, Paper::Untouched, "{fault:?}");
            } else {
                rig.print(7).unwrap();
                printed += 1;
            }
            let began = Instant::now();
            plug.set_fault(Fault::None);
            rig.until_condition(Condition::Ready);
            println!("{socket:?}: well {:?} after {fault:?}", began.elapsed());
            rig.print_in_the_end(8).unwrap();
            printed += 1;
            assert_eq!(rig.printer.receipts_printed(), printed, "after {fault:?}");
        }
    }
}

#[test]
fn a_fault_of_the_cable_in_the_middle_of_a_job_prints_nothing_twice() {
    let directory = tempfile::tempdir().unwrap();
    for socket in sockets(&directory) {
        for fault in [Fault::Unplugged, Fault::Hangs, Fault::Garbage, Fault::HalfFrames] {
            let rig = Rig::at(&socket, text(), simulated(&text()));
            let plug = rig.plug.clone().unwrap();
            rig.until_condition(Condition::Ready);
            rig.printer.close_gate();
            let outcome = rig.send(1);
            rig.printer.wait_until_printing();
            plug.set_fault(fault);
            let error = outcome.recv_timeout(LIMIT).unwrap().unwrap_err();
            assert_eq!(error.paper, Paper::Unknown, "{fault:?}");
            if fault == Fault::Unplugged {
                until(|| !rig.printer.is_printing(), || "its power is gone too".to_owned());
            }
            rig.printer.open_gate();
            plug.set_fault(Fault::None);
            rig.print_in_the_end(2).unwrap();
            let of_first = u64::from(fault != Fault::Unplugged);
            assert_eq!(rig.printer.receipts_printed(), 1 + of_first, "{fault:?}");
        }
    }
}

#[test]
fn a_replugged_line_is_another_one_and_the_driver_finds_it() {
    let directory = tempfile::tempdir().unwrap();
    for socket in sockets(&directory) {
        let rig = Rig::at(&socket, text(), simulated(&text()));
        rig.until_condition(Condition::Ready);
        let plug = rig.plug.clone().unwrap();
        for id in 1..=3 {
            let told = rig.conditions.lock().unwrap().len();
            plug.replug();
            let is_back = || rig.conditions.lock().unwrap().len() >= told + 2;
            until(is_back, || format!("{:?}", rig.conditions.lock().unwrap()));
            rig.print_in_the_end(id).unwrap();
        }
        assert_eq!(rig.printer.receipts_printed(), 3);
    }
}

#[test]
fn a_printer_at_a_slow_pace_is_not_taken_for_a_silent_one() {
    let directory = tempfile::tempdir().unwrap();
    for socket in sockets(&directory) {
        let slow = SimulatedSettings {
            columns: COLUMNS,
            bytes_per_s: NonZeroU32::new(6_000),
            ..SimulatedSettings::default()
        };
        let rig = Rig::at(&socket, text(), SimulatedPrinter::new(slow).unwrap());
        rig.until_condition(Condition::Ready);
        let began = Instant::now();
        rig.print(1).unwrap();
        assert!(began.elapsed() > Duration::from_millis(500), "{:?}", began.elapsed());
        assert_eq!(rig.condition(), Condition::Ready);
        assert_eq!(rig.printer.receipts_printed(), 1);
    }
}

#[test]
fn a_drawn_receipt_reaches_the_printer_at_once_and_a_pulse_sooner() {
    let directory = tempfile::tempdir().unwrap();
    for socket in sockets(&directory) {
        let settings = drawing(COLUMNS, Mode::Raster);
        let rig = Rig::at(&socket, settings.clone(), simulated(&settings));
        rig.until_condition(Condition::Ready);
        rig.print(0).unwrap();
        let mut first_rows = Vec::new();
        let mut pulses = Vec::new();
        for id in 1..=20 {
            rig.printer.close_gate();
            let began = Instant::now();
            let outcome = rig.send(id);
            rig.printer.wait_until_printing();
            first_rows.push(began.elapsed());
            rig.printer.open_gate();
            outcome.recv_timeout(LIMIT).unwrap().unwrap();
            rig.printer.close_drawer();
            let began = Instant::now();
            rig.open_drawer(DrawerPin::Pin2).unwrap();
            until(|| rig.printer.is_drawer_open(DrawerPin::Pin2), || "the drawer".to_owned());
            pulses.push(began.elapsed());
        }
        first_rows.sort_unstable();
        pulses.sort_unstable();
        println!("{socket:?}: first bytes after {:?}, {:?}", first_rows[10], first_rows[19]);
        println!("{socket:?}: a pulse after {:?}, {:?}", pulses[10], pulses[19]);
        assert_eq!(rig.printer.receipts_printed(), 21);
    }
}
