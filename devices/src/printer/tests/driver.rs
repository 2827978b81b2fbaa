use std::sync::Arc;
use std::time::{Duration, Instant};

use super::receipt::{COLUMNS, document, drawing, fonts, text, text_encoder};
use super::rig::{LIMIT, Rig, simulated, until};
use crate::printer::decode::{Decoder, receipts};
use crate::printer::{
    Bitmap, Confirmation, DrawerPin, DrawerSense, Mode, Paper, PrintFault, PrintJob, PrintJobId,
    PrinterFamily, PrinterProfile, PrinterSettings, PrinterStatus, PrinterTask, SimulatedPrinter,
    SimulatedSettings,
};
use crate::simulated::SimulatedDevice as _;
use crate::worker::Condition;

#[test]
fn a_job_is_done_when_it_is_on_paper() {
    for family in [PrinterFamily::EscPos, PrinterFamily::Star] {
        let rig = Rig::new(PrinterSettings { family, ..text() });
        rig.until_condition(Condition::Ready);
        rig.print(1).unwrap();
        rig.print(2).unwrap();
        assert_eq!(rig.printer.receipts_printed(), 2);
    }
}

#[test]
fn jobs_that_wait_behind_one_another_are_printed_in_their_order() {
    let rig = Rig::new(text());
    rig.until_condition(Condition::Ready);
    let outcomes: Vec<_> = (1..=5).map(|id| rig.send(id)).collect();
    for outcome in outcomes {
        outcome.recv_timeout(LIMIT).unwrap().unwrap();
    }
    assert_eq!(rig.printer.receipts_printed(), 5);
    assert_eq!(rig.printer.paper_text().matches("交易序號 1-42").count(), 5);
}

#[test]
fn a_slow_printer_is_waited_for_and_its_drawer_opens_meanwhile() {
    let rig = Rig::new(text());
    rig.until_condition(Condition::Ready);
    rig.printer.close_gate();
    let outcome = rig.send(1);
    rig.printer.wait_until_printing();
    rig.printer.set_status(PrinterStatus::PaperLow);
    rig.until_condition(Condition::Needs("paper_low"));
    let began = Instant::now();
    rig.open_drawer(DrawerPin::Pin5).unwrap();
    until(|| rig.printer.is_drawer_open(DrawerPin::Pin5), || "the drawer".to_owned());
    println!("a pulse while a job is under way took {:?}", began.elapsed());
    assert!(!rig.printer.is_drawer_open(DrawerPin::Pin2), "that is the receipt's");
    assert_eq!(rig.printer.receipts_printed(), 0);
    assert!(outcome.try_recv().is_err(), "nothing is on paper");
    rig.printer.open_gate();
    outcome.recv_timeout(LIMIT).unwrap().unwrap();
    assert_eq!((rig.printer.receipts_printed(), rig.printer.drawer_pulses()), (1, 2));
}

#[test]
fn a_change_is_known_within_half_a_second_whether_or_not_it_is_told_of() {
    let generic = PrinterProfile::named("generic_80").unwrap();
    for profile in [PrinterProfile::default(), generic] {
        let rig = Rig::new(PrinterSettings { profile, ..text() });
        rig.until_condition(Condition::Ready);
        for (status, condition) in [
            (PrinterStatus::PaperLow, Condition::Needs("paper_low")),
            (PrinterStatus::PaperOut, Condition::Faulty("paper_out")),
            (PrinterStatus::CoverOpen, Condition::Faulty("cover_open")),
            (PrinterStatus::Cutter, Condition::Faulty("cutter")),
            (PrinterStatus::Error, Condition::Faulty("printer_error")),
            (PrinterStatus::Online, Condition::Ready),
        ] {
            let began = Instant::now();
            rig.printer.set_status(status);
            rig.until_condition(condition);
            println!("{}: {status:?} was known after {:?}", profile.name, began.elapsed());
        }
    }
}

#[test]
fn a_printer_with_a_fault_gets_nothing() {
    for (status, fault) in [
        (PrinterStatus::PaperOut, PrintFault::PaperOut),
        (PrinterStatus::CoverOpen, PrintFault::CoverOpen),
        (PrinterStatus::Cutter, PrintFault::Cutter),
        (PrinterStatus::Error, PrintFault::Error),
    ] {
        let rig = Rig::new(text());
        rig.printer.set_status(status);
        rig.until_condition(Condition::Faulty(status.code()));
        let error = rig.print(1).unwrap_err();
        assert_eq!((error.fault, error.paper), (fault, Paper::Untouched));
        rig.printer.set_status(PrinterStatus::Online);
        rig.until_condition(Condition::Ready);
        assert_eq!((rig.printer.receipts_printed(), rig.printer.is_printing()), (0, false));
        rig.print(1).unwrap();
        assert_eq!(rig.printer.receipts_printed(), 1);
    }
}

