//! Printers whose answers do not say which question they are to: a job is done by its own alone.

use std::sync::mpsc::{self, Receiver, TryRecvError};
use std::time::{Duration, Instant};

use store_core::receipt::ReceiptDocument;

use super::receipt::text;
use super::rig::{LIMIT, Rig, simulated};
use crate::port::{Line, MemoryPort, Port as _, memory_pair};
use crate::printer::job::{JobSize, Rules};
use crate::printer::{
    Mode, Paper, PrintError, PrintFault, PrintJob, PrintJobId, PrinterDriver, PrinterFamily,
    PrinterProfile, PrinterSettings, PrinterStatus, PrinterTask,
};
use crate::simulated::Socket;
use crate::worker::{Condition, Driver as _};

/// A printer that is always well, and answers questions in turn when it is told to.
struct ByHand {
    driver: PrinterDriver,
    near: MemoryPort,
    far: MemoryPort,
    /// Questions in turn that came in.
    asked: usize,
    heard: Vec<u8>,
}

type Outcome = Receiver<Result<(), PrintError>>;

impl ByHand {
    fn new() -> Self {
        let profile = PrinterProfile::named("generic_80").unwrap();
        let confirm_timeout = Duration::from_millis(200);
        let settings = PrinterSettings { profile, confirm_timeout, ..text() };
        let driver = PrinterDriver::new(settings, None, Box::new(drop));
        let (near, far) = memory_pair();
        Self { driver, near, far, asked: 0, heard: Vec::new() }
    }

    fn send(&mut self, id: u64) -> Outcome {
        self.send_document(id, super::bytes::plain("1-42"))
    }

    /// A job of twenty rows, which take two seconds.
    fn send_long(&mut self, id: u64) -> Outcome {
        self.send_document(id, super::bytes::plain(&"long ".repeat(200)))
    }

    fn send_document(&mut self, id: u64, document: ReceiptDocument) -> Outcome {
        let (told, outcome) = mpsc::channel();
        let reply = Box::new(move |printed| drop(told.send(printed)));
        let job = PrintJob { id: PrintJobId(id), document };
        self.driver.perform(&mut self.near, PrinterTask::Print { job, reply }).unwrap();
        outcome
    }

    fn turn(&mut self) {
        self.driver.look(&mut self.near).unwrap();
        let mut buffer = [0; 8_192];
        let count = self.far.read(&mut buffer, Duration::ZERO).unwrap();
        self.heard.extend_from_slice(&buffer[..count]);
        while self.heard.len() >= 3 {
            match self.heard[..3] {
                [0x10, 0x04, _] => self.far.write(&[0x12]).unwrap(),
                [0x1d, 0x72, 0x01] => self.asked += 1,
                _ => {
                    self.heard.remove(0);
                    continue;
                }
            }
            self.heard.drain(..3);
        }
    }

    fn until_asked(&mut self, asked: usize) {
        let limit = Instant::now() + LIMIT;
        while self.asked < asked {
            self.turn();
            assert!(Instant::now() < limit, "{asked} questions, not {}", self.asked);
        }
        assert_eq!(self.asked, asked);
    }

    fn answer(&mut self) {
        self.far.write(&[0x00]).unwrap();
    }

    fn outcome(&mut self, outcome: &Outcome) -> Result<(), PrintError> {
        let limit = Instant::now() + LIMIT;
        loop {
            if let Ok(outcome) = outcome.try_recv() {
                return outcome;
            }
            self.turn();
            assert!(Instant::now() < limit, "it does not end");
        }
    }

    /// For a while that is shorter than a job's patience.
    fn is_open(&mut self, outcome: &Outcome) -> bool {
        let until = Instant::now() + Duration::from_millis(100);
        while Instant::now() < until {
            self.turn();
        }
        matches!(outcome.try_recv(), Err(TryRecvError::Empty))
    }

    /// A job that is printed, so that nothing is owed.
    fn begin(&mut self) {
        let first = self.send(1);
        // What a hub before may have asked is waited for.
        self.until_asked(1);
        self.answer();
        self.until_asked(2);
        self.answer();
        self.outcome(&first).unwrap();
        let second = self.send(2);
        self.until_asked(3);
        self.answer();
        self.outcome(&second).unwrap();
    }

    fn give_one_up(&mut self) {
        let given_up = self.send(3);
        self.until_asked(4);
        let error = self.outcome(&given_up).unwrap_err();
        assert_eq!((error.fault, error.paper), (PrintFault::Failed, Paper::Unknown));
    }
}

