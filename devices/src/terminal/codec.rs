//! The 400-byte dialect of terminals in Taiwan: text fields at fixed places, framed by STX, ETX and
//! a check byte, each frame answered by ACK or NAK.

use rust_decimal::Decimal;
use std::sync::Arc;
use store_core::card::{CardApproval, CardRequestKind};
use store_core::{Currency, Money};

use super::TerminalAsk;

const STX: u8 = 0x02;
const ETX: u8 = 0x03;
/// The frame was understood.
pub(super) const ACK: u8 = 0x06;
/// It was not: it is to be sent again.
pub(super) const NAK: u8 = 0x15;

/// The text of a frame.
pub const FRAME_BYTES: usize = 400;

/// Where a field begins, counted from nought, and its bytes.
type Field = (usize, usize);
const INDICATOR: Field = (0, 1);
/// Says that the fields are placed as here.
const LAYOUT: Field = (7, 1);
const TYPE: Field = (8, 2);
/// Whether the card is of one scheme that has hosts of its own; 0 leaves it to the terminal.
const HOST_CHOICE: Field = (10, 1);
const RECEIPT: Field = (13, 6);
const CARD: Field = (19, 19);
const AMOUNT: Field = (42, 12);
const APPROVAL: Field = (66, 9);
const RESPONSE: Field = (76, 4);
const REFERENCE: Field = (115, 18);
const CARD_TYPE: Field = (212, 2);

const SALE: &str = "01";
const VOID: &str = "30";
const REPRINT: &str = "91";
/// The response of what was carried out.
const APPROVED: &str = "0000";

/// Why a frame's text could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodecError {
    /// It has another length, or bytes that are no text.
    #[error("not a text of {FRAME_BYTES} bytes")]
    Form,
    /// The amount is none.
    #[error("the amount of a frame is none")]
    Amount,
}

/// What one frame says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// What is asked, as two digits.
    pub kind: String,
    /// What it is about, as whoever asks names it.
    pub reference: String,
    /// How much, in hundredths; the field has twelve digits.
    pub hundredths: i64,
    /// The number of the slip.
    pub receipt: String,
    /// The bank's approval.
    pub approval: String,
    /// The response; empty in a request.
    pub response: String,
    /// The card's number as far as it is shown.
    pub card: String,
    /// Whose card.
    pub card_type: String,
}

impl Message {
    /// What is sent to ask something. A terminal asked about a request, not for it, is asked for
    /// the last slip.
    #[must_use]
    pub fn asking(ask: &TerminalAsk) -> Option<Self> {
        let request = &ask.request;
        let (kind, receipt, approval) = match (&request.kind, ask.is_inquiry) {
            (_, true) => (REPRINT, None, None),
            (CardRequestKind::Sale, false) => (SALE, None, None),
            (CardRequestKind::Reversal { receipt, approval, .. }, false) => {
                (VOID, receipt.as_deref(), approval.as_deref())
            }
        };
        Some(Self {
            kind: kind.to_owned(),
            reference: request.id.reference(),
            hundredths: hundredths(request.amount)?,
            receipt: receipt.unwrap_or_default().to_owned(),
            approval: approval.unwrap_or_default().to_owned(),
            ..Self::default()
        })
    }

    /// Whether what was asked is carried out.
    #[must_use]
    pub fn is_approved(&self) -> bool {
        self.response == APPROVED
    }

    /// What may be kept of it.
    #[must_use]
    pub fn kept(&self) -> CardApproval {
        let text = |text: &str| (!text.is_empty()).then(|| Arc::from(text));
        let digits: Vec<char> = self.card.chars().rev().take(4).collect();
        let is_shown = digits.len() == 4 && digits.iter().all(char::is_ascii_digit);
        let last_four: String = digits.iter().rev().collect();
        CardApproval {
            scheme: scheme(&self.card_type).map(Arc::from),
            last_four: is_shown.then(|| Arc::from(last_four)),
            approval: text(&self.approval),
            receipt: text(&self.receipt),
        }
    }

    /// The text of its frame.
    #[must_use]
    pub fn text(&self) -> Vec<u8> {
        let mut text = vec![b' '; FRAME_BYTES];
        put(&mut text, INDICATOR, "I");
        put(&mut text, LAYOUT, "S");
        put(&mut text, TYPE, &self.kind);
        put(&mut text, HOST_CHOICE, "0");
        put(&mut text, RECEIPT, &self.receipt);
        put(&mut text, CARD, &self.card);
        put(&mut text, AMOUNT, &format!("{:>12}", self.hundredths));
        put(&mut text, APPROVAL, &self.approval);
        put(&mut text, RESPONSE, &self.response);
        put(&mut text, REFERENCE, &self.reference);
        put(&mut text, CARD_TYPE, &self.card_type);
        text
    }

