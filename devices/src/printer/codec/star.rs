//! The bytes of Star's commands (line mode) that the hub uses.

use store_core::receipt::{Align, TextSize};

use super::code::{Code, QrLevel};
use crate::printer::profile::DrawerPin;

/// `ESC @`: everything as after power on.
pub const INIT: [u8; 2] = [0x1b, 0x40];
/// `ESC RS a 1`: tells by itself of changes.
pub const AUTOMATIC_STATUS_ON: [u8; 4] = [0x1b, 0x1e, 0x61, 0x01];
/// `ESC ACK SOH`: asks at once for all of its state.
pub const STATUS: [u8; 3] = [0x1b, 0x06, 0x01];
/// `ESC d 3`: feeds to the knife and cuts but for one point.
pub const FEED_AND_CUT: [u8; 3] = [0x1b, 0x64, 0x33];
/// `ESC GS S 1`: dots follow, after bytes per row, rows and a colour.
pub const RASTER: [u8; 4] = [0x1b, 0x1d, 0x53, 0x01];

/// `ESC GS a`: where the row stands.
#[must_use]
pub const fn align(align: Align) -> [u8; 4] {
    let number = match align {
        Align::Left => 0,
        Align::Centre => 1,
        Align::Right => 2,
    };
    [0x1b, 0x1d, 0x61, number]
}

/// `ESC E`, `ESC F`: bold or not.
#[must_use]
pub const fn bold(is_bold: bool) -> [u8; 2] {
    [0x1b, if is_bold { 0x45 } else { 0x46 }]
}

/// `ESC i`: how high and how wide.
#[must_use]
pub const fn size(size: TextSize) -> [u8; 4] {
    let number = match size {
        TextSize::Normal => 0,
        TextSize::Double => 1,
    };
    [0x1b, 0x69, number, number]
}

/// `ESC BEL` sets the pulse: 200 ms, then 200 ms of rest. `BEL` gives it to the first drawer,
/// `SUB` to the second, whose pulse is always 200 ms.
#[must_use]
pub fn drawer_pulse(pin: DrawerPin) -> Vec<u8> {
    match pin {
        DrawerPin::Pin2 => vec![0x1b, 0x07, 0x14, 0x14, 0x07],
        DrawerPin::Pin5 => vec![0x1a],
    }
}

/// `ESC GS ETX 1`: the printer waits until its motor stands, counts, and sends the two bytes back
/// with its count. The mark's first two characters go there and come back.
#[must_use]
pub const fn job_mark(mark: [u8; 4]) -> [u8; 6] {
    let [a, b, _, _] = mark;
    [0x1b, 0x1d, 0x03, 0x01, a, b]
}

/// What a printer sends back for a mark, with its count of print ends.
#[must_use]
pub const fn mark_reply([a, b]: [u8; 2], count: u8) -> [u8; 8] {
    [0x1b, 0x1d, 0x03, 0x01, a, b, count, 0x00]
}

/// The commands that draw a code; nothing where the family has none for it.
#[must_use]
pub fn code(code: &Code) -> Option<Vec<u8>> {
    match code {
        Code::Qr { text, module_dots } => {
            let length = u16::try_from(text.len()).ok()?.to_le_bytes();
            let level = match QrLevel::of(text) {
                QrLevel::Low => 0,
                QrLevel::Medium => 1,
            };
            let mut bytes = vec![0x1b, 0x1d, 0x79, 0x53, 0x30, 0x02];
            bytes.extend([0x1b, 0x1d, 0x79, 0x53, 0x31, level]);
            bytes.extend([0x1b, 0x1d, 0x79, 0x53, 0x32, (*module_dots).clamp(1, 8)]);
            bytes.extend([0x1b, 0x1d, 0x79, 0x44, 0x31, 0x00]);
            bytes.extend(length);
            bytes.extend(text.bytes());
            bytes.extend([0x1b, 0x1d, 0x79, 0x50, 0x0a]);
            Some(bytes)
        }
        // Kind, nothing in letters below, the narrow bar of two dots, and the height.
        Code::Code39 { text, height_dots } => Some(bars(0x34, 0x31, *height_dots, text)),
        Code::Ean { digits, height_dots } => {
            let kind = if digits.len() == 8 { 0x32 } else { 0x33 };
            Some(bars(kind, 0x31, *height_dots, digits))
        }
        Code::Code128 { text, height_dots } => Some(bars(0x36, 0x31, *height_dots, text)),
    }
}

fn bars(kind: u8, width: u8, height_dots: u8, text: &str) -> Vec<u8> {
    let mut bytes = vec![0x1b, 0x62, kind, 0x31, width, height_dots.max(8)];
    bytes.extend(text.bytes());
    bytes.push(0x1e);
    bytes
}
