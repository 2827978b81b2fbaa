//! SMA SCP-0499: `LF letter CR` asks, `LF s r n m f weight(10) unit(3) CR` answers.

use super::super::contract::{ScaleCommand, Trouble};
use super::super::weight::Weight;
use super::frame::Step;
use super::number::{Metric, kilograms, milligrams};
use super::{Said, Shown};

const LF: u8 = b'\n';
const CR: u8 = b'\r';
/// Asks for the weight that is shown.
pub(super) const WEIGHT: &[u8] = b"\nW\r";
/// What it answers to a letter that it does not know.
pub(super) const UNKNOWN: &[u8] = b"\n?\r";
const FRAME_BYTES: usize = 20;
const NUMBER_BYTES: usize = 10;
const UNIT_BYTES: usize = 3;

/// A tare of a fraction of a gram cannot be said.
pub(super) fn command(command: ScaleCommand) -> Option<Vec<u8>> {
    Some(match command {
        ScaleCommand::Zero => b"\nZ\r".to_vec(),
        ScaleCommand::Tare(None) => b"\nT\r".to_vec(),
        ScaleCommand::Tare(Some(Weight::ZERO)) => b"\nC\r".to_vec(),
        ScaleCommand::Tare(Some(weight)) => {
            let grams = u32::try_from(weight.milligrams() / 1_000).ok()?;
            if Weight::from_grams(grams) != weight {
                return None;
            }
            format!("\nT{:>NUMBER_BYTES$}kg_\r", kilograms(grams, 1)).into_bytes()
        }
    })
}

/// The weight that a command to take a tare off carries, as a simulated scale reads it.
pub(super) fn tare(text: &[u8]) -> Option<Weight> {
    let (number, unit) = text.split_at_checked(NUMBER_BYTES)?;
    milligrams(number, Metric::of(unit)?).map(Weight::from_milligrams)
}

pub(super) fn examine(held: &[u8]) -> Step {
    match held {
        [LF, b'?', CR, ..] => Step::Frame(UNKNOWN.len(), Said::Refused),
        [LF, rest @ ..] => match rest.iter().position(|byte| matches!(*byte, CR | LF)) {
            None if held.len() < FRAME_BYTES => Step::More,
            Some(end) if rest.get(end) == Some(&CR) => {
                Step::frame(end + 2, rest.get(..end).and_then(said))
            }
            _ => Step::Nonsense,
        },
        _ => Step::Nonsense,
    }
}

/// Reads what stands between LF and CR.
fn said(frame: &[u8]) -> Option<Said> {
    let [status, b'0'..=b'9', kind, motion, _, rest @ ..] = frame else { return None };
    let (number, unit) = rest.split_at_checked(NUMBER_BYTES)?;
    if unit.len() != UNIT_BYTES {
        return None;
    }
    let is_at_zero = match status {
        b' ' => false,
        b'Z' => true,
        b'O' => return Some(Said::OverCapacity),
        b'U' => return Some(Said::UnderZero),
        b'E' | b'I' | b'T' => return Some(Said::Fault(Trouble::Scale)),
        _ => return None,
    };
    let is_net = match kind {
        b'G' => false,
        b'N' => true,
        _ => return None,
    };
    match motion {
        b' ' => {}
        b'M' => return Some(Said::Moving),
        _ => return None,
    }
    let Some(unit) = Metric::of(unit) else { return Some(Said::Fault(Trouble::ForeignUnit)) };
    let milligrams = milligrams(number, unit)?;
    // One that says zero and a weight says nothing.
    (!is_at_zero || milligrams == 0).then_some(Said::Weight { milligrams, is_net })
}

pub(super) fn frame(shown: Shown) -> Vec<u8> {
    let write = |status: char, kind: char, motion: char, number: &str| {
        format!("\n{status}1{kind}{motion} {number:>NUMBER_BYTES$}kg_\r").into_bytes()
    };
    match shown {
        Shown::Weight { grams: 0, is_net: false } => write('Z', 'G', ' ', "0.000"),
        Shown::Weight { grams, is_net } => {
            write(' ', if is_net { 'N' } else { 'G' }, ' ', &kilograms(grams, 1))
        }
        Shown::Moving { grams } => write(' ', 'G', 'M', &kilograms(grams, 1)),
        Shown::OverCapacity => write('O', 'G', ' ', "----------"),
        Shown::UnderZero => write('U', 'G', ' ', "----------"),
    }
}