#[test]
fn the_late_answer_to_an_earlier_job_is_not_taken_for_one_to_the_next() {
    let mut printer = ByHand::new();
    printer.begin();
    printer.give_one_up();
    let next = printer.send(4);
    printer.until_asked(5);
    printer.answer();
    assert!(printer.is_open(&next));
    assert_eq!(printer.asked, 5, "not even sent");
    printer.answer();
    printer.until_asked(6);
    assert!(printer.is_open(&next), "its own has no answer");
    printer.answer();
    printer.outcome(&next).unwrap();
}

#[test]
fn a_printer_that_revives_may_print_between_two_answers() {
    let mut printer = ByHand::new();
    printer.begin();
    printer.give_one_up();
    // Nothing answers, so that it is sent all the same, and given up as well.
    let second = printer.send_long(4);
    printer.until_asked(6);
    assert_eq!(printer.outcome(&second).unwrap_err().paper, Paper::Unknown);
    let next = printer.send(5);
    printer.until_asked(7);
    for _ in 0..2 {
        printer.answer();
    }
    // Now the second comes out, for longer than a printer with nothing to do would be silent.
    let until = Instant::now() + Duration::from_millis(1_500);
    while Instant::now() < until {
        printer.turn();
    }
    assert_eq!(printer.asked, 7, "the next is not sent before its answer would be its own");
    for _ in 0..2 {
        printer.answer();
    }
    printer.until_asked(8);
    assert!(printer.is_open(&next));
    printer.answer();
    printer.outcome(&next).unwrap();
}

#[test]
fn an_answer_that_was_lost_leaves_one_job_unknown_and_no_other() {
    let mut printer = ByHand::new();
    printer.begin();
    printer.give_one_up();
    let began = Instant::now();
    let next = printer.send(4);
    printer.until_asked(5);
    printer.answer();
    printer.until_asked(6);
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    assert!(printer.is_open(&next));
    printer.answer();
    printer.outcome(&next).unwrap();
    let last = printer.send(5);
    printer.until_asked(7);
    printer.answer();
    printer.outcome(&last).unwrap();
}

#[test]
fn a_printer_that_answers_nothing_is_believed_only_once_it_has_answered_all() {
    let mut printer = ByHand::new();
    printer.begin();
    printer.give_one_up();
    let next = printer.send(4);
    printer.until_asked(6);
    for _ in 0..2 {
        printer.answer();
        assert!(printer.is_open(&next), "that was to earlier ones");
    }
    printer.answer();
    printer.outcome(&next).unwrap();
}

#[test]
fn an_answer_that_waits_in_the_printer_is_not_forgotten_with_the_port() {
    let mut printer = ByHand::new();
    printer.begin();
    let lost = printer.send(3);
    printer.until_asked(4);
    printer.driver.end();
    let error = printer.outcome(&lost).unwrap_err();
    assert_eq!((error.fault, error.paper), (PrintFault::Offline, Paper::Unknown));
    let next = printer.send(4);
    printer.until_asked(5);
    printer.answer();
    assert!(printer.is_open(&next));
    assert_eq!(printer.asked, 5, "not even sent");
}

#[test]
fn a_job_at_a_slow_line_is_given_the_time_of_its_bytes() {
    let patience = |bytes_per_s| {
        let size = JobSize { bytes: 96_000, padding_bytes: 0, rows: 30 };
        Rules::new(&PrinterSettings::default(), size, bytes_per_s).patience
    };
    assert_eq!(patience(Line::plain(9_600).bytes_per_s()), Duration::from_secs(106));
    assert!(patience(Line::plain(115_200).bytes_per_s()) < Duration::from_secs(15));
    assert!(patience(memory_pair().0.bytes_per_s()) < Duration::from_secs(7));
}

#[test]
fn a_printer_on_the_network_that_lies_is_found_out_within_seconds() {
    for family in [PrinterFamily::EscPos, PrinterFamily::Star] {
        let settings = PrinterSettings { family, mode: Mode::Raster, ..text() };
        let rig = Rig::at(&Socket::Tcp, settings.clone(), simulated(&settings));
        rig.until_condition(Condition::Ready);
        rig.printer.lies_about_paper(true);
        rig.printer.set_status(PrinterStatus::PaperOut);
        let began = Instant::now();
        let error = rig.print(1).unwrap_err();
        assert_eq!((error.fault, error.paper), (PrintFault::Failed, Paper::Unknown));
        println!("{family:?}: found out after {:?}", began.elapsed());
        assert!(began.elapsed() < Duration::from_secs(18), "{:?}", began.elapsed());
    }
}
