//! What terminals in Taiwan are told and say: text fields at fixed places, which a [`Dialect`]
//! names, framed by STX, ETX and a check byte, each frame answered by ACK or NAK.

use std::collections::VecDeque;
use std::sync::Arc;

use rust_decimal::Decimal;
use store_core::card::{CardApproval, CardRequestKind};
use store_core::{Currency, Money};

use super::TerminalAsk;
use super::dialect::Dialect;

const STX: u8 = 0x02;
const ETX: u8 = 0x03;
/// The frame was understood.
pub(super) const ACK: u8 = 0x06;
/// It was not: it is to be sent again.
pub(super) const NAK: u8 = 0x15;

/// The most that is kept of what comes in and was not looked at: a line that only talks takes no
/// more memory than this.
const HELD_MAX: usize = 8_192;

/// Why a frame's text could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodecError {
    /// It has another length, or bytes that are no text.
    #[error("not a text of the dialect's length")]
    Form,
    /// The amount is none.
    #[error("the amount of a frame is none")]
    Amount,
}

/// What one frame says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// What is asked, as the dialect says it.
    pub kind: String,
    /// What it is about, as whoever asks names it; empty where the dialect has no field for it.
    pub reference: String,
    /// How much, in the smallest unit that the dialect writes.
    pub amount: i64,
    /// The number of the slip.
    pub receipt: String,
    /// The bank's approval.
    pub approval: String,
    /// The response; empty in a request.
    pub response: String,
    /// The card's number: its first six digits and its last four at most, as slips show it.
    pub card: String,
    /// Whose card.
    pub card_type: String,
}

impl Message {
    /// What is sent to ask something. A terminal asked about a request, not for it, is asked for
    /// the last slip. Nothing where the amount cannot be written.
    #[must_use]
    pub fn asking(ask: &TerminalAsk, dialect: &Dialect) -> Option<Self> {
        let request = &ask.request;
        let codes = &dialect.codes;
        let (kind, receipt, approval) = match (&request.kind, ask.is_inquiry) {
            (_, true) => (&codes.inquiry, None, None),
            (CardRequestKind::Sale, false) => (&codes.sale, None, None),
            (CardRequestKind::Reversal { receipt, approval, .. }, false) => {
                (&codes.void, receipt.as_deref(), approval.as_deref())
            }
        };
        Some(Self {
            kind: kind.clone(),
            reference: dialect.carried(&request.id.reference()).to_owned(),
            amount: dialect.amount_of(request.amount)?,
            receipt: receipt.unwrap_or_default().to_owned(),
            approval: approval.unwrap_or_default().to_owned(),
            ..Self::default()
        })
    }
}

impl Dialect {
    /// Whether what was asked is carried out.
    #[must_use]
    pub fn is_approved(&self, message: &Message) -> bool {
        self.approved.contains(&message.response)
    }

    /// Whether the terminal only says that it is still at it.
    #[must_use]
    pub fn is_keep_alive(&self, message: &Message) -> bool {
        self.keep_alive.contains(&message.response)
    }

    /// What may be kept of it.
    #[must_use]
    pub fn kept(&self, message: &Message) -> CardApproval {
        let text = |text: &str| (!text.is_empty()).then(|| Arc::from(text));
        let digits: Vec<char> = message.card.chars().rev().take(4).collect();
        let is_shown = digits.len() == 4 && digits.iter().all(char::is_ascii_digit);
        let last_four: String = digits.iter().rev().collect();
        CardApproval {
            scheme: self.schemes.get(&message.card_type).map(|scheme| Arc::from(scheme.as_str())),
            last_four: is_shown.then(|| Arc::from(last_four)),
            approval: text(&message.approval),
            receipt: text(&message.receipt),
        }
    }

    /// The text of a message's frame.
    #[must_use]
    pub fn text(&self, message: &Message) -> Vec<u8> {
        let mut text = vec![b' '; self.length];
        for (name, value) in &self.always {
            self.put(&mut text, name, value);
        }
        self.put(&mut text, "type", &message.kind);
        self.put(&mut text, "receipt", &message.receipt);
        self.put(&mut text, "card", &message.card);
        let digits = self.fields.get("amount").map_or(0, |place| place.length);
        let amount = match self.amount.fill {
            '0' => format!("{:0digits$}", message.amount),
            _ => format!("{:digits$}", message.amount),
        };
        self.put(&mut text, "amount", &amount);
        self.put(&mut text, "approval", &message.approval);
        self.put(&mut text, "response", &message.response);
        self.put(&mut text, "card_type", &message.card_type);
        if let Some(field) = &self.reference {
            self.put(&mut text, field, &message.reference);
        }
        text
    }

