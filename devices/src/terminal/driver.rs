use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use store_core::card::CardAnswer;

use super::codec::{ACK, Frames, Message, NAK, Received, framed};
use super::dialect::Dialect;
use super::owed::Owed;
use super::presence::Presence;
use super::{PaymentTerminal, TerminalAsk};
use crate::port::{Connect, Port};
use crate::worker::Condition;

/// The terminal's last slip is of something else: what was asked of it may have come before that.
const OTHER_SLIP: &str = "other_slip";
/// The terminal's slips do not say which request they are of.
const SLIP_UNNAMED: &str = "slip_unnamed";
/// What was carried out is not what was asked for.
const OTHER_AMOUNT: &str = "other_amount";
/// An answer that may be the late one of an earlier request.
const ANSWER_UNCLEAR: &str = "answer_unclear";
/// The terminal did not say that it understood the request, nor that it did not.
const NOT_ACKNOWLEDGED: &str = "not_acknowledged";
/// Nothing left the store: nothing happened.
const OFFLINE: &str = "terminal_offline";

/// How often a frame is sent that the other side says it did not understand.
const TRIES: usize = 3;
/// How long such terminals take at most to say that they understood.
pub const UNDERSTOOD: Duration = Duration::from_secs(2);
/// The shortest wait for a result that terminals are specified with.
pub const ANSWERED_MIN: Duration = Duration::from_secs(60);
/// The longest wait for one whose terminal says again and again that it is still at it: nobody
/// stands at a counter for longer.
pub const EXTENDED_MAX: Duration = Duration::from_secs(5 * 60);

/// How long a terminal is waited for.
#[derive(Clone, Copy, Debug)]
pub struct TerminalTimes {
    /// Until it says that it understood.
    pub understood: Duration,
    /// Until it says what became of the request: a customer looks for a card, and for the PIN.
    /// Each time that it says that it is still at it, it is given this time again, up to
    /// [`EXTENDED_MAX`] in all.
    pub answered: Duration,
}

impl Default for TerminalTimes {
    /// As such terminals are specified, with room for the terminal's own waiting for the bank.
    fn default() -> Self {
        Self { understood: UNDERSTOOD, answered: ANSWERED_MIN + Duration::from_secs(15) }
    }
}

/// A terminal at the end of a line: a serial one or the network.
pub struct LineTerminal {
    connect: Box<dyn Connect>,
    dialect: Arc<Dialect>,
    times: TerminalTimes,
    owed: Owed,
    presence: Presence,
}

/// What one exchange came to.
enum Exchange {
    Answered {
        answer: Message,
        /// Whether the terminal was told that it came: otherwise it says it again.
        is_acknowledged: bool,
    },
    /// It says that it did not understand, again and again: it did nothing.
    NotUnderstood,
    /// Something may have happened.
    Silent(&'static str),
}

impl LineTerminal {
    /// A terminal that is reached so, and spoken to in a dialect. Its port is opened for each
    /// question anew.
    #[must_use]
    pub fn new(connect: impl Connect, dialect: Arc<Dialect>, times: TerminalTimes) -> Self {
        let (owed, presence) = (Owed::default(), Presence::default());
        Self { connect: Box::new(connect), dialect, times, owed, presence }
    }

    /// A line on which nothing waits to be read: what an earlier request left there is not ours.
    fn opened(&mut self) -> io::Result<Box<dyn Port>> {
        let mut port = self.presence.connect(self.connect.as_mut())?;
        port.discard_input()?;
        Ok(port)
    }

    /// Remembers an answer that may still come, where it could not be told from another's.
    fn owe(&mut self, message: &Message) {
        if !self.dialect.names_requests() {
            self.owed.add(message, Instant::now());
        }
    }
}

/// One question on an open line.
struct Asking<'a> {
    port: &'a mut dyn Port,
    dialect: &'a Arc<Dialect>,
    times: TerminalTimes,
    message: &'a Message,
    owed: &'a mut Owed,
}

