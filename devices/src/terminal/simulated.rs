use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::codec::{ACK, Frames, Message, NAK, Received, framed};
use super::dialect::{Dialect, DialectError};
use crate::simulated::{Plug, SimulatedDevice, Socket, plug_in};

/// Of the requests that came in, so many are remembered: a demonstration may run for weeks.
const REQUESTS_MAX: usize = 10_000;
/// How often an answer is sent again that the other side says it did not understand.
const RESENT_MAX: usize = 3;
/// After so many hundredths of a second of silence half a frame is none.
const IDLE_TICKS_MAX: u32 = 50;
/// What a bank says of a card that it does not like.
const REFUSED: &str = "0005";

/// What the simulated terminal does with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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
    /// Approves it and says half of the answer only.
    Half,
    /// Says once that it did not understand, then approves.
    Nak,
    /// Sends an answer that does not hold, then, asked again, the right one.
    Garbled,
}

/// What its display shows while somebody is to hold a card to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// Whether the amount is given back.
    pub is_reversal: bool,
    /// How much, in major units.
    pub amount: Decimal,
}

/// A terminal for trying: it speaks the same bytes over a real line and keeps its last slip. Its
/// clones are handles of the same terminal; it ends with the last.
#[derive(Clone)]
pub struct SimulatedTerminal {
    plug: Plug,
    dialect: Arc<Dialect>,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    tricks: VecDeque<Trick>,
    last: Option<Message>,
    slips: u32,
    /// Every request that came in, but inquiries.
    requests: VecDeque<String>,
    awaits_person: bool,
    /// What its display shows: it waits for a person.
    waiting: Option<Message>,
    /// What it says after a person decided; late where whoever asked has hung up.
    answer: Vec<u8>,
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

impl SimulatedTerminal {
    /// One of the usual dialect on the network: it listens on this machine, at any port that is
    /// free.
    ///
    /// # Errors
    /// Where the system gives none.
    pub fn start() -> io::Result<Self> {
        let unusable = |error: DialectError| io::Error::new(io::ErrorKind::InvalidData, error);
        Self::plugged_in(&Socket::Tcp, Dialect::named("taiwan_400").map_err(unusable)?)
    }

    /// One that speaks a dialect, at the network or a serial line.
    ///
    /// # Errors
    /// Where the system gives no port, line or thread.
    pub fn plugged_in(socket: &Socket, dialect: Arc<Dialect>) -> io::Result<Self> {
        let state = Arc::<Mutex<State>>::default();
        let plug = plug_in(socket, Device::new(dialect.clone(), state.clone()))?;
        Ok(Self { plug, dialect, state })
    }

    /// Where it listens, as `host:port` on the network, or as [`Plug::address`] says it.
    #[must_use]
    pub fn address(&self) -> String {
        let address = self.plug.address();
        address.strip_prefix("tcp:").unwrap_or(address).to_owned()
    }

    /// Its plug: where it is, and what is wrong with its cable.
    #[must_use]
    pub const fn plug(&self) -> &Plug {
        &self.plug
    }

    /// What it is to do with the next requests, one after the other; without any it goes by the
    /// amount, as a bank's own test hosts do.
    pub fn will(&self, tricks: impl IntoIterator<Item = Trick>) {
        lock(&self.state).tricks.extend(tricks);
    }

    /// The references of all that was asked of it, but inquiries; empty texts where its dialect
    /// has no field for one.
    #[must_use]
    pub fn requests(&self) -> Vec<String> {
        lock(&self.state).requests.iter().cloned().collect()
    }

    /// How many requests it has carried out: each took or gave back money.
    #[must_use]
    pub fn slips(&self) -> u32 {
        lock(&self.state).slips
    }

    /// Whether requests wait for a person, who decides at the terminal, rather than being done
    /// with at once. What was said with [`Self::will`] goes before.
    pub fn awaits_person(&self, awaits: bool) {
        lock(&self.state).awaits_person = awaits;
    }

    /// Whether they do.
    #[must_use]
    pub fn is_awaiting_person(&self) -> bool {
        lock(&self.state).awaits_person
    }

    /// What its display shows: what waits for a person.
    #[must_use]
    pub fn shows(&self) -> Option<Shown> {
        let state = lock(&self.state);
        let asked = state.waiting.as_ref()?;
        let is_reversal = asked.kind != self.dialect.codes.sale;
        Some(Shown { is_reversal, amount: major(&self.dialect, asked) })
    }

    /// What a person does with what it shows; answers whether it showed anything.
    #[must_use]
    pub fn decide(&self, trick: Trick) -> bool {
        let mut state = lock(&self.state);
        let asked = state.waiting.take();
        let is_asked = asked.is_some();
        if let Some(asked) = asked {
            let answer = state.carry_out(asked, trick, &self.dialect);
            state.answer.extend(answer);
        }
        is_asked
    }
}

/// An amount in major units.
fn major(dialect: &Dialect, message: &Message) -> Decimal {
    Decimal::new(message.amount, dialect.amount.decimals)
}

/// What an amount asks for: whole hundreds and a few, in major units.
fn by_amount(amount: Decimal) -> Trick {
    match i64::try_from(amount.trunc()).unwrap_or_default() % 100 {
        51 => Trick::Decline,
        52 => Trick::Silent,
        53 => Trick::SilentDecline,
        54 => Trick::Deaf,
        55 => Trick::Half,
        _ => Trick::Approve,
    }
}

/// The terminal at its end of the line.
struct Device {
    dialect: Arc<Dialect>,
    state: Arc<Mutex<State>>,
    frames: Frames,
    idle_ticks: u32,
    /// It said that it did not understand this: it comes again.
    refused: Option<Message>,
    sent: Vec<u8>,
    resent: usize,
}

impl Device {
    fn new(dialect: Arc<Dialect>, state: Arc<Mutex<State>>) -> Self {
        Self {
            frames: Frames::new(dialect.clone()),
            dialect,
            state,
            idle_ticks: 0,
            refused: None,
            sent: Vec::new(),
            resent: 0,
        }
    }

