use std::thread;

use super::receipt::{COLUMNS, fonts, job, printer, text_encoder};
use crate::CashDrawer as _;
use crate::printer::decode::{Decoder, receipts};
use crate::printer::{
    Encoder, Mode, Paper, PrintFault, PrinterStatus, ReceiptPrinter as _, SimulatedPrinter,
    SimulatedSettings, Transport as _,
};

#[test]
fn a_job_is_done_when_it_is_on_paper() {
    let printer = printer();
    let mut driver = printer.driver(text_encoder());
    assert_eq!(driver.status(), PrinterStatus::Online);
    driver.print(&job(1)).unwrap();
    driver.print(&job(2)).unwrap();
    assert_eq!(printer.receipts_printed(), 2);
    assert_eq!(printer.paper_text().matches("交易序號 1-42").count(), 2);
}

#[test]
fn a_slow_printer_is_waited_for() {
    let printer = printer();
    printer.close_gate();
    let mut driver = printer.driver(text_encoder());
    let printing = thread::spawn(move || driver.print(&job(1)));
    printer.wait_until_printing();
    assert_eq!(printer.receipts_printed(), 0);
    assert!(!printing.is_finished());
    printer.set_status(PrinterStatus::PaperLow);
    printer.open_gate();
    printing.join().unwrap().unwrap();
    assert_eq!(printer.receipts_printed(), 1);
}

#[test]
fn a_printer_with_a_fault_gets_nothing() {
    for (status, fault) in [
        (PrinterStatus::PaperOut, PrintFault::PaperOut),
        (PrinterStatus::CoverOpen, PrintFault::CoverOpen),
        (PrinterStatus::Offline, PrintFault::Offline),
    ] {
        let printer = printer();
        printer.set_status(status);
        let mut driver = printer.driver(text_encoder());
        assert_eq!(driver.status(), status);
        let error = driver.print(&job(1)).unwrap_err();
        assert_eq!((error.fault, error.paper), (fault, Paper::Untouched));
        assert_eq!(error.code(), fault.code());
        printer.set_status(PrinterStatus::Online);
        assert_eq!(printer.receipts_printed(), 0);
        driver.print(&job(1)).unwrap();
        assert_eq!(printer.receipts_printed(), 1);
    }
}

#[test]
fn a_fault_in_the_middle_of_a_job_leaves_its_end_unknown() {
    for (status, fault, printed_later) in [
        (PrinterStatus::PaperOut, PrintFault::PaperOut, 1),
        (PrinterStatus::CoverOpen, PrintFault::CoverOpen, 1),
        (PrinterStatus::Offline, PrintFault::Offline, 0),
    ] {
        let printer = printer();
        printer.close_gate();
        let mut driver = printer.driver(text_encoder());
        let printing = thread::spawn(move || (driver.print(&job(1)), driver));
        printer.wait_until_printing();
        printer.set_status(status);
        let (outcome, mut driver) = printing.join().unwrap();
        let error = outcome.unwrap_err();
        assert_eq!((error.fault, error.paper), (fault, Paper::Unknown));
        printer.open_gate();
        printer.set_status(PrinterStatus::Online);
        assert_eq!(printer.receipts_printed(), printed_later);
        // The late answer to the first job is not taken for one to the second.
        printer.close_gate();
        let printing = thread::spawn(move || driver.print(&job(2)));
        printer.wait_until_printing();
        assert!(!printing.is_finished());
        printer.open_gate();
        printing.join().unwrap().unwrap();
        assert_eq!(printer.receipts_printed(), printed_later + 1);
    }
}

#[test]
fn dots_that_look_like_a_question_do_not_confuse_the_driver() {
    let printer = printer();
    let mut port = printer.port();
    printer.set_status(PrinterStatus::CoverOpen);
    port.write(b"\x1dv0\x00\x03\x00\x02\x00\x10\x04\x01\x10\x04\x02").unwrap();
    printer.set_status(PrinterStatus::Online);
    let mut driver = printer.driver(text_encoder());
    driver.print(&job(1)).unwrap();
    assert_eq!(driver.status(), PrinterStatus::Online);
    assert_eq!(printer.receipts_printed(), 1);
}

#[test]
fn the_drawer_opens_with_the_receipt_and_by_itself() {
    let printer = printer();
    let mut driver = printer.driver(text_encoder());
    assert!(!driver.is_open().unwrap());
    driver.print(&job(1)).unwrap();
    assert!(driver.is_open().unwrap());
    printer.close_drawer();
    assert!(!driver.is_open().unwrap());
    driver.open().unwrap();
    assert!(driver.is_open().unwrap());
    assert_eq!(printer.drawer_pulses(), 2);
}

#[test]
fn paper_outlives_the_printer() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("paper.bin");
    for id in 0..3 {
        let settings = SimulatedSettings {
            columns: COLUMNS,
            paper_file: Some(path.clone()),
            ..Default::default()
        };
        let printer = SimulatedPrinter::new(settings).unwrap();
        printer.driver(text_encoder()).print(&job(id)).unwrap();
    }
    let bytes = std::fs::read(&path).unwrap();
    assert_eq!(receipts(&Decoder::default().push(&bytes)).len(), 3);
}

#[test]
fn the_picture_is_there_in_every_mode() {
    for (mode, fonts) in [(Mode::Text, None), (Mode::Raster, fonts()), (Mode::Text, fonts())] {
        let settings =
            SimulatedSettings { columns: COLUMNS, fonts: fonts.clone(), ..Default::default() };
        let printer = SimulatedPrinter::new(settings).unwrap();
        assert!(printer.paper_png().unwrap().is_none());
        let name = format!("{mode:?}-{}.png", fonts.is_some());
        printer.driver(Encoder::new(COLUMNS, mode, fonts)).print(&job(1)).unwrap();
        let png = printer.paper_png().unwrap().unwrap();
        assert!(png.starts_with(b"\x89PNG"), "{name}");
        let decoder = png::Decoder::new(std::io::Cursor::new(&png));
        let reader = decoder.read_info().unwrap();
        assert_eq!(reader.info().width, 576 + 32);
        if let Some(folder) = std::env::var_os("RECEIPT_PICTURES") {
            std::fs::write(std::path::Path::new(&folder).join(name), png).unwrap();
        }
    }
}
