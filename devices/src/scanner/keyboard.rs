//! A scanner that types: the key presses that the kernel reports, as the characters of a code.

use super::contract::Scan;
use super::frame::{FrameDecoder, ScannerSettings};

/// Bytes of one `input_event` of a 64-bit system: two numbers of the time, type, code, value.
pub const EVENT_BYTES: usize = 24;

const EV_SYN: u16 = 0;
const EV_KEY: u16 = 1;
/// The kernel's queue ran over: presses and releases are missing.
const SYN_DROPPED: u16 = 3;

const KEY_LEFTCTRL: u16 = 29;
const KEY_LEFTSHIFT: u16 = 42;
const KEY_RIGHTSHIFT: u16 = 54;
const KEY_LEFTALT: u16 = 56;
const KEY_CAPSLOCK: u16 = 58;
const KEY_RIGHTCTRL: u16 = 97;
/// Digits that are typed with Alt held down: a character by its number, below 1000.
const NUMBER_MAX: u32 = 999;

/// What the keys write on a keyboard of the United States, plain and with shift: what scanners
/// come set to. The number is the kernel's for the key.
const KEYS: &[(u16, u8, u8)] = &[
    (2, b'1', b'!'),
    (3, b'2', b'@'),
    (4, b'3', b'#'),
    (5, b'4', b'$'),
    (6, b'5', b'%'),
    (7, b'6', b'^'),
    (8, b'7', b'&'),
    (9, b'8', b'*'),
    (10, b'9', b'('),
    (11, b'0', b')'),
    (12, b'-', b'_'),
    (13, b'=', b'+'),
    (15, b'\t', b'\t'),
    (16, b'q', b'Q'),
    (17, b'w', b'W'),
    (18, b'e', b'E'),
    (19, b'r', b'R'),
    (20, b't', b'T'),
    (21, b'y', b'Y'),
    (22, b'u', b'U'),
    (23, b'i', b'I'),
    (24, b'o', b'O'),
    (25, b'p', b'P'),
    (26, b'[', b'{'),
    (27, b']', b'}'),
    (28, b'\r', b'\r'),
    (30, b'a', b'A'),
    (31, b's', b'S'),
    (32, b'd', b'D'),
    (33, b'f', b'F'),
    (34, b'g', b'G'),
    (35, b'h', b'H'),
    (36, b'j', b'J'),
    (37, b'k', b'K'),
    (38, b'l', b'L'),
    (39, b';', b':'),
    (40, b'\'', b'"'),
    (41, b'`', b'~'),
    (43, b'\\', b'|'),
    (44, b'z', b'Z'),
    (45, b'x', b'X'),
    (46, b'c', b'C'),
    (47, b'v', b'V'),
    (48, b'b', b'B'),
    (49, b'n', b'N'),
    (50, b'm', b'M'),
    (51, b',', b'<'),
    (52, b'.', b'>'),
    (53, b'/', b'?'),
    (57, b' ', b' '),
    (55, b'*', b'*'),
    (71, b'7', b'7'),
    (72, b'8', b'8'),
    (73, b'9', b'9'),
    (74, b'-', b'-'),
    (75, b'4', b'4'),
    (76, b'5', b'5'),
    (77, b'6', b'6'),
    (78, b'+', b'+'),
    (79, b'1', b'1'),
    (80, b'2', b'2'),
    (81, b'3', b'3'),
    (82, b'0', b'0'),
    (83, b'.', b'.'),
    (96, b'\r', b'\r'),
    (98, b'/', b'/'),
];

/// The key that writes a character, and whether shift is held down; the first of the table, which
/// is never one of the number pad.
pub(super) fn key_of(character: u8) -> Option<(u16, bool)> {
    KEYS.iter().find_map(|(key, plain, shifted)| {
        let is_shifted = *plain != character;
        (!is_shifted || *shifted == character).then_some((*key, is_shifted))
    })
}

/// Reads the events of a keyboard that is a scanner, cut anywhere. Nobody types on it: every
/// character belongs to a code.
#[derive(Clone, Debug, Default)]
pub struct KeyDecoder {
    frames: FrameDecoder,
    /// The beginning of an event.
    held: Vec<u8>,
    down: Down,
    is_caps: bool,
    /// A character's number, as far as it was typed with Alt held down.
    number: Option<u32>,
}

