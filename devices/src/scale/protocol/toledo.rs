//! Mettler Toledo 8217: a letter asks, `STX NN.NNN [N] CR` or `STX ? status CR` answers.

use super::super::contract::{ScaleCommand, Trouble};
use super::super::weight::Weight;
use super::frame::Step;
use super::number::{Metric, kilograms, milligrams};
use super::{Said, Shown};

const STX: u8 = 0x02;
const CR: u8 = 0x0d;
/// Asks for the weight.
pub(super) const WEIGHT: &[u8] = b"W";
/// What it answers to a letter that it does not know.
pub(super) const UNKNOWN: &[u8] = b"\x02?\x62\r";
/// Bytes of a weight with the `N` of a net one.
const WEIGHT_BYTES_MAX: usize = 7;

const MOTION: u8 = 0x01;
const OVER: u8 = 0x02;
const UNDER: u8 = 0x04;
/// Keeps a status a letter that can be printed.
const PRINTABLE: u8 = 0x20;
const BAD_COMMAND: u8 = 0x40;

/// The commands are of older scales of this kind; one that does not know them says so.
pub(super) fn command(command: ScaleCommand) -> Option<&'static [u8]> {
    match command {
        ScaleCommand::Zero => Some(b"Z"),
        ScaleCommand::Tare(None) => Some(b"T"),
        ScaleCommand::Tare(Some(Weight::ZERO)) => Some(b"C"),
        ScaleCommand::Tare(Some(_)) => None,
    }
}

pub(super) fn examine(held: &[u8]) -> Step {
    match held {
        [STX] | [STX, b'?'] | [STX, b'?', _] => Step::More,
        [STX, b'?', status, CR, ..] => Step::Frame(4, status_said(*status)),
        [STX, b'?', ..] => Step::Nonsense,
        [STX, rest @ ..] => match rest.iter().position(|byte| matches!(*byte, CR | STX)) {
            None if rest.len() <= WEIGHT_BYTES_MAX => Step::More,
            Some(end) if rest.get(end) == Some(&CR) => {
                Step::frame(end + 2, rest.get(..end).and_then(weight))
            }
            _ => Step::Nonsense,
        },
        _ => Step::Nonsense,
    }
}

fn status_said(status: u8) -> Said {
    let has = |bit| status & bit != 0;
    if status & 0x80 != 0 {
        Said::Fault(Trouble::Nonsense)
    } else if has(BAD_COMMAND) {
        Said::Refused
    } else if has(OVER) {
        Said::OverCapacity
    } else if has(UNDER) {
        Said::UnderZero
    } else if has(MOTION) {
        Said::Moving
    } else {
        Said::Fault(Trouble::Scale)
    }
}

/// Six characters and no others: a byte that was lost must not make another weight.
fn weight(text: &[u8]) -> Option<Said> {
    let (number, is_net) = match text {
        [number @ .., b'N'] => (number, true),
        number => (number, false),
    };
    match number {
        [b' ' | b'0'..=b'9', b'0'..=b'9', b'.', _, _, _] => {
            let milligrams = milligrams(number, Metric::Kilogram)?;
            Some(Said::Weight { milligrams, is_net })
        }
        // Pounds have two decimals.
        [_, _, _, b'.', _, _] => Some(Said::Fault(Trouble::ForeignUnit)),
        _ => None,
    }
}

pub(super) fn frame(shown: Shown) -> Vec<u8> {
    let status = |bit| vec![STX, b'?', PRINTABLE | bit, CR];
    match shown {
        Shown::Weight { grams, is_net } => {
            let mut frame = vec![STX];
            frame.extend(kilograms(grams, 2).bytes());
            frame.extend(is_net.then_some(b'N'));
            frame.push(CR);
            frame
        }
        Shown::Moving { .. } => status(MOTION),
        Shown::OverCapacity => status(OVER),
        Shown::UnderZero => status(UNDER),
    }
}
