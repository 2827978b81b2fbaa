use std::collections::VecDeque;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use super::codec::{ACK, Frames, Message, NAK, Received, framed};

/// What the simulated terminal does with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trick {
    /// Approves it.
    Approve,
    /// Declines it, with the code of a bank.
    Decline,
    /// Approves less than was asked for.
    ApproveLess,
    /// Approves it, and the answer is lost.
    Silent,
    /// Declines it, and the answer is lost.
    SilentDecline,
    /// Never hears of it.
    Deaf,
    /// Approves it and hangs up in the middle of the answer.
    Half,
    /// Says once that it did not understand, then approves.
    Nak,
    /// Sends an answer that does not hold, then, asked again, the right one.
    Garbled,
}

/// A terminal for trying: it speaks the same bytes over a real line and keeps its last slip.
pub struct SimulatedTerminal {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    tricks: VecDeque<Trick>,
    last: Option<Message>,
    slips: u32,
    /// Every request that came in, but inquiries.
    requests: Vec<String>,
}

impl SimulatedTerminal {
    /// Listens on this machine, at any port that is free.
    ///
    /// # Errors
    /// Where the system gives none.
    pub fn start() -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let address = listener.local_addr()?;
        let state = Arc::new(Mutex::new(State::default()));
        let shared = state.clone();
        thread::Builder::new().name("terminal-simulated".to_owned()).spawn(move || {
            for line in listener.incoming().flatten() {
                // A line that breaks is the end of that line.
                let _ = serve(line, &shared);
            }
        })?;
        Ok(Self { address, state })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// What it is to do with the next requests, one after the other; without any it goes by the
    /// amount, as a bank's own test hosts do.
    pub fn will(&self, tricks: impl IntoIterator<Item = Trick>) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).tricks.extend(tricks);
    }

    /// The references of all that was asked of it, but inquiries.
    #[must_use]
    pub fn requests(&self) -> Vec<String> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).requests.clone()
    }
}

/// What an amount asks for: whole hundreds and a few, in major units.
fn by_amount(hundredths: i64) -> Trick {
    match hundredths / 100 % 100 {
        51 => Trick::Decline,
        52 => Trick::Silent,
        53 => Trick::SilentDecline,
        54 => Trick::Deaf,
        55 => Trick::Half,
        _ => Trick::Approve,
    }
}

fn serve(mut line: TcpStream, state: &Mutex<State>) -> io::Result<()> {
    let mut frames = Frames::default();
    let mut bytes = [0; 512];
    let mut has_refused = false;
    let mut right: Option<Vec<u8>> = None;
    loop {
        match frames.next_received() {
            None => {
                let count = line.read(&mut bytes)?;
                if count == 0 {
                    return Ok(());
                }
                frames.push(bytes.get(..count).unwrap_or_default());
            }
            Some(Received::Broken) => line.write_all(&[NAK])?,
            Some(Received::Ack) => {}
            Some(Received::Nak) => {
                if let Some(right) = right.take() {
                    line.write_all(&right)?;
                }
            }
            Some(Received::Frame(asked)) => {
                if asked.kind == "91" {
                    line.write_all(&[ACK])?;
                    line.write_all(&framed(&slip(&asked, state).text()))?;
                    continue;
                }
                let trick = next(state, &asked, has_refused);
                if trick == Trick::Deaf {
                    continue;
                }
                if trick == Trick::Nak && !has_refused {
                    has_refused = true;
                    line.write_all(&[NAK])?;
                    continue;
                }
                let answer = framed(&carried_out(&asked, trick, state).text());
                line.write_all(&[ACK])?;
                match trick {
                    Trick::Silent | Trick::SilentDecline => {}
                    Trick::Half => {
                        line.write_all(answer.get(..100).unwrap_or_default())?;
                        return Ok(());
                    }
                    Trick::Garbled => {
                        let mut garbled = answer.clone();
                        if let Some(byte) = garbled.get_mut(10) {
                            *byte ^= 1;
                        }
                        right = Some(answer);
                        line.write_all(&garbled)?;
                    }
                    _ => line.write_all(&answer)?,
                }
            }
        }
    }
}

/// What is to be done with a request; one that is sent again after a NAK is the same.
fn next(state: &Mutex<State>, asked: &Message, has_refused: bool) -> Trick {
    let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
    if has_refused {
        return Trick::Approve;
    }
    state.requests.push(asked.reference.clone());
    state.tricks.pop_front().unwrap_or_else(|| by_amount(asked.hundredths))
}

/// The last slip, whatever it is of.
fn slip(asked: &Message, state: &Mutex<State>) -> Message {
    let state = state.lock().unwrap_or_else(PoisonError::into_inner);
    let last = state.last.clone().unwrap_or_default();
    Message { kind: asked.kind.clone(), ..last }
}

fn carried_out(asked: &Message, trick: Trick, state: &Mutex<State>) -> Message {
    let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
    let is_declined = matches!(trick, Trick::Decline | Trick::SilentDecline);
    let mut answer = asked.clone();
    if is_declined {
        answer.response = "0005".to_owned();
    } else {
        state.slips += 1;
        if trick == Trick::ApproveLess {
            answer.hundredths -= 100;
        }
        answer.response = "0000".to_owned();
        answer.receipt = format!("{:06}", state.slips);
        answer.approval = format!("{:06}", 123_000 + state.slips);
        answer.card = "411111******1111".to_owned();
        answer.card_type = "02".to_owned();
    }
    state.last = Some(answer.clone());
    answer
}
