//! A scale that is not there: a load to drag, and the bytes that a real one answers.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::protocol::{SMA_UNKNOWN, ScaleProtocol, Shown, TOLEDO_UNKNOWN, dialog_reason, sma_tare};

/// What it can weigh, in grams.
pub const CAPACITY_G: u32 = 15_000;
/// Its smallest step, in grams.
pub const DIVISION_G: u32 = 5;
/// How long a new load moves, in ticks of 10 ms.
const SETTLE_TICKS: u32 = 30;
/// A scale that tells its weight by itself does so every tenth of a second.
const TELL_TICKS: u32 = 10;
/// What it keeps of a command that does not end.
const HELD_BYTES_MAX: usize = 64;

const ENQUIRY: u8 = 0x05;
const ACK: u8 = 0x06;
const NAK: u8 = 0x15;

#[derive(Debug)]
struct State {
    protocol: ScaleProtocol,
    load_g: u32,
    zero_g: u32,
    tare_g: u32,
    settle_ticks: u32,
    settling_ticks: u32,
    is_moving: bool,
    is_over_capacity: bool,
    is_under_zero: bool,
    talks_nonsense: bool,
    /// Counts what it said, so that its nonsense varies.
    said: u32,
    ticks: u32,
    held: Vec<u8>,
    /// It was asked, and answers when its load is at rest.
    is_owing: bool,
}

/// A scale that is not there. Its clones are handles of the same one: plug one in, and put loads on
/// another.
#[derive(Clone, Debug)]
pub struct SimulatedScale(Arc<Mutex<State>>);

impl SimulatedScale {
    /// An empty scale of 15 kg in steps of 5 g.
    #[must_use]
    pub fn new(protocol: ScaleProtocol) -> Self {
        Self(Arc::new(Mutex::new(State {
            protocol,
            load_g: 0,
            zero_g: 0,
            tare_g: 0,
            settle_ticks: SETTLE_TICKS,
            settling_ticks: 0,
            is_moving: false,
            is_over_capacity: false,
            is_under_zero: false,
            talks_nonsense: false,
            said: 0,
            ticks: 0,
            held: Vec::new(),
            is_owing: false,
        })))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What it speaks.
    #[must_use]
    pub fn protocol(&self) -> ScaleProtocol {
        self.lock().protocol
    }

    /// What lies on it, in grams.
    #[must_use]
    pub fn load_g(&self) -> u32 {
        self.lock().load_g
    }

    /// What it takes off, in grams.
    #[must_use]
    pub fn tare_g(&self) -> u32 {
        self.lock().tare_g
    }

    /// Whether its load moves.
    #[must_use]
    pub fn is_moving(&self) -> bool {
        self.lock().is_moving()
    }

    /// Puts so much on it; it moves for a while.
    pub fn set_load(&self, grams: u32) {
        let mut state = self.lock();
        state.load_g = grams;
        state.settling_ticks = state.settle_ticks;
    }

    /// How long a new load moves, in ticks of 10 ms.
    pub fn set_settling(&self, ticks: u32) {
        self.lock().settle_ticks = ticks;
    }

    /// Keeps it moving, as a draught does, or lets it come to rest.
    pub fn set_moving(&self, is_moving: bool) {
        self.lock().is_moving = is_moving;
    }

    /// Has it say that it carries too much, whatever lies on it.
    pub fn set_over_capacity(&self, is_over: bool) {
        self.lock().is_over_capacity = is_over;
    }

    /// Has it say that it carries less than nothing.
    pub fn set_under_zero(&self, is_under: bool) {
        self.lock().is_under_zero = is_under;
    }

    /// Has it answer nonsense: letters for digits, numbers without an end, any bytes.
    pub fn talks_nonsense(&self, does: bool) {
        self.lock().talks_nonsense = does;
    }
}

impl crate::simulated::SimulatedDevice for SimulatedScale {
    fn hear(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        let mut state = self.lock();
        for byte in bytes {
            state.hear(*byte, out);
        }
    }

    fn tick(&mut self, out: &mut Vec<u8>) {
        self.lock().tick(out);
    }

    fn power_cut(&mut self) {
        let mut state = self.lock();
        state.held.clear();
        state.is_owing = false;
        state.tare_g = 0;
        state.zero_g = 0;
    }
}

impl State {
    const fn is_moving(&self) -> bool {
        self.is_moving || self.settling_ticks > 0
    }

    fn shown(&self) -> Shown {
        let off = self.zero_g.saturating_add(self.tare_g);
        let net = self.load_g.checked_sub(off);
        if self.is_over_capacity || self.load_g > CAPACITY_G {
            return Shown::OverCapacity;
        }
        let (Some(net), false) = (net, self.is_under_zero) else { return Shown::UnderZero };
        let steps = |grams: u32| (grams + DIVISION_G / 2) / DIVISION_G * DIVISION_G;
        if self.is_moving() {
            // It comes up to the load while it settles.
            let missing = net / 2 / (self.settle_ticks + 1) * self.settling_ticks;
            return Shown::Moving { grams: steps(net.saturating_sub(missing)) };
        }
        Shown::Weight { grams: steps(net), is_net: self.tare_g > 0 }
    }