    /// Reads the text of a frame.
    ///
    /// # Errors
    /// [`CodecError`]
    pub fn read(text: &[u8]) -> Result<Self, CodecError> {
        if text.len() != FRAME_BYTES || !text.is_ascii() {
            return Err(CodecError::Form);
        }
        let field = |(at, length): Field| {
            let bytes = text.get(at..at + length).unwrap_or_default();
            String::from_utf8_lossy(bytes).trim().to_owned()
        };
        let amount = field(AMOUNT);
        let hundredths =
            if amount.is_empty() { Ok(0) } else { amount.parse().map_err(|_| CodecError::Amount) };
        Ok(Self {
            kind: field(TYPE),
            reference: field(REFERENCE),
            hundredths: hundredths?,
            receipt: field(RECEIPT),
            approval: field(APPROVAL),
            response: field(RESPONSE),
            card: field(CARD),
            card_type: field(CARD_TYPE),
        })
    }
}

/// An amount in hundredths of its major unit, where the field has room for it.
fn hundredths(amount: Money) -> Option<i64> {
    const MOST: i64 = 999_999_999_999;
    let hundredths = amount.amount().checked_mul(Decimal::ONE_HUNDRED)?.normalize();
    let whole = (hundredths.scale() == 0).then(|| i64::try_from(hundredths).ok()).flatten()?;
    let is_taken = amount.currency() != Currency::KWD && (1..=MOST).contains(&whole);
    is_taken.then_some(whole)
}

fn scheme(code: &str) -> Option<&'static str> {
    Some(match code {
        "01" => "uniondebit",
        "02" => "visa",
        "03" => "mastercard",
        "04" => "jcb",
        "05" => "amex",
        "06" => "unionpay",
        _ => return None,
    })
}

/// Puts a text in its field, as much of it as there is room for.
fn put(text: &mut [u8], (at, length): Field, value: &str) {
    let value = value.bytes().filter(u8::is_ascii).take(length);
    for (place, byte) in text.iter_mut().skip(at).zip(value) {
        *place = byte;
    }
}

/// A text with what stands around it on the line.
#[must_use]
pub fn framed(text: &[u8]) -> Vec<u8> {
    let mut frame = Vec::with_capacity(text.len() + 3);
    frame.push(STX);
    frame.extend_from_slice(text);
    frame.push(ETX);
    frame.push(check(text));
    frame
}

fn check(text: &[u8]) -> u8 {
    text.iter().fold(ETX, |check, byte| check ^ byte)
}

/// What was made out of the bytes of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Received {
    /// The other side understood.
    Ack,
    /// It did not.
    Nak,
    /// A frame whose check holds.
    Frame(Message),
    /// A frame that does not hold: it is to be answered by NAK.
    Broken,
}

/// Makes frames out of bytes, however they come in.
#[derive(Debug, Default)]
pub struct Frames {
    held: Vec<u8>,
}

impl Frames {
    /// Takes bytes in.
    pub fn push(&mut self, bytes: &[u8]) {
        self.held.extend_from_slice(bytes);
    }

    /// Forgets half a frame: whatever comes next is another.
    pub fn clear(&mut self) {
        self.held.clear();
    }

    /// The next whole thing, if there is one. Bytes that begin nothing are passed over.
    pub fn next_received(&mut self) -> Option<Received> {
        loop {
            let first = *self.held.first()?;
            match first {
                ACK | NAK => {
                    self.held.remove(0);
                    return Some(if first == ACK { Received::Ack } else { Received::Nak });
                }
                STX => {
                    // STX, the text, ETX and the check.
                    if self.held.len() < FRAME_BYTES + 3 {
                        return None;
                    }
                    let frame: Vec<u8> = self.held.drain(..FRAME_BYTES + 3).collect();
                    return Some(unframed(&frame));
                }
                _ => {
                    self.held.remove(0);
                }
            }
        }
    }
}

fn unframed(frame: &[u8]) -> Received {
    let text = frame.get(1..=FRAME_BYTES).unwrap_or_default();
    let is_whole = frame.get(FRAME_BYTES + 1) == Some(&ETX)
        && frame.get(FRAME_BYTES + 2) == Some(&check(text));
    match Message::read(text) {
        Ok(message) if is_whole => Received::Frame(message),
        _ => Received::Broken,
    }
}
