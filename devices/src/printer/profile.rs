//! What is known of each kind of printer: a table, so that a new model is a row.

use serde::{Deserialize, Serialize};
use store_core::receipt::{COLUMN_DOTS, COLUMNS_MAX, COLUMNS_MIN};

/// The language that a printer is spoken to in. A printer that knows both has a switch for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrinterFamily {
    /// Epson's, and what most others speak too.
    #[default]
    EscPos,
    /// Star's own, in line mode.
    Star,
}

/// The pin of the printer's drawer socket that a drawer hangs on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DrawerPin {
    /// The usual one.
    #[default]
    Pin2,
    /// The second drawer's, on a cable for two.
    Pin5,
}

/// How a printer says that a job is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confirmation {
    /// It sends a mark back once everything before it is on paper (`GS ( H`, or Star's counter of
    /// print ends). This is proof.
    Mark,
    /// It answers a question that stands behind the job in its buffer (`GS r 1`), and is well
    /// afterwards. This proves that it has read and understood the whole job; the last rows may
    /// still be on their way to the paper, and a fault in that moment is seen too late.
    InTurn,
    /// It is asked at once how it is when the last byte has left, and is well. This proves that the
    /// line took the job and that the printer had paper and no fault then, and nothing of the
    /// paper itself: for printers that know no better.
    AtOnce,
}

/// The beeper that a printer has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Buzzer {
    /// None.
    None,
    /// One that `ESC B` sounds: kitchen printers of many makers.
    EscB,
    /// One that `ESC ( A` sounds: Epson's.
    EscParenthesisA,
}

/// What a kind of printer can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct PrinterProfile {
    /// Its stable name, as settings have it.
    pub name: &'static str,
    /// Dots of its head, on the paper that it is named for.
    pub width_dots: u16,
    /// Dots an inch.
    pub dpi: u16,
    /// How it says that a job is done.
    pub confirmation: Confirmation,
    /// Whether it tells of changes by itself (`GS a`).
    pub has_automatic_status: bool,
    /// Whether it may have Traditional Chinese inside; which set is in it, no command tells.
    pub has_big5: bool,
    /// Whether it may have Simplified Chinese inside.
    pub has_gb18030: bool,
    /// Whether it has a knife; without one paper is fed to be torn off.
    pub has_cutter: bool,
    /// Whether it gives a drawer's pulse past all that waits (`DLE DC4 1`).
    pub has_real_time_pulse: bool,
    /// Drawers that it can open: none, one or two.
    pub drawers: u8,
    /// Its beeper.
    pub buzzer: Buzzer,
    /// Whether it draws QR codes itself.
    pub has_qr: bool,
    /// Whether it draws Code 39 itself.
    pub has_code39: bool,
    /// Whether it draws EAN codes itself.
    pub has_ean: bool,
    /// Whether it draws Code 128 itself.
    pub has_code128: bool,
}

/// An 80 mm printer of Epson's that does everything; the others say in what they differ.
const EPSON_80: PrinterProfile = PrinterProfile {
    name: "epson_80",
    width_dots: 576,
    dpi: 203,
    confirmation: Confirmation::Mark,
    has_automatic_status: true,
    has_big5: true,
    has_gb18030: true,
    has_cutter: true,
    has_real_time_pulse: true,
    drawers: 2,
    buzzer: Buzzer::EscParenthesisA,
    has_qr: true,
    has_code39: true,
    has_ean: true,
    has_code128: true,
};

/// A printer that promises little: it answers questions, and that is all that is relied on.
const GENERIC_80: PrinterProfile = PrinterProfile {
    name: "generic_80",
    confirmation: Confirmation::InTurn,
    has_automatic_status: false,
    has_real_time_pulse: false,
    drawers: 1,
    buzzer: Buzzer::EscB,
    ..EPSON_80
};

const STAR_80: PrinterProfile = PrinterProfile {
    name: "star_80",
    has_big5: false,
    has_gb18030: false,
    buzzer: Buzzer::None,
    ..EPSON_80
};

/// Every kind that has a name. 57 mm and 58 mm are the same roll.
pub const PROFILES: [PrinterProfile; 12] = [
    EPSON_80,
    PrinterProfile { name: "epson_80_180dpi", width_dots: 512, dpi: 180, ..EPSON_80 },
    PrinterProfile { name: "epson_58", width_dots: 408, ..EPSON_80 },
    PrinterProfile { name: "epson_57", width_dots: 384, ..EPSON_80 },
    PrinterProfile { name: "seiko_58", width_dots: 432, drawers: 1, ..EPSON_80 },
    GENERIC_80,
    PrinterProfile { name: "generic_80_512", width_dots: 512, ..GENERIC_80 },
    PrinterProfile { name: "generic_58", width_dots: 384, has_cutter: false, ..GENERIC_80 },
    PrinterProfile {
        name: "basic_80",
        confirmation: Confirmation::AtOnce,
        has_qr: false,
        ..GENERIC_80
    },
    PrinterProfile {
        name: "basic_58",
        width_dots: 384,
        confirmation: Confirmation::AtOnce,
        has_cutter: false,
        has_qr: false,
        ..GENERIC_80
    },
    STAR_80,
    PrinterProfile { name: "star_58", width_dots: 384, ..STAR_80 },
];

impl PrinterProfile {
    /// The kind of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        PROFILES.into_iter().find(|profile| profile.name == name)
    }

    /// A printer that can do everything, on paper of so many columns of 12 dots: for a width that
    /// no kind has. Held to what receipts can be.
    #[must_use]
    pub fn of_columns(columns: usize) -> Self {
        let dots = columns.clamp(COLUMNS_MIN, COLUMNS_MAX) * COLUMN_DOTS;
        Self { name: "custom", width_dots: u16::try_from(dots).unwrap_or(576), ..EPSON_80 }
    }

    /// Columns of 12 dots, which its own font A has too.
    #[must_use]
    pub fn columns(&self) -> usize {
        (usize::from(self.width_dots) / COLUMN_DOTS).clamp(COLUMNS_MIN, COLUMNS_MAX)
    }
}

impl Default for PrinterProfile {
    fn default() -> Self {
        EPSON_80
    }
}
