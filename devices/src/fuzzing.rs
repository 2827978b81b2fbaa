//! Every parser of what devices say, as a function of bytes. Whatever runs them shares this list:
//! the tests (a few thousand inputs each), `examples/fuzz.rs` (as many as are asked for) and
//! `fuzz/` (coverage-guided). A new parser is one more line in [`TARGETS`].

mod mutate;
#[cfg(test)]
mod tests;

use std::sync::Arc;

pub use self::mutate::Mutator;
use crate::customer_display::{DisplayDialect, DisplayLetters, Screen};
use crate::port::PortAddress;
use crate::printer;
use crate::printer::PrinterFamily;
use crate::scale::ScaleProtocol;
use crate::scanner::{FrameDecoder, Framing, KeyDecoder, ScannerSettings};
use crate::signal::{EventDecoder, LineEvent, OutputCommand};
use crate::terminal::{Dialect, Frames, Message, framed};

/// The longest input: longer than the longest frame of any device but a printer's picture.
pub const INPUT_BYTES_MAX: usize = 4_096;

/// A parser under test.
pub struct Target {
    /// How it is called from outside.
    pub name: &'static str,
    /// Runs it with bytes; it panics where something is wrong.
    pub run: fn(&[u8]),
    /// Inputs to begin with: what the parser is for.
    pub seeds: fn() -> Vec<Vec<u8>>,
}

/// Every parser of device input.
pub static TARGETS: &[Target] = &[
    Target { name: "card_400", run: |bytes| card("taiwan_400", bytes), seeds: card_400 },
    Target {
        name: "card_400_older",
        run: |bytes| card("taiwan_400_older", bytes),
        seeds: card_400,
    },
    Target { name: "card_144", run: |bytes| card("taiwan_144", bytes), seeds: card_144 },
    Target { name: "gpio_events", run: gpio_events, seeds: || vec![vec![1; 48], vec![2; 96]] },
    Target { name: "gpio_commands", run: gpio_commands, seeds: || vec![vec![0, 1, 3, 0]] },
    Target { name: "scanner_frames", run: scanner_frames, seeds: scans },
    Target { name: "scanner_keys", run: scanner_keys, seeds: key_events },
    Target {
        name: "printer_replies",
        run: |bytes| printer::fuzz_replies(PrinterFamily::EscPos, bytes),
        seeds: replies,
    },
    Target {
        name: "star_replies",
        run: |bytes| printer::fuzz_replies(PrinterFamily::Star, bytes),
        seeds: star_replies,
    },
    Target { name: "scale_toledo", run: |b| scale(ScaleProtocol::Toledo8217, b), seeds: weights },
    Target { name: "scale_sma", run: |b| scale(ScaleProtocol::Sma, b), seeds: weights },
    Target {
        name: "scale_cas_stream",
        run: |b| scale(ScaleProtocol::CasStream, b),
        seeds: weights,
    },
    Target { name: "scale_cas_ecr", run: |b| scale(ScaleProtocol::CasEcr, b), seeds: weights },
    Target { name: "scale_dibal", run: |b| scale(ScaleProtocol::Dibal, b), seeds: weights },
    Target { name: "scale_dialog_06", run: |b| scale(ScaleProtocol::Dialog06, b), seeds: weights },
    Target { name: "scale_usb_hid", run: |b| scale(ScaleProtocol::UsbHid, b), seeds: weights },
    Target { name: "display_bytes", run: display, seeds: shown },
    Target {
        name: "printer_commands",
        run: |bytes| printer_commands(PrinterFamily::EscPos, bytes),
        seeds: commands,
    },
    Target {
        name: "star_commands",
        run: |bytes| printer_commands(PrinterFamily::Star, bytes),
        seeds: star_commands,
    },
    Target { name: "card_dialects", run: card_dialects, seeds: dialects },
    Target { name: "discovery_answers", run: answers, seeds: weights },
    Target { name: "port_address", run: port_address, seeds: addresses },
];

/// The target of this name.
#[must_use]
pub fn target(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}

/// Bytes in pieces, as a line hands them over: the first byte says how long the pieces are.
fn pieces(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let (size, rest) = bytes.split_first().map_or((1, bytes), |(size, rest)| (*size, rest));
    rest.chunks(usize::from(size).max(1))
}

