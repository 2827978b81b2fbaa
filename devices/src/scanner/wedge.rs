//! Scanners that type: a keyboard wedge has no frame but the speed of its keys.

use serde::{Deserialize, Serialize};

use super::contract::{BarcodeScanner, Scan, ScannerError, Symbology};

/// Keys closer together than this are a scanner's. Wedges type at 1 to 20 ms; the fastest typists
/// stay above 50 ms for more than two keys.
pub const KEY_GAP_MS_MAX: u32 = 35;
/// Fewest keys that are taken for a code: shorter ones are typed at speed by rolling over keys.
pub const CODE_KEYS_MIN: usize = 6;
/// Most keys of one code: the longest QR code that a till is shown, twice over.
pub const CODE_KEYS_MAX: usize = 1_024;

/// A key, as far as a till cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Key {
    /// One that writes a character.
    Character(char),
    /// Enter.
    Enter,
    /// Tab.
    Tab,
}

/// A key, and how long after the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyEvent {
    /// Which.
    pub key: Key,
    /// Milliseconds since the key before.
    pub gap_ms: u32,
}

/// What keys turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decoded {
    /// A scanner's code; its keys are used up.
    Scan(Scan),
    /// Somebody's typing, in order: it belongs where the focus is.
    Typed(Vec<Key>),
}

/// How a scanner is set up to frame its codes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WedgeSettings {
    /// What it types before each code.
    pub prefix: String,
    /// What it types behind.
    pub suffix: Key,
}

impl Default for WedgeSettings {
    fn default() -> Self {
        Self { prefix: String::new(), suffix: Key::Enter }
    }
}

/// Tells codes from typing. Every key that goes in comes out once: in a [`Scan`] or as typed.
#[derive(Clone, Debug, Default)]
pub struct WedgeDecoder {
    settings: WedgeSettings,
    held: Vec<Key>,
}

impl WedgeDecoder {
    /// A decoder for a scanner that is set up so.
    #[must_use]
    pub const fn new(settings: WedgeSettings) -> Self {
        Self { settings, held: Vec::new() }
    }

    /// Takes a key. What is not decided yet is held back until the next key or
    /// [`WedgeDecoder::idle`].
    pub fn push(&mut self, event: KeyEvent) -> Vec<Decoded> {
        let mut decoded = Vec::new();
        if event.gap_ms >= KEY_GAP_MS_MAX || self.held.len() >= CODE_KEYS_MAX {
            decoded.extend(self.idle());
        }
        if event.key == self.settings.suffix
            && let Some(scan) = self.scan()
        {
            self.held.clear();
            decoded.push(Decoded::Scan(scan));
            return decoded;
        }
        self.held.push(event.key);
        if !matches!(event.key, Key::Character(_)) {
            decoded.extend(self.idle());
        }
        decoded
    }

    /// No key came for [`KEY_GAP_MS_MAX`]: what was held back is typing.
    pub fn idle(&mut self) -> Option<Decoded> {
        let typed = std::mem::take(&mut self.held);
        (!typed.is_empty()).then_some(Decoded::Typed(typed))
    }

    fn scan(&self) -> Option<Scan> {
        let text: Option<String> = self
            .held
            .iter()
            .map(|key| if let Key::Character(character) = key { Some(*character) } else { None })
            .collect();
        let scan = Scan::of(text?.strip_prefix(&self.settings.prefix)?);
        (self.held.len() >= CODE_KEYS_MIN && !scan.code.is_empty()).then_some(scan)
    }
}

/// A wedge scanner that is not there: turns a code into the keys that one would type.
#[derive(Clone, Debug)]
pub struct SimulatedWedgeScanner {
    /// How it frames a code.
    pub settings: WedgeSettings,
    /// Milliseconds between two of its keys.
    pub key_gap_ms: u32,
    /// Whether it says what kind of code it read.
    pub sends_aim_id: bool,
}

/// Milliseconds since whatever was typed before a code.
const PAUSE_MS: u32 = 1_000;

impl Default for SimulatedWedgeScanner {
    /// As most come out of the box: no prefix, Enter behind, a key every 5 ms.
    fn default() -> Self {
        Self { settings: WedgeSettings::default(), key_gap_ms: 5, sends_aim_id: false }
    }
}

impl SimulatedWedgeScanner {
    /// The keys of one code.
    #[must_use]
    pub fn keys(&self, code: &str, symbology: Symbology) -> Vec<KeyEvent> {
        let aim_id = if self.sends_aim_id { symbology.aim_id() } else { "" };
        let text = [self.settings.prefix.as_str(), aim_id, code].concat();
        let keys = text.chars().map(Key::Character).chain([self.settings.suffix]);
        keys.enumerate()
            .map(|(index, key)| {
                let gap_ms = if index == 0 { PAUSE_MS } else { self.key_gap_ms };
                KeyEvent { key, gap_ms }
            })
            .collect()
    }
}

/// A scanner made of a source of keys; what is typed by hand is dropped.
pub struct WedgeScanner<I> {
    keys: I,
    decoder: WedgeDecoder,
}

impl<I> WedgeScanner<I> {
    /// Reads the keys of a scanner that is set up so.
    pub const fn new(keys: I, settings: WedgeSettings) -> Self {
        Self { keys, decoder: WedgeDecoder::new(settings) }
    }
}

impl<I: Iterator<Item = KeyEvent> + Send> BarcodeScanner for WedgeScanner<I> {
    fn next_scan(&mut self) -> Result<Option<Scan>, ScannerError> {
        for event in self.keys.by_ref() {
            for decoded in self.decoder.push(event) {
                if let Decoded::Scan(scan) = decoded {
                    return Ok(Some(scan));
                }
            }
        }
        Ok(None)
    }
}
