use std::time::Instant;

use proptest::prelude::*;

use super::super::{Kind, Probe, QUESTIONS, probe, probe_tcp};
use crate::port::{Line, PortAddress};
use crate::simulated::{Plug, SimulatedDevice, Socket, plug_in};

/// Answers one question, and says nothing to others. It keeps what it was sent.
struct Answers {
    question: &'static [u8],
    answer: &'static [u8],
    heard: Vec<u8>,
}

impl SimulatedDevice for Answers {
    fn hear(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        self.heard.extend_from_slice(bytes);
        if self.heard.ends_with(self.question) {
            self.heard.clear();
            out.extend_from_slice(self.answer);
        }
    }
}

/// Speaks by itself, all the time.
struct Stream(u32);

impl SimulatedDevice for Stream {
    fn hear(&mut self, _: &[u8], _: &mut Vec<u8>) {}

    fn tick(&mut self, out: &mut Vec<u8>) {
        self.0 += 1;
        if self.0.is_multiple_of(20) {
            out.extend_from_slice(b"ST,GS,\x01\x80,   0.316 kg\r\n");
        }
    }
}

fn serial(baud: u32, device: impl SimulatedDevice) -> (tempfile::TempDir, Plug) {
    let directory = tempfile::tempdir().unwrap();
    let socket = Socket::Serial { link: directory.path().join("device"), baud: Some(baud) };
    let plug = plug_in(&socket, device).unwrap();
    (directory, plug)
}

fn probed(plug: &Plug) -> Probe {
    let address: PortAddress = plug.address().parse().unwrap();
    let began = Instant::now();
    let probe = probe(&address).unwrap();
    let name = probe.answered.as_ref().map(|answered| answered.question);
    println!("{name:?} after {} questions in {:?}", probe.asked, began.elapsed());
    probe
}

/// What answers to which question: the bytes are those of the devices' manuals.
const ANSWERS: [(&str, u32, &[u8], &[u8]); 8] = [
    ("escpos", 9_600, &[16, 4, 1, 16, 4, 4], &[0x12, 0x12]),
    ("escpos", 38_400, &[16, 4, 1, 16, 4, 4], &[0x1a, 0x7e]),
    ("toledo", 9_600, b"W", b"\x0201.250\r"),
    ("toledo", 9_600, b"W", b"\x02?!\r"),
    ("toledo", 9_600, b"W", b"\x0200.750N\r"),
    ("sma", 9_600, b"\nW\r", b"\n 1G       1.250kg_\r"),
    ("cas_ecr", 9_600, b"\x05", b"\x06"),
    ("dibal", 9_600, b"98000001\r\n", b"9900031600000004\r\n"),
];

#[test]
fn a_device_is_known_by_its_answer_and_its_speed() {
    for (name, baud, question, answer) in ANSWERS {
        let (_directory, plug) = serial(baud, Answers { question, answer, heard: Vec::new() });
        let answered = probed(&plug).answered.unwrap_or_else(|| panic!("{name} says nothing"));
        assert_eq!((answered.question, &*answered.answer), (name, answer));
        let PortAddress::Serial { line, .. } = answered.address else { panic!("a serial line") };
        assert_eq!(line.baud, baud);
    }
}

#[test]
fn a_scale_that_speaks_by_itself_is_heard() {
    let (_directory, plug) = serial(9_600, Stream(0));
    let answered = probed(&plug).answered.unwrap();
    assert_eq!((answered.question, answered.kind), ("cas_stream", Kind::Scale));
}

#[test]
fn who_says_nothing_or_something_else_is_nobody() {
    let (_directory, plug) =
        serial(9_600, Answers { question: b"never asked", answer: b"", heard: Vec::new() });
    let silent = probed(&plug);
    assert_eq!(silent, Probe { answered: None, asked: QUESTIONS.len(), strange: Vec::new() });
    let (_directory, plug) =
        serial(9_600, Answers { question: b"W", answer: b"WHAT?", heard: Vec::new() });
    let strange = probed(&plug);
    assert_eq!((strange.answered, strange.strange), (None, b"WHAT?".to_vec()));
}

