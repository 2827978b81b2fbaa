//! Reports of the USB class of scales: id, status, unit, exponent, weight low and high.

use super::super::contract::Trouble;
use super::frame::Step;
use super::{Said, Shown};

/// The report that carries a weight.
const REPORT: u8 = 3;
const REPORT_BYTES: usize = 6;
const GRAM: u8 = 2;
const KILOGRAM: u8 = 3;

const ZERO: u8 = 2;
const MOTION: u8 = 3;
const STABLE: u8 = 4;
const UNDER: u8 = 5;
const OVER: u8 = 6;

pub(super) fn examine(held: &[u8]) -> Step {
    match held {
        [REPORT] => Step::More,
        // Eight statuses exist; 1, 7 and 8 are faults and wishes for service.
        [REPORT, 1..=8, ..] if held.len() < REPORT_BYTES => Step::More,
        [REPORT, status @ 1..=8, unit, exponent, low, high, ..] => {
            let number = u16::from_le_bytes([*low, *high]);
            Step::frame(REPORT_BYTES, said(*status, *unit, exponent.cast_signed(), number))
        }
        _ => Step::Nonsense,
    }
}

fn said(status: u8, unit: u8, exponent: i8, number: u16) -> Option<Said> {
    match status {
        ZERO | STABLE => {}
        MOTION => return Some(Said::Moving),
        UNDER => return Some(Said::UnderZero),
        OVER => return Some(Said::OverCapacity),
        _ => return Some(Said::Fault(Trouble::Scale)),
    }
    let decimals = match unit {
        GRAM => 3,
        KILOGRAM => 6,
        _ => return Some(Said::Fault(Trouble::ForeignUnit)),
    };
    // No scale counts in tens of its unit; what it says finer than a milligram is not exact here.
    let exponent = (exponent <= 0).then(|| u32::try_from(decimals + exponent).ok())??;
    let milligrams = i64::from(number) * 10_i64.checked_pow(exponent)?;
    // One that says zero and a weight says nothing.
    (status == STABLE || milligrams == 0).then_some(Said::Weight { milligrams, is_net: false })
}

/// A simulated scale counts in grams.
pub(super) fn report(shown: Shown) -> [u8; REPORT_BYTES] {
    let (status, grams) = match shown {
        Shown::Weight { grams: 0, .. } => (ZERO, 0),
        Shown::Weight { grams, .. } => (STABLE, grams),
        Shown::Moving { grams } => (MOTION, grams),
        Shown::UnderZero => (UNDER, 0),
        Shown::OverCapacity => (OVER, 0),
    };
    let [low, high] = u16::try_from(grams).unwrap_or(u16::MAX).to_le_bytes();
    [REPORT, status, GRAM, 0, low, high]
}
