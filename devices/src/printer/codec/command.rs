//! The bytes of the ESC/POS commands that the hub uses.

use store_core::receipt::{Align, TextSize};

use crate::printer::contract::PrintJobId;
use crate::printer::profile::DrawerPin;

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
/// `GS v 0 0`: dots follow, after bytes per row and rows as two bytes each.
pub const RASTER: [u8; 4] = [0x1d, 0x76, 0x30, 0x00];

/// `GS a 15`: tells by itself of the drawer, of being on line, of errors and of paper.
pub const AUTOMATIC_STATUS_ON: [u8; 3] = [0x1d, 0x61, 0x0f];
/// `GS r 1`: asks for the paper's state once everything before it has been read.
pub const STATUS_IN_TURN: [u8; 3] = [0x1d, 0x72, 0x01];
/// `DLE EOT` 1 to 4: asks at once, past everything that waits, for the state of the printer, of
/// what keeps it off line, of its errors and of its paper. Four bytes come back, in this order.
pub const STATUS: [u8; 12] =
    [0x10, 0x04, 0x01, 0x10, 0x04, 0x02, 0x10, 0x04, 0x03, 0x10, 0x04, 0x04];
/// `ESC B 2 2`: two beeps of 100 ms, on the printers of many makers.
pub const BEEP: [u8; 4] = [0x1b, 0x42, 0x02, 0x02];
/// `ESC ( A`, function 48: pattern 1, once, as Epson's printers beep.
pub const BEEP_EPSON: [u8; 9] = [0x1b, 0x28, 0x41, 0x04, 0x00, 0x30, 0x31, 0x01, 0x0a];

/// `ESC p`: 50 ms on the pin, then 500 ms of rest for the magnet. It waits behind a job, and in a
/// printer that is off line until that is mended.
#[must_use]
pub const fn drawer_pulse(pin: DrawerPin) -> [u8; 5] {
    [0x1b, 0x70, pin_number(pin), 0x19, 0xfa]
}

/// `DLE DC4 1`: 100 ms on the pin, past everything that waits.
#[must_use]
pub const fn drawer_pulse_at_once(pin: DrawerPin) -> [u8; 5] {
    [0x10, 0x14, 0x01, pin_number(pin), 0x01]
}

const fn pin_number(pin: DrawerPin) -> u8 {
    match pin {
        DrawerPin::Pin2 => 0,
        DrawerPin::Pin5 => 1,
    }
}

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