/// Which of the keys that change others are held down.
#[derive(Clone, Copy, Debug, Default)]
struct Down {
    left_shift: bool,
    right_shift: bool,
    left_control: bool,
    right_control: bool,
    alt: bool,
}

impl KeyDecoder {
    /// A decoder for a scanner that is set up so.
    #[must_use]
    pub fn new(settings: ScannerSettings) -> Self {
        Self { frames: FrameDecoder::new(settings), ..Self::default() }
    }

    /// Takes bytes as they come; answers the codes that they complete.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Scan> {
        let mut scans = Vec::new();
        for byte in bytes {
            self.held.push(*byte);
            if let Ok(event) = <[u8; EVENT_BYTES]>::try_from(self.held.as_slice()) {
                self.held.clear();
                scans.extend(self.take(&event));
            }
        }
        scans
    }

    /// What cuts the characters into codes: it says when silence ends one.
    pub const fn frames(&mut self) -> &mut FrameDecoder {
        &mut self.frames
    }

    /// The port was closed: no key is held down any more.
    pub fn forget(&mut self) {
        self.frames.forget();
        self.held.clear();
        (self.down, self.is_caps, self.number) = (Down::default(), false, None);
    }

    fn take(&mut self, event: &[u8; EVENT_BYTES]) -> Vec<Scan> {
        let [.., type_low, type_high, code_low, code_high, v0, v1, v2, v3] = *event;
        let kind = u16::from_ne_bytes([type_low, type_high]);
        let code = u16::from_ne_bytes([code_low, code_high]);
        let value = i32::from_ne_bytes([v0, v1, v2, v3]);
        match (kind, value) {
            (EV_SYN, _) if code == SYN_DROPPED => {
                self.frames.spoil();
                self.down = Down::default();
                Vec::new()
            }
            // 2 is a key that repeats because it is held down: scanners let go.
            (EV_KEY, 0 | 1) => self.key(code, value == 1),
            _ => Vec::new(),
        }
    }

    fn key(&mut self, code: u16, is_down: bool) -> Vec<Scan> {
        match code {
            KEY_LEFTSHIFT => self.down.left_shift = is_down,
            KEY_RIGHTSHIFT => self.down.right_shift = is_down,
            KEY_LEFTCTRL => self.down.left_control = is_down,
            KEY_RIGHTCTRL => self.down.right_control = is_down,
            KEY_LEFTALT => {
                self.down.alt = is_down;
                return self.numbered();
            }
            KEY_CAPSLOCK => self.is_caps ^= is_down,
            _ if is_down => return self.press(code),
            _ => {}
        }
        Vec::new()
    }

    /// Alt was let go: the number that was typed meanwhile is a character's.
    fn numbered(&mut self) -> Vec<Scan> {
        let number = self.number.take().and_then(char::from_u32);
        match number.filter(|character| *character != '\0') {
            Some(character) => self.frames.push(character.encode_utf8(&mut [0; 4]).as_bytes()),
            None => Vec::new(),
        }
    }

    fn press(&mut self, code: u16) -> Vec<Scan> {
        let known = KEYS.iter().find(|(key, _, _)| *key == code);
        let Some((_, plain, shifted)) = known.copied() else { return Vec::new() };
        if self.down.alt {
            if plain.is_ascii_digit() {
                let number = self.number.unwrap_or(0) * 10 + u32::from(plain - b'0');
                self.number = Some(number.min(NUMBER_MAX));
            }
            return Vec::new();
        }
        let is_shifted = (self.down.left_shift || self.down.right_shift)
            ^ (self.is_caps && plain.is_ascii_lowercase());
        let character = if is_shifted { shifted } else { plain };
        let is_control = self.down.left_control || self.down.right_control;
        // Control and a bracket is what separates the elements of a GS1 code.
        let character = match character.to_ascii_uppercase() {
            upper @ b'@'..=b'_' if is_control => upper & 0x1f,
            _ => character,
        };
        self.frames.push(&[character])
    }
}
