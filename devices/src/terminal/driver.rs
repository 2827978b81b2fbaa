use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use store_core::card::CardAnswer;

use super::codec::{ACK, Frames, Message, NAK, Received, framed};
use super::dialect::Dialect;
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
/// How long an answer that did not come is still expected: no terminal keeps one for longer.
const OWED_MAX: Duration = Duration::from_secs(5 * 60);

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
    /// A request whose answer did not come, where answers do not say which request they are to.
    owed: Option<Owed>,
    presence: Presence,
}

struct Owed {
    kind: String,
    amount: i64,
    until: Instant,
}

/// What one exchange came to.
enum Exchange {
    Answered(Message),
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
        Self {
            connect: Box::new(connect),
            dialect,
            times,
            owed: None,
            presence: Presence::default(),
        }
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
            let until = Instant::now() + OWED_MAX;
            self.owed = Some(Owed { kind: message.kind.clone(), amount: message.amount, until });
        }
    }

    fn may_be_owed(&self, answer: &Message) -> bool {
        self.owed.as_ref().is_some_and(|owed| {
            owed.kind == answer.kind && owed.amount == answer.amount && Instant::now() < owed.until
        })
    }
}

/// One question on an open line.
struct Asking<'a> {
    port: &'a mut dyn Port,
    dialect: &'a Arc<Dialect>,
    times: TerminalTimes,
    message: &'a Message,
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
                    self.port.write(&[ACK])?;
                    match self.judge(&answer) {
                        Judged::Answer => return Ok(Exchange::Answered(answer)),
                        Judged::StillAtIt => until = (until + self.times.answered).min(latest),
                        Judged::OtherAmount => silence = OTHER_AMOUNT,
                        Judged::Other => {}
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
        if asked.kind != answer.kind {
            return Judged::Other;
        }
        // Our own request, said back by a line that echoes, is no answer to it.
        if answer.response.is_empty() && asked.reference == answer.reference {
            return Judged::Other;
        }
        if self.dialect.is_keep_alive(answer) {
            return Judged::StillAtIt;
        }
        // The last slip may be another's: it is judged by whoever asked for it.
        if asked.kind == self.dialect.codes.inquiry {
            return Judged::Answer;
        }
        if self.dialect.names_requests() {
            return if asked.reference == answer.reference {
                Judged::Answer
            } else {
                Judged::Other
            };
        }
        if asked.amount == answer.amount { Judged::Answer } else { Judged::OtherAmount }
    }
}

enum Judged {
    Answer,
    /// The terminal says that it needs more time.
    StillAtIt,
    /// Of an earlier request, or an amount that nobody asked for: nobody can tell.
    OtherAmount,
    /// One for an earlier request came late.
    Other,
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
                self.presence.heard(Condition::after(&error));
                return not_sent(ask, OFFLINE);
            }
        };
        let (dialect, times) = (&self.dialect, self.times);
        let mut asking = Asking { port: port.as_mut(), dialect, times, message: &message };
        let exchange = asking.exchange();
        self.presence.heard(match &exchange {
            Ok(Exchange::Answered(_)) => Condition::Ready,
            Ok(Exchange::Silent(code)) if *code != NOT_ACKNOWLEDGED => Condition::Ready,
            Ok(Exchange::Silent(_) | Exchange::NotUnderstood) => Condition::Silent,
            Err(error) => Condition::after(error),
        });
        match exchange {
            Ok(Exchange::Answered(answer)) if ask.is_inquiry => self.told(&message, &answer),
            Ok(Exchange::Answered(answer)) if self.may_be_owed(&answer) => {
                self.owe(&message);
                CardAnswer::Unknown(ANSWER_UNCLEAR)
            }
            Ok(Exchange::Answered(answer)) => self.said(&message, &answer),
            Ok(Exchange::NotUnderstood) => not_sent(ask, "not_understood"),
            Ok(Exchange::Silent(code)) => self.silent(&message, code),
            Err(_) => self.silent(&message, "line_broken"),
        }
    }

    fn look(&mut self) -> Condition {
        self.presence.look(self.connect.as_mut())
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