#[test]
fn a_fault_in_the_middle_of_a_job_leaves_its_end_unknown() {
    for (status, fault) in [
        (PrinterStatus::PaperOut, PrintFault::PaperOut),
        (PrinterStatus::CoverOpen, PrintFault::CoverOpen),
        (PrinterStatus::Cutter, PrintFault::Cutter),
    ] {
        let rig = Rig::new(text());
        rig.until_condition(Condition::Ready);
        rig.printer.close_gate();
        let outcome = rig.send(1);
        rig.printer.wait_until_printing();
        rig.printer.set_status(status);
        let error = outcome.recv_timeout(LIMIT).unwrap().unwrap_err();
        assert_eq!((error.fault, error.paper), (fault, Paper::Unknown));
        rig.printer.open_gate();
        rig.printer.set_status(PrinterStatus::Online);
        rig.until_condition(Condition::Ready);
        until(|| rig.printer.receipts_printed() == 1, || "what it had is printed".to_owned());
        // The late answer to the first job is not taken for one to the second.
        rig.printer.close_gate();
        let outcome = rig.send(2);
        rig.printer.wait_until_printing();
        assert!(outcome.recv_timeout(Duration::from_millis(50)).is_err());
        rig.printer.open_gate();
        outcome.recv_timeout(LIMIT).unwrap().unwrap();
        assert_eq!(rig.printer.receipts_printed(), 2);
    }
}

#[test]
fn a_printer_that_lies_about_its_paper_leaves_a_job_unknown_in_time() {
    for family in [PrinterFamily::EscPos, PrinterFamily::Star] {
        let confirm_timeout = Duration::from_millis(300);
        let rig = Rig::new(PrinterSettings { family, confirm_timeout, ..text() });
        rig.until_condition(Condition::Ready);
        let job = |id| PrintJob { id: PrintJobId(id), document: super::bytes::plain("1-42") };
        let print = |id| rig.send_job(job(id)).recv_timeout(LIMIT).unwrap();
        print(1).unwrap();
        rig.printer.lies_about_paper(true);
        rig.printer.set_status(PrinterStatus::PaperOut);
        let error = print(2).unwrap_err();
        assert_eq!((error.fault, error.paper), (PrintFault::Failed, Paper::Unknown));
        assert_eq!(rig.condition(), Condition::Ready, "as it says");
        assert_eq!(rig.printer.paper_text().matches("1-42").count(), 1);
    }
}

#[test]
fn a_printer_without_marks_is_asked_behind_the_job_or_at_once() {
    for (name, confirmation) in
        [("generic_80", Confirmation::InTurn), ("basic_80", Confirmation::AtOnce)]
    {
        let profile = PrinterProfile::named(name).unwrap();
        assert_eq!(profile.confirmation, confirmation);
        let rig = Rig::new(PrinterSettings { profile, ..text() });
        rig.until_condition(Condition::Ready);
        rig.printer.close_gate();
        let outcome = rig.send(1);
        if confirmation == Confirmation::InTurn {
            rig.printer.wait_until_printing();
            assert!(outcome.recv_timeout(Duration::from_millis(50)).is_err());
            rig.printer.open_gate();
            outcome.recv_timeout(LIMIT).unwrap().unwrap();
            assert_eq!(rig.printer.receipts_printed(), 1);
        } else {
            // It is well and took the bytes: no more is known of it.
            outcome.recv_timeout(LIMIT).unwrap().unwrap();
        }
    }
}

#[test]
fn the_drawers_are_told_of_however_they_are_wired() {
    for drawer_sense in [DrawerSense::HighIsOpen, DrawerSense::LowIsOpen] {
        let rig = Rig::new(PrinterSettings { drawer_sense, ..text() });
        let is_plain = drawer_sense == DrawerSense::HighIsOpen;
        let heard = || rig.drawer.lock().unwrap().clone();
        until(|| heard() == [!is_plain], || format!("{:?}", heard()));
        rig.print(1).unwrap();
        until(|| heard() == [!is_plain, is_plain], || format!("{:?}", heard()));
        rig.printer.close_drawer();
        until(|| heard().len() == 3, || format!("{:?}", heard()));
        rig.printer.set_drawer(DrawerPin::Pin5, true);
        until(|| heard().len() == 4, || format!("{:?}", heard()));
    }
}