#[test]
fn a_printer_on_the_network_is_asked_what_printers_are_asked_and_once() {
    let answers = Answers { question: &[16, 4, 1, 16, 4, 4], answer: &[0x16, 0x12], heard: vec![] };
    let plug = plug_in(&Socket::Tcp, answers).unwrap();
    let host = plug.address().strip_prefix("tcp:").unwrap();
    let probe = probe_tcp(host).unwrap();
    let answered = probe.answered.unwrap();
    assert_eq!((answered.question, probe.asked), ("escpos", 1));
    assert_eq!(answered.address.to_string(), plug.address());
    drop(plug);
    assert!(probe_tcp("127.0.0.1:1").is_err(), "nobody listens there");
}

#[test]
fn keyboards_are_asked_nothing() {
    let keyboard: PortAddress = "evdev:/dev/input/event0".parse().unwrap();
    assert_eq!(probe(&keyboard).unwrap().asked, 0);
}

#[test]
fn no_two_questions_are_answered_alike_and_none_prints_or_opens_a_drawer() {
    for (name, _, _, answer) in ANSWERS {
        let fits = QUESTIONS.iter().filter(|question| (question.matches)(answer));
        assert!(fits.into_iter().all(|question| question.name == name), "{name}");
    }
    for question in QUESTIONS {
        let does = [b"\x1bp".as_slice(), b"\x10\x14", b"\x1dV", b"\x1bd", b"\x1bi", b"\x07"];
        let is_harmless =
            |bytes: &&[u8]| !question.bytes.windows(bytes.len()).any(|at| at == *bytes);
        assert!(does.iter().all(is_harmless), "{}", question.name);
        assert!(!(question.matches)(b""), "{}: silence is no answer", question.name);
        assert!(question.bytes.is_empty() || !(question.matches)(question.bytes), "an echo");
        assert_eq!(question.line.stop_bits, Line::default().stop_bits);
    }
    assert!(
        QUESTIONS
            .iter()
            .skip_while(|one| one.kind == Kind::ReceiptPrinter)
            .all(|one| one.kind != Kind::ReceiptPrinter),
        "printers first"
    );
}

#[test]
fn an_answer_that_is_almost_right_is_none() {
    let almost: [(&str, &[u8]); 16] = [
        ("escpos", &[0x12]),
        ("escpos", &[0x12, 0x12, 0x12]),
        ("escpos", &[0x12, 0x10]),
        ("toledo", b"\x0201.250"),
        ("toledo", b"01.250\r"),
        ("toledo", b"\x02012\r"),
        ("toledo", b"\x0201x25\r"),
        ("sma", b"\n 1G       1.250kg\r"),
        ("sma", b"\nX1G       1.250kg_\r"),
        ("sma", b"\n 1G       1.250kg_"),
        ("cas_ecr", b"\x06\x06"),
        ("cas_ecr", b"\x15"),
        ("cas_stream", b"ST,XX,\x01\x80,   0.316 kg\r\n"),
        ("dibal", b"9900031600000005\r\n"),
        ("dibal", b"990003160000000\r\n"),
        ("dibal", b"9900031600000004"),
    ];
    for (name, answer) in almost {
        for question in QUESTIONS.iter().filter(|question| question.name == name) {
            assert!(!(question.matches)(answer), "{name}: {answer:?}");
        }
    }
}

proptest! {
    #[test]
    fn any_answer_is_survived(
        answer in prop::collection::vec(any::<u8>(), 0..300),
        likely in "[\u{2}\n0-9.?NSTUOLGKkg,\r]{0,40}",
    ) {
        for question in QUESTIONS {
            (question.matches)(&answer);
            (question.matches)(likely.as_bytes());
        }
    }
}
