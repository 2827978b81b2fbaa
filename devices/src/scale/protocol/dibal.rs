//! Dibal: `98`, a price and a check ask; `99`, a state, the weight, an amount and a check answer.

use super::super::contract::Trouble;
use super::frame::{Step, compare};
use super::number::{Metric, milligrams};
use super::{Said, Shown};

/// Asks for the weight at no price; the last digit is the check.
pub(super) const WEIGHT: &[u8] = b"98000001\r\n";
const ANSWER: &[u8] = b"99#############*\r\n";
/// Digits of an answer, before its check.
const DIGITS: usize = 15;

pub(super) fn examine(held: &[u8]) -> Step {
    compare(held, ANSWER).step(ANSWER.len(), || said(held))
}

fn said(held: &[u8]) -> Option<Said> {
    if held.get(DIGITS) != Some(&check(held.get(..DIGITS)?)) {
        return Some(Said::Fault(Trouble::BadCheck));
    }
    // What the states beyond 0 mean is not documented well enough to tell them apart.
    if held.get(2) != Some(&b'0') {
        return Some(Said::Fault(Trouble::Scale));
    }
    let milligrams = milligrams(held.get(3..8)?, Metric::Gram)?;
    Some(Said::Weight { milligrams, is_net: false })
}

/// A simulated scale says state 1 for all that is no weight.
pub(super) fn frame(shown: Shown) -> Vec<u8> {
    let (state, grams) = match shown {
        Shown::Weight { grams, .. } => (0, grams),
        Shown::Moving { .. } | Shown::OverCapacity | Shown::UnderZero => (1, 0),
    };
    let mut frame = format!("99{state}{grams:05}0000000").into_bytes();
    frame.push(check(&frame));
    frame.extend(b"\r\n");
    frame
}

/// Every character before it, by exclusive or.
fn check(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |check, byte| check ^ byte)
}
