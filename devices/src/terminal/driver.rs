use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::sync::Arc;
use std::time::{Duration, Instant};

use store_core::card::CardAnswer;

use super::codec::{ACK, Frames, Message, NAK, Received, framed};
use super::{PaymentTerminal, TerminalAsk};

/// The terminal's last slip is of something else: what was asked of it may have come before that.
const OTHER_SLIP: &str = "other_slip";
/// What was carried out is not what was asked for.
const OTHER_AMOUNT: &str = "other_amount";
/// Nothing left the store: nothing happened.
const OFFLINE: &str = "terminal_offline";
/// How often a frame is sent again that the terminal says it did not understand.
const TRIES: usize = 3;

/// How long a terminal is waited for.
#[derive(Clone, Copy, Debug)]
pub struct TerminalTimes {
    /// Until it says that it understood.
    pub understood: Duration,
    /// Until it says what became of the request: a customer looks for a card, and for the PIN.
    pub answered: Duration,
}

impl Default for TerminalTimes {
    /// As such terminals are specified: two seconds and sixty, with room for the terminal's own
    /// waiting for the bank.
    fn default() -> Self {
        Self { understood: Duration::from_secs(2), answered: Duration::from_secs(75) }
    }
}

/// A terminal at the end of a line.
pub struct LineTerminal {
    address: String,
    times: TerminalTimes,
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
    /// A terminal that listens at an address, as `host:port`.
    #[must_use]
    pub const fn new(address: String, times: TerminalTimes) -> Self {
        Self { address, times }
    }

    /// The line, where somebody takes it up at one of the addresses in time.
    fn connected(&self) -> io::Result<TcpStream> {
        let mut failed = io::Error::from(io::ErrorKind::AddrNotAvailable);
        for address in self.address.to_socket_addrs()? {
            match TcpStream::connect_timeout(&address, self.times.understood) {
                Ok(line) => return Ok(line),
                Err(error) => failed = error,
            }
        }
        Err(failed)
    }

    fn exchange(&self, line: &mut TcpStream, message: &Message) -> io::Result<Exchange> {
        let frame = framed(&message.text());
        let mut frames = Frames::default();
        let mut tries = 1;
        let mut is_understood = false;
        line.write_all(&frame)?;
        let mut until = Instant::now() + self.times.understood;
        loop {
            let Some(received) = frames.next_received() else {
                if !read_more(line, &mut frames, until)? {
                    let code = if is_understood { "no_answer" } else { "not_acknowledged" };
                    return Ok(Exchange::Silent(code));
                }
                continue;
            };
            match received {
                Received::Ack if !is_understood => {
                    is_understood = true;
                    until = Instant::now() + self.times.answered;
                }
                Received::Ack => {}
                Received::Nak if is_understood => {}
                Received::Nak if tries == TRIES => return Ok(Exchange::NotUnderstood),
                Received::Nak => {
                    // It has not taken the frame in: this is still the first request.
                    tries += 1;
                    line.write_all(&frame)?;
                    until = Instant::now() + self.times.understood;
                }
                Received::Broken => {
                    frames.clear();
                    line.write_all(&[NAK])?;
                }
                Received::Frame(answer) => {
                    line.write_all(&[ACK])?;
                    // One for an earlier request came late.
                    if message.kind == answer.kind && is_about(message, &answer) {
                        return Ok(Exchange::Answered(answer));
                    }
                }
            }
        }
    }
}

/// Whether an answer is one to what was sent. The last slip may be another's.
fn is_about(asked: &Message, answer: &Message) -> bool {
    asked.kind == INQUIRY || asked.reference == answer.reference
}

const INQUIRY: &str = "91";

/// Reads what has come, waiting no longer than `until`; answers whether the line still is there
/// and there is time.
fn read_more(line: &mut TcpStream, frames: &mut Frames, until: Instant) -> io::Result<bool> {
    let left = until.saturating_duration_since(Instant::now());
    if left.is_zero() {
        return Ok(false);
    }
    line.set_read_timeout(Some(left))?;
    let mut bytes = [0; 512];
    match line.read(&mut bytes) {
        Ok(0) => Ok(false),
        Ok(count) => {
            frames.push(bytes.get(..count).unwrap_or_default());
            Ok(true)
        }
        Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(true),
        Err(error) => match error.kind() {
            io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => Ok(false),
            _ => Err(error),
        },
    }
}

impl PaymentTerminal for LineTerminal {
    fn ask(&mut self, ask: &TerminalAsk) -> CardAnswer {
        let Some(message) = Message::asking(ask) else {
            // An inquiry about it cannot be asked; a request for it would not be understood.
            return not_sent(ask, "amount_not_sendable");
        };
        let Ok(mut line) = self.connected() else {
            return not_sent(ask, OFFLINE);
        };
        match self.exchange(&mut line, &message) {
            Ok(Exchange::Answered(answer)) if ask.is_inquiry => told(&message, &answer),
            Ok(Exchange::Answered(answer)) => said(&message, &answer),
            Ok(Exchange::NotUnderstood) => not_sent(ask, "not_understood"),
            Ok(Exchange::Silent(code)) => CardAnswer::Unknown(code),
            Err(_) => CardAnswer::Unknown("line_broken"),
        }
    }
}

/// Nothing happened; of an earlier request that says nothing.
fn not_sent(ask: &TerminalAsk, code: &'static str) -> CardAnswer {
    if ask.is_inquiry { CardAnswer::Unknown(code) } else { CardAnswer::Declined(Arc::from(code)) }
}

/// What an answer says of the request that it is to.
fn said(asked: &Message, answer: &Message) -> CardAnswer {
    if !answer.is_approved() {
        return CardAnswer::Declined(Arc::from(answer.response.as_str()));
    }
    if answer.hundredths != asked.hundredths {
        return CardAnswer::Unknown(OTHER_AMOUNT);
    }
    CardAnswer::Approved(answer.kept())
}

/// What the last slip says of a request. A slip of another request says nothing of this one: where
/// registers share a terminal, another's may have come after it. Then somebody has to look.
fn told(asked: &Message, slip: &Message) -> CardAnswer {
    if slip.reference != asked.reference {
        return CardAnswer::Unknown(OTHER_SLIP);
    }
    said(asked, slip)
}