fn card(dialect: &str, bytes: &[u8]) {
    let Ok(dialect) = Dialect::named(dialect) else { return };
    let mut frames = Frames::new(dialect.clone());
    for piece in pieces(bytes) {
        frames.push(piece);
        while let Some(received) = frames.next_received() {
            if let crate::terminal::Received::Frame(message) = received {
                read_again(&dialect, &message);
            }
        }
    }
}

/// What was read of a frame is what is written in one, but for what has no room in its field.
fn read_again(dialect: &Arc<Dialect>, message: &Message) {
    let shown = message.card.bytes().filter(u8::is_ascii_digit).count();
    assert!(shown <= 10 || message.card.len() <= 10, "a card's number: {}", message.card);
    if message.amount >= 0 {
        assert_eq!(dialect.read(&dialect.text(message)).as_ref(), Ok(message));
    }
    let _ = dialect.kept(message);
}

fn card_seed(name: &str) -> Vec<Vec<u8>> {
    let Ok(dialect) = Dialect::named(name) else { return Vec::new() };
    let asked = Message {
        kind: "01".to_owned(),
        reference: dialect.carried("8A9D530A4F6C1D2E40").to_owned(),
        amount: 12_300,
        ..Message::default()
    };
    let answered = Message {
        response: "0000".to_owned(),
        receipt: "000042".to_owned(),
        approval: "123456".to_owned(),
        card: "411111******1111".to_owned(),
        card_type: "02".to_owned(),
        ..asked.clone()
    };
    let asked = [&[200], framed(&dialect.text(&asked)).as_slice()].concat();
    let answered = [&[7, 6], framed(&dialect.text(&answered)).as_slice(), &[6]].concat();
    vec![asked, answered]
}

fn card_400() -> Vec<Vec<u8>> {
    card_seed("taiwan_400")
}

fn card_144() -> Vec<Vec<u8>> {
    card_seed("taiwan_144")
}

fn gpio_events(bytes: &[u8]) {
    let mut decoder = EventDecoder::default();
    let mut count = 0;
    for piece in pieces(bytes) {
        for event in decoder.push(piece) {
            count += 1;
            assert_eq!(LineEvent::read(&event.record()), Some(event));
        }
    }
    assert!(count <= bytes.len() / crate::signal::RECORD_BYTES);
}

fn gpio_commands(bytes: &[u8]) {
    assert!(OutputCommand::read_all(bytes).len() <= bytes.len() / 2);
}

fn scanner_frames(bytes: &[u8]) {
    for framing in [Framing::SuffixOrSilence, Framing::Suffix, Framing::Silence, Framing::StxEtx] {
        let settings = ScannerSettings { framing, prefix: "]E0".to_owned() };
        let mut decoder = FrameDecoder::new(settings);
        for piece in pieces(bytes) {
            for scan in decoder.push(piece) {
                // A byte that is no text takes three in its place.
                assert!(scan.code.len() <= bytes.len() * 3);
            }
        }
        let _ = decoder.silence();
    }
}

fn scanner_keys(bytes: &[u8]) {
    let mut decoder = KeyDecoder::new(ScannerSettings::default());
    for piece in pieces(bytes) {
        for scan in decoder.push(piece) {
            assert!(scan.code.len() <= bytes.len());
        }
    }
    let _ = decoder.frames().silence();
}

/// Records of a keyboard: a digit down and up, then Enter.
fn key_events() -> Vec<Vec<u8>> {
    let event = |kind: u16, code: u16, value: i32| {
        [&[0; 16][..], &kind.to_ne_bytes(), &code.to_ne_bytes(), &value.to_ne_bytes()].concat()
    };
    let keys = [2, 3, 4, 5, 28].iter().flat_map(|key| [event(1, *key, 1), event(1, *key, 0)]);
    vec![[vec![24], keys.flatten().collect()].concat()]
}

fn scale(protocol: ScaleProtocol, bytes: &[u8]) {
    let mut decoder = crate::scale::FrameDecoder::new(protocol);
    let mut taken = 0;
    for piece in pieces(bytes) {
        for frame in decoder.push(piece) {
            taken += frame.raw.len();
        }
    }
    assert!(taken <= bytes.len(), "a scale's frames are of what it sent");
}

