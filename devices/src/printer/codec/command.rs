//! The bytes of the ESC/POS commands that the hub uses.

use store_core::receipt::{Align, TextSize};

use crate::printer::contract::PrintJobId;

/// `ESC @`: everything as after power on.
pub const INIT: [u8; 2] = [0x1b, 0x40];
/// `ESC t 0`: the code page whose lower half is ASCII.
pub const CODE_PAGE_437: [u8; 3] = [0x1b, 0x74, 0x00];
/// `FS &`: two-byte characters from here on.
pub const CHINESE_ON: [u8; 2] = [0x1c, 0x26];
/// `FS .`: one-byte characters again.
pub const CHINESE_OFF: [u8; 2] = [0x1c, 0x2e];
/// `LF`: prints the row.
pub const LINE_FEED: u8 = 0x0a;
/// `GS V 66 0`: feeds what was printed past the knife and cuts but for one point.
pub const FEED_AND_CUT: [u8; 4] = [0x1d, 0x56, 0x42, 0x00];
/// `ESC p 0 25 250`: 50 ms on pin 2, then 500 ms of rest for the magnet.
pub const DRAWER_PULSE: [u8; 5] = [0x1b, 0x70, 0x00, 0x19, 0xfa];
/// `GS v 0 0`: dots follow, after bytes per row and rows as two bytes each.
pub const RASTER: [u8; 4] = [0x1d, 0x76, 0x30, 0x00];

/// `ESC a`: where the row stands.
#[must_use]
pub const fn align(align: Align) -> [u8; 3] {
    let number = match align {
        Align::Left => 0,
        Align::Centre => 1,
        Align::Right => 2,
    };
    [0x1b, 0x61, number]
}

/// `ESC E`: bold or not.
#[must_use]
pub const fn bold(is_bold: bool) -> [u8; 3] {
    [0x1b, 0x45, is_bold as u8]
}

/// `GS !`: how large.
#[must_use]
pub const fn size(size: TextSize) -> [u8; 3] {
    let number = match size {
        TextSize::Normal => 0x00,
        TextSize::Double => 0x11,
    };
    [0x1d, 0x21, number]
}

/// `DLE EOT n`: asks for a status byte at once, past everything that waits.
#[must_use]
pub const fn status_request(n: u8) -> [u8; 3] {
    [0x10, 0x04, n]
}

/// `GS ( H`, function 48: the printer sends the four characters back when everything before them
/// is on paper.
#[must_use]
pub const fn job_mark(mark: [u8; 4]) -> [u8; 11] {
    let [a, b, c, d] = mark;
    [0x1d, 0x28, 0x48, 0x06, 0x00, 0x30, 0x30, a, b, c, d]
}

/// What a printer sends back for a mark.
#[must_use]
pub const fn mark_reply(mark: [u8; 4]) -> [u8; 7] {
    let [a, b, c, d] = mark;
    [0x37, 0x22, a, b, c, d, 0x00]
}

/// Characters that a mark may consist of: `!` to `~`.
const MARK_CHARACTERS: u64 = 94;

/// The mark of a job: its number in four printable characters. It comes again after 78 million
/// jobs, and only the one that is being waited for is ever compared.
#[must_use]
pub fn mark_of(job: PrintJobId) -> [u8; 4] {
    let mut rest = job.0;
    std::array::from_fn(|_| {
        let digit = u8::try_from(rest % MARK_CHARACTERS).unwrap_or(0);
        rest /= MARK_CHARACTERS;
        b'!' + digit
    })
}