    /// Reads the text of a frame.
    ///
    /// # Errors
    /// [`CodecError`]
    pub fn read(&self, text: &[u8]) -> Result<Message, CodecError> {
        if text.len() != self.length || !text.is_ascii() {
            return Err(CodecError::Form);
        }
        let amount = self.field(text, "amount");
        let amount =
            if amount.is_empty() { Ok(0) } else { amount.parse().map_err(|_| CodecError::Amount) };
        let reference = self.reference.as_ref().map(|field| self.field(text, field));
        Ok(Message {
            kind: self.field(text, "type"),
            reference: reference.unwrap_or_default(),
            amount: amount?,
            receipt: self.field(text, "receipt"),
            approval: self.field(text, "approval"),
            response: self.field(text, "response"),
            card: masked(&self.field(text, "card")),
            card_type: self.field(text, "card_type"),
        })
    }

    /// What stands in a field; nothing where the dialect has none of this name.
    fn field(&self, text: &[u8], name: &str) -> String {
        let place = self.fields.get(name);
        let bytes = place.and_then(|place| text.get(place.range()));
        String::from_utf8_lossy(bytes.unwrap_or_default()).trim().to_owned()
    }

    /// Puts a text in its field, as much of it as there is room for.
    fn put(&self, text: &mut [u8], name: &str, value: &str) {
        let Some(place) = self.fields.get(name) else { return };
        let value = value.bytes().filter(u8::is_ascii).take(place.length);
        for (byte, value) in text.iter_mut().skip(place.range().start).zip(value) {
            *byte = value;
        }
    }

    /// An amount in the smallest unit that is written, where the field has room for it.
    fn amount_of(&self, amount: Money) -> Option<i64> {
        let digits = u32::try_from(self.fields.get("amount")?.length).ok()?;
        let most = 10_i64.checked_pow(digits)? - 1;
        let units = Decimal::from(10_i64.checked_pow(self.amount.decimals)?);
        let written = amount.amount().checked_mul(units)?.normalize();
        let whole = (written.scale() == 0).then(|| i64::try_from(written).ok()).flatten()?;
        // A thousandth of a dinar has no place among hundredths.
        let is_taken = amount.currency() != Currency::KWD && (1..=most).contains(&whole);
        is_taken.then_some(whole)
    }
}

/// What a slip shows of a card's number. A terminal that sends more of it than it should is not
/// believed: the rest is gone before anybody could keep it.
fn masked(card: &str) -> String {
    let length = card.chars().count();
    let shown = |at: usize| at < 6 || at + 4 >= length;
    card.chars().enumerate().map(|(at, digit)| if shown(at) { digit } else { '*' }).collect()
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
#[derive(Debug)]
pub struct Frames {
    dialect: Arc<Dialect>,
    held: VecDeque<u8>,
}

impl Frames {
    /// For frames of a dialect.
    #[must_use]
    pub const fn new(dialect: Arc<Dialect>) -> Self {
        Self { dialect, held: VecDeque::new() }
    }

    /// Takes bytes in; of more than [`HELD_MAX`] the oldest are forgotten.
    pub fn push(&mut self, bytes: &[u8]) {
        self.held.extend(bytes);
        let over = self.held.len().saturating_sub(HELD_MAX);
        self.held.drain(..over);
    }

    /// Forgets half a frame: whatever comes next is another.
    pub fn clear(&mut self) {
        self.held.clear();
    }

    /// The next whole thing, if there is one. Bytes that begin nothing are passed over.
    pub fn next_received(&mut self) -> Option<Received> {
        loop {
            match *self.held.front()? {
                STX if self.held.len() < self.dialect.frame_bytes() => return None,
                STX => {
                    let frame: Vec<u8> = self.held.drain(..self.dialect.frame_bytes()).collect();
                    return Some(self.unframed(&frame));
                }
                first => {
                    self.held.pop_front();
                    match first {
                        ACK => return Some(Received::Ack),
                        NAK => return Some(Received::Nak),
                        _ => {}
                    }
                }
            }
        }
    }

    fn unframed(&self, frame: &[u8]) -> Received {
        let length = self.dialect.length;
        let text = frame.get(1..=length).unwrap_or_default();
        let is_whole =
            frame.get(length + 1) == Some(&ETX) && frame.get(length + 2) == Some(&check(text));
        match self.dialect.read(text) {
            Ok(message) if is_whole => Received::Frame(message),
            _ => Received::Broken,
        }
    }
}
