//! Dialog 06: a price is set, the weight is asked for; a refusal has its reason asked for.

use super::super::contract::Trouble;
use super::frame::{Step, compare};
use super::number::{Metric, milligrams};
use super::{Said, Shown};

/// Sets the price of a kilogram to 1,000: then the amount has the digits of the weight, which
/// proves them. The price to pay is the register's, which is not told to the scale.
pub(super) const PRICE: &[u8] = b"\x04\x0201\x1b001000\x1b\x03";
/// Asks for the weight.
pub(super) const WEIGHT: &[u8] = b"\x04\x05";
/// Asks why there is none.
pub(super) const WHY: &[u8] = b"\x04\x0208\x03";
const ACK: u8 = 0x06;
const NAK: u8 = 0x15;

/// Weight in grams, price, amount.
const ANSWER: &[u8] = b"\x0202\x1b3\x1b#####\x1b001000\x1b######\x03";
const REASON: &[u8] = b"\x0209\x1b##\x03";

pub(super) fn examine(held: &[u8]) -> Step {
    match held {
        [ACK, ..] => Step::Frame(1, Said::Ready),
        [NAK, ..] => Step::Frame(1, Said::Refused),
        [0x02, b'0', b'9', ..] => {
            compare(held, REASON).step(REASON.len(), || held.get(4..6).map(reason_said))
        }
        _ => compare(held, ANSWER).step(ANSWER.len(), || said(held)),
    }
}

fn said(held: &[u8]) -> Option<Said> {
    let weight = milligrams(held.get(6..11)?, Metric::Gram)?;
    let amount = milligrams(held.get(19..25)?, Metric::Gram)?;
    if weight != amount {
        return Some(Said::Fault(Trouble::BadCheck));
    }
    Some(Said::Weight { milligrams: weight, is_net: false })
}

/// The reasons are those that scales of several makers share.
fn reason_said(reason: &[u8]) -> Said {
    match reason {
        b"20" | b"22" => Said::Moving,
        b"21" => Said::Unmoved,
        b"30" => Said::TooLight,
        b"31" => Said::UnderZero,
        b"32" => Said::OverCapacity,
        _ => Said::Fault(Trouble::Scale),
    }
}

/// What a simulated scale answers when it is asked for the weight.
pub(super) fn frame(shown: Shown) -> Vec<u8> {
    match shown {
        Shown::Weight { grams, .. } if grams > 0 => {
            format!("\u{2}02\u{1b}3\u{1b}{grams:05}\u{1b}001000\u{1b}{grams:06}\u{3}").into_bytes()
        }
        _ => vec![NAK],
    }
}

/// What it answers when it is asked why.
pub(super) fn reason(shown: Shown) -> Vec<u8> {
    let reason = match shown {
        Shown::Weight { grams: 0, .. } => "30",
        Shown::Weight { .. } => "00",
        Shown::Moving { .. } => "20",
        Shown::UnderZero => "31",
        Shown::OverCapacity => "32",
    };
    format!("\u{2}09\u{1b}{reason}\u{3}").into_bytes()
}
