use std::sync::{Arc, Mutex, PoisonError};

use super::Symbology;
use super::keyboard::key_of;
use crate::simulated::SimulatedDevice;

/// Most bytes that wait to be sent: whoever scans faster than the line carries loses the scan, as
/// with a scanner's own memory.
const WAITING_BYTES_MAX: usize = 1 << 20;

const EV_SYN: u16 = 0;
const EV_KEY: u16 = 1;
const KEY_LEFTCTRL: u16 = 29;
const KEY_LEFTSHIFT: u16 = 42;
/// What separates the elements of a GS1 code.
const GROUP_SEPARATOR: char = '\u{1d}';

/// How a simulated scanner frames its codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Speaks {
    /// Whether it says what kind of code it read.
    pub sends_aim_id: bool,
    /// What it sends before each code, and before the identifier.
    pub prefix: String,
    /// What it sends behind.
    pub suffix: String,
    /// Whether it types instead: events of a keyboard's keys.
    pub types: bool,
}

impl Default for Speaks {
    /// As most come out of the box.
    fn default() -> Self {
        Self { sends_aim_id: false, prefix: String::new(), suffix: "\r".to_owned(), types: false }
    }
}

#[derive(Default)]
struct State {
    speaks: Speaks,
    waiting: Vec<u8>,
}

/// A scanner that is not there, to be plugged in.
#[derive(Default)]
pub struct SimulatedScanner(Arc<Mutex<State>>);

/// The trigger of a [`SimulatedScanner`]: its clones are the same trigger.
#[derive(Clone)]
pub struct Trigger(Arc<Mutex<State>>);

impl SimulatedScanner {
    /// One that is set up so.
    #[must_use]
    pub fn new(speaks: Speaks) -> Self {
        Self(Arc::new(Mutex::new(State { speaks, waiting: Vec::new() })))
    }

    /// What a page or a test scans with.
    #[must_use]
    pub fn trigger(&self) -> Trigger {
        Trigger(self.0.clone())
    }
}

impl Trigger {
    /// Scans a code of some kind.
    pub fn scan(&self, code: &str, symbology: Symbology) {
        self.change(|state| {
            let speaks = &state.speaks;
            let aim_id = if speaks.sends_aim_id { symbology.aim_id() } else { "" };
            let text = [&speaks.prefix, aim_id, code, &speaks.suffix].concat();
            if speaks.types { type_keys(&text) } else { text.into_bytes() }
        });
    }

    /// Sends whatever bytes: what a damaged scanner does.
    pub fn send(&self, bytes: &[u8]) {
        self.change(|_| bytes.to_vec());
    }

    /// Sets it up in another way.
    pub fn set(&self, speaks: Speaks) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).speaks = speaks;
    }

    fn change(&self, more: impl FnOnce(&State) -> Vec<u8>) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let more = more(&state);
        if state.waiting.len() + more.len() <= WAITING_BYTES_MAX {
            state.waiting.extend(more);
        }
    }
}

impl SimulatedDevice for SimulatedScanner {
    fn hear(&mut self, _: &[u8], _: &mut Vec<u8>) {}

    fn tick(&mut self, out: &mut Vec<u8>) {
        out.append(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner).waiting);
    }

    fn power_cut(&mut self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).waiting.clear();
    }
}

/// The events that the kernel reports when a text is typed, carriage return as Enter. A character
/// that no key writes is left out, as scanners do.
#[must_use]
pub fn type_keys(text: &str) -> Vec<u8> {
    let mut events = Vec::new();
    for character in text.chars() {
        let (with, key) = if character == GROUP_SEPARATOR {
            (Some(KEY_LEFTCTRL), key_of(b']').map(|(key, _)| key))
        } else {
            let known = u8::try_from(character).ok().and_then(key_of);
            let is_shifted = known.is_some_and(|(_, is_shifted)| is_shifted);
            (is_shifted.then_some(KEY_LEFTSHIFT), known.map(|(key, _)| key))
        };
        let Some(key) = key else { continue };
        let with = with.into_iter();
        let presses = with.clone().chain([key]).map(|key| (key, 1));
        let releases = [key].into_iter().chain(with).map(|key| (key, 0));
        for (key, value) in presses.chain(releases) {
            events.extend(event(EV_KEY, key, value));
            events.extend(event(EV_SYN, 0, 0));
        }
    }
    events
}

fn event(kind: u16, code: u16, value: i32) -> Vec<u8> {
    let time = [0; 16];
    let kind_and_code = [kind.to_ne_bytes(), code.to_ne_bytes()].concat();
    [time.as_slice(), &kind_and_code, &value.to_ne_bytes()].concat()
}