fn weights() -> Vec<Vec<u8>> {
    vec![
        b"\x04\x0201.252\r\x02?!\r".to_vec(),
        b"\x10\n 1G      1.250kg_\r".to_vec(),
        b"\x20ST,GS,A0,  1.2500 kg\r\n".to_vec(),
        b"\x08\x06\x01\x02S 001250kg\x39\x03\x04".to_vec(),
        b"\x309900031600000004\r\n".to_vec(),
        b"\x09\x06\x0202\x1b3\x1b01250\x1b000100\x1b000125\x03".to_vec(),
        vec![6, 3, 4, 2, 0, 0xe2, 4],
    ]
}

fn display(bytes: &[u8]) {
    for dialect in DisplayDialect::ALL {
        let mut screen = Screen::new(dialect);
        pieces(bytes).for_each(|piece| screen.write(piece));
        for letters in [DisplayLetters::Ascii, DisplayLetters::Big5] {
            for line in screen.lines(letters) {
                assert!(line.chars().count() <= 20, "{line}");
            }
        }
    }
}

fn shown() -> Vec<Vec<u8>> {
    vec![
        b"\x20\x1b@\x0c\x1bQAsomething\r\x1bQBelse\r".to_vec(),
        b"\x20\x1b@\x0c\x1f$\x01\x02text\x1fX\x03".to_vec(),
        b"\x20\x1f\x11\x10\x05text\x05marquee\r\x04\xff".to_vec(),
    ]
}

fn star_replies() -> Vec<Vec<u8>> {
    vec![vec![0x23, 0x86, 0, 0, 0, 0, 0, 0, 0], vec![0x21, 0x84, 4, 0, 0, 0, 0]]
}

fn scans() -> Vec<Vec<u8>> {
    let codes = ["\u{8}4710088412345\r", "\u{3}\u{2}]E04710088412345\u{3}", "\u{1}/ABC+123\r\n"];
    codes.iter().map(|code| code.as_bytes().to_vec()).collect()
}

fn replies() -> Vec<Vec<u8>> {
    vec![vec![0x12, 0x16, 0x32], b"\x12\x37\x220001\x00\x12".to_vec(), vec![0x14, 0, 0, 0]]
}

fn printer_commands(family: PrinterFamily, bytes: &[u8]) {
    for charset in [printer::Charset::Big5, printer::Charset::Gb18030] {
        let mut decoder = printer::decode::Decoder::new(family, charset);
        for piece in pieces(bytes) {
            let _ = decoder.push(piece);
        }
    }
}

fn star_commands() -> Vec<Vec<u8>> {
    vec![
        b"\x10\x1b@\x1b\x1da\x01hello\n\x1bd\x03".to_vec(),
        b"\x05\x1b\x1dS\x01\x02\x00\x02\x00\x00\xff\x00\xff\x00\x1b\x1d\x03\x0112\x00".to_vec(),
    ]
}

/// What a bank's own file says of its terminals: whatever can be spoken is written without harm.
fn card_dialects(bytes: &[u8]) {
    let Ok(all) = Dialect::read_all(&String::from_utf8_lossy(bytes)) else { return };
    for dialect in all {
        let message = Message { amount: 12_300, ..Message::default() };
        let text = dialect.text(&message);
        assert_eq!(text.len(), dialect.length);
        let _ = dialect.read(&text);
    }
}

fn dialects() -> Vec<Vec<u8>> {
    let known = include_str!("../data/ecr-dialects.toml").split("[[dialect]]").skip(1);
    known.map(|dialect| format!("[[dialect]]{dialect}").into_bytes()).collect()
}

fn commands() -> Vec<Vec<u8>> {
    vec![
        b"\x10\x1b@\x1ba\x01hello\n\x1dV\x41\x03".to_vec(),
        b"\x05\x1dv0\x00\x02\x00\x02\x00\xff\x00\xff\x00\x1bp\x00\x19\xfa".to_vec(),
    ]
}

fn answers(bytes: &[u8]) {
    for question in crate::discovery::QUESTIONS {
        let _ = (question.matches)(bytes);
    }
}

fn port_address(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(address) = text.parse::<PortAddress>() {
        assert_eq!(address.to_string().parse(), Ok(address));
    }
}

fn addresses() -> Vec<Vec<u8>> {
    let all = ["serial:/dev/pos/scale0@9600,7E1", "tcp:192.168.1.50:9100", "usblp:/dev/usb/lp0"];
    all.iter().map(|address| address.as_bytes().to_vec()).collect()
}
