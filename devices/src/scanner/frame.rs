//! Where one code ends and the next begins, in what a scanner sends.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::contract::Scan;

/// Silence that ends a code without a suffix. Scanners send a code in one go, at 9600 bits a
/// second a byte every millisecond.
pub const IDLE_GAP: Duration = Duration::from_millis(50);
/// Silence after which a code whose suffix never came is forgotten: long enough for a bad cable,
/// shorter than a hand takes to scan again.
pub const UNFINISHED_GAP: Duration = Duration::from_millis(500);
/// Most bytes of one code; a port that sends more without an end is not a scanner's.
pub const FRAME_BYTES_MAX: usize = 4_096;
/// Most characters of a prefix: what scanners can be set to send.
const PREFIX_CHARS_MAX: usize = 16;

const STX: u8 = 0x02;
const ETX: u8 = 0x03;

/// What ends a code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Framing {
    /// CR, LF, Tab or ETX, or silence where none comes: right for whatever a scanner is set to.
    /// A cable that loses the end of a code makes a shorter one of it.
    #[default]
    SuffixOrSilence,
    /// CR, LF, Tab or ETX alone: of a code that was cut nothing is left.
    Suffix,
    /// Silence alone: a code may contain lines of its own.
    Silence,
    /// STX before and ETX behind: what is outside of them is noise, and lines are the code's own.
    StxEtx,
}

/// How a scanner is set up to frame its codes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ScannerSettings {
    /// What ends a code.
    pub framing: Framing,
    /// What it sends before each code, to be taken off; a code without it is taken as it is.
    pub prefix: String,
}

impl ScannerSettings {
    /// Whether a scanner can be set up so.
    #[must_use]
    pub fn is_possible(&self) -> bool {
        self.prefix.chars().nth(PREFIX_CHARS_MAX).is_none()
            && !self.prefix.chars().any(char::is_control)
    }
}

/// Cuts a stream of bytes into codes. Bytes that are not UTF-8 become the replacement character,
/// which no code contains: such a code is refused where it is sold, as the cashier sees.
#[derive(Clone, Debug, Default)]
pub struct FrameDecoder {
    settings: ScannerSettings,
    held: Vec<u8>,
    /// Whether what is held is part of a code that is not whole: it was too long, or bytes of it
    /// were lost. It is dropped at its end, because its front alone may be another item's.
    is_spoilt: bool,
    /// Whether an STX came, and its ETX did not.
    is_open: bool,
    is_unreadable: bool,
}

impl FrameDecoder {
    /// A decoder for a scanner that is set up so.
    #[must_use]
    pub const fn new(settings: ScannerSettings) -> Self {
        Self { settings, held: Vec::new(), is_spoilt: false, is_open: false, is_unreadable: false }
    }

    /// Takes bytes as they come, cut anywhere; answers the codes that they complete.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Scan> {
        bytes.iter().filter_map(|byte| self.take(*byte)).collect()
    }

    /// How long the port has to be silent before [`Self::silence`] is to be called; nothing where
    /// nothing is held.
    #[must_use]
    pub fn patience(&self) -> Option<Duration> {
        let gap = match self.settings.framing {
            Framing::SuffixOrSilence | Framing::Silence => IDLE_GAP,
            Framing::Suffix | Framing::StxEtx => UNFINISHED_GAP,
        };
        (!self.held.is_empty() || self.is_spoilt || self.is_open).then_some(gap)
    }

    /// The port was silent for as long as [`Self::patience`] said: what came before is a code, or
    /// what was lost of one.
    pub fn silence(&mut self) -> Option<Scan> {
        match self.settings.framing {
            Framing::SuffixOrSilence | Framing::Silence => self.end(),
            Framing::Suffix | Framing::StxEtx => {
                self.is_spoilt |= !self.held.is_empty() || self.is_open;
                self.end()
            }
        }
    }

    /// Bytes were lost: the code that is being read is dropped at its end.
    pub fn spoil(&mut self) {
        self.is_spoilt = true;
    }

    /// Forgets half a code: the port was closed.
    pub fn forget(&mut self) {
        self.held.clear();
        (self.is_spoilt, self.is_open) = (false, false);
    }

    /// Whether the last thing that ended was no code: too long, cut, or not text.
    #[must_use]
    pub const fn is_unreadable(&self) -> bool {
        self.is_unreadable
    }

    fn take(&mut self, byte: u8) -> Option<Scan> {
        let is_line_end = matches!(byte, b'\r' | b'\n' | b'\t');
        match (self.settings.framing, byte) {
            (Framing::Silence, _) => self.hold(byte),
            (_, STX) => {
                self.forget();
                self.is_open = true;
            }
            (_, ETX) => return self.end(),
            (Framing::StxEtx, _) if self.is_open => self.hold(byte),
            (Framing::StxEtx, _) => {}
            _ if is_line_end => return self.end(),
            _ => self.hold(byte),
        }
        None
    }

    fn hold(&mut self, byte: u8) {
        if self.held.len() < FRAME_BYTES_MAX {
            self.held.push(byte);
        } else {
            self.is_spoilt = true;
        }
    }

    fn end(&mut self) -> Option<Scan> {
        let held = std::mem::take(&mut self.held);
        let is_spoilt = std::mem::take(&mut self.is_spoilt);
        self.is_open = false;
        if is_spoilt {
            self.is_unreadable = true;
            return None;
        }
        let text = String::from_utf8_lossy(&held);
        // Silence ends codes with a suffix too.
        let text = text.trim_end_matches(['\r', '\n', '\t']);
        let text = text.strip_prefix(&self.settings.prefix).unwrap_or(text);
        if text.is_empty() {
            return None;
        }
        self.is_unreadable = text.contains(char::REPLACEMENT_CHARACTER);
        Some(Scan::of(text))
    }
}
