use super::Kind;
use crate::port::{Line, Parity};

/// Something that is asked at a line, and what an answer to it looks like.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    /// What is being looked for: `escpos`, `toledo` …
    pub name: &'static str,
    /// What somebody who answers is.
    pub kind: Kind,
    /// How the line talks.
    pub line: Line,
    /// What is sent; nothing where the device speaks by itself.
    pub bytes: &'static [u8],
    /// Whether this is the answer, given all that came so far. It sees any bytes.
    pub matches: fn(&[u8]) -> bool,
}

/// Seven bits and an even check bit, as scales of the last century talk.
const SEVEN_EVEN: Line = Line { baud: 9_600, data_bits: 7, parity: Parity::Even, stop_bits: 1 };

const fn escpos(baud: u32) -> Question {
    Question {
        name: "escpos",
        kind: Kind::ReceiptPrinter,
        line: Line::plain(baud),
        // The printer's own state and its paper, in real time: also a printer that cannot print
        // answers, and nothing is printed.
        bytes: &[0x10, 0x04, 0x01, 0x10, 0x04, 0x04],
        matches: is_escpos,
    }
}

/// What is asked, in this order: printers first, because they would print what others are asked.
pub const QUESTIONS: &[Question] = &[
    escpos(9_600),
    escpos(19_200),
    escpos(38_400),
    escpos(115_200),
    Question {
        name: "cas_stream",
        kind: Kind::Scale,
        line: Line::plain(9_600),
        bytes: &[],
        matches: is_cas_stream,
    },
    Question {
        name: "toledo",
        kind: Kind::Scale,
        line: SEVEN_EVEN,
        bytes: b"W",
        matches: is_toledo,
    },
    Question {
        name: "sma",
        kind: Kind::Scale,
        line: Line::plain(9_600),
        bytes: b"\nW\r",
        matches: is_sma,
    },
    Question {
        name: "cas_ecr",
        kind: Kind::Scale,
        line: Line::plain(9_600),
        bytes: &[0x05],
        matches: |answer| answer == [0x06],
    },
    Question {
        name: "dibal",
        kind: Kind::Scale,
        line: Line::plain(9_600),
        bytes: b"98000001\r\n",
        matches: is_dibal,
    },
];

/// Two status bytes: each has bits that are always so.
fn is_escpos(answer: &[u8]) -> bool {
    matches!(answer, [one, two] if one & 0x93 == 0x12 && two & 0x93 == 0x12)
}

/// `STX`, a weight or `?` and a status, `CR`. A line that is read with eight bits has the check
/// bit in front of each.
fn is_toledo(answer: &[u8]) -> bool {
    let answer: Vec<u8> = answer.iter().map(|byte| byte & 0x7f).collect();
    match answer.as_slice() {
        [0x02, b'?', status, b'\r'] => *status >= 0x20,
        [0x02, weight @ .., b'\r'] => {
            let weight = weight.strip_suffix(b"N").unwrap_or(weight).trim_ascii_start();
            let is_number = weight.iter().all(|each| each.is_ascii_digit() || *each == b'.');
            weight.len() >= 4 && is_number && weight.contains(&b'.')
        }
        _ => false,
    }
}

/// `LF`, the state, range, mode and motion, ten places of weight, three of its unit, `CR`; or the
/// word that the command is not known.
fn is_sma(answer: &[u8]) -> bool {
    match answer {
        [b'\n', b'?', b'\r'] => true,
        [b'\n', state, range, mode, motion, _, rest @ .., b'\r'] => {
            b" ZOUETIP".contains(state)
                && range.is_ascii_digit()
                && b"GNT".contains(mode)
                && b" M".contains(motion)
                && rest.len() == 13
                && rest.iter().all(|each| each.is_ascii_graphic() || *each == b' ')
        }
        _ => false,
    }
}

/// `ST,GS,` and what follows, somewhere in a stream.
fn is_cas_stream(answer: &[u8]) -> bool {
    answer.windows(6).any(|six| {
        matches!(six, [b'S', b'T', b',', ..] | [b'U', b'S', b',', ..] | [b'O', b'L', b',', ..])
            && (six.ends_with(b"GS,") || six.ends_with(b"NT,"))
    })
}

/// `99`, whether it is well, five places of weight, seven of the amount, the check of all that.
fn is_dibal(answer: &[u8]) -> bool {
    let Some(text) = answer.strip_suffix(b"\r\n") else { return false };
    let Some((check, body)) = text.split_last() else { return false };
    body.len() == 15
        && body.starts_with(b"99")
        && body.iter().all(u8::is_ascii_digit)
        && body.iter().fold(0, |sum, byte| sum ^ byte) == *check
}
