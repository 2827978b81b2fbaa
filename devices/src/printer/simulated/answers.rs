//! What printers say of themselves, byte for byte as real ones were seen to.

use crate::printer::contract::PrinterStatus;

/// The answer to `DLE EOT n`.
pub(super) const fn status_byte(n: u8, status: PrinterStatus, is_contact_high: bool) -> u8 {
    let drawer = if is_contact_high { 0x04 } else { 0x00 };
    0x12 | match (n, status) {
        (1, PrinterStatus::Online | PrinterStatus::PaperLow) => drawer,
        (1, _) => drawer | 0x08,
        (2, PrinterStatus::CoverOpen) => 0x04,
        (2, PrinterStatus::PaperOut) => 0x20,
        (2, PrinterStatus::Cutter | PrinterStatus::Error) => 0x40,
        (3, PrinterStatus::Cutter) => 0x08,
        (3, PrinterStatus::Error) => 0x20,
        (4, PrinterStatus::PaperOut) => 0x6c,
        (4, PrinterStatus::PaperLow) => 0x0c,
        _ => 0x00,
    }
}

/// What is told after `GS a`.
pub(super) const fn automatic(status: PrinterStatus, is_contact_high: bool) -> [u8; 4] {
    let drawer = if is_contact_high { 0x04 } else { 0x00 };
    let [first, errors, paper] = match status {
        PrinterStatus::Online => [0x10, 0x00, 0x00],
        PrinterStatus::PaperLow => [0x10, 0x00, 0x03],
        PrinterStatus::PaperOut => [0x18, 0x00, 0x0f],
        PrinterStatus::CoverOpen => [0x38, 0x00, 0x00],
        PrinterStatus::Cutter => [0x18, 0x08, 0x00],
        PrinterStatus::Error => [0x18, 0x20, 0x00],
        PrinterStatus::Offline => [0x18, 0x00, 0x00],
    };
    [first | drawer, errors, paper, 0x00]
}

/// Star's state: nine bytes of its first version.
pub(super) const fn star_state(status: PrinterStatus, is_contact_high: bool) -> [u8; 9] {
    let drawer = if is_contact_high { 0x04 } else { 0x00 };
    let [printer, errors, paper] = match status {
        PrinterStatus::Online => [0x00, 0x00, 0x00],
        PrinterStatus::PaperLow => [0x00, 0x00, 0x04],
        PrinterStatus::PaperOut => [0x08, 0x00, 0x0c],
        PrinterStatus::CoverOpen => [0x28, 0x00, 0x00],
        PrinterStatus::Cutter => [0x08, 0x08, 0x00],
        PrinterStatus::Error => [0x08, 0x20, 0x00],
        PrinterStatus::Offline => [0x08, 0x00, 0x00],
    };
    [0x23, 0x06, printer | drawer, errors, 0x00, paper, 0x00, 0x00, 0x00]
}