    fn say(&mut self, frame: &[u8], out: &mut Vec<u8>) {
        self.said = self.said.wrapping_add(1);
        if !self.talks_nonsense {
            out.extend(frame);
            return;
        }
        match self.said % 3 {
            0 => out.extend(frame.iter().map(|byte| match byte {
                b'0'..=b'9' => byte + (b'a' - b'0'),
                byte => !byte,
            })),
            1 => out.extend([b'9'; 80]),
            _ => out.extend((0..40_u8).map(|n| n.wrapping_mul(83) ^ 0x91)),
        }
    }

    fn say_weight(&mut self, out: &mut Vec<u8>) {
        let frame = self.protocol.frame(self.shown());
        self.say(&frame, out);
    }

    fn tick(&mut self, out: &mut Vec<u8>) {
        self.settling_ticks = self.settling_ticks.saturating_sub(1);
        self.ticks = self.ticks.wrapping_add(1);
        let tells = matches!(self.protocol, ScaleProtocol::CasStream | ScaleProtocol::UsbHid);
        let is_due = tells && self.ticks.is_multiple_of(TELL_TICKS);
        if is_due || (self.is_owing && !self.is_moving()) {
            self.is_owing = false;
            self.say_weight(out);
        }
    }

    fn hear(&mut self, byte: u8, out: &mut Vec<u8>) {
        match self.protocol {
            ScaleProtocol::Toledo8217 => self.hear_toledo(byte, out),
            ScaleProtocol::Sma => self.hear_line(byte, b'\r', Self::obey_sma, out),
            ScaleProtocol::CasStream => self.hear_line(byte, b'\n', Self::obey_cas, out),
            ScaleProtocol::Dibal => self.hear_line(byte, b'\n', Self::obey_dibal, out),
            ScaleProtocol::CasEcr => match byte {
                ENQUIRY => self.say(&[ACK], out),
                0x11 => self.say_weight(out),
                _ => {}
            },
            ScaleProtocol::Dialog06 => self.hear_dialog(byte, out),
            ScaleProtocol::UsbHid => {}
        }
    }

    fn hear_toledo(&mut self, byte: u8, out: &mut Vec<u8>) {
        match byte {
            b'W' => self.say_weight(out),
            b'Z' => self.zero(),
            b'T' => self.tare(None),
            b'C' => self.tare(Some(0)),
            _ => self.say(TOLEDO_UNKNOWN, out),
        }
    }

    /// Holds bytes up to the end of a line, and obeys it.
    fn hear_line(
        &mut self,
        byte: u8,
        end: u8,
        obey: fn(&mut Self, &[u8], &mut Vec<u8>),
        out: &mut Vec<u8>,
    ) {
        if self.held.len() >= HELD_BYTES_MAX {
            self.held.clear();
        }
        self.held.push(byte);
        if byte == end {
            let line = std::mem::take(&mut self.held);
            obey(self, &line, out);
        }
    }

    fn obey_sma(&mut self, line: &[u8], out: &mut Vec<u8>) {
        let Some(start) = line.iter().rposition(|byte| *byte == b'\n') else { return };
        match line.get(start + 1..).unwrap_or_default() {
            [b'W' | b'P', b'\r'] => {}
            [b'Z', b'\r'] => self.zero(),
            [b'T', b'\r'] => self.tare(None),
            [b'C', b'\r'] => self.tare(Some(0)),
            [b'T', text @ .., b'\r'] => {
                let grams = sma_tare(text).map(|weight| weight.milligrams() / 1_000);
                self.tare(grams.and_then(|grams| u32::try_from(grams).ok()));
            }
            _ => {
                self.say(SMA_UNKNOWN, out);
                return;
            }
        }
        self.say_weight(out);
    }

    fn obey_cas(&mut self, line: &[u8], out: &mut Vec<u8>) {
        match line {
            [b'W', b'T', ..] => self.say_weight(out),
            [b'Z', b'E', ..] => self.zero(),
            [b'T', b'R', ..] => self.tare(None),
            _ => {}
        }
    }

    fn obey_dibal(&mut self, line: &[u8], _: &mut Vec<u8>) {
        let is_request = line.len() == 10 && line.starts_with(b"98") && line.ends_with(b"\r\n");
        let check = line.iter().take(7).fold(0, |check, byte| check ^ byte);
        if is_request && line.get(7) == Some(&check) {
            // It answers when it is at rest, at the next tick.
            self.is_owing = true;
        }
    }

    fn hear_dialog(&mut self, byte: u8, out: &mut Vec<u8>) {
        if byte == 0x04 || self.held.len() >= HELD_BYTES_MAX {
            self.held.clear();
        }
        self.held.push(byte);
        match self.held.as_slice() {
            [0x04, ENQUIRY] => self.say_weight(out),
            [0x04, 0x02, b'0', b'8', 0x03] => {
                let reason = dialog_reason(self.shown());
                self.say(&reason, out);
            }
            [0x04, 0x02, b'0', b'1', 0x1b, price @ .., 0x1b, 0x03] => {
                let is_price = price.len() == 6 && price.iter().all(u8::is_ascii_digit);
                self.say(&[if is_price { ACK } else { NAK }], out);
            }
            [.., 0x03] => self.say(&[NAK], out),
            _ => return,
        }
        self.held.clear();
    }

    fn zero(&mut self) {
        if !self.is_moving() {
            self.zero_g = self.load_g;
            self.tare_g = 0;
        }
    }

    fn tare(&mut self, grams: Option<u32>) {
        if !self.is_moving() {
            self.tare_g = grams.unwrap_or(self.load_g.saturating_sub(self.zero_g));
        }
    }
}
