//! CAS: a stream of 22 bytes (NT-200), and the conversation of a PD-II with a cash register.

use super::super::contract::{ScaleCommand, Trouble};
use super::frame::{Likeness, Step, compare};
use super::number::{Metric, kilograms, milligrams};
use super::{Said, Shown};

/// Asks whether the scale is ready.
pub(super) const ENQUIRY: &[u8] = &[0x05];
/// Has it send its weight (DC1).
pub(super) const SEND: &[u8] = &[0x11];
const ACK: u8 = 0x06;
const NAK: u8 = 0x15;

/// State, gross or net, device and lamps, weight, unit: the pattern of every frame of the stream.
const STREAM: &[u8] = b"**,**,**,******** **\r\n";
const STREAM_HEADS: [&[u8]; 6] = [b"ST,GS,", b"ST,NT,", b"US,GS,", b"US,NT,", b"OL,GS,", b"OL,NT,"];
/// SOH, STX, state, sign, six of the weight, two of the unit, check, ETX, EOT.
const ECR: &[u8] = b"\x01\x02***********\x03\x04";

/// The line ends are how CAS scales end theirs; no document that was at hand says so.
pub(super) fn command(command: ScaleCommand) -> Option<&'static [u8]> {
    match command {
        ScaleCommand::Zero => Some(b"ZE\r\n"),
        ScaleCommand::Tare(None) => Some(b"TR\r\n"),
        ScaleCommand::Tare(Some(_)) => None,
    }
}

pub(super) fn examine_stream(held: &[u8]) -> Step {
    let has_head = STREAM_HEADS.iter().any(|head| compare(held, head) != Likeness::None);
    if has_head {
        compare(held, STREAM).step(STREAM.len(), || stream_said(held))
    } else {
        Step::Nonsense
    }
}

fn stream_said(held: &[u8]) -> Option<Said> {
    let is_net = held.starts_with(b"ST,NT");
    if held.starts_with(b"OL") {
        return Some(Said::OverCapacity);
    }
    if held.starts_with(b"US") {
        return Some(Said::Moving);
    }
    let Some(unit) = Metric::of(held.get(18..20)?) else {
        return Some(Said::Fault(Trouble::ForeignUnit));
    };
    Some(Said::Weight { milligrams: milligrams(held.get(9..17)?, unit)?, is_net })
}

/// A frame of a scale whose device number is 1 and whose lamp byte says nothing.
pub(super) fn stream_frame(shown: Shown) -> Vec<u8> {
    let write = |state: &str, number: &str| {
        let mut frame = state.as_bytes().to_vec();
        frame.extend(b"1\x80,");
        frame.extend(format!("{number:>8} kg\r\n").bytes());
        frame
    };
    match shown {
        Shown::Weight { grams, is_net } => {
            write(if is_net { "ST,NT," } else { "ST,GS," }, &kilograms(grams, 1))
        }
        Shown::Moving { grams } => write("US,GS,", &kilograms(grams, 1)),
        Shown::OverCapacity => write("OL,GS,", ""),
        Shown::UnderZero => write("ST,GS,", "-  0.005"),
    }
}

pub(super) fn examine_ecr(held: &[u8]) -> Step {
    match held {
        [ACK, ..] => Step::Frame(1, Said::Ready),
        [NAK, ..] => Step::Frame(1, Said::Refused),
        _ => compare(held, ECR).step(ECR.len(), || ecr_said(held)),
    }
}

fn ecr_said(held: &[u8]) -> Option<Said> {
    let body = held.get(2..12)?;
    if held.get(12) != Some(&check(body)) {
        return Some(Said::Fault(Trouble::BadCheck));
    }
    let [state, sign, rest @ ..] = body else { return None };
    let (number, unit) = rest.split_at_checked(6)?;
    match (state, sign) {
        (_, b'F') => return Some(Said::OverCapacity),
        (b'U', b' ' | b'-') => return Some(Said::Moving),
        (b'S', b'-') => return Some(Said::UnderZero),
        (b'S', b' ') => {}
        _ => return None,
    }
    let Some(unit) = Metric::of(unit) else { return Some(Said::Fault(Trouble::ForeignUnit)) };
    // Six digits without a point are grams, whichever unit stands behind them: the last three are
    // what would stand behind the point.
    let unit = if number.contains(&b'.') { unit } else { Metric::Gram };
    Some(Said::Weight { milligrams: milligrams(number, unit)?, is_net: false })
}

pub(super) fn ecr_frame(shown: Shown) -> Vec<u8> {
    let (state, number) = match shown {
        Shown::Weight { grams, .. } => ("S ", kilograms(grams, 2)),
        Shown::Moving { grams } => ("U ", kilograms(grams, 2)),
        Shown::OverCapacity => ("SF", kilograms(0, 2)),
        Shown::UnderZero => ("S-", kilograms(5, 2)),
    };
    let body = [state.as_bytes(), number.as_bytes(), b"kg"].concat();
    let mut frame = vec![0x01, 0x02];
    frame.extend(&body);
    frame.extend([check(&body), 0x03, 0x04]);
    frame
}

fn check(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |check, byte| check ^ byte)
}