    fn take(&mut self, asked: Message, out: &mut Vec<u8>) {
        if lock(&self.state).waiting.is_some() {
            // Somebody is at it: it hears nothing else.
            return;
        }
        if asked.kind == self.dialect.codes.inquiry {
            out.push(ACK);
            let last = lock(&self.state).last.clone().unwrap_or_default();
            let slip = Message { kind: asked.kind, ..last };
            self.send(framed(&self.dialect.text(&slip)), out);
            return;
        }
        // One that is sent again after a NAK is the same.
        let is_again = self.refused.take().is_some_and(|refused| refused == asked);
        if is_again {
            out.push(ACK);
            self.carry_out(asked, Trick::Approve, out);
            return;
        }
        match self.next_trick(&asked) {
            None => {
                out.push(ACK);
                lock(&self.state).waiting = Some(asked);
            }
            Some(Trick::Deaf) => {}
            Some(Trick::Nak) => {
                out.push(NAK);
                self.refused = Some(asked);
            }
            Some(trick) => {
                out.push(ACK);
                self.carry_out(asked, trick, out);
            }
        }
    }

    /// What is to be done with a request; nothing where a person decides.
    fn next_trick(&self, asked: &Message) -> Option<Trick> {
        let mut state = lock(&self.state);
        if state.requests.len() == REQUESTS_MAX {
            state.requests.pop_front();
        }
        state.requests.push_back(asked.reference.clone());
        let next = state.tricks.pop_front();
        if next.is_none() && state.awaits_person {
            return None;
        }
        Some(next.unwrap_or_else(|| by_amount(major(&self.dialect, asked))))
    }

    fn carry_out(&mut self, asked: Message, trick: Trick, out: &mut Vec<u8>) {
        let answer = lock(&self.state).carry_out(asked, trick, &self.dialect);
        let at = out.len() + 10;
        self.send(answer, out);
        if trick == Trick::Garbled
            && let Some(byte) = out.get_mut(at)
        {
            *byte ^= 1;
        }
    }

    fn send(&mut self, answer: Vec<u8>, out: &mut Vec<u8>) {
        out.extend_from_slice(&answer);
        self.sent = answer;
        self.resent = 0;
    }
}

impl State {
    /// What the terminal says of a request once it is through with it; nothing where its answer is
    /// lost.
    fn carry_out(&mut self, asked: Message, trick: Trick, dialect: &Dialect) -> Vec<u8> {
        if trick == Trick::Deaf {
            return Vec::new();
        }
        let mut answer = asked;
        if matches!(trick, Trick::Decline | Trick::SilentDecline) {
            answer.response = REFUSED.to_owned();
        } else {
            self.slips += 1;
            if trick == Trick::ApproveLess {
                answer.amount -= 10_i64.pow(dialect.amount.decimals);
            }
            answer.response = dialect.approved.first().cloned().unwrap_or_default();
            answer.receipt = format!("{:06}", self.slips);
            answer.approval = format!("{:06}", 123_000 + self.slips);
            answer.card = "411111******1111".to_owned();
            answer.card_type = "02".to_owned();
        }
        let mut frame = framed(&dialect.text(&answer));
        self.last = Some(answer);
        match trick {
            Trick::Silent | Trick::SilentDecline => frame.clear(),
            Trick::Half => frame.truncate(frame.len() / 4),
            _ => {}
        }
        frame
    }
}

impl SimulatedDevice for Device {
    fn hear(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        self.idle_ticks = 0;
        self.frames.push(bytes);
        while let Some(received) = self.frames.next_received() {
            match received {
                Received::Ack => self.sent.clear(),
                Received::Nak if self.resent < RESENT_MAX => {
                    self.resent += 1;
                    out.extend_from_slice(&self.sent);
                }
                Received::Nak => {}
                Received::Broken => out.push(NAK),
                Received::Frame(asked) => self.take(asked, out),
            }
        }
    }

    fn tick(&mut self, out: &mut Vec<u8>) {
        self.idle_ticks += 1;
        if self.idle_ticks >= IDLE_TICKS_MAX {
            self.idle_ticks = 0;
            self.frames.clear();
        }
        let answer = std::mem::take(&mut lock(&self.state).answer);
        if !answer.is_empty() {
            self.send(answer, out);
        }
    }

    fn power_cut(&mut self) {
        self.frames.clear();
        self.refused = None;
        self.sent.clear();
        let mut state = lock(&self.state);
        state.waiting = None;
        state.answer.clear();
    }
}