#[test]
fn a_drawer_opens_without_paper_and_one_that_is_not_there_is_refused() {
    let rig = Rig::new(text());
    rig.printer.set_status(PrinterStatus::PaperOut);
    rig.until_condition(Condition::Faulty("paper_out"));
    rig.open_drawer(DrawerPin::Pin2).unwrap();
    until(|| rig.printer.is_drawer_open(DrawerPin::Pin2), || "it opens".to_owned());

    // One that would give the pulse only once somebody puts paper in gives none.
    let profile = PrinterProfile::named("generic_80").unwrap();
    let rig = Rig::new(PrinterSettings { profile, ..text() });
    rig.printer.set_status(PrinterStatus::PaperOut);
    rig.until_condition(Condition::Faulty("paper_out"));
    let error = rig.open_drawer(DrawerPin::Pin2).unwrap_err();
    assert_eq!((error.fault, error.paper), (PrintFault::PaperOut, Paper::Untouched));
    assert!(rig.open_drawer(DrawerPin::Pin5).is_err(), "it has one drawer");
    rig.printer.set_status(PrinterStatus::Online);
    rig.until_condition(Condition::Ready);
    rig.open_drawer(DrawerPin::Pin2).unwrap();
    until(|| rig.printer.drawer_pulses() == 1, || "one pulse".to_owned());
}

#[test]
fn it_beeps() {
    let rig = Rig::new(text());
    rig.until_condition(Condition::Ready);
    assert!(rig.tasks.hand_in(PrinterTask::Beep).is_ok());
    until(|| rig.printer.beeps() == 1, || "no beep".to_owned());
}

#[test]
fn paper_outlives_the_printer() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("paper.bin");
    for id in 0..3 {
        let settings = SimulatedSettings {
            columns: COLUMNS,
            paper_file: Some(path.clone()),
            ..SimulatedSettings::default()
        };
        let rig = Rig::with(text(), SimulatedPrinter::new(settings).unwrap());
        rig.until_condition(Condition::Ready);
        rig.print(id).unwrap();
        // What is answered is in the file by then.
        let bytes = std::fs::read(&path).unwrap();
        let whole = usize::try_from(id).unwrap() + 1;
        assert_eq!(receipts(&Decoder::default().push(&bytes)).len(), whole);
    }
}

#[test]
fn dots_that_look_like_a_question_do_not_confuse_the_driver() {
    let rig = Rig::new(text());
    rig.until_condition(Condition::Ready);
    // The printer answers to them in the middle of a picture, and opens its drawer.
    let mut out = Vec::new();
    let mut printer = rig.printer.clone();
    printer.hear(b"\x1dv0\x00\x04\x00\x02\x00\x10\x04\x01\x10\x14\x01\x00\x05", &mut out);
    assert_eq!((out.as_slice(), printer.drawer_pulses()), ([0x12].as_slice(), 1));
    // No job of ours has such dots.
    let logo = Bitmap::from_bytes(4, b"\x10\x04\x01\x10\x14\x01\x00\x05");
    let settings = PrinterSettings { logo: Some(Arc::new(logo)), ..drawing(48, Mode::Raster) };
    let rig = Rig::new(settings);
    rig.until_condition(Condition::Ready);
    rig.print(1).unwrap();
    assert_eq!((rig.printer.receipts_printed(), rig.printer.drawer_pulses()), (1, 1));
}

#[test]
fn a_job_after_half_a_picture_is_whole() {
    let printer = simulated(&text());
    let mut broken = printer.clone();
    // Another hub was killed while it sent this.
    broken.hear(b"\x1b@\x1dv0\x00\x48\x00\x30\x00\xff\xff", &mut Vec::new());
    let rig = Rig::with(text(), printer);
    rig.until_condition(Condition::Ready);
    rig.print(1).unwrap();
    let wanted =
        Decoder::default().push(&text_encoder().encode(&document(), PrintJobId(1)).concat());
    let wanted = super::bytes::shown(&wanted);
    assert!(rig.printer.paper_text().ends_with(&wanted), "{}", rig.printer.paper_text());
}

#[test]
fn the_picture_is_there_in_every_mode() {
    for mode in [Mode::Raster, Mode::Big5, Mode::Gb18030] {
        let settings = PrinterSettings { mode, ..PrinterSettings::default() };
        let rig = Rig::new(settings);
        rig.until_condition(Condition::Ready);
        assert!(rig.printer.paper_png().unwrap().is_none());
        rig.send_job(PrintJob { id: PrintJobId(1), document: document() })
            .recv_timeout(LIMIT)
            .unwrap()
            .unwrap();
        let png = rig.printer.paper_png().unwrap().unwrap();
        let reader = png::Decoder::new(std::io::Cursor::new(&png)).read_info().unwrap();
        assert_eq!(reader.info().width, 576 + 32, "{mode:?}");
    }
    assert!(fonts().covers('堃'));
}