impl Asking<'_> {
    fn exchange(&mut self) -> io::Result<Exchange> {
        let frame = framed(&self.dialect.text(self.message));
        let mut frames = Frames::new(self.dialect.clone());
        let (mut tries, mut refusals) = (1, 0);
        let mut is_understood = false;
        let mut silence = NOT_ACKNOWLEDGED;
        self.port.write(&frame)?;
        let latest = Instant::now() + EXTENDED_MAX;
        let mut until = Instant::now() + self.times.understood;
        loop {
            let Some(received) = frames.next_received() else {
                if !self.read_more(&mut frames, until)? {
                    return Ok(Exchange::Silent(silence));
                }
                continue;
            };
            match received {
                Received::Ack if !is_understood => {
                    is_understood = true;
                    silence = "no_answer";
                    until = Instant::now() + self.times.answered;
                }
                Received::Ack => {}
                Received::Nak if is_understood => {}
                Received::Nak if tries == TRIES => return Ok(Exchange::NotUnderstood),
                Received::Nak => {
                    // It has not taken the frame in: this is still the first request.
                    tries += 1;
                    // More refusals of the same frame are no answer to the next one.
                    frames.clear();
                    self.port.discard_input()?;
                    self.port.write(&frame)?;
                    until = Instant::now() + self.times.understood;
                }
                Received::Broken => {
                    frames.clear();
                    refusals += 1;
                    if refusals < TRIES {
                        self.port.write(&[NAK])?;
                    }
                }
                Received::Frame(answer) => {
                    let judged = self.judge(&answer);
                    let acknowledged = self.port.write(&[ACK]);
                    if judged == Judged::Answer {
                        // It was said, whatever becomes of the line.
                        let is_acknowledged = acknowledged.is_ok();
                        return Ok(Exchange::Answered { answer, is_acknowledged });
                    }
                    acknowledged?;
                    match judged {
                        Judged::StillAtIt => until = (until + self.times.answered).min(latest),
                        Judged::OtherAmount if !self.owed.settle(&answer) => {
                            silence = OTHER_AMOUNT;
                        }
                        Judged::Late => {
                            self.owed.settle(&answer);
                        }
                        _ => {}
                    }
                }
            }
        }
    }

    /// Reads what has come, waiting no longer than `until`; answers whether there is time.
    fn read_more(&mut self, frames: &mut Frames, until: Instant) -> io::Result<bool> {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(false);
        }
        let mut bytes = [0; 512];
        let count = self.port.read(&mut bytes, left)?;
        frames.push(bytes.get(..count).unwrap_or_default());
        Ok(true)
    }

    /// What a frame is to this question.
    fn judge(&self, answer: &Message) -> Judged {
        let asked = self.message;
        let is_of_kind = asked.kind == answer.kind;
        // Our own request, said back by a line that echoes, is no answer to it.
        if answer.response.is_empty() && asked.reference == answer.reference {
            return Judged::Nothing;
        }
        if self.dialect.is_keep_alive(answer) {
            return if is_of_kind { Judged::StillAtIt } else { Judged::Nothing };
        }
        // The last slip may be another's: it is judged by whoever asked for it.
        let is_slip = asked.kind == self.dialect.codes.inquiry;
        let is_named = self.dialect.names_requests();
        let is_ours = if is_named {
            asked.reference == answer.reference
        } else {
            asked.amount == answer.amount
        };
        match is_of_kind {
            true if is_slip || is_ours => Judged::Answer,
            true if !is_named => Judged::OtherAmount,
            _ => Judged::Late,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Judged {
    Answer,
    /// The terminal says that it needs more time.
    StillAtIt,
    /// Of an earlier request, or an amount that nobody asked for.
    OtherAmount,
    /// One for an earlier request came late.
    Late,
    /// None at all.
    Nothing,
}

impl PaymentTerminal for LineTerminal {
    fn ask(&mut self, ask: &TerminalAsk) -> CardAnswer {
        let Some(message) = Message::asking(ask, &self.dialect) else {
            // An inquiry about it cannot be asked; a request for it would not be understood.
            return not_sent(ask, "amount_not_sendable");
        };
        let mut port = match self.opened() {
            Ok(port) => port,
            Err(error) => {
                self.presence.heard(Condition::after(&error), Instant::now());
                return not_sent(ask, OFFLINE);
            }
        };
        let Self { dialect, times, owed, .. } = self;
        let (port, times, message) = (port.as_mut(), *times, &message);
        let mut asking = Asking { port, dialect, times, message, owed };
        let exchange = asking.exchange();
        let condition = match &exchange {
            Ok(Exchange::Answered { .. }) => Condition::Ready,
            Ok(Exchange::Silent(code)) if *code != NOT_ACKNOWLEDGED => Condition::Ready,
            Ok(Exchange::Silent(_) | Exchange::NotUnderstood) => Condition::Silent,
            Err(error) => Condition::after(error),
        };
        self.presence.heard(condition, Instant::now());
        match exchange {
            Ok(Exchange::Answered { answer, .. }) if ask.is_inquiry => self.told(message, &answer),
            Ok(Exchange::Answered { answer, is_acknowledged }) => {
                let is_clear = !self.owed.may_be(&answer, Instant::now());
                // One of two that are alike has come, and nobody knows which.
                if !is_clear {
                    self.owed.settle(&answer);
                }
                if !is_clear || !is_acknowledged {
                    self.owe(message);
                }
                if is_clear {
                    self.said(message, &answer)
                } else {
                    CardAnswer::Unknown(ANSWER_UNCLEAR)
                }
            }
            Ok(Exchange::NotUnderstood) => not_sent(ask, "not_understood"),
            Ok(Exchange::Silent(code)) => self.silent(message, code),
            Err(_) => self.silent(message, "line_broken"),
        }
    }

    fn look(&mut self) -> Condition {
        self.presence.look(self.connect.as_mut(), Instant::now())
    }
}

/// Nothing happened; of an earlier request that says nothing.
fn not_sent(ask: &TerminalAsk, code: &'static str) -> CardAnswer {
    if ask.is_inquiry { CardAnswer::Unknown(code) } else { CardAnswer::Declined(Arc::from(code)) }
}

impl LineTerminal {
    fn silent(&mut self, asked: &Message, code: &'static str) -> CardAnswer {
        // A slip that was asked for and came late is no answer to anything that is sent later.
        if asked.kind != self.dialect.codes.inquiry {
            self.owe(asked);
        }
        CardAnswer::Unknown(code)
    }

    /// What an answer says of the request that it is to.
    fn said(&self, asked: &Message, answer: &Message) -> CardAnswer {
        if !self.dialect.is_approved(answer) {
            return CardAnswer::Declined(Arc::from(answer.response.as_str()));
        }
        if answer.amount != asked.amount {
            return CardAnswer::Unknown(OTHER_AMOUNT);
        }
        CardAnswer::Approved(self.dialect.kept(answer))
    }

    /// What the last slip says of a request. A slip of another request says nothing of this one:
    /// where registers share a terminal, another's may have come after it. Then somebody has to
    /// look.
    fn told(&self, asked: &Message, slip: &Message) -> CardAnswer {
        if !self.dialect.names_requests() {
            return CardAnswer::Unknown(SLIP_UNNAMED);
        }
        if slip.reference != asked.reference {
            return CardAnswer::Unknown(OTHER_SLIP);
        }
        self.said(asked, slip)
    }
}
